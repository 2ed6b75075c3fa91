# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue on this device: one SQLite file, filled by the service, read by everybody.

The file is a copy: one that is damaged, or of another version, is set aside and filled again. Whoever
meets damage while reading leaves a mark beside the file, by which the next writer knows.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import ContextManager, Iterable, Iterator, Sequence

from ..works import parental, rights
from ..works.errors import ServiceUnavailable, UnknownWork, WorkWithdrawn
from ..works.folding import storable
from ..works.guide import Entry
from ..works.parental import EVERYTHING, Level
from ..works.query import Page, Query, Season, Shelf
from ..works.work import Work
from . import codec, database, guides, reach, schema, series
from .filling import RIGHT, amend_origin, drop_origin, replace_origin
from .search import Question

MAX_PAGE_SIZE = 500
MAX_SHELVES = 1000
LAST = "\U0010ffff"  # behind every character
STEPS = 100_000  # of SQLite's machine, about a millisecond, after which a writer looks whether to go on

_RECORDS = "SELECT work, json FROM record WHERE work IN ({keys})"
_WHY_WITHDRAWN = "SELECT reason FROM withdrawn WHERE id = ? ORDER BY {right} DESC LIMIT 1"

_log = logging.getLogger(__name__)


LOCAL = "local"  # the origin of the user's own catalogue folder
MAIN = "main"  # of the add-on's own catalogue, which is followed
STARTER = "starter"  # of the catalogue that comes with the add-on


