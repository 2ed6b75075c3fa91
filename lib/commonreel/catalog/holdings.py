# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user has put into the library, and the files that were written for it: one small SQLite file.

A row is written before a file is, so that whoever is killed between the two knows at the next look what
is ours: a file that holds neither what was written nor what was about to be is the user's.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import Iterable, NamedTuple

from ..works.errors import ServiceUnavailable
from ..works.folding import storable
from ..works.work import Work
from . import database

EVERYTHING = "*"  # wished for as if it were a work: every film

ADDED, CHANGED, REMOVED = "added", "changed", "removed"  # what Kodi is to be told of a file

# Marks: the catalogue for which the library was last gone through; the folder as Kodi knows it
CATALOGUE, PLACE = "catalogue", "place"

_TABLES = """
CREATE TABLE IF NOT EXISTS wish (
    id TEXT PRIMARY KEY,            -- of a work, or EVERYTHING
    series TEXT NOT NULL,           -- that it is, or belongs to; '' of a film
    wanted INTEGER NOT NULL,        -- 0: left out, though everything is wanted
    settled INTEGER NOT NULL        -- whether the files are there, or gone
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
    path TEXT PRIMARY KEY,          -- below the library's folder
    work TEXT NOT NULL,
    series TEXT NOT NULL,
    digest TEXT NOT NULL,           -- of what was written; '' before
    coming TEXT NOT NULL            -- of what is being written or taken away; '' as a rule
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_work ON file (work);
CREATE INDEX IF NOT EXISTS file_series ON file (series);
CREATE TABLE IF NOT EXISTS news (path TEXT PRIMARY KEY, what TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS was (
    path TEXT PRIMARY KEY,          -- as in news
    about TEXT NOT NULL             -- what Kodi knows of it, until it is told what has changed
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

# What is new is still new when it has changed.
_TELL = (
    "INSERT INTO news VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET what = excluded.what "
    "WHERE excluded.what != 'changed'"
)

_KNOWN: tuple[str, tuple[object, ...]] = ("DELETE FROM was WHERE path NOT IN (SELECT path FROM news)", ())

_WHOLE = "CASE series WHEN '' THEN work ELSE series END"  # what a person counts: films and series

_log = logging.getLogger(__name__)


class File(NamedTuple):
    path: str
    work: str
    series: str
    digest: str
    coming: str


class Holdings:
    """Open, for the thread that opened it. Every method raises ServiceUnavailable where the file cannot
    be read or written at present. A damaged one is set aside, and begun anew."""

    def __init__(self, path: Path) -> None:
        try:
            self._connection = _open(path)
        except (sqlite3.Error, OSError) as error:
            if not database.means_damage(error):
                raise ServiceUnavailable("%s: %s" % (path.name, error)) from error
            self._connection = _anew(path)

    def __enter__(self) -> Holdings:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    # What the user wants

    def wanted(self, works: Iterable[Work]) -> set[str]:
        """Ids of those that are to be in the library. What was said of an episode counts before what was
        said of its series."""
        all_films = self._wish(EVERYTHING)
        return {
            work.id
            for work in works
            if self._wish(work.id, self._wish(work.series) if work.series else all_films)
        }

    @property
    def everything(self) -> bool:
        return bool(self._wish(EVERYTHING))

    def wishes(self) -> list[str]:
        """Works that were asked for one by one."""
        return self._texts("SELECT id FROM wish WHERE wanted AND id != ?", EVERYTHING)

    def series(self) -> list[str]:
        """Series that were asked for, with all of their episodes."""
        return self._texts("SELECT id FROM wish WHERE wanted AND id = series")

    def want(self, work: Work, wanted: bool = True) -> None:
        """A series: with all of its episodes, whatever was said of these before."""
        id, series = _ids(work)
        self._do(
            ("DELETE FROM wish WHERE series = ?", (id,)),
            ("INSERT OR REPLACE INTO wish VALUES (?, ?, ?, 0)", (id, series, int(wanted))),
        )

    def want_everything(self) -> None:
        """All films, also those that were left out before."""
        self._do(
            ("DELETE FROM wish WHERE NOT wanted AND series = ''", ()),
            ("INSERT OR REPLACE INTO wish VALUES (?, '', 1, 0)", (EVERYTHING,)),
        )

    def want_what_is_there(self) -> None:
        """No longer all films, but those that there are."""
        self._do(
            ("INSERT OR IGNORE INTO wish SELECT DISTINCT work, '', 1, 1 FROM file WHERE series = ''", ()),
            ("DELETE FROM wish WHERE id = ?", (EVERYTHING,)),
        )

    def want_nothing(self) -> None:
        self._do(
            ("DELETE FROM wish", ()),
            ("INSERT INTO wish VALUES (?, '', 0, 0)", (EVERYTHING,)),
        )

    def unsettled(self) -> list[tuple[str, bool]]:
        """(id or EVERYTHING, whether it is wanted) of what has changed since it was settled."""
        rows = self._rows("SELECT id, wanted FROM wish WHERE NOT settled")
        return [(str(id), bool(wanted)) for id, wanted in rows]

    def settled(self, id: str, wanted: bool) -> None:
        """Its files are as that wish wants them; another wish may have come meanwhile."""
        self._do(("UPDATE wish SET settled = 1 WHERE id = ? AND wanted = ?", (storable(id), int(wanted))))

    # What there is

    def works(self) -> list[str]:
        """Ids of all for which a file was written."""
        return self._texts("SELECT DISTINCT work FROM file ORDER BY work")

    def episodes(self, series: str) -> list[str]:
        """Ids of those for which a file was written."""
        of_it = "SELECT DISTINCT work FROM file WHERE series = ? AND work != series ORDER BY work"
        return self._texts(of_it, storable(series))

    def count(self) -> tuple[int, int]:
        """How many there are: (films, series)."""
        films = "SELECT COUNT(DISTINCT work) FROM file WHERE series = ''"
        series = "SELECT COUNT(DISTINCT series) FROM file WHERE series != ''"
        return int(self._texts(films)[0]), int(self._texts(series)[0])

    def page(self, size: int, skip: int) -> list[str]:
        """Films and series, by the names of their files."""
        by_name = "SELECT %s AS whole FROM file GROUP BY whole ORDER BY MIN(path) LIMIT ? OFFSET ?"
        return self._texts(by_name % _WHOLE, size, skip)

    def files(self, work: str) -> list[File]:
        rows = self._rows("SELECT * FROM file WHERE work = ? ORDER BY path", storable(work))
        return [File(*row) for row in rows]

    def file(self, path: str) -> File | None:
        rows = self._rows("SELECT * FROM file WHERE path = ?", path)
        return File(*rows[0]) if rows else None

    def coming(self, path: str, work: Work, digest: str, was: tuple[str, str] | None = None) -> None:
        """Said before a file is written; with what it said until now: (path of which Kodi is told, text)."""
        self._do(
            ("INSERT OR IGNORE INTO file VALUES (?, ?, ?, '', '')", (path, *_ids(work))),
            ("UPDATE file SET coming = ? WHERE path = ?", (digest, path)),
            *([("INSERT OR IGNORE INTO was VALUES (?, ?)", was)] if was else []),
        )

    def written(self, path: str, work: Work, digest: str, news: tuple[str, str] | None = None) -> None:
        """Said after; with what Kodi is to be told: (path, what)."""
        row = ("INSERT OR REPLACE INTO file VALUES (?, ?, ?, ?, '')", (path, *_ids(work), digest))
        self._do(row, *_news(news))

    def leaving(self, path: str, digest: str) -> None:
        """Said before a file is taken away."""
        self._do(("UPDATE file SET digest = '', coming = ? WHERE path = ?", (digest, path)))

    def left(self, path: str, news: tuple[str, str] | None = None) -> None:
        """Said after, or where it is left to the user."""
        self._do(("DELETE FROM file WHERE path = ?", (path,)), *_news(news))

    # What Kodi has not been told

    def news(self, limit: int) -> list[tuple[str, str]]:
        """(path, what): ADDED last; a series, whose path is the shorter, before its episodes."""
        in_order = "SELECT path, what FROM news ORDER BY what = ?, LENGTH(path), path LIMIT ?"
        rows = self._rows(in_order, ADDED, limit)
        return [(str(path), str(what)) for path, what in rows]

    def was(self, path: str) -> str:
        """What Kodi knows of a file that has changed; '' where nobody knows."""
        return next(iter(self._texts("SELECT about FROM was WHERE path = ?", path)), "")

    def told(self, path: str) -> None:
        self._do(("DELETE FROM news WHERE path = ?", (path,)), _KNOWN)

    def told_all(self, what: str = "") -> None:
        self._do(("DELETE FROM news WHERE what = ? OR ? = ''", (what, what)), _KNOWN)

    # Marks

    def mark(self, name: str) -> str:
        return next(iter(self._texts("SELECT value FROM mark WHERE name = ?", name)), "")

    def set_mark(self, name: str, value: str) -> None:
        self._do(("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, value)))

    # Inside

    def _wish(self, id: str, unsaid: int = 0) -> int:
        rows = self._rows("SELECT wanted FROM wish WHERE id = ?", storable(id))
        return int(rows[0][0]) if rows else unsaid

    def _texts(self, sql: str, *values: object) -> list[str]:
        return [str(row[0]) for row in self._rows(sql, *values)]

    def _rows(self, sql: str, *values: object) -> list[tuple[str, ...]]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise ServiceUnavailable("the library's file: %s" % error) from error

    def _do(self, *statements: tuple[str, tuple[object, ...]]) -> None:
        """All in one transaction."""
        try:
            with self._connection:
                self._connection.execute("BEGIN IMMEDIATE")
                for sql, values in statements:
                    self._connection.execute(sql, values)
        except sqlite3.DatabaseError as error:
            raise ServiceUnavailable("the library's file: %s" % error) from error


def _ids(work: Work) -> tuple[str, str]:
    return storable(work.id), storable(work.series)


def _news(news: tuple[str, str] | None) -> list[tuple[str, tuple[object, ...]]]:
    return [(_TELL, news)] if news else []


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = database.connect(path, writable=True)
    try:
        # A reader waits for no writer, and no row for the disk: a row that a power cut takes is found again.
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executescript(_TABLES)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _anew(path: Path) -> sqlite3.Connection:
    try:
        database.set_aside(path)
        return _open(path)
    except (sqlite3.Error, OSError) as error:
        raise ServiceUnavailable("%s: %s" % (path.name, error)) from error
