# SPDX-License-Identifier: GPL-3.0-or-later
"""The files that a maker sends in: to which film each belongs, and what it is called where it is put."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator, Mapping, Sequence

from ...works import languages, subtitle_text
from ...works.declaration import Problem
from ...works.media import suffix
from ...works.subtitles import MAX_BYTES
from ..sources.archive_files import episode
from . import playable
from .probe import Probed, probe

_WORDS = re.compile(r"[\s._()\[\],]+")
_PICTURES = {b"\xff\xd8\xff": ".jpg", b"\x89PNG\r\n\x1a\n": ".png"}
_MOST_PICTURE = 10 << 20  # bytes


@dataclass(frozen=True)
class Film:
    """A film's files. Names are what each is called in its torrent and where it is put: of plain letters,
    which no host changes."""

    file: Path
    name: str
    probed: Probed
    subtitles: Mapping[str, tuple[Path, str]] = field(default_factory=dict)  # name → file, language
    poster: Path | None = None
    poster_name: str = ""
    season: int = 0
    episode: int = 0  # 0: not of a series

    @property
    def stem(self) -> str:
        """What its torrent is called beside those of other episodes, without ending."""
        return "s%02de%02d" % (self.season, self.episode) if self.episode else "film"


@dataclass(frozen=True)
class Collected:
    films: tuple[Film, ...]
    poster: Path | None  # of the series
    poster_name: str
    problems: tuple[Problem, ...]


def collect(
    files: Sequence[Path], subtitles: Sequence[Path], posters: Sequence[Path], is_series: bool
) -> Collected:
    """Looks into every file. Raises OSError, CommonReelError where ffprobe is missing."""
    found: list[Film] = []
    problems: list[Problem] = []
    owners = {path: _owner(path, files) for path in [*subtitles, *posters]}
    names = [".".join(filter(None, (tidy(file.stem), tidy(suffix(file.name))))) for file in files]
    for file, name in zip(files, names):
        own = [path for path in subtitles if owners[path] == file]
        pictures = [path for path in posters if owners[path] == file]
        try:
            if names.count(name) > 1:
                raise ValueError("%s: another is called %s too" % (file, name))
            place = _episode(file) if is_series else (0, 0)
            probed = probe(file)
            problems += _unplayable(probed, file, name)
            poster = pictures[0] if pictures else None
            picture = ("s%02de%02d" % place if is_series else "poster") + _picture(poster) if poster else ""
            found.append(Film(file, name, probed, _named(own, name), poster, picture, *place))
        except ValueError as error:
            problems.append(Problem("film", str(error)))
    left = [path for path, owner in owners.items() if owner is None]
    poster = next((path for path in left if is_series and path in posters), None)
    problems += [
        Problem("film", "%s: of which film? Its name should begin like the film's" % path)
        for path in left
        if path != poster
    ]
    return Collected(tuple(found), poster, "poster" + _picture(poster) if poster else "", tuple(problems))


def tidy(name: str) -> str:
    """A name in ASCII letters, digits and '._-'; '' of ''."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    joined = re.sub(r"_*([.-])_*", r"\1", re.sub(r"[^A-Za-z0-9.-]+", "_", plain))
    return joined.strip("_.-") or (name and "film")


def _owner(path: Path, files: Sequence[Path]) -> Path | None:
    """The film whose name its own begins with, the longest of these; the only film there is."""
    if len(files) == 1:
        return files[0]
    fitting = [file for file in files if path.name.lower().startswith(file.stem.lower())]
    return max(fitting, key=lambda file: len(file.stem), default=None)


def _episode(file: Path) -> tuple[int, int]:
    found = episode(file.name)
    if not found:
        raise ValueError("%s: which episode? Its name should say so, as in S01E02" % file)
    return found


def _unplayable(probed: Probed, file: Path, name: str) -> Iterator[Problem]:
    reasons = playable.problems(probed, name)
    if reasons:
        mend = "This makes a copy without that: %s" % playable.mending(probed, file)
        yield Problem("film", "%s: %s. %s" % (file, "; ".join(reasons), mend))


def _named(subtitles: Sequence[Path], film: str) -> dict[str, tuple[Path, str]]:
    """Raises ValueError for what are no subtitles, or of no known language."""
    found: dict[str, tuple[Path, str]] = {}
    for file in subtitles:
        language = next(filter(None, map(_language, reversed(_WORDS.split(file.stem)[1:]))), "")
        if not language:
            raise ValueError("%s: in which language? Its name should say so, as in Film.fr.srt" % file)
        with file.open("rb") as opened:
            kind = subtitle_text.read(opened.read(MAX_BYTES + 1), language).format
        name = "%s.%s.%s" % (film.rpartition(".")[0], language, kind)
        if name in found:
            raise ValueError("%s: there are others in %s" % (file, language))
        found[name] = (file, language)
    return found


def _language(word: str) -> str:
    """'pt-BR', 'fr' of 'french' or 'fre'; '' for what is none."""
    code = languages.code(word)
    return word if code and "-" in word else code


def _picture(file: Path) -> str:
    """A picture's ending. Raises ValueError for what is none that every device shows."""
    with file.open("rb") as opened:
        head = opened.read(16)
    kind = next((ending for magic, ending in _PICTURES.items() if head.startswith(magic)), "")
    if not kind or file.stat().st_size > _MOST_PICTURE:
        raise ValueError("%s: not a JPEG or PNG picture of at most 10 MiB" % file)
    return kind
