# SPDX-License-Identifier: GPL-3.0-or-later
"""The TUF metadata of a catalogue (specification 1.0, https://theupdateframework.github.io/specification/).

What a device has of it is bound to keys and dates: whoever serves the files can withhold them, and that
shows, but can neither change them nor go back to older ones.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Mapping, NamedTuple, Sequence

from securesystemslib.signer import CryptoSigner, Key
from tuf.api.exceptions import UnsignedMetadataError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    T,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from ..works import folder
from .keys import RETIRED

DAYS = {"root": 365, "targets": 90, "snapshot": 7, "timestamp": 7}  # until they expire
PUBLISHER_DAYS = 365  # that a publisher's signature is good for
RENEWED = 0.5  # of that time, after which they are signed anew though nothing has changed
TORRENT = "torrent"  # the timestamp's field beside those of TUF
ROOT_THRESHOLD = 2  # of its keys, where there are as many

Keys = Mapping[str, "list[CryptoSigner]"]


class Publisher(NamedTuple):
    """Who signs for a part of the catalogue, and what they have signed."""

    keys: tuple[Key, ...]
    metadata: Metadata[Targets]


class Content(NamedTuple):
    """What says which files belong together."""

    root: Metadata[Root]
    targets: Metadata[Targets]
    snapshot: Metadata[Snapshot]
    publishers: Mapping[str, Publisher]  # by name

    def files(self) -> dict[str, bytes]:
        """By their names in a repository with consistent snapshots."""
        return {
            **{
                "%d.%s.json" % (each.metadata.signed.version, name): to_bytes(each.metadata)
                for name, each in self.publishers.items()
            },
            "%d.root.json" % self.root.signed.version: to_bytes(self.root),
            "%d.targets.json" % self.targets.signed.version: to_bytes(self.targets),
            "%d.snapshot.json" % self.snapshot.signed.version: to_bytes(self.snapshot),
        }


class Signed(NamedTuple):
    """That, and what says that it is the newest."""

    content: Content
    timestamp: Metadata[Timestamp]


def sign(
    targets: Mapping[str, bytes],
    keys: Keys,
    now: datetime,
    before: Signed | None,
    publishers: Mapping[str, Publisher],
) -> Content:
    """The metadata of these files, as of `now`; what has not changed and is not near its end stays as
    it was. Raises ValueError where a key is missing."""
    for role in DAYS:
        if not keys.get(role):
            raise ValueError("no key to sign %s with" % role)
    old = before.content if before else None
    held = _targets(targets, publishers, keys, now, old.targets if old else None)
    snapshot = _snapshot(held, publishers, keys, now, old.snapshot if old else None)
    return Content(_root(keys, now, old.root if old else None), held, snapshot, publishers)


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
        targets = Metadata[Targets].from_bytes(files[_named("targets", snapshot)])
        roots = [int(name.partition(".")[0]) for name in files if name.endswith(".root.json")]
        root = Metadata[Root].from_bytes(files["%d.root.json" % max(roots)])
        return Signed(Content(root, targets, snapshot, _publishers(files, targets, snapshot)), timestamp)
    except (KeyError, ValueError, DeserializationError) as error:
        raise ValueError("the metadata do not hold together: %r" % error) from error


def to_bytes(metadata: Metadata[T]) -> bytes:
    return metadata.to_bytes(JSONSerializer(compact=True))


def targets_of(metadata: bytes) -> dict[str, TargetFile]:
    """Name → what such a file says of it."""
    return Metadata[Targets].from_bytes(metadata).signed.targets


def publisher(
    name: str, body: bytes, signers: Sequence[CryptoSigner], now: datetime, version: int
) -> Publisher:
    """What a publisher signs: that this is the file of its records."""
    file = folder.publisher_file(name)
    held = {file: TargetFile.from_data(file, body, ["sha256"])}
    content = Targets(version, None, now.replace(microsecond=0) + timedelta(days=PUBLISHER_DAYS), held)
    made = Metadata(content)
    for signer in signers:
        made.sign(signer, append=True)
    return Publisher(tuple(signer.public_key for signer in signers), made)


def vouched(name: str, given: Publisher) -> bool:
    """Whether one of the keys has signed it."""
    delegator = Targets(delegations=_delegating({name: given}))
    try:
        delegator.verify_delegate(name, given.metadata.signed_bytes, given.metadata.signatures)
    except UnsignedMetadataError:
        return False
    return True


def _delegating(publishers: Mapping[str, Publisher]) -> Delegations | None:
    if not publishers:
        return None
    keys = {key.keyid: key for each in publishers.values() for key in each.keys}
    roles = {
        name: DelegatedRole(
            name, [key.keyid for key in each.keys], 1, terminating=True, paths=[folder.publisher_file(name)]
        )
        for name, each in sorted(publishers.items())
    }
    return Delegations(keys, roles)


def _publishers(
    files: Mapping[str, bytes], targets: Metadata[Targets], snapshot: Metadata[Snapshot]
) -> dict[str, Publisher]:
    delegations = targets.signed.delegations
    if not delegations or not delegations.roles:
        return {}
    return {
        name: Publisher(
            tuple(delegations.keys[keyid] for keyid in role.keyids),
            Metadata[Targets].from_bytes(files[_named(name, snapshot)]),
        )
        for name, role in delegations.roles.items()
    }


def _named(role: str, snapshot: Metadata[Snapshot]) -> str:
    return "%d.%s.json" % (snapshot.signed.meta[role + ".json"].version, role)


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
    targets: Mapping[str, bytes],
    publishers: Mapping[str, Publisher],
    keys: Keys,
    now: datetime,
    old: Metadata[Targets] | None,
) -> Metadata[Targets]:
    held = {name: TargetFile.from_data(name, content, ["sha256"]) for name, content in targets.items()}
    return _renewed(Targets(targets=held, delegations=_delegating(publishers)), old, keys, now)


def _snapshot(
    targets: Metadata[Targets],
    publishers: Mapping[str, Publisher],
    keys: Keys,
    now: datetime,
    old: Metadata[Snapshot] | None,
) -> Metadata[Snapshot]:
    named = {"targets": targets, **{name: each.metadata for name, each in publishers.items()}}
    meta = {
        role + ".json": MetaFile.from_data(made.signed.version, to_bytes(made), ["sha256"])
        for role, made in named.items()
    }
    before = old.signed.meta if old else {}
    for name, made in meta.items():
        if name in before and made.version < before[name].version:
            raise ValueError("%s: version %d was signed before" % (name, before[name].version))
    return _renewed(Snapshot(meta={**before, **meta}), old, keys, now)  # no device lets one go from it


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
