# SPDX-License-Identifier: GPL-3.0-or-later
"""How a catalogue lies in its folder: the names of its files. See docs/catalog-format.md.

Each is a target of the catalogue's TUF metadata, and a file of records, one a line, in gzip, but for ABOUT.
"""

from __future__ import annotations

import hashlib
import re
import zlib

ABOUT = "catalog.json"  # which build it is, how many works, who answers for it
REVOCATIONS = "revocations.ndjson.gz"  # every tombstone
INDEX = "index.ndjson.gz"  # every work, with what lists and searches need alone
LOG = "log.ndjson.gz"  # every addition, change, objection and withdrawal, with its date
WAITING = "waiting.ndjson.gz"  # proposed works, to which anybody may object
DELTAS = 60  # builds that a device may be behind without fetching everything anew

SHARDS = tuple("%02x" % number for number in range(256))


def shard(id: str) -> str:
    """In which of SHARDS the record of a work lies, whatever becomes of the others."""
    return hashlib.sha256(id.encode()).hexdigest()[:2]


def shard_file(name: str) -> str:
    return "shards/%s.ndjson.gz" % name


# What a publisher is called, with which the ids of all its works begin.
PUBLISHER = re.compile(r"[a-z][a-z0-9]{1,19}")


def publisher_file(name: str) -> str:
    """All records of a publisher, signed by its own key."""
    return "publishers/%s.ndjson.gz" % name


def unpacked(content: bytes, limit: int) -> bytes:
    """What was packed by gzip. Raises ValueError for what is none, is cut short, or is over `limit` bytes."""
    body = bytearray()
    while content:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            body += member.decompress(content, limit + 1 - len(body))
        except zlib.error as error:
            raise ValueError(str(error)) from error
        if len(body) > limit:
            raise ValueError("over %d bytes unpacked" % limit)
        if not member.eof:
            raise ValueError("cut short")
        content = member.unused_data
    return bytes(body)


def delta_file(build: int) -> str:
    """What has changed in that build, since the one before."""
    return "deltas/%d.ndjson.gz" % build
