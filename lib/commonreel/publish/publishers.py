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
from tuf.api.exceptions import LengthOrHashMismatchError
from tuf.api.metadata import Metadata, Targets
from tuf.api.serialization import DeserializationError

from ..works import folder
from ..works.record import strict_json
from . import files, signing
from .building import Record, gather
from .signing import Publisher


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
        said = strict_json((handed / "publisher.json").read_bytes())
        keys = tuple(Key.from_dict(keyid, dict(key)) for keyid, key in said["keys"].items())
        metadata = Metadata[Targets].from_bytes((handed / "metadata.json").read_bytes())
        name = str(said["name"])
    except (KeyError, TypeError, AttributeError, DeserializationError) as error:
        raise ValueError("%s: not what a publisher hands over: %r" % (handed, error)) from error
    found = Published(name, Publisher(keys, metadata), (handed / "records.ndjson.gz").read_bytes())
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
        signed.targets[file].verify_length_and_hashes(found.body)
        records = list(files.unpacked(found.body))
    except (LengthOrHashMismatchError, ValueError, OSError, EOFError) as error:
        yield "%s: %s" % (found.name, error)
        return
    yield from _misnamed(found.name, records)
    yield from gather(
        (("%s: record %d" % (found.name, n), made) for n, made in enumerate(records)), year
    ).problems


def next_publishers(
    before: Mapping[str, Published], handed: Sequence[Published], dropped: Sequence[str], ids: Sequence[str]
) -> dict[str, Published]:
    """Those whose works the next build carries. `ids`: of the catalogue's own works. Raises ValueError for
    keys, names and versions that do not go with what was."""
    after = {name: each for name, each in before.items() if name not in dropped}
    for each in handed:
        held = after.get(each.name)
        if held and _ids_of(held) != _ids_of(each):
            raise ValueError("%s: other keys than before: drop that publisher first" % each.name)
        if held and held.signed.metadata.signed.version > each.signed.metadata.signed.version:
            raise ValueError("%s: older than what the catalogue carries" % each.name)
        taken = [id for id in ids if id.startswith(each.name + ":")]
        if taken:
            raise ValueError("%s: a work of that name is the catalogue's own: %s" % (each.name, taken[0]))
        after[each.name] = each
    return after


def _ids_of(published: Published) -> set[str]:
    return {key.keyid for key in published.signed.keys}


def _misnamed(name: str, records: Sequence[Record]) -> Iterator[str]:
    if not folder.PUBLISHER.fullmatch(name) or name in signing.DAYS:
        yield "%s: a publisher's name is 2 to 20 small letters and digits" % name
    for made in records:
        if not str(made.get("id", "")).startswith(name + ":"):
            yield "%s: an id of %s begins with %s:" % (made.get("id"), name, name)
