# SPDX-License-Identifier: GPL-3.0-or-later
"""Keeps the store filled: from the catalogue in the zip, and from a folder of the user's own."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Sequence

from ..catalog.store import Store
from ..works import record, rights
from ..works.errors import LocalFolderInvalid, TorrentInvalid
from ..works.record import Tombstone
from ..works.work import Work

log = logging.getLogger(__name__)

STARTER, LOCAL = "starter", "local"
RECORD_FILES = (".json", ".ndjson", ".jsonl")
MAX_FILES = 1000
MAX_FILE = 20 << 20  # bytes, of a file of records or of a torrent


class Catalogues:
    """Fills the store whenever there is something new to fill it from."""

    def __init__(self, store: Path, version: str, year: int) -> None:
        """`version`: the add-on's; `year`: today's, which the public-domain rules count from."""
        self._store = store
        self._version = "%s %d" % (version, year)
        self._year = year

    def fill_starter(self, file: Path) -> None:
        """At first start, after an update of the add-on, and when a new year frees more works."""
        data = file.read_bytes()
        self._fill(STARTER, hashlib.sha256(data).hexdigest(), [(file.name, data)])

    def fill_local(self, folder: Path | None) -> list[str]:
        """Take over what has changed in the local folder (None: there is none).

        Returns what had to be left out, one sentence each; nothing when nothing changed. Raises
        LocalFolderInvalid.
        """
        try:
            files = _record_files(folder) if folder else []
            stamps = ["%s %d" % (f.name, f.stat().st_mtime_ns) for f in files]
            texts = [(f.name, f.read_bytes()) for f in files]
        except OSError as error:
            raise LocalFolderInvalid("%s: %s" % (folder, error.strerror)) from error
        return self._fill(LOCAL, "%s %s" % (folder, stamps), texts)

    def _fill(self, origin: str, contents: str, files: Sequence[tuple[str, bytes]]) -> list[str]:
        version = "%s %s" % (self._version, contents)
        with Store(self._store, writable=True) as store:
            if store.version(origin) == version:
                return []
            works, withdrawn, problems = self._sift(files, local=origin == LOCAL)
            store.fill(origin, version, works, withdrawn)
        for problem in problems:
            log.warning("%s catalogue: %s", origin, problem)
        return problems

    def _sift(
        self, files: Sequence[tuple[str, bytes]], local: bool
    ) -> tuple[list[Work], list[str], list[str]]:
        """The works that pass the gate, the ids that were withdrawn, and what was left out and why."""
        works, withdrawn, problems = [], [], []
        for name, data in files:
            entries, faults = record.load(data.decode("utf-8", "replace"), local=local)
            problems += ["%s: %s" % (name, fault) for fault in faults]
            for entry in entries:
                refused = "" if isinstance(entry, Tombstone) else rights.refusal(entry, self._year)
                if isinstance(entry, Tombstone):
                    withdrawn.append(entry.id)
                elif refused:
                    problems.append("%s: %s: %s" % (name, entry.id, refused))
                else:
                    works.append(entry)
        return works, withdrawn, problems


def _record_files(folder: Path) -> list[Path]:
    found = sorted(f for f in folder.iterdir() if f.suffix in RECORD_FILES and f.is_file())
    if len(found) > MAX_FILES:
        raise LocalFolderInvalid("%s: more than %d files of records" % (folder, MAX_FILES))
    for file in found:
        if file.stat().st_size > MAX_FILE:
            raise LocalFolderInvalid("%s: over %d bytes" % (file, MAX_FILE))
    return found


def local_torrent(folder: Path, name: str) -> bytes:
    """A torrent that a local record names: a file of that folder, and of no other."""
    file = folder / name
    if file.parent != folder or not file.is_file():
        raise LocalFolderInvalid("%s: no such file" % file)
    if file.stat().st_size > MAX_FILE:
        raise TorrentInvalid("%s: over %d bytes" % (file, MAX_FILE))
    return file.read_bytes()
