# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the store up to date with a catalogue that is followed.

A device that is a few builds behind takes what has changed since; one that is new, or far behind, takes
everything. What has come stays until it is in the store, which is one transaction: whoever is interrupted
goes on from there.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Callable, Iterator, NamedTuple, Sequence

from ..works import about, folder
from ..works.about import About
from ..works.errors import CatalogueRefused, CatalogueUnavailable, RecordInvalid
from ..works.guide import Entry
from ..works.work import Tombstone
from . import following
from .admission import Admitted, admit
from .following import Followed
from .store import Store
from .verified import Verified

MAX_WORKS = 2_000_000  # of one catalogue
MAX_TOTAL = 512 << 20  # bytes of all its files of records
MAX_DELTAS = 4 << 20  # bytes of those deltas that are taken at once
MAX_FILE = 32 << 20  # bytes of a file of records, unpacked
MAX_PROBLEMS = 20  # that the log is told of, for each file

_log = logging.getLogger(__name__)


class Updated(NamedTuple):
    about: About
    changed: bool  # whether the store has


class Changes(NamedTuple):
    """The ids that are touched, and what is now to be said of those."""

    ids: set[str]
    entries: list[Entry]


def update(
    followed: Followed, verified: Verified[Any], into: Store, year: int, go_on: Callable[[], None]
) -> Updated:
    """Take over what is new. `verified`: refreshed. `year`: at least this one. `go_on` is called often, and
    raises what is to end it.

    Raises CatalogueRefused, CatalogueUnavailable, OSError, and ServiceUnavailable where the store cannot be
    written.
    """
    known = _about(verified, followed.local)
    source = _Source(followed, verified, max(year, known.year), go_on)
    changed = _take_own(source, known, followed.origin, into)
    changed |= _take_publishers(source, known, followed.origin, into)
    verified.clear()
    return Updated(known, changed)


def forget(origin: str, store: Store) -> None:
    """Take all works of a catalogue that was followed out of the store. Raises ServiceUnavailable."""
    for each in [origin, *_publishers(store, origin)]:
        store.drop(each)


def _take_own(source: _Source, known: About, origin: str, into: Store) -> bool:
    held, newest = into.version(origin), str(known.build)
    if held == newest:
        return False
    changes = source.changes(int(held) if held.isdigit() else 0, known.build)
    if changes:
        into.amend(origin, newest, changes.ids, changes.entries)
    else:
        source.fetch_all()
        into.fill(origin, newest, source)
    way = "%d changes" % len(changes.ids) if changes else "all shards"
    _log.info("%s: build %d, %d works, by %s", origin, known.build, known.works, way)
    return True


def _take_publishers(source: _Source, known: About, origin: str, into: Store) -> bool:
    """Each is an origin of its own. What is wrong with one is no harm to the others."""
    wanted = {following.of_publisher(origin, name): name for name in known.publishers}
    gone = [each for each in _publishers(into, origin) if each not in wanted]
    for each in gone:
        into.drop(each)
    changed = bool(gone)
    for each, name in wanted.items():
        try:
            version = source.version(folder.publisher_file(name))
            if into.version(each) != version:
                into.fill(each, version, source.published(name))
                changed = True
        except (CatalogueRefused, CatalogueUnavailable) as error:
            _log.warning("%s: %s", each, error)
    return changed


def _publishers(store: Store, origin: str) -> list[str]:
    return [each for each in store.origins() if each != origin and following.whole(each) == origin]


def _about(verified: Verified[Any], local: bool) -> About:
    """Raises CatalogueRefused, CatalogueUnavailable."""
    try:
        return about.parse(verified.fetch(folder.ABOUT).read_bytes(), local)
    except RecordInvalid as error:
        raise CatalogueRefused(str(error)) from error


class _Source:
    """What a catalogue holds. To go through it is to go through all of its own entries, of which one file's
    are in memory at a time."""

    def __init__(
        self, followed: Followed, verified: Verified[Any], year: int, go_on: Callable[[], None]
    ) -> None:
        self._followed = followed
        self._verified = verified
        self._year = year
        self._go_on = go_on

    def fetch_all(self) -> None:
        """Have on the disk what is gone through then."""
        names = [folder.REVOCATIONS, *map(folder.shard_file, folder.SHARDS)]
        if sum(self._verified.size(name) or 0 for name in names) > MAX_TOTAL:
            raise CatalogueRefused("over %d bytes in all" % MAX_TOTAL)
        for name in names:
            self._go_on()
            self._verified.fetch(name)

    def __iter__(self) -> Iterator[Entry]:
        for entry in self._admitted(folder.REVOCATIONS).entries:
            if isinstance(entry, Tombstone):
                yield entry
        count = 0
        for shard in folder.SHARDS:
            for entry in self._admitted(folder.shard_file(shard)).entries:
                self._go_on()
                if folder.shard(entry.id) == shard:  # else it could be there twice
                    yield entry
                    count += 1
            if count > MAX_WORKS:
                raise CatalogueRefused("more than %d works" % MAX_WORKS)

    def version(self, name: str) -> str:
        """By which a file is known."""
        return self._verified.digest(name)

    def published(self, name: str) -> list[Entry]:
        """What a publisher has signed, of ids that are its own."""
        entries = self._admitted(folder.publisher_file(name)).entries
        return [entry for entry in entries if entry.id.startswith(name + ":")]

    def changes(self, held: int, newest: int) -> Changes | None:
        """What has changed since the build that is held; None where everything is to be taken."""
        ids: set[str] = set()
        now: dict[str, Entry] = {}
        names = self._deltas(held, newest)
        try:
            for name in names:
                found = self._admitted(name)
                for id in found.refused:
                    now.pop(id, None)
                now.update((entry.id, entry) for entry in found.entries)
                ids |= {*found.refused, *(entry.id for entry in found.entries)}
        except (CatalogueRefused, CatalogueUnavailable) as error:  # as one that adds half a catalogue is
            _log.info("%s", error)
            return None
        return Changes(ids, list(now.values())) if names else None

    def _deltas(self, held: int, newest: int) -> Sequence[str]:
        """The files by which the build that is held becomes the newest; none if there is none held, one of
        them is gone, or the whole is hardly more to fetch."""
        if not 0 < held < newest or newest - held > folder.DELTAS:
            return ()
        names = [folder.delta_file(build) for build in range(held + 1, newest + 1)]
        sizes = [self._verified.size(name) for name in names]
        whole = sum(self._verified.size(folder.shard_file(name)) or 0 for name in folder.SHARDS)
        known = [size for size in sizes if size is not None]
        small = sum(known) <= min(whole / 2, MAX_DELTAS)
        return names if small and len(known) == len(names) else ()

    def _admitted(self, name: str) -> Admitted:
        self._go_on()
        try:
            found = admit(_unpacked(self._verified.fetch(name)), self._year, lines=True)
        except RecordInvalid as error:
            raise CatalogueRefused("%s: %s" % (name, error)) from error
        for problem in found.problems[:MAX_PROBLEMS]:
            _log.warning("%s: %s: %s", self._followed.address, name, problem)
        return found


def _unpacked(path: Path) -> str:
    """Raises CatalogueRefused for what is no gzip, or too much when unpacked."""
    try:
        return folder.unpacked(path.read_bytes(), MAX_FILE).decode("utf-8", "replace")
    except ValueError as error:
        raise CatalogueRefused("%s: %s" % (path.name, error)) from error
