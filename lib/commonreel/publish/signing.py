# SPDX-License-Identifier: GPL-3.0-or-later
"""The TUF metadata of a catalogue (specification 1.0, https://theupdateframework.github.io/specification/).

What a device has of it is bound to keys and dates: whoever serves the files can withhold them, and that
shows, but can neither change them nor go back to older ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Mapping, NamedTuple

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, T, TargetFile, Targets, Timestamp
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from .keys import RETIRED

DAYS = {"root": 365, "targets": 90, "snapshot": 7, "timestamp": 7}  # until they expire
RENEWED = 0.5  # of that time, after which they are signed anew though nothing has changed
TORRENT = "torrent"  # the timestamp's field beside those of TUF
ROOT_THRESHOLD = 2  # of its keys, where there are as many

Keys = Mapping[str, "list[CryptoSigner]"]


class Content(NamedTuple):
    """What says which files belong together."""

    root: Metadata[Root]
    targets: Metadata[Targets]
    snapshot: Metadata[Snapshot]

    def files(self) -> dict[str, bytes]:
        """By their names in a repository with consistent snapshots."""
        return {
            "%d.root.json" % self.root.signed.version: to_bytes(self.root),
            "%d.targets.json" % self.targets.signed.version: to_bytes(self.targets),
            "%d.snapshot.json" % self.snapshot.signed.version: to_bytes(self.snapshot),
        }


class Signed(NamedTuple):
    """That, and what says that it is the newest."""

    content: Content
    timestamp: Metadata[Timestamp]


def sign(targets: Mapping[str, bytes], keys: Keys, now: datetime, before: Signed | None) -> Content:
    """The metadata of these files, as of `now`; what has not changed and is not near its end stays as
    it was. Raises ValueError where a key is missing."""
    for role in DAYS:
        if not keys.get(role):
            raise ValueError("no key to sign %s with" % role)
    old = before.content if before else None
    held = _targets(targets, keys, now, old.targets if old else None)
    snapshot = _snapshot(held, keys, now, old.snapshot if old else None)
    return Content(_root(keys, now, old.root if old else None), held, snapshot)


def stamp(content: Content, torrent: str, keys: Keys, now: datetime, before: Signed | None) -> Signed:
    """With the timestamp that makes it the newest. `torrent`: info hash under which it can be had."""
    snapshot = content.snapshot
    meta = MetaFile.from_data(snapshot.signed.version, to_bytes(snapshot), ["sha256"])
    made = Timestamp(snapshot_meta=meta, unrecognized_fields={TORRENT: torrent})
    return Signed(content, _renewed(made, before.timestamp if before else None, keys, now))


def read(files: Mapping[str, bytes]) -> Signed | None:
    """The newest of what such files hold; None where there is no timestamp. Raises ValueError where it
    does not hold together. Their signatures are not looked at: they are the curator's own."""
    if "timestamp.json" not in files:
        return None
    try:
        timestamp = Metadata[Timestamp].from_bytes(files["timestamp.json"])
        named = "%d.snapshot.json" % timestamp.signed.snapshot_meta.version
        snapshot = Metadata[Snapshot].from_bytes(files[named])
        targets = "%d.targets.json" % snapshot.signed.meta["targets.json"].version
        roots = [int(name.partition(".")[0]) for name in files if name.endswith(".root.json")]
        root = Metadata[Root].from_bytes(files["%d.root.json" % max(roots)])
        content = Content(root, Metadata[Targets].from_bytes(files[targets]), snapshot)
        return Signed(content, timestamp)
    except (KeyError, ValueError, DeserializationError) as error:
        raise ValueError("the metadata do not hold together: %r" % error) from error


def to_bytes(metadata: Metadata[T]) -> bytes:
    return metadata.to_bytes(JSONSerializer(compact=True))


def targets_of(metadata: bytes) -> dict[str, TargetFile]:
    """Name → what such a file says of it."""
    return Metadata[Targets].from_bytes(metadata).signed.targets


def _root(keys: Keys, now: datetime, old: Metadata[Root] | None) -> Metadata[Root]:
    root = Root()
    for role in DAYS:
        for signer in keys[role]:
            root.add_key(signer.public_key, role)
    root.roles["root"].threshold = min(ROOT_THRESHOLD, len(keys["root"]))
    made = _renewed(root, old, keys, now)
    if made is not old:
        for signer in keys.get(RETIRED, ()):  # those who know the old keys alone must be able to follow
            made.sign(signer, append=True)
    return made


def _targets(
    targets: Mapping[str, bytes], keys: Keys, now: datetime, old: Metadata[Targets] | None
) -> Metadata[Targets]:
    held = {name: TargetFile.from_data(name, content, ["sha256"]) for name, content in targets.items()}
    return _renewed(Targets(targets=held), old, keys, now)


def _snapshot(
    targets: Metadata[Targets], keys: Keys, now: datetime, old: Metadata[Snapshot] | None
) -> Metadata[Snapshot]:
    meta = {"targets.json": MetaFile.from_data(targets.signed.version, to_bytes(targets), ["sha256"])}
    return _renewed(Snapshot(meta=meta), old, keys, now)


def _renewed(content: T, old: Metadata[T] | None, keys: Keys, now: datetime) -> Metadata[T]:
    """Signed, as the version after the old one; the old one itself where nothing has changed and it is
    not near its end."""
    days = DAYS[content.type]
    if old:
        content.version, content.expires = old.signed.version, old.signed.expires
        if content == old.signed and now < content.expires - timedelta(days=days * (1 - RENEWED)):
            return old
        content.version += 1
    content.expires = now.replace(microsecond=0) + timedelta(days=days)
    made = Metadata(content)
    for signer in keys[content.type]:
        made.sign(signer, append=True)
    return made
