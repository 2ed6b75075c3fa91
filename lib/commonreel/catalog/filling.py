# SPDX-License-Identifier: GPL-3.0-or-later
"""Writing the works of one origin, its makers and its lists into the store's tables."""

from __future__ import annotations

import sqlite3
from typing import Iterable, Mapping

from ..works import giving
from ..works.folding import folded, storable
from ..works.guide import Entry, Guide, Maker, Selection
from ..works.query import Facet
from ..works.work import PartOf, Tombstone, Work
from . import codec, facets, reach, search
from .facets import Named
from .guides import KINDS
from .reach import Reach

_CLEAR = (
    "DELETE FROM words WHERE rowid IN (SELECT key FROM work WHERE origin = :origin)",
    "DELETE FROM tag WHERE work IN (SELECT key FROM work WHERE origin = :origin)",
    "DELETE FROM record WHERE work IN (SELECT key FROM work WHERE origin = :origin)",
    "DELETE FROM work WHERE origin = :origin",
    "DELETE FROM selected WHERE guide IN (SELECT key FROM guide WHERE origin = :origin)",
    "DELETE FROM guide WHERE origin = :origin",
    "DELETE FROM withdrawn WHERE origin = :origin",
)
# By keys: the search index finds a row by its key alone.
_REMOVE = (
    "DELETE FROM words WHERE rowid = :key",
    "DELETE FROM tag WHERE work = :key",
    "DELETE FROM record WHERE work = :key",
    "DELETE FROM work WHERE key = :key",
)
_REMOVE_GUIDE = (
    "DELETE FROM selected WHERE guide IN (SELECT key FROM guide WHERE id = :id AND origin = :origin)",
    "DELETE FROM guide WHERE id = :id AND origin = :origin",
)
_COUNT = (
    "DELETE FROM tally",
    """
    INSERT INTO tally (facet, form, reach, works)
    SELECT 0, form, reach, count(*) FROM work WHERE shown = 1 GROUP BY 2, 3
    """,
    """
    INSERT INTO tally (facet, form, reach, works)
    SELECT facet, form, reach, count(*) FROM tag JOIN work ON key = tag.work WHERE shown = 1 GROUP BY 1, 2, 3
    """,
)
# The work of that id, as many times as :change says, for each of its facets.
_COUNT_ONE = """
INSERT INTO tally (facet, form, reach, works)
SELECT facet, form, reach, :change FROM (
    SELECT 0 AS facet, form, reach FROM work WHERE id = :id AND shown = 1
    UNION ALL
    SELECT facet, form, reach FROM tag JOIN work ON key = tag.work WHERE id = :id AND shown = 1
) WHERE true
ON CONFLICT (facet, form, reach) DO UPDATE SET works = works + :change
"""
_ADD_WORK = """
INSERT OR IGNORE INTO work (origin, id, form, title, year, updated, reach, series, season, episode)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_ADD_WITHDRAWN = "INSERT OR IGNORE INTO withdrawn (id, origin, reason) VALUES (?, ?, ?)"
# Who has the better right has the more; see Store.
RIGHT = "CASE origin WHEN 'local' THEN 3 WHEN 'main' THEN 2 WHEN 'starter' THEN 1 ELSE 0 END"
# One row of each id is shown at most.
_SHOW = """
UPDATE {table} SET shown = NOT shown WHERE shown != (
    key = (
        SELECT rival.key FROM {table} AS rival WHERE rival.id = {table}.id
        ORDER BY {right} DESC, rival.key DESC LIMIT 1
    )
    AND NOT EXISTS (
        SELECT 1 FROM withdrawn
        WHERE withdrawn.id = {table}.id AND (
            withdrawn.origin = {table}.origin OR
            ({table}.origin != 'local' AND withdrawn.origin IN ('local', 'main')) OR
            ({table}.origin NOT IN ('local', 'main') AND withdrawn.origin = 'starter')
        )
    )
)
"""
_SHOW_ALL = tuple(_SHOW.format(table=table, right=RIGHT) for table in ("work", "guide"))
_SHOW_ONE = tuple(show + "AND id = :id" for show in _SHOW_ALL)


def replace_origin(
    connection: sqlite3.Connection, origin: str, version: str, entries: Iterable[Entry]
) -> None:
    """Put these entries in the place of all that the origin had.

    The transaction is the caller's. Of those with the same id the first counts.
    """
    for statement in _CLEAR:
        connection.execute(statement, {"origin": origin})
    _add_all(connection, origin, entries)
    for statement in (*_SHOW_ALL, *_COUNT):
        connection.execute(statement)
    _remember(connection, origin, version)


def amend_origin(
    connection: sqlite3.Connection,
    origin: str,
    version: str,
    ids: Iterable[str],
    entries: Iterable[Entry],
) -> None:
    """Take what the origin had of these ids away, and put these entries in.

    The transaction is the caller's.
    """
    touched = [{"origin": origin, "id": id} for id in ids]
    connection.executemany(_COUNT_ONE, ({**each, "change": -1} for each in touched))
    for each in touched:
        _remove(connection, each)
    _add_all(connection, origin, entries)
    for statement in _SHOW_ONE:
        connection.executemany(statement, touched)
    connection.executemany(_COUNT_ONE, ({**each, "change": 1} for each in touched))
    _remember(connection, origin, version)


def drop_origin(connection: sqlite3.Connection, origin: str) -> None:
    """Take all that the origin had away. The transaction is the caller's."""
    replace_origin(connection, origin, "", ())
    connection.execute("DELETE FROM origin WHERE name = ?", (origin,))


