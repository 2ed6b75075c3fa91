# SPDX-License-Identifier: GPL-3.0-or-later
"""What Wikidata's rows say of a film, and the record that follows from it.

A row has a value for each variable of the question in wikidata.py. Facts are (film, fact, value, detail),
people (film, role, person, name, language, died, precision); entities are addresses
(http://www.wikidata.org/entity/Q…), dates xsd:dateTime with wikibase:timePrecision, 9 for a year and
more for what is finer (https://www.mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Iterable, Mapping, NamedTuple, Pattern

from ...works import rights
from ...works.record import MAX_SECONDS
from .. import archive_org
from ..plain_text import one_line
from ..public_domain import LAST_YEAR, NEW_RIGHT, US_95, free_by_year
from .source import Found

Row = Mapping[str, str]

LANGUAGES = ("en", "mul", "fr", "de", "es", "it", "pt")  # 'mul': a name that is the same in all of them
LAST_DEATH = 1955  # life + 70 is over for those who died then or before
_FIRST_SOUND = 1928  # from here on a film is taken to have music made for it
_MAX_NAMED = 15  # people in the evidence, which holds 20 entries
_YEARS = range(1870, 2201)  # what a record may say; nobody died before it who wrote for a film

_ENTITY = re.compile(r"https?://www\.wikidata\.org/entity/(Q[1-9][0-9]{0,11})")
_DATE = re.compile(r"\+?([0-9]{4})-.*", re.DOTALL)
_PRECISE = frozenset(("9", "10", "11", "12", "13", "14"))
_AMOUNT = re.compile(r"\+?[0-9]{1,7}(\.[0-9]{1,30})?")
_SECONDS = {"Q7727": 60, "Q11574": 1}  # of a minute, of a second
_PROTECTED = frozenset(("Q50423863", "Q73555012"))  # copyrighted, works protected by copyrights
_IMDB = re.compile(r"tt[0-9]{7,10}")
_TMDB = re.compile(r"[0-9]{1,10}")
_LANGUAGE = re.compile(r"[a-z]{2}")
_COUNTRY = re.compile(r"[A-Z]{2}")


class Person(NamedTuple):
    """`entity` is '' for somebody of whom Wikidata only knows that there was one."""

    entity: str
    name: str
    died: int  # year; 0 where that is not known for sure


@dataclass(frozen=True)
class Film:
    """What Wikidata knows of a film. All in an order that does not depend on that of the rows."""

    entity: str
    is_film: bool
    protected: bool  # says somebody there
    names: Mapping[str, str]  # BCP 47 → title
    years: tuple[int, ...]  # of publication, each once, the first one first
    duration: int  # seconds
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    genres: tuple[str, ...]
    same_as: tuple[str, ...]
    director: tuple[Person, ...]
    writer: tuple[Person, ...]
    composer: tuple[Person, ...]

    @property
    def year(self) -> int:
        return self.years[0] if self.years else 0


def films(facts: Iterable[Row], people: Iterable[Row]) -> list[Film]:
    """The films that the rows are about, by entity."""
    told: dict[str, list[Row]] = defaultdict(list)
    makers: dict[str, list[Row]] = defaultdict(list)
    for row in facts:
        told[_entity(row.get("film", ""))].append(row)
    for row in people:
        makers[_entity(row.get("film", ""))].append(row)
    return [_film(entity, told[entity], makers[entity]) for entity in sorted(told) if entity]


def found(item: str, claimed: list[Film]) -> list[Found]:
    """The item of archive.org as each of the films that are said to be in it."""
    made = []
    for film in claimed:
        rivals = [other.entity for other in claimed if other is not film]
        reasons = _reasons(item, film) + ["also named by %s" % rival for rival in rivals]
        holder = "wikidata:" + film.entity
        made.append(Found("ia:" + item, _record(item, film), tuple(reasons), holders=(holder,)))
    return made


def _film(entity: str, facts: list[Row], people: list[Row]) -> Film:
    told: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in facts:
        told[row.get("fact", "")].add((row.get("value", ""), row.get("detail", "")))
    years = {_year(date, precision) for date, precision in told["date"]} - {0}
    durations = {_duration(amount, unit) for amount, unit in told["duration"]} - {0}
    genres = {_text(genre, 40) for genre, _ in told["genre"]} - {""}
    imdb, tmdb = _matching(_IMDB, told["imdb"]), _matching(_TMDB, told["tmdb"])
    known = ["wd:" + entity, *("imdb:" + id for id in imdb), *("tmdb:movie/" + id for id in tmdb)]
    return Film(
        entity=entity,
        is_film=bool(told["film"]),
        protected=any(_entity(status) in _PROTECTED for status, _ in told["status"]),
        names=_names((language, name) for name, language in told["name"]),
        years=tuple(sorted(years)),
        # Two of them are of two versions, and which one the item holds is not said.
        duration=durations.pop() if len(durations) == 1 else 0,
        languages=_matching(_LANGUAGE, told["language"])[:20],
        countries=_matching(_COUNTRY, told["country"])[:20],
        genres=tuple(sorted(genres))[:20],
        same_as=tuple(known[:20]),
        director=_people("director", people),
        writer=_people("writer", people),
        composer=_people("composer", people),
    )


def _people(role: str, rows: Iterable[Row]) -> tuple[Person, ...]:
    """Each person once; by entity, as who comes first in the credits is not said."""
    told: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("role") == role:
            told[_entity(row.get("person", ""))].append(row)
    return tuple(_person(entity, told[entity]) for entity in sorted(told))


def _person(entity: str, rows: list[Row]) -> Person:
    names = _names((row.get("language", ""), row.get("name", "")) for row in rows)
    name = next((names[language][:120] for language in LANGUAGES if language in names), "")
    deaths = [_year(row["died"], row.get("precision", "")) for row in rows if "died" in row]
    known = bool(entity) and bool(deaths) and all(deaths)
    return Person(entity, name, max(deaths) if known else 0)


def _names(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Language → name. What is called the same in all languages is called so in English."""
    names = {language: _text(name, 300) for language, name in sorted(told) if language in LANGUAGES}
    common = names.pop("mul", "")
    return {language: name for language, name in {"en": common, **names}.items() if name}


