# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing the works of one origin into the store's tables."""

from __future__ import annotations

import sqlite3
from typing import Iterable, Sequence

from ..works.work import WHOLES, Work
from . import codec, search
from .folding import folded

_CLEAR = (
    "DELETE FROM words WHERE rowid IN (SELECT key FROM work WHERE origin = :origin)",
    "DELETE FROM genre WHERE work IN (SELECT key FROM work WHERE origin = :origin)",
    "DELETE FROM record WHERE work IN (SELECT key FROM work WHERE origin = :origin)",
    "DELETE FROM work WHERE origin = :origin",
    "DELETE FROM withdrawn WHERE origin = :origin",
)
_ADD_WORK = """
INSERT INTO work (origin, id, title, year, decade, rights_class, reach) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
# One row of each id is shown at most. See Store for who has the better right.
_SHOW = """
UPDATE work SET shown = NOT shown WHERE shown != (
    key = (
        SELECT rival.key FROM work AS rival WHERE rival.id = work.id
        ORDER BY rival.origin = 'local' DESC, rival.key DESC LIMIT 1
    )
    AND NOT EXISTS (
        SELECT 1 FROM withdrawn
        WHERE withdrawn.id = work.id AND (work.origin != 'local' OR withdrawn.origin = 'local')
    )
)
"""


def replace_origin(
    connection: sqlite3.Connection,
    origin: str,
    version: str,
    works: Sequence[Work],
    withdrawn: Iterable[str],
) -> None:
    """Put these works and withdrawals in the place of all that the origin had.

    The transaction is the caller's. Of works with the same id the first counts.
    """
    for statement in _CLEAR:
        connection.execute(statement, {"origin": origin})
    reaches: dict[str, int] = {}
    for work in {work.id: work for work in reversed(works)}.values():
        if work.type not in WHOLES:  # a series is known by its episodes
            _add(connection, origin, work, reaches)
    connection.executemany(
        "INSERT OR IGNORE INTO withdrawn (id, origin) VALUES (?, ?)", ((id, origin) for id in withdrawn)
    )
    connection.execute(_SHOW)
    connection.execute("INSERT OR REPLACE INTO origin (name, version) VALUES (?, ?)", (origin, version))


def _add(connection: sqlite3.Connection, origin: str, work: Work, reaches: dict[str, int]) -> None:
    countries = " ".join(sorted(set(work.rights.territories)))
    if countries not in reaches:
        reaches[countries] = _reach(connection, countries)
    title = folded(work.title())
    decade = work.year // 10 * 10
    row = (origin, work.id, title, work.year, decade, work.rights.rights_class, reaches[countries])
    key = connection.execute(_ADD_WORK, row).lastrowid
    connection.execute("INSERT INTO record (work, json) VALUES (?, ?)", (key, codec.encode(work)))
    connection.execute(
        "INSERT INTO words (rowid, titles, people) VALUES (?, ?, ?)", (key, *search.index_row(work))
    )
    connection.executemany(
        "INSERT OR IGNORE INTO genre (folded, work, name) VALUES (?, ?, ?)",
        ((folded(name), key, name) for name in work.genre),
    )


def _reach(connection: sqlite3.Connection, countries: str) -> int:
    """The key of this set of countries, made where it is new."""
    connection.execute("INSERT OR IGNORE INTO reach (countries) VALUES (?)", (countries,))
    found = connection.execute("SELECT key FROM reach WHERE countries = ?", (countries,)).fetchone()
    key = int(found[0])
    connection.executemany(
        "INSERT OR IGNORE INTO territory (country, reach) VALUES (?, ?)",
        ((country, key) for country in countries.split()),
    )
    return key
