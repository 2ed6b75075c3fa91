# SPDX-License-Identifier: GPL-3.0-or-later
"""Publishers: a festival, a collective or a maker whose works a catalogue carries under their own key.

The ids of a publisher's works begin with its name, and nobody else's in that catalogue do. What a publisher
hands to a curator is a folder:

    publisher.json      {"name", "keys": {key id: public key}}
    metadata.json       what the key has signed (TUF targets metadata)
    records.ndjson.gz   the records
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Iterator, Mapping, NamedTuple, Sequence

from securesystemslib.signer import CryptoSigner, Key
from securesystemslib.signer._utils import compute_default_keyid
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Metadata, Targets
from tuf.api.serialization import DeserializationError

from ..works import folder
from ..works.strict_json import strict_json
from . import files, signing
from .building import Record, gather
from .signing import Publisher

MAX_HANDED = 32 << 20  # bytes of a file; no device takes more
MAX_UNPACKED = 32 << 20


class Published(NamedTuple):
    """What a publisher has handed over."""

    name: str
    signed: Publisher
    body: bytes  # of the file of records


def publish(
    name: str, records: Sequence[Record], signers: Sequence[CryptoSigner], now: datetime, out: Path
) -> Published:
    """Sign these records, all that the publisher has. Raises ValueError, OSError."""
    wrong = [*_misnamed(name, records)]
    if wrong:
        raise ValueError(wrong[0])
    before = read(out, now.year).signed.metadata.signed.version if out.exists() else 0
    version = max(before + 1, int(now.timestamp()))  # it grows, whoever signs
    body = files.packed(sorted(records, key=lambda made: str(made["id"])))
    signed = signing.publisher(name, body, signers, now, version)
    keys = {key.keyid: key.to_dict() for key in signed.keys}
    out.mkdir(parents=True, exist_ok=True)
    (out / "records.ndjson.gz").write_bytes(body)
    (out / "metadata.json").write_bytes(signing.to_bytes(signed.metadata))
    (out / "publisher.json").write_text(json.dumps({"name": name, "keys": keys}, indent=1), "utf-8")
    return Published(name, signed, body)


def read(handed: Path, year: int) -> Published:
    """What is in such a folder, checked: signed by its keys, and every record as the gate of that year wants
    it. Raises ValueError, OSError."""
    try:
        said = strict_json(_bytes(handed / "publisher.json"))
        keys = tuple(_key(keyid, key) for keyid, key in said["keys"].items())
        metadata = Metadata[Targets].from_bytes(_bytes(handed / "metadata.json"))
        name = str(said["name"])
    except (KeyError, TypeError, AttributeError, DeserializationError) as error:
        raise ValueError("%s: not what a publisher hands over: %r" % (handed, error)) from error
    found = Published(name, Publisher(keys, metadata), _bytes(handed / "records.ndjson.gz"))
    if not isinstance(metadata.signed, Targets):
        raise ValueError("%s: metadata of another kind" % handed)
    if not signing.vouched(name, found.signed):
        raise ValueError("%s: not signed by its own keys" % handed)
    for problem in problems(found, year):
        raise ValueError("%s: %s" % (handed, problem))
    return found


def problems(found: Published, year: int) -> Iterator[str]:
    """What is wrong with what is signed."""
    signed, file = found.signed.metadata.signed, folder.publisher_file(found.name)
    try:
        if set(signed.targets) != {file} or signed.delegations:
            raise ValueError("signed for more than %s, or for something else" % file)
        if set(signed.targets[file].hashes) != {"sha256"}:
            raise ValueError("hashed by something else than SHA-256")
        signed.targets[file].verify_length_and_hashes(found.body)
        held = list(records(found))
    except (LengthOrHashMismatchError, ValueError) as error:
        yield "%s: %s" % (found.name, error)
        return
    yield from _misnamed(found.name, held)
    yield from gather(
        (("%s: record %d" % (found.name, n), made) for n, made in enumerate(held)), year
    ).problems


def records(found: Published) -> Iterator[Record]:
    """What it has handed over, not checked. Raises ValueError."""
    plain = folder.unpacked(found.body, MAX_UNPACKED)
    for line in plain.decode().split("\n"):
        made = strict_json(line) if line else {}
        if not isinstance(made, dict):
            raise ValueError("a record is no object")
        if line:
            yield made


def next_publishers(
    before: Mapping[str, Published], handed: Sequence[Published], dropped: Sequence[str], ids: Sequence[str]
) -> dict[str, Published]:
    """Those whose works the next build carries. `ids`: of the catalogue's own works. Raises ValueError for
    keys, names and versions that do not go with what was."""
    after = {name: each for name, each in before.items() if name not in dropped}
    for each in handed:
        held = after.get(each.name)
        if held and _keys_of(held) != _keys_of(each):
            raise ValueError("%s: other keys than before: drop that publisher first" % each.name)
        if held and held.signed.metadata.signed.version > each.signed.metadata.signed.version:
            raise ValueError("%s: older than what the catalogue carries" % each.name)
        after[each.name] = each
    taken = [id for id in ids if id.partition(":")[0] in after]
    if taken:
        raise ValueError("%s: the catalogue's own, by a name that is a publisher's" % taken[0])
    return after


def _keys_of(published: Published) -> dict[str, object]:
    return {key.keyid: key.to_dict() for key in published.signed.keys}


def _key(keyid: str, said: Mapping[str, object]) -> Key:
    """Of the one kind that devices can check; its id is its own, for roles tell keys apart by their ids."""
    key = Key.from_dict(keyid, dict(said))
    own = compute_default_keyid(key.keytype, key.scheme, key.keyval)
    if (key.keytype, key.scheme) != ("ed25519", "ed25519") or keyid != own:
        raise ValueError("key %s is no Ed25519 key, or has the id of another" % keyid)
    return key


def _bytes(path: Path) -> bytes:
    if path.stat().st_size > MAX_HANDED:
        raise ValueError("%s: over %d bytes" % (path, MAX_HANDED))
    return path.read_bytes()


def _misnamed(name: str, records: Sequence[Record]) -> Iterator[str]:
    if not folder.PUBLISHER.fullmatch(name) or name in signing.DAYS:
        yield "%s: a publisher's name is 2 to 20 small letters and digits" % name
    for made in records:
        if not str(made.get("id", "")).startswith(name + ":"):
            yield "%s: an id of %s begins with %s:" % (made.get("id"), name, name)
