# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's folder: for each film a .strm, which Kodi plays, and an .nfo, which tells what it is.

Whatever the user has changed there is the user's: it is neither written over nor taken away, and what the
user has taken away or moved does not come back.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ...catalog.holdings import ADDED, CHANGED, REMOVED, File, Holdings
from ...works import filename
from ...works.work import Work
from .. import address
from ..paths import MOVIES, NO_MEDIA, SERIES
from ..words.strings import language
from . import nfo

STREAM, ABOUT = ".strm", ".nfo"
SHOW = "tvshow.nfo"
MAX_OURS = 1 << 20  # bytes; a larger file is none of ours

_FOREIGN = "?"  # in the place of a digest


class Export:
    """Writes the files, and keeps account of them. Raises OSError, ServiceUnavailable."""

    def __init__(self, folder: Path, holdings: Holdings, country: str) -> None:
        """`folder`: that of the library. `country`: the viewer's."""
        self._folder = folder
        self._holdings = holdings
        self._country = country

    def put(self, work: Work, series: Work | None = None) -> None:
        """Have a film, a series, or an episode of `series` there, as the catalogue has it now."""
        if work.type == "TVSeries":
            self._make_series_folder()
            path = self._show(work)
            self._write(path, work, nfo.tvshow(work, self._country), (path, CHANGED))
        elif series:
            self.put(series)
            self._put(self._episode(work, series), work, nfo.episode(work, series, self._country))
        else:
            self._put(self._film(work), work, nfo.movie(work, self._country))

    def take(self, id: str) -> None:
        """Have nothing of that work there but what is the user's."""
        for file in self._holdings.files(id):
            place = self._folder / file.path
            found = _digest(place)
            ours = found in (file.digest, file.coming) and found
            if ours:
                self._holdings.leaving(file.path, found)
                place.unlink()
            known = ours and file.path.endswith((STREAM, SHOW))  # to Kodi
            self._holdings.left(file.path, (file.path, REMOVED) if known else None)
            self._sweep(place)

    def _make_series_folder(self) -> None:
        """Closed to Kodi until its content has been seen to: where the folder above has films, Kodi would
        take episodes for films."""
        folder = self._folder / SERIES
        if not folder.exists():
            folder.mkdir(parents=True)
            (folder / NO_MEDIA).touch()

    # Names

    def _film(self, work: Work) -> str:
        """Path of its files, without what tells the two apart. It stays when the title changes: Kodi knows
        by it what was watched."""
        known = self._known(work, STREAM, ABOUT)
        if known:
            return known
        name = filename.of(work.title(language()), work.year, work.id)
        if self._is_taken("%s/%s/%s" % (MOVIES, name, name), work):
            name = filename.of(work.title(language()), work.year, work.id, apart=True)
        return "%s/%s/%s" % (MOVIES, name, name)

    def _show(self, work: Work) -> str:
        known = self._known(work, SHOW)
        if known:
            return known + SHOW
        name = filename.of(work.title(language()), work.year, work.id)
        if (self._folder / SERIES / name).exists():
            name = filename.of(work.title(language()), work.year, work.id, apart=True)
        return "%s/%s/%s" % (SERIES, name, SHOW)

    def _episode(self, work: Work, series: Work) -> str:
        known = self._known(work, STREAM, ABOUT)
        if known or not work.part_of:
            return known or self._film(work)
        season, number = work.part_of.season, work.part_of.episode
        home = self._show(series).rpartition("/")[0]
        name = "%s - s%02de%02d" % (home.rpartition("/")[2], season, number)
        path = "%s/Season %02d/%s" % (home, season, name)
        return "%s [%s]" % (path, filename.digest(work.id)[:8]) if self._is_taken(path, work) else path

    def _known(self, work: Work, *endings: str) -> str:
        """The path it has had so far, without one of these endings."""
        for file in self._holdings.files(work.id):
            for ending in endings:
                if file.path.endswith(ending):
                    return file.path[: -len(ending)]
        return ""

    def _is_taken(self, path: str, work: Work) -> bool:
        """Whether something else is in that place. A stream of this very work is what is left of it
        where the account of it was lost."""
        if _digest(self._folder / (path + STREAM)) == _digest_of(_stream(work)):
            return False
        folder = path.rpartition("/")[0]
        if self._holdings.file(path + STREAM):
            return True
        return (self._folder / (folder if path.startswith(MOVIES) else path + STREAM)).exists()

    # Files

    def _put(self, path: str, work: Work, about: str) -> None:
        """What tells about it comes first: Kodi may be looking."""
        self._write(path + ABOUT, work, about, (path + STREAM, CHANGED))
        self._write(path + STREAM, work, _stream(work), (path + STREAM, ADDED))

    def _write(self, path: str, work: Work, text: str, news: tuple[str, str] | None = None) -> None:
        """Have that text in the file, if it is ours. `news`: what Kodi is to be told where it was not."""
        digest, known = _digest_of(text), self._holdings.file(path)
        if known and known.digest == digest and not known.coming:
            return
        place = self._folder / path
        found = _digest(place)
        if found != digest:
            if _is_the_users(found, known):
                return
            was = (news[0], place.read_text("utf-8")) if news and found and news[1] == CHANGED else None
            self._holdings.coming(path, work, digest, was)
            _replace(place, text)
        self._holdings.written(path, work, digest, news)

    def _sweep(self, place: Path) -> None:
        """Remove the folders that it leaves empty, but never those that Kodi is told to look into."""
        for folder in place.parents:
            if folder.parent == self._folder:
                return
            try:
                folder.rmdir()
            except OSError:  # there is more in it
                return


def _is_the_users(found: str, known: File | None) -> bool:
    """Whether the user has made, changed, moved or removed the file. `found`: the digest of what is there."""
    if found:
        return not known or found not in (known.digest, known.coming)
    return bool(known and known.digest)


def _stream(work: Work) -> str:
    return address.play(work.id) + "\n"


def _digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _digest(place: Path) -> str:
    """Of what is there; '' where nothing is."""
    try:
        if place.is_dir() or place.stat().st_size > MAX_OURS:
            return _FOREIGN
        return hashlib.sha256(place.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _replace(place: Path, text: str) -> None:
    """Write the whole file or nothing of it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    part = place.with_name(".commonreel.part")
    part.write_bytes(text.encode())
    part.replace(place)
