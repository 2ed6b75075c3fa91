# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing the works of one origin into the store's tables."""

from __future__ import annotations

import sqlite3
from typing import Iterable, Mapping

from ..works.record import Tombstone
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
# By keys: the search index finds a row by its key alone.
_REMOVE = (
    "DELETE FROM words WHERE rowid = :key",
    "DELETE FROM genre WHERE work = :key",
    "DELETE FROM record WHERE work = :key",
    "DELETE FROM work WHERE key = :key",
)
_COUNT = (
    "DELETE FROM tally",
    """
    INSERT INTO tally (reach, decade, rights_class, works)
    SELECT reach, decade, rights_class, count(*) FROM work WHERE shown = 1 GROUP BY 1, 2, 3
    """,
)
_ADD_WORK = """
INSERT OR IGNORE INTO work (origin, id, title, year, decade, rights_class, reach) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
# One row of each id is shown at most. See Store for who has the better right.
_SHOW = """
UPDATE work SET shown = NOT shown WHERE shown != (
    key = (
        SELECT rival.key FROM work AS rival WHERE rival.id = work.id
        ORDER BY CASE rival.origin WHEN 'local' THEN 2 WHEN 'starter' THEN 1 ELSE 0 END DESC, rival.key DESC
        LIMIT 1
    )
    AND NOT EXISTS (
        SELECT 1 FROM withdrawn
        WHERE withdrawn.id = work.id AND (
            withdrawn.origin = work.origin OR
            (work.origin != 'local' AND withdrawn.origin IN ('local', 'starter'))
        )
    )
)
"""
_SHOW_ONE = _SHOW + "AND work.id = :id"


def replace_origin(
    connection: sqlite3.Connection, origin: str, version: str, entries: Iterable[Work | Tombstone]
) -> None:
    """Put these works and withdrawals in the place of all that the origin had.

    The transaction is the caller's. Of works with the same id the first counts.
    """
    for statement in _CLEAR:
        connection.execute(statement, {"origin": origin})
    _add_all(connection, origin, entries)
    connection.execute(_SHOW)
    _finish(connection, origin, version)


def amend_origin(
    connection: sqlite3.Connection,
    origin: str,
    version: str,
    ids: Iterable[str],
    entries: Iterable[Work | Tombstone],
) -> None:
    """Take what the origin had of these ids away, and put these works and withdrawals in.

    The transaction is the caller's.
    """
    touched = [{"origin": origin, "id": id} for id in ids]
    for each in touched:
        _remove(connection, each)
    _add_all(connection, origin, entries)
    connection.executemany(_SHOW_ONE, touched)
    _finish(connection, origin, version)


def drop_origin(connection: sqlite3.Connection, origin: str) -> None:
    """Take all that the origin had away. The transaction is the caller's."""
    replace_origin(connection, origin, "", ())
    connection.execute("DELETE FROM origin WHERE name = ?", (origin,))


def _remove(connection: sqlite3.Connection, one: Mapping[str, str]) -> None:
    found = connection.execute("SELECT key FROM work WHERE id = :id AND origin = :origin", one).fetchall()
    for statement in _REMOVE:
        connection.executemany(statement, ({"key": key} for (key,) in found))
    connection.execute("DELETE FROM withdrawn WHERE id = :id AND origin = :origin", one)


def _finish(connection: sqlite3.Connection, origin: str, version: str) -> None:
    for statement in _COUNT:
        connection.execute(statement)
    connection.execute("INSERT OR REPLACE INTO origin (name, version) VALUES (?, ?)", (origin, version))


def _add_all(connection: sqlite3.Connection, origin: str, entries: Iterable[Work | Tombstone]) -> None:
    reaches: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, Tombstone):
            connection.execute(
                "INSERT OR IGNORE INTO withdrawn (id, origin) VALUES (?, ?)", (entry.id, origin)
            )
        elif entry.type not in WHOLES:  # a series is known by its episodes
            _add(connection, origin, entry, reaches)


def _add(connection: sqlite3.Connection, origin: str, work: Work, reaches: dict[str, int]) -> None:
    countries = " ".join(sorted(set(work.rights.territories)))
    if countries not in reaches:
        reaches[countries] = _reach(connection, countries)
    title = folded(work.title())
    decade = work.year // 10 * 10
    row = (origin, work.id, title, work.year, decade, work.rights.rights_class, reaches[countries])
    added = connection.execute(_ADD_WORK, row)
    if not added.rowcount:
        return
    key = added.lastrowid
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
