# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission from a maker's files and answers to the folder, in one sitting.

Several films are works of their own, each with a place and a folder of its own; what is not said of one is
said of all. With the title of a series they are its episodes, at the series' place, and the series itself
is a submission beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Iterator, Mapping, NamedTuple, Protocol, Sequence

import tomli
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ...works import languages
from ...works.declaration import Problem
from .. import keys
from . import films, folder, making, place, sheet
from .films import Collected, Film
from .folder import Entry
from .making import Signing
from .sheet import QUESTIONS, Question, Sheet
from .words import Words

MAX_SHEET = 256 << 10  # bytes

SERIES = "series"  # the folder of the series itself
_EACH = frozenset(question.name for question in QUESTIONS if question.each)


class Asker(Protocol):
    """Somebody who can be asked."""

    def heading(self, text: str) -> None: ...

    def ask(self, question: Question, answers: Mapping[str, object], found: str) -> object | None: ...


@dataclass(frozen=True)
class Asked:
    """What the maker has named. `titles`, `places`: of the films, in their order; of a series the places
    are one, its own. `given`: other answers, over those of the `sheet`."""

    films: Sequence[Path]
    subtitles: Sequence[Path] = ()
    posters: Sequence[Path] = ()
    series: str = ""
    titles: Sequence[str] = ()
    places: Sequence[str] = ()
    given: Mapping[str, object] = field(default_factory=dict)
    sheet: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_series(self) -> bool:
        return bool(self.series or "series" in self.sheet)


class Done(NamedTuple):
    entries: Mapping[str, Entry]  # by their folders; none where there are problems
    problems: tuple[Problem, ...]


def read(path: Path) -> dict[str, Any]:
    """A sheet of answers. Raises OSError, ValueError."""
    with path.open("rb") as opened:
        text = opened.read(MAX_SHEET + 1)
    if len(text) > MAX_SHEET:
        raise ValueError("%s: more than %d bytes" % (path, MAX_SHEET))
    try:
        found = tomli.loads(text.decode())
    except tomli.TOMLDecodeError as error:
        raise ValueError("%s: not TOML: %s" % (path, error)) from error
    tables = found.get("film", [])
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        raise ValueError("%s: films are tables, each [[film]]" % path)
    if not isinstance(found.get("series", {}), dict):
        raise ValueError("%s: a series is a table, [series]" % path)
    return found


def sit(
    asked: Asked, private: Ed25519PrivateKey, today: str, out: Path, words: Words, asker: Asker | None
) -> Done:
    """Writes the submissions, each in its folder below `out`; nothing where there are problems. `asker`: None
    where nobody can be asked. Raises OSError, CommonReelError, ValueError."""
    collected = films.collect(asked.films, asked.subtitles, asked.posters, asked.is_series)
    works, problems = _works(asked, collected)
    problems = [*collected.problems, *problems]
    if asker and not problems:
        _ask(works, asker, words)
    for work in works:
        work.answers = {**_found(work.film), **work.answers}
    sheets = _sheets(works, problems)
    if problems:
        return Done({}, tuple(problems))
    signing = Signing(keys.public(private), today)
    entries = {
        work.folder: _entry(work, said, collected, signing, out, sheets[0].place.id)
        for work, said in zip(works, sheets)
    }
    _merge([(name, making.problems(each.made, int(today[:4]))) for name, each in entries.items()], problems)
    if problems:
        return Done({}, tuple(problems))
    folder.write(out, entries, private, words)
    return Done(entries, ())


@dataclass
class _Work:
    """A work on its way; `film` is None for a series as a whole, which comes first."""

    folder: str
    film: Film | None
    answers: dict[str, object]


def _works(asked: Asked, collected: Collected) -> tuple[list[_Work], list[Problem]]:
    """The works, with the answers that are there."""
    common = {name: value for name, value in asked.sheet.items() if name not in ("film", "series")}
    common.update({name: value for name, value in asked.given.items() if value})
    own = {str(each.get("file")): each for each in asked.sheet.get("film", ())}
    works = [_Work(SERIES, None, _series_answers(asked, common))] if asked.is_series else []
    for film in collected.films:
        number = list(asked.films).index(film.file)
        answers = {**common, **own.get(film.file.name, {}), **_numbered("title", asked.titles, number)}
        answers.pop("file", None)
        if not asked.is_series:
            answers.update(_numbered("place", asked.places, number))
        several = films.tidy(film.file.stem) if len(asked.films) > 1 else ""
        works.append(_Work(film.stem if asked.is_series else several, film, answers))
    names = [work.folder for work in works]
    problems = [Problem("film", "%s: twice" % name) for name in set(names) if names.count(name) > 1]
    return works, [*problems, *_misgiven(asked, common, own)]


def _misgiven(asked: Asked, common: Mapping[str, object], own: Mapping[str, object]) -> Iterator[Problem]:
    """Answers of which it is not clear to which film they belong."""
    for name in own.keys() - {file.name for file in asked.films}:
        yield Problem("film", "%s is in the sheet, and not sent in" % name)
    if len(asked.films) > 1 or asked.is_series:
        yield from (Problem(name, "of which film?") for name in ("title", "place") if name in common)
    if len(asked.titles) > len(asked.films):
        yield Problem("title", "more of them than films")
    if len(asked.places) > (1 if asked.is_series else len(asked.films)):
        yield Problem("place", "more of them than works that are put somewhere")