def _remove(connection: sqlite3.Connection, one: Mapping[str, str]) -> None:
    found = connection.execute("SELECT key FROM work WHERE id = :id AND origin = :origin", one).fetchall()
    for statement in _REMOVE:
        connection.executemany(statement, ({"key": key} for (key,) in found))
    for statement in _REMOVE_GUIDE:
        connection.execute(statement, one)
    connection.execute("DELETE FROM withdrawn WHERE id = :id AND origin = :origin", one)


def _remember(connection: sqlite3.Connection, origin: str, version: str) -> None:
    connection.execute("INSERT OR REPLACE INTO origin (name, version) VALUES (?, ?)", (origin, version))


def _add_all(connection: sqlite3.Connection, origin: str, entries: Iterable[Entry]) -> None:
    adding = _Adding(connection, origin)
    for entry in entries:
        if isinstance(entry, Tombstone):
            connection.execute(_ADD_WITHDRAWN, (entry.id, origin, storable(entry.withdrawn)))
        elif isinstance(entry, Work):
            adding.add(entry)
        else:
            _add_guide(connection, origin, entry)


def _add_guide(connection: sqlite3.Connection, origin: str, guide: Guide) -> None:
    added = connection.execute(
        "INSERT OR IGNORE INTO guide (origin, id, kind, title, supported, json) VALUES (?, ?, ?, ?, ?, ?)",
        (
            *(origin, guide.id, KINDS[type(guide)], storable(folded(guide.title()))),
            *(isinstance(guide, Maker) and bool(giving.shown(guide)), codec.encode(guide)),
        ),
    )
    if added.rowcount and isinstance(guide, Selection):
        connection.executemany(
            "INSERT INTO selected (guide, work) VALUES (?, ?)", ((added.lastrowid, id) for id in guide.works)
        )


class _Adding:
    """Puts works in, and knows which reaches and facets the tables have by now."""

    def __init__(self, connection: sqlite3.Connection, origin: str) -> None:
        self._connection = connection
        self._origin = origin
        self._reaches: dict[Reach, int] = {}
        self._facets: dict[Facet, int] = {}

    def add(self, work: Work) -> None:
        key = self._row(work)
        if not key:
            return
        put = self._connection.execute
        put("INSERT INTO record (work, json) VALUES (?, ?)", (key, codec.encode(work)))
        put("INSERT INTO words (rowid, titles, people) VALUES (?, ?, ?)", (key, *search.index_row(work)))
        self._connection.executemany(
            "INSERT INTO tag (facet, work) VALUES (?, ?)",
            ((self._facet(named), key) for named in facets.of(work)),
        )

    def _row(self, work: Work) -> int | None:
        """The key of its new row; None where the origin has the id already."""
        whole = work.part_of or PartOf()
        row = (
            *(self._origin, work.id, facets.form(work), folded(work.title()), work.year, work.updated),
            *(self._reach(work), whole.series, whole.season, whole.episode),
        )
        added = self._connection.execute(_ADD_WORK, row)
        return added.lastrowid if added.rowcount else None

    def _reach(self, work: Work) -> int:
        found = reach.of(work)
        if found not in self._reaches:
            self._reaches[found] = reach.key(self._connection, found)
        return self._reaches[found]

    def _facet(self, named: Named) -> int:
        if named.facet not in self._facets:
            self._facets[named.facet] = _facet(self._connection, named)
        return self._facets[named.facet]


def _facet(connection: sqlite3.Connection, named: Named) -> int:
    """The key of this facet, made where it is new."""
    row = tuple(map(storable, (*named.facet, named.name)))
    connection.execute("INSERT OR IGNORE INTO facet (kind, value, name) VALUES (?, ?, ?)", row)
    found = connection.execute("SELECT key FROM facet WHERE kind = ? AND value = ?", row[:2]).fetchone()
    return int(found[0])
