# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a work may be shown to: its reach. Many works share few of them, so lists look at these alone."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple, Sequence

from ..works import parental
from ..works.folding import storable
from ..works.parental import Level
from ..works.work import Work

OPEN = """
    SELECT territory.reach FROM territory JOIN reach ON reach.key = territory.reach
    WHERE country IN ('*', :country)
        AND (:sexual OR NOT reach.sexual)
        AND (:max_age IS NULL OR coalesce(reach.age <= :max_age, :unrated))
"""
"""The keys of those that are open to a viewer, with the values of viewer()."""

_SHOWN = "SELECT id FROM work WHERE shown = 1 AND id IN ({ids}) AND reach IN ({open})"
_AT_ONCE = 500  # ids in a statement; SQLite knows a bound


class Reach(NamedTuple):
    countries: str  # ISO 3166-1 alpha-2, sorted, a space between; '*' is everywhere
    age: int | None  # from which it may be seen, where somebody has said
    sexual: bool


def viewer(country: str, level: Level) -> dict[str, object]:
    """The values by which a statement with OPEN knows who asks; '' is a country not yet known."""
    return {
        "country": storable(country),
        "max_age": level.max_age,
        "sexual": level.sexual,
        "unrated": level.unrated,
    }


def shown(connection: sqlite3.Connection, ids: Sequence[str], country: str, level: Level) -> set[str]:
    """Those of these ids whose works are open to the viewer."""
    who = viewer(country, level)
    found: set[str] = set()
    for start in range(0, len(ids), _AT_ONCE):
        named = {"id%d" % number: storable(id) for number, id in enumerate(ids[start : start + _AT_ONCE])}
        places = ", ".join(":" + name for name in named)
        statement = _SHOWN.format(ids=places, open=OPEN)
        found.update(str(id) for (id,) in connection.execute(statement, {**who, **named}))
    return found


def of(work: Work) -> Reach:
    rating = work.content_rating
    return Reach(" ".join(sorted(set(work.rights.territories))), parental.age(rating), rating.nsfw)


def key(connection: sqlite3.Connection, reach: Reach) -> int:
    """Of this reach in the store, made where it is new."""
    found = connection.execute(
        "SELECT key FROM reach WHERE countries = ? AND age IS ? AND sexual = ?", reach
    ).fetchone()
    if found:
        return int(found[0])
    made = connection.execute("INSERT INTO reach (countries, age, sexual) VALUES (?, ?, ?)", reach).lastrowid
    connection.executemany(
        "INSERT INTO territory (country, reach) VALUES (?, ?)",
        ((country, made) for country in reach.countries.split()),
    )
    return int(made or 0)
