# SPDX-License-Identifier: GPL-3.0-or-later
"""Brings the store up to date with a catalogue that is followed.

A device that is a few builds behind takes what has changed since; one that is new, or far behind, takes
everything. What has come stays until it is in the store, which is one transaction: whoever is interrupted
goes on from there.
"""

from __future__ import annotations

import gzip
import logging
import zlib
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, NamedTuple, Sequence

from ..works import folder
from ..works.errors import CatalogueRefused, CatalogueUnavailable, RecordInvalid
from ..works.fields import Fields
from ..works.record import Tombstone, strict_json
from ..works.work import Work
from .admission import Admitted, admit
from .following import Followed
from .store import Store
from .verified import Verified

MAX_WORKS = 2_000_000  # of one catalogue
MAX_FILE = 32 << 20  # bytes of a file of records, unpacked
MAX_PROBLEMS = 20  # that the log is told of, for each file

_log = logging.getLogger(__name__)


class About(NamedTuple):
    """What a catalogue says of itself."""

    build: int
    at: str  # when it was made, ISO 8601
    works: int
    name: str
    contact: str
    legal: str  # address of a notice
    mirrors: tuple[str, ...]  # where else it lies: addresses ending in '/'
    trackers: tuple[str, ...]  # of the torrent of each build
    publishers: tuple[str, ...]  # whose works it carries under their own keys


class Updated(NamedTuple):
    about: About
    changed: bool  # whether the store has


class Changes(NamedTuple):
    """The ids that are touched, and what is now to be said of those."""

    ids: set[str]
    entries: list[Work | Tombstone]


def update(
    followed: Followed, verified: Verified[Any], store: Path, year: int, go_on: Callable[[], None]
) -> Updated:
    """Take over what is new. `go_on` is called often, and raises what is to end it. `verified`: refreshed.

    Raises CatalogueRefused, CatalogueUnavailable, OSError, and ServiceUnavailable where the store cannot be
    written.
    """
    about = _about(verified, followed.local)
    source = _Source(followed, verified, year, go_on)
    with Store(store, writable=True) as into:
        changed = _take_own(source, about, followed.origin, into)
        changed |= _take_publishers(source, about, followed.origin, into)
    verified.clear()
    return Updated(about, changed)


def forget(origin: str, store: Path) -> None:
    """Take all works of a catalogue that was followed out of the store. Raises ServiceUnavailable."""
    with Store(store, writable=True) as into:
        for each in [origin, *_publishers(into, origin)]:
            into.drop(each)


def _take_own(source: _Source, about: About, origin: str, into: Store) -> bool:
    held = _held(into.version(origin))
    if held == about.build:
        return False
    changes = source.changes(held, about.build)
    if changes:
        into.amend(origin, str(about.build), changes.ids, changes.entries)
    else:
        source.fetch([folder.REVOCATIONS, *map(folder.shard_file, folder.SHARDS)])
        into.fill(origin, str(about.build), source)
    way = "%d changes" % len(changes.ids) if changes else "all shards"
    _log.info("%s: build %d, %d works, by %s", origin, about.build, about.works, way)
    return True


def _take_publishers(source: _Source, about: About, origin: str, into: Store) -> bool:
    """Each is an origin of its own. What is wrong with one is no harm to the others."""
    wanted = {"%s %s" % (origin, name): name for name in about.publishers}
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
    return [each for each in store.origins() if each.startswith(origin + " ")]


def _about(verified: Verified[Any], local: bool) -> About:
    """Raises CatalogueRefused, CatalogueUnavailable."""
    path = verified.fetch(folder.ABOUT)
    try:
        said = strict_json(path.read_bytes())
        if not isinstance(said, dict):
            raise RecordInvalid("not an object")
        fields = Fields(said, "", local)
        return About(
            fields.number("build", 0, 1 << 31),
            fields.text("at", 40),
            fields.number("works", 0, 1 << 31),
            fields.text("name", 300),
            fields.text("contact", 300),
            fields.address("legal"),
            tuple(place for place in fields.addresses("mirrors", 20) if place.endswith("/")),
            fields.addresses("trackers", 20, tracker=True),
            fields.all_matching("publishers", folder.PUBLISHER, 32, 20),
        )
    except (ValueError, RecordInvalid) as error:
        raise CatalogueRefused("%s: %s" % (folder.ABOUT, error)) from error


class _Source:
    """What a catalogue holds. To go through it is to go through all of its own works and withdrawals, of
    which one file's are in memory at a time."""

    def __init__(
        self, followed: Followed, verified: Verified[Any], year: int, go_on: Callable[[], None]
    ) -> None:
        self._followed = followed
        self._verified = verified
        self._year = year
        self._go_on = go_on

    def fetch(self, names: Iterable[str]) -> None:
        """Have these files on the disk."""
        for name in names:
            self._go_on()
            self._verified.fetch(name)

    def __iter__(self) -> Iterator[Work | Tombstone]:
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

    def published(self, name: str) -> list[Work | Tombstone]:
        """What a publisher has signed, of ids that are its own."""
        entries = self._admitted(folder.publisher_file(name)).entries
        return [entry for entry in entries if entry.id.startswith(name + ":")]

    def changes(self, held: int, newest: int) -> Changes | None:
        """What has changed since the build that is held; None where everything is to be taken."""
        ids: set[str] = set()
        now: dict[str, Work | Tombstone] = {}
        names = self._deltas(held, newest)
        try:
            for name in names:
                found = self._admitted(name)
                for id in found.refused:
                    now.pop(id, None)
                now.update((entry.id, entry) for entry in found.entries)
                ids |= {*found.refused, *(entry.id for entry in found.entries)}
        except CatalogueRefused as error:  # too large, as one that adds half a catalogue is
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
        return names if len(known) == len(names) and sum(known) * 2 <= whole else ()

    def _admitted(self, name: str) -> Admitted:
        self._go_on()
        try:
            found = admit(_unpacked(self._verified.fetch(name)), self._year)
        except RecordInvalid as error:
            raise CatalogueRefused("%s: %s" % (name, error)) from error
        for problem in found.problems[:MAX_PROBLEMS]:
            _log.warning("%s: %s: %s", self._followed.address, name, problem)
        return found


def _held(version: str) -> int:
    """The build of which the store holds the works, 0 for none."""
    return int(version) if version.isdigit() else 0


def _unpacked(path: Path) -> str:
    """Raises CatalogueRefused for what is no gzip, or too much when unpacked."""
    try:
        with gzip.open(path) as packed:
            body = packed.read(MAX_FILE + 1)
    except (EOFError, zlib.error, OSError) as error:
        raise CatalogueRefused("%s: %s" % (path.name, error)) from error
    if len(body) > MAX_FILE:
        raise CatalogueRefused("%s: over %d bytes unpacked" % (path.name, MAX_FILE))
    return body.decode("utf-8", "replace")