def _record(item: str, film: Film) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "year": film.year,
        "duration": film.duration,
        "inLanguage": list(film.languages),
        "country": list(film.countries),
        "genre": list(film.genres),
        "director": [person.name for person in film.director if person.name][:20],
    }
    return {
        "id": "ia:" + item,
        "type": "Movie",
        "name": dict(film.names) or {"und": item},
        **{name: value for name, value in facts.items() if value},
        "sameAs": list(film.same_as),
        "image": {"poster": archive_org.poster(item)},
        "license": {"url": "https://creativecommons.org/publicdomain/mark/1.0/", "spdx": "CC-PDM-1.0"},
        "rights": _rights(item, film),
        "encoding": [{"torrent": archive_org.torrent(item)}],
        "source": {"name": "archive.org", "url": archive_org.details(item)},
    }


def _rights(item: str, film: Film) -> dict[str, Any]:
    """Class C by the year, by the lives of its makers or by both; X where neither frees it."""
    by_year, dead = free_by_year(film.year), _dead_long_enough(film)
    rules = [
        *([US_95] if by_year else ()),
        *({"kind": "pd-rule", "rule": "life-70", "url": _wikidata(person)} for person in dead),
    ]
    witness = {"kind": "wikidata", "url": _wikidata(film.entity)}
    if not rules:
        page = {"kind": "license-page", "url": archive_org.details(item)}
        return {"class": "X", "territories": [rights.EVERYWHERE], "evidence": [page, witness]}
    return {
        "class": "C",
        "territories": sorted((*(("US",) if by_year else ()), *(rights.LIFE_70 if dead else ()))),
        "evidence": [*rules, witness],
    }


def _dead_long_enough(film: Film) -> list[str]:
    """Everybody whose life counts for the film's term (Directive 2006/116/EC art. 2), if all have been
    dead for 70 years; else nobody. A sound film without a known composer frees nobody."""
    known = film.year and film.director and film.writer
    if not known or (film.year >= _FIRST_SOUND and not film.composer):
        return []
    makers = {*film.director, *film.writer, *film.composer}
    if any(not 0 < person.died <= LAST_DEATH for person in makers):
        return []
    named = sorted({person.entity for person in makers})
    return named if len(named) <= _MAX_NAMED else []


def _reasons(item: str, film: Film) -> list[str]:
    reasons = []
    new = NEW_RIGHT.search(item)
    if new:
        reasons.append("the item names a version with rights of its own: %r" % new.group())
    if not film.is_film:
        reasons.append("Wikidata does not call %s a film" % film.entity)
    if not film.names:
        reasons.append("no title in a language that is asked for")
    if not film.years:
        reasons.append("no year of publication")
    elif film.year <= LAST_YEAR < max(film.years[:2]):
        reasons.append("published in %d or in %d: the year rule holds for one of them" % film.years[:2])
    elif film.year > LAST_YEAR and not _dead_long_enough(film):
        reasons.append("no rule frees a film of %d" % film.year)
    if film.protected:
        reasons.append("Wikidata says that it is copyrighted")
    return reasons


def _entity(address: str) -> str:
    """'' for what is none: an unknown value is a blank node, or an address of no entity."""
    entity = _ENTITY.fullmatch(address)
    return entity.group(1) if entity else ""


def _wikidata(entity: str) -> str:
    return "https://www.wikidata.org/wiki/" + entity


def _year(date: str, precision: str) -> int:
    """0 where the date is of a decade or a century, or of no time when there were films."""
    year = _DATE.fullmatch(date)
    if not year or precision not in _PRECISE or int(year.group(1)) not in _YEARS:
        return 0
    return int(year.group(1))


def _duration(amount: str, unit: str) -> int:
    """In seconds; 0 where that is not plausible, or in another unit."""
    if not _AMOUNT.fullmatch(amount):
        return 0
    seconds = round(float(amount) * _SECONDS.get(_entity(unit), 0))
    return seconds if seconds <= MAX_SECONDS else 0


def _text(value: str, limit: int) -> str:
    """In one line and without what a record may not hold or would turn what follows, cut where it is too
    long."""
    return one_line(value, limit)


def _matching(pattern: Pattern[str], told: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted(value for value, _ in told if pattern.fullmatch(value)))