class Store:
    """The works of every origin, as one catalogue: LOCAL, MAIN, STARTER, and others that are followed.

    Where two origins have the same id, LOCAL has the best right, then MAIN, then STARTER, then the one filled
    last. A withdrawal by one of these three counts for itself and all of less right; one by another
    catalogue that is followed counts for that catalogue alone.

    A Store belongs to the thread that opened it; to open one for reading takes about a millisecond.
    Every method raises ServiceUnavailable where the file cannot be read or written at present.
    """

    def __init__(self, path: Path, writable: bool = False, fts5: bool | None = None) -> None:
        """Open the file at `path`, to read what was filled in, or to fill it.

        `fts5`: whether a new file gets full-text search; None is where this SQLite has it. Raises
        ServiceUnavailable where there is nothing to read yet.
        """
        self._path = path
        self._mark = _mark(path)
        self._broken_off = False
        self.writing = False  # whether it holds off other writers now
        self._fts5 = schema.has_fts5() if writable and fts5 is None else bool(fts5)
        self._connection = self._open_to_write() if writable else self._open_to_read()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    # Reading

    def version(self, origin: str) -> str:
        """What fill() was told of this origin's contents; '' if there are none."""
        with self._view() as view:
            row = view.execute("SELECT version FROM origin WHERE name = ?", (origin,)).fetchone()
        return str(row[0]) if row else ""

    def origins(self) -> list[str]:
        """All that were filled in."""
        with self._view() as view:
            return [str(name) for (name,) in view.execute("SELECT name FROM origin ORDER BY name")]

    def work(self, id: str) -> Work:
        """The work with that id, in whatever country. Raises UnknownWork, WorkWithdrawn."""
        with self._view() as view:
            return _record(view, self._find(view, id)[0])

    def origin(self, id: str) -> str:
        """Where the work with that id comes from. Raises UnknownWork, WorkWithdrawn."""
        with self._view() as view:
            return self._find(view, id)[1]

    def page(self, query: Query) -> Page:
        """One page of the works that fit: by title, or by relevance where there is a text.

        Empty beyond the last page; the size is bounded to MAX_PAGE_SIZE.
        """
        number, size = max(query.page, 1), min(max(query.size, 1), MAX_PAGE_SIZE)
        skip = (number - 1) * size
        with self._view() as view:
            question = Question(view, query, self._fts5)
            total = question.total()
            keys = question.keys(size, skip) if skip < total else []
            works = _records(view, keys)
        return Page(works, number, total, size)

    def count(self, query: Query) -> int:
        """How many works fit, over all pages."""
        with self._view() as view:
            return Question(view, query, self._fts5).total()

    def shelves(self, kind: str, query: Query, prefix: str = "", most: int = MAX_SHELVES) -> list[Shelf]:
        """How many of the works that fit have each facet of that kind, whose value begins with `prefix`: at
        most so many facets, in the order of their values."""
        with self._view() as view:
            return Question(view, query, self._fts5).shelves(kind, prefix, prefix + LAST, most)

    def prefixes(self, kind: str, query: Query, prefix: str = "") -> list[str]:
        """With what the values of those facets begin: one character more than `prefix`, or the value where it
        has no more. It asks for one value each, not for all."""
        found: list[str] = []
        first = prefix
        with self._view() as view:
            question = Question(view, query, self._fts5)
            while len(found) < MAX_SHELVES:
                shelf = next(iter(question.shelves(kind, first, prefix + LAST, 1)), None)
                if not shelf:
                    break
                found.append(shelf.value[: len(prefix) + 1])
                # Behind all that begin so; a value that is the prefix itself is followed by longer ones.
                first = found[-1] + (LAST if len(found[-1]) > len(prefix) else "\0")
        return found

    def seasons(self, id: str, country: str, level: Level = EVERYTHING) -> list[Season]:
        """Those of a series of which there are episodes, the first first; specials are season 0."""
        with self._view() as view:
            return [
                Season(number, count, self._season(view, id, number))
                for number, count in series.seasons(view, id, country, level)
            ]

    def episodes(self, id: str, season: int, country: str, level: Level = EVERYTHING) -> list[Work]:
        """Those of one season, in order."""
        with self._view() as view:
            return [_record(view, key) for key in series.episodes(view, id, season, country, level)]

    def next_episode(self, work: Work, country: str, level: Level = EVERYTHING) -> Work | None:
        """What follows an episode in its series; None after the last, and for what is no episode."""
        if not work.part_of or not work.part_of.episode:
            return None
        with self._view() as view:
            key = series.next_episode(view, work.part_of, country, level)
            return _record(view, key) if key else None

    def works(self, ids: Iterable[str], country: str, level: Level = EVERYTHING) -> list[Work]:
        """Those of these works that may be shown, in the order of their ids."""
        found = []
        with self._view() as view:
            for id in ids:
                with suppress(UnknownWork, WorkWithdrawn):
                    found.append(_record(view, self._find(view, id)[0]))
        return [
            work for work in found if rights.free_in(work.rights, country) and parental.allowed(work, level)
        ]

    def shown(self, ids: Sequence[str], country: str, level: Level = EVERYTHING) -> list[str]:
        """Those of these ids whose works may be shown, in their order; the works themselves are not read."""
        with self._view() as view:
            known = reach.shown(view, ids, country, level)
        return [id for id in ids if id in known]

    def reading(self) -> ContextManager[sqlite3.Connection]:
        """The file in one transaction, for what guides.py asks it."""
        return self._view()

    # Writing

    def interrupt(self) -> None:
        """End all writing, from any thread: what is under way, and what would come after it, raises
        ServiceUnavailable and changes nothing."""
        self._broken_off = True

    def fill(self, origin: str, version: str, entries: Iterable[Entry]) -> None:
        """Replace everything of that origin at once; readers see either the old or the new.

        Of works with the same id the first counts. A file that proves damaged is made anew, and the
        entries are gone through once more: version() of every other origin is '' then.
        """
        if iter(entries) is entries:  # it can be gone through once
            entries = list(entries)
        try:
            with self._view("BEGIN IMMEDIATE") as view:
                replace_origin(view, origin, version, entries)
        except ServiceUnavailable:
            if not self._mark.exists():
                raise
            self._renew()
            with self._view("BEGIN IMMEDIATE") as view:
                replace_origin(view, origin, version, entries)

    def amend(self, origin: str, version: str, ids: Iterable[str], entries: Iterable[Entry]) -> None:
        """Replace what that origin has of these ids, at once. `entries`: those of these ids.

        Where the file proves damaged it is made anew, without any of the origin's other works: version()
        of every origin is '' then, and ServiceUnavailable is raised.
        """
        try:
            with self._view("BEGIN IMMEDIATE") as view:
                amend_origin(view, origin, version, ids, entries)
        except ServiceUnavailable:
            if self._mark.exists():
                self._renew()
            raise

    def drop(self, origin: str) -> None:
        """Remove everything of that origin, and that it was there."""
        with self._view("BEGIN IMMEDIATE") as view:
            drop_origin(view, origin)

    @staticmethod
    def wants_mending(path: Path) -> bool:
        """Whether it is missing, or a reader has met damage in it: the next to open it for writing
        finds it empty."""
        return not path.exists() or _mark(path).exists()

    def check(self) -> None:
        """Read the whole file (a few seconds for 100,000 works); make a damaged one anew."""
        try:
            with self._view() as view:
                schema.check(view, self._fts5)
                for (key,) in view.execute("SELECT key FROM work"):
                    _record(view, key)
                guides.check(view)
        except ServiceUnavailable:
            if not self._mark.exists():
                raise
            self._renew()

    # Inside

    def _season(self, view: sqlite3.Connection, id: str, number: int) -> Work | None:
        key = series.season(view, id, number)
        return _record(view, key) if key else None

    def _find(self, view: sqlite3.Connection, id: str) -> tuple[int, str]:
        named = (storable(id),)
        row = view.execute("SELECT key, origin FROM work WHERE id = ? AND shown = 1", named).fetchone()
        if row:
            return int(row[0]), str(row[1])
        row = view.execute(_WHY_WITHDRAWN.format(right=RIGHT), named).fetchone()
        if row:
            raise WorkWithdrawn(id, str(row[0]))
        raise UnknownWork(id)

    @contextmanager
    def _view(self, begin: str = "BEGIN") -> Iterator[sqlite3.Connection]:
        """The file in one transaction. Damage that shows leaves the mark."""
        try:
            with self._connection:
                self._connection.execute(begin)
                self.writing = begin != "BEGIN"
                yield self._connection
        except sqlite3.Error as error:
            raise self._unreadable(error) from error
        finally:
            self.writing = False

    def _unreadable(self, error: sqlite3.Error) -> Exception:
        """What to raise in the place of `error`. Where the content is to blame, it leaves the mark."""
        if isinstance(error, sqlite3.ProgrammingError):
            return error
        if database.means_damage(error):
            _log.warning("%s is damaged: %s", self._path.name, error)
            try:
                self._mark.touch()
            except OSError as failure:
                _log.warning("%s cannot be made: %s", self._mark.name, failure)
        return ServiceUnavailable("%s: %s" % (self._path.name, error))

    def _open_to_read(self) -> sqlite3.Connection:
        connection = None
        try:
            connection = database.connect(self._path, writable=False)
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            known = {schema.version(fts5): fts5 for fts5 in (True, False)}
            if found in known and connection.execute("SELECT 1 FROM origin").fetchone():
                self._fts5 = known[found]
                return connection
        except sqlite3.Error as error:
            if connection:
                connection.close()
            raise self._unreadable(error) from error
        connection.close()
        raise ServiceUnavailable("%s is not filled yet" % self._path.name)

    def _open_to_write(self) -> sqlite3.Connection:
        if self._mark.exists() or self._path.is_dir():
            return self._start_anew()
        try:
            return self._open_file()
        except (sqlite3.Error, OSError) as error:
            if not database.means_damage(error):
                raise ServiceUnavailable("%s: %s" % (self._path.name, error)) from error
            _log.warning("%s is damaged: %s", self._path.name, error)
            return self._start_anew()

    def _open_file(self) -> sqlite3.Connection:
        """Raises sqlite3.DatabaseError where the file is not a store, or another version's."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = database.connect(self._path, writable=True)
        try:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            if found == 0 and not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                schema.create(connection, self._fts5)
            elif found != schema.version(self._fts5):
                raise sqlite3.DatabaseError("made by another version")
        except sqlite3.Error:
            connection.close()
            raise
        # Asked for between two statements, sqlite3's own interrupt() would be lost.
        connection.set_progress_handler(lambda: self._broken_off, STEPS)
        return connection

    def _renew(self) -> None:
        self._connection.close()
        self._connection = self._start_anew()

    def _start_anew(self) -> sqlite3.Connection:
        try:
            database.set_aside(self._path)
            connection = self._open_file()
            self._mark.unlink(missing_ok=True)
        except (sqlite3.Error, OSError) as error:
            raise ServiceUnavailable("%s: %s" % (self._path.name, error)) from error
        return connection


def _mark(path: Path) -> Path:
    """Where a reader that met damage says so."""
    return path.with_name(path.name + ".suspect")


def _record(view: sqlite3.Connection, key: int) -> Work:
    return _records(view, [key])[0]


def _records(view: sqlite3.Connection, keys: Sequence[int]) -> tuple[Work, ...]:
    """In the order of the keys, of which there are at most MAX_PAGE_SIZE."""
    rows = dict(view.execute(_RECORDS.format(keys=", ".join("?" * len(keys))), keys))
    try:
        return tuple(codec.decode(rows[key]) for key in keys)
    except (KeyError, TypeError, ValueError) as error:  # no row, or none of ours
        raise sqlite3.DatabaseError("a record: %s" % error) from error
