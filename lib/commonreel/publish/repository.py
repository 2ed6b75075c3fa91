# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder that a static host serves: a TUF repository with consistent snapshots.

    <out>/metadata/1.root.json, 7.targets.json, 9.snapshot.json, timestamp.json
    <out>/targets/shards/<sha256>.a3.ndjson.gz, …
    <out>/catalogue.torrent      all of that but timestamp.json
    <out>/stremio/               the export for Stremio, not signed

Whoever fetches while a build is being copied gets the one before, whole: names hold versions or hashes,
and timestamp.json is written last.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Mapping, Sequence

from tuf.api.metadata import LengthOrHashMismatchError, TargetFile

from ..works import folder, metainfo
from ..works.about import parse as parse_about
from ..works.errors import RecordInvalid
from ..works.record import withdrawn
from . import files, signing, snapshot, stremio
from .building import Catalogue, Record
from .publishers import Published
from .signing import Keys, Signed

SNAPSHOT = "catalogue.torrent"  # beside those two: all of it, as a torrent
PUBLISHERS = "publishers"  # what catalog.json calls their names
_OLD = 2  # versions of targets whose files stay, for those who are fetching


class Repository:
    """A catalogue's folder; may be empty or not there yet."""

    def __init__(self, out: Path) -> None:
        self._out = out
        self._metadata = out / "metadata"
        self._targets = out / "targets"
        self._signed: Signed | None = None

    def signed(self) -> Signed | None:
        """The newest build, read once. Raises ValueError, OSError where the folder holds something else."""
        if not self._signed:
            found = {path.name: path.read_bytes() for path in self._metadata.glob("*.json")}
            self._signed = signing.read(found)
        return self._signed

    @property
    def fingerprint(self) -> str:
        """Of the keys that it began with: SHA-256 of the first root.json. Raises OSError."""
        return hashlib.sha256((self._metadata / "1.root.json").read_bytes()).hexdigest()

    def catalogue(self) -> Catalogue:
        """What its newest build holds. Raises ValueError, OSError."""
        signed = self.signed()
        if not signed:
            return Catalogue()
        try:
            return files.catalogue(self.content(signed))
        except (KeyError, EOFError) as error:
            raise ValueError("the catalogue is not whole: %r" % error) from error

    def content(self, signed: Signed) -> dict[str, bytes]:
        """Name → content of every target. Raises OSError, and ValueError for one that is not as signed."""
        found = {}
        for name, target in signed.content.targets.signed.targets.items():
            found[name] = self._place(name, target).read_bytes()
            try:
                target.verify_length_and_hashes(found[name])
            except LengthOrHashMismatchError as error:
                raise ValueError("%s is not as it was signed" % name) from error
        return found

    def publishers(self) -> dict[str, Published]:
        """Those whose works it carries, by name. Raises OSError, ValueError."""
        signed = self.signed()
        found = {}
        for name, publisher in signed.content.publishers.items() if signed else ():
            file = folder.publisher_file(name)
            target = publisher.metadata.signed.targets.get(file)
            if target is None:
                raise ValueError("%s has signed for something else" % name)
            found[name] = Published(name, publisher, self._place(file, target).read_bytes())
        return found

    def write(
        self,
        catalogue: Catalogue,
        about: Record,
        keys: Keys,
        now: datetime,
        mirrors: Sequence[str] = (),
        publishers: Mapping[str, Published] | None = None,
    ) -> Signed:
        """Put this build in place of the one before. `mirrors`: addresses at which the folder will lie,
        ending in '/'. `publishers`: by name; None for those of the build before. Raises OSError,
        ValueError."""
        before = self.signed()
        carried = self.publishers() if publishers is None else publishers
        targets = files.files(catalogue, {**about, **({PUBLISHERS: sorted(carried)} if carried else {})})
        try:
            parse_about(targets[folder.ABOUT])
        except RecordInvalid as error:
            raise ValueError("no device would take %s: %s" % (folder.ABOUT, error.detail)) from error
        signers = {name: each.signed for name, each in carried.items()}
        content = signing.sign(targets, keys, now, before, signers)
        held = content.targets.signed.targets
        placed = {self._place(name, held[name]): body for name, body in targets.items()}
        for name, each in carried.items():
            file = folder.publisher_file(name)
            placed[self._place(file, each.signed.metadata.signed.targets[file])] = each.body
        placed.update({self._metadata / name: body for name, body in content.files().items()})
        roots = {path: path.read_bytes() for path in self._metadata.glob("*.root.json")}
        placed = {**roots, **placed}  # whoever has the torrent alone begins with the first of them
        inside = {path.relative_to(self._out).as_posix(): body for path, body in placed.items()}
        torrent = snapshot.make(inside, mirrors)
        signed = signing.stamp(content, metainfo.parse(torrent).info_hash, keys, now, before)
        placed[self._out / SNAPSHOT] = torrent
        placed[self._metadata / "timestamp.json"] = signing.to_bytes(signed.timestamp)  # the last
        for path, body in placed.items():
            _write(path, body)
        self._signed = signed
        self._prune(signed)
        self._export(catalogue, str(about.get("name", "Common Reel")))
        return signed

    def _export(self, catalogue: Catalogue, title: str) -> None:
        place = self._out / "stremio"
        fresh = stremio.files(catalogue, title, "1.%d.0" % catalogue.build)
        for path in place.rglob("*.json"):
            if path.relative_to(place).as_posix() not in fresh:
                path.unlink()
        for name, body in fresh.items():
            _write(place / name, body)

    def _place(self, name: str, target: TargetFile) -> Path:
        folder, slash, last = name.rpartition("/")
        return self._targets / (folder + slash + target.hashes["sha256"] + "." + last)

    def _prune(self, signed: Signed) -> None:
        """Remove what no version of late names any more."""
        newest = signed.content.targets.signed.version
        kept = set()
        for path in self._metadata.glob("*.targets.json"):
            version = int(path.name.partition(".")[0])
            if version <= newest - _OLD:
                path.unlink()
                continue
            found = signing.targets_of(path.read_bytes())
            kept |= {self._place(name, target) for name, target in found.items()}
        for path in self._metadata.glob("*.*.json"):
            if path.name.split(".")[1] not in {*signing.DAYS, *signed.content.publishers}:
                path.unlink()
        for name in signed.content.publishers:
            versions = sorted(
                self._metadata.glob("*.%s.json" % name), key=lambda path: int(path.name.partition(".")[0])
            )
            for path in versions[:-_OLD]:
                path.unlink()
            for path in versions[-_OLD:]:
                found = signing.targets_of(path.read_bytes())
                kept |= {self._place(file, target) for file, target in found.items()}
        for path in self._targets.rglob("*.*"):
            if path.is_file() and path not in kept:
                path.unlink()
        for path in self._metadata.glob("*.snapshot.json"):
            if int(path.name.partition(".")[0]) <= signed.content.snapshot.signed.version - _OLD:
                path.unlink()


def changes(before: Mapping[str, Record], after: Mapping[str, Record]) -> list[tuple[str, str]]:
    """(what, id) of every work that differs: added, changed, withdrawn, lost (which must not be)."""
    found = []
    for id in sorted({*before, *after}):
        old, new = before.get(id), after.get(id)
        if old == new:
            continue
        if new is None:
            found.append(("lost", id))
        elif withdrawn(new):
            found.append(("withdrawn", id))
        else:
            found.append(("changed" if old and not withdrawn(old) else "added", id))
    return found


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(body)
    fresh.replace(path)