def _found(film: Film | None) -> dict[str, str]:
    """What the film's own file says: taken where nobody can be asked, else offered."""
    if film is None:
        return {}
    probed = film.probed
    known = {
        "title": probed.title,
        "year": str(probed.year or ""),
        "language": ", ".join(filter(None, map(languages.code, probed.spoken))),
    }
    return {name: value for name, value in known.items() if value}


def _series_answers(asked: Asked, common: Mapping[str, object]) -> dict[str, object]:
    answers = {name: value for name, value in common.items() if name not in _EACH}
    answers.update(asked.sheet.get("series", {}))
    answers.update({"title": asked.series} if asked.series else {})
    return {**answers, **_numbered("place", asked.places, 0)}


def _numbered(name: str, values: Sequence[str], number: int) -> dict[str, object]:
    return {name: values[number]} if number < len(values) else {}


def _ask(works: Sequence[_Work], asker: Asker, words: Words) -> None:
    """What each lacks for itself, and then what all of them lack, once."""
    for work in works:
        if len(works) > 1:
            asker.heading(work.film.file.name if work.film else words.ask["whole"])
        _hand_down(works)
        for question in QUESTIONS:
            if question.each and (work.film or question.name in ("title", "place", "description")):
                _ask_one(question, work.answers, [work], asker)
    if len(works) > 1:
        asker.heading("")
    for question in QUESTIONS:
        if not question.each and question in sheet.asked(works[-1].answers):
            _ask_one(question, works[-1].answers, works, asker)


def _ask_one(question: Question, answers: Mapping[str, object], works: Sequence[_Work], asker: Asker) -> None:
    """The answer goes to all of these works, unless they have one."""
    if all(question.name in work.answers for work in works):
        return
    said = asker.ask(question, answers, _found(works[0].film).get(question.name, "") if question.each else "")
    for work in works:
        if said is not None:
            work.answers.setdefault(question.name, said)


def _hand_down(works: Sequence[_Work]) -> None:
    """Episodes are where their series is, unless they have an address of their own, as at PeerTube. Year and
    languages of a series are those of its episodes."""
    series, *episodes = works
    if series.film:
        return
    where = str(series.answers.get("place", ""))
    for episode in episodes:
        if where and not place.is_peertube(where):
            episode.answers.setdefault("place", where)
    for name, joined in (("year", _first), ("language", _all)):
        said = [episode.answers[name] for episode in episodes if name in episode.answers]
        if said and len(said) == len(episodes):
            series.answers.setdefault(name, joined(said))


def _first(years: Sequence[Any]) -> object:
    return min(years, key=str)


def _all(languages: Sequence[Any]) -> object:
    return [tag for said in languages for tag in (said if isinstance(said, list) else str(said).split(","))]


def _sheets(works: Sequence[_Work], problems: list[Problem]) -> list[Sheet]:
    """A sheet for each work, or what keeps it from having one."""
    if works:
        _hand_down(works)
    filled = [sheet.fill(work.answers) for work in works]
    _merge([(work.folder, each.problems) for work, each in zip(works, filled)], problems)
    sheets = [each.sheet for each in filled if each.sheet]
    if len(sheets) == len(works) and works and not works[0].film:
        sheets[1:] = [_of_series(sheets[0], said, work) for said, work in zip(sheets[1:], works[1:])]
    ids = [said.place.id for said in sheets]
    problems += [Problem("place", "%s: of two works" % id) for id in set(ids) if ids.count(id) > 1]
    return sheets


def _of_series(series: Sheet, said: Sheet, work: _Work) -> Sheet:
    if not work.film or said.place != series.place:
        return said
    return replace(said, place=said.place.episode(work.film.season, work.film.episode))


def _entry(work: _Work, said: Sheet, collected: Collected, signing: Signing, out: Path, first: str) -> Entry:
    """`first`: the id of the first work, which is the series if there is one."""
    rev = folder.revision(out / work.folder, said.place.id)
    if work.film is None:
        made = making.whole(said, signing, rev, collected.poster_name)
        poster = {collected.poster_name: collected.poster} if collected.poster else {}
        return Entry(made, said.place, poster, SERIES)
    made = making.film(work.film, said, signing, rev, first if work.film.episode else "")
    return Entry(made, said.place, folder.files(made, work.film, said.place), work.film.stem)


def _merge(found: Sequence[tuple[str, Sequence[Problem]]], problems: list[Problem]) -> None:
    """Adds what is wrong with the works: what is wrong with all of them once, else with the work's folder."""
    shared = set.intersection(*(set(each) for _, each in found)) if found else set()
    for number, (name, each) in enumerate(found):
        for problem in each:
            if problem in shared and number == 0:
                problems.append(problem)
            elif problem not in shared:
                problems.append(Problem(problem.field, "%s: %s" % (name, problem.reason)))
