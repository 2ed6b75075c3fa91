# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the store filled: from the catalogue in the zip, and from a folder of the user's own."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Sequence

from ..catalog import database
from ..catalog.admission import Admitted, admit
from ..catalog.store import LOCAL, STARTER, Store
from ..works import folder as layout
from ..works import metainfo
from ..works.errors import LocalFolderInvalid, RecordInvalid, TorrentInvalid
from ..works.guide import Entry
from ..works.strict_json import strict_json

log = logging.getLogger(__name__)

RECORD_FILES = (".json", ".ndjson", ".jsonl")
NO_RECORDS = ("declaration.json",)  # what a submission has beside its record
MAX_FILES = 1000
MAX_FILE = 20 << 20  # bytes, of a file of records or of a torrent


class Catalogues:
    """Fills the store whenever there is something new to fill it from."""

    def __init__(self, store: Path, starter: Path | None, version: str) -> None:
        """`starter`: the catalogue that comes with this `version` of the add-on, if there is one."""
        self._store = store
        self._starter = starter
        self._version = version
        self._filled: dict[str, str] = {}  # origin → version, as this run last saw them
        self._file: object = None  # what the store's file was then: others write to it, or make it anew

    def refresh(self, folder: Path | None, year: int) -> list[str]:
        """Take over what is new: an update of the add-on, a changed local folder (None: there is
        none), a year that frees more works. Cheap when nothing is.

        Returns what had to be left out of the local folder, one sentence each. Raises
        ServiceUnavailable where the store cannot be written now.
        """
        base = "%s %d" % (self._version, year)
        local, problems = _look(folder)
        starter = {self._starter: self._starter.stat().st_mtime_ns} if self._starter else {}
        files = {STARTER: list(starter), LOCAL: list(local)}
        versions = {
            STARTER: "%s %s" % (base, list(starter.values())),
            LOCAL: "%s %s %s" % (base, folder, sorted(local.values())),
        }
        if (
            versions == self._filled
            and not Store.wants_mending(self._store)
            and self._file == database.look(self._store)
        ):
            return []
        with Store(self._store, writable=True) as store:
            if not self._filled:
                store.check()
            for origin, version in versions.items():
                if store.version(origin) != version:
                    left_out = _fill(store, origin, version, files[origin], year)
                    problems += left_out if origin == LOCAL else []
        self._filled, self._file = versions, database.look(self._store)
        return problems


def _fill(store: Store, origin: str, version: str, files: Sequence[Path], year: int) -> list[str]:
    """Replace what is there of that origin by the records of `files`; what was left out, and why."""
    entries: list[Entry] = []
    problems: list[str] = []
    for file in files:
        try:
            found = _load(file, year, origin == LOCAL)
        except (OSError, RecordInvalid) as error:
            problems.append("%s: %s" % (file.name, getattr(error, "detail", error)))
            continue
        entries += found.entries
        problems += ["%s: %s" % (file.name, problem) for problem in found.problems]
    store.fill(origin, version, entries)
    for problem in problems:
        log.warning("%s catalogue: %s", origin, problem)
    return problems


def _load(file: Path, year: int, local: bool) -> Admitted:
    if file.stat().st_size > MAX_FILE:
        raise RecordInvalid("over %d bytes" % MAX_FILE)
    content = file.read_bytes()
    if file.suffix == ".gz":
        try:
            content = layout.unpacked(content, MAX_FILE)
        except ValueError as error:
            raise RecordInvalid(str(error)) from error
    return admit(content.decode("utf-8", "replace"), year, local)


def _look(folder: Path | None) -> tuple[dict[Path, int], list[str]]:
    """The files of records in the local folder with their times, and why there are none."""
    if not folder:
        return {}, []
    try:
        found = _built(folder) or sorted(filter(_has_records, folder.iterdir()))
        if len(found) > MAX_FILES:
            return {}, ["%s: more than %d files of records" % (folder, MAX_FILES)]
        return {file: file.stat().st_mtime_ns for file in found}, []
    except OSError as error:
        return {}, ["%s: %s" % (folder, error.strerror)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return {}, ["%s: no whole catalogue: %r" % (folder, error)]


def _has_records(file: Path) -> bool:
    return file.suffix in RECORD_FILES and file.name not in NO_RECORDS and file.is_file()


def _built(folder: Path) -> list[Path]:
    """The records of the newest build, where the folder is that of a catalogue as `commonreel catalog build`
    writes it. Nothing of it is verified: it is the user's own. Raises OSError, and what a folder raises that
    is not whole."""
    signed = {int(path.name.partition(".")[0]): path for path in folder.glob("metadata/*.targets.json")}
    if not signed:
        return []
    targets = strict_json(signed[max(signed)].read_bytes())["signed"]["targets"]
    places = {name: layout.shard_file(name) for name in layout.SHARDS}
    return [
        folder / "targets" / "shards" / ("%s.%s.ndjson.gz" % (targets[place]["hashes"]["sha256"], name))
        for name, place in places.items()
        if place in targets
    ]


def torrent_of(folder: Path, info_hash: str) -> bytes | None:
    """The torrent of that hash, where a maker has it beside the record that names an address yet to be."""
    for file in sorted(folder.glob("*.torrent"))[:MAX_FILES]:
        try:
            data = local_torrent(folder, file.name)
            meta = metainfo.parse(data)
        except (LocalFolderInvalid, TorrentInvalid) as error:
            log.info("%s: %s", file, error)
            continue
        if info_hash in (meta.info_hash, meta.info_hash_v2):
            return data
    return None


def local_torrent(folder: Path, name: str) -> bytes:
    """A torrent that a local record names: a file of that folder, and of no other."""
    file = folder / name
    if file.parent != folder or not file.is_file():
        raise LocalFolderInvalid("%s: no such file" % file)
    try:
        if file.stat().st_size > MAX_FILE:
            raise TorrentInvalid("%s: over %d bytes" % (file, MAX_FILE))
        return file.read_bytes()
    except OSError as error:
        raise LocalFolderInvalid("%s: %s" % (file, error.strerror)) from error
