# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of a torrent's pieces that are here, as libtorrent keeps it: bencoded resume data.

Whichever engine plays a film next finds what the other has fetched. An account is a claim only.
"""

from __future__ import annotations

from typing import Sequence

from ..works import bencode
from ..works.errors import TorrentInvalid
from ..works.metainfo import Metainfo

_KIND = b"libtorrent resume file"


def write(meta: Metainfo, have: Sequence[int]) -> bytes:
    """In libtorrent's version 1, which all of its versions read."""
    account: dict[bytes, bencode.Value] = {
        b"file-format": _KIND,
        b"file-version": 1,
        b"pieces": bytes(1 if here else 0 for here in have),
    }
    if meta.info_hash:
        account[b"info-hash"] = bytes.fromhex(meta.info_hash)
    if meta.info_hash_v2:
        account[b"info-hash2"] = bytes.fromhex(meta.info_hash_v2)
    return bencode.encode(account)


def read(account: bytes | None, count: int) -> list[bool]:
    """Which of a torrent's `count` pieces are said to be here; [] where nothing is said."""
    try:
        said = bencode.decode(account or b"")
    except TorrentInvalid:
        return []
    if not isinstance(said, dict):
        return []
    pieces = said.get(b"pieces")
    if not isinstance(pieces, bytes):
        return []
    if said.get(b"file-version") == 1:  # a byte a piece
        have = [bool(byte & 1) for byte in pieces]
    else:  # a bit a piece, the first the highest
        have = [bool(byte & 0x80 >> bit) for byte in pieces for bit in range(8)]
    return have[:count] if len(have) >= count else []
