# SPDX-License-Identifier: GPL-3.0-or-later
"""The torrent of a film: v1 and v2 in one (BEP 3, 47, 52), with web seeds (BEP 19), for a quick start."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterator, NamedTuple, Sequence

from ...works.bencode import Value
from ...works.filelist import BLOCK, merkle_root
from .. import torrent_file

# Anybody may announce at these.
TRACKERS = (
    "udp://tracker.opentrackr.org:1337/announce",
    "udp://explodie.org:6969/announce",
    "wss://tracker.openwebtorrent.com",
)
AT_ONCE = 0.5  # seconds of film in a piece: none of it can be shown before all of it is here
MOST_PIECES = 8192  # some 430 KB of hashes, which are fetched before anything else
LEAST, LARGEST = 64 << 10, 16 << 20  # bytes of a piece


class Hashed(NamedTuple):
    """A file, and what its bytes hash to."""

    path: str  # in the torrent
    length: int
    sha1: str
    sha256: str
    pieces: bytes  # v1, its last piece filled up with zeros
    tail: bytes  # the hash of that last piece without them, where there is another length
    root: bytes  # v2
    layer: bytes  # v2, one hash a piece; b'' where one holds all


def piece_length(length: int, seconds: float) -> int:
    """The bytes of a piece, for a film of that length and duration: a power of two (BEP 52)."""
    wanted = length / seconds * AT_ONCE if seconds else LEAST
    size = LEAST
    while size < LARGEST and (size * 2 <= wanted or length > size * MOST_PIECES):
        size *= 2
    return size


def hashed(path: str, file: Path, piece: int) -> Hashed:
    """Reads the file once. Raises OSError, ValueError for an empty one."""
    whole, whole_v2 = hashlib.sha1(), hashlib.sha256()  # noqa: S324 - as records have it
    pieces, layer, length, last = [], [], 0, b""
    for last in _chunks(file, piece):
        whole.update(last)
        whole_v2.update(last)
        pieces.append(_sha1(last.ljust(piece, b"\0")))
        layer.append(_leaves(last))
        length += len(last)
    if not length:
        raise ValueError("%s: empty" % file)
    if len(layer) == 1:
        root, hashes = merkle_root(layer[0], BLOCK), b""
    else:
        full = piece // BLOCK * 32
        hashes = b"".join(merkle_root(leaves.ljust(full, b"\0"), BLOCK) for leaves in layer)
        root = merkle_root(hashes, piece)
    return Hashed(
        path, length, whole.hexdigest(), whole_v2.hexdigest(), b"".join(pieces), _sha1(last), root, hashes
    )


def make(
    name: str, files: Sequence[Hashed], piece: int, trackers: Sequence[str], web_seeds: Sequence[str]
) -> bytes:
    """The .torrent. A single file stands alone, and `name` is not used; several are in a folder of that
    name. None of their paths has a '/'."""
    ordered = sorted(files, key=lambda each: each.path.encode())
    alone = ordered[0] if len(ordered) == 1 else None
    last = ordered[-1].pieces[:-20] + ordered[-1].tail
    info: dict[bytes, Value] = {
        b"name": (alone.path if alone else name).encode(),
        b"piece length": piece,
        b"pieces": b"".join([*(each.pieces for each in ordered[:-1]), last]),
        b"meta version": 2,
        b"file tree": {each.path.encode(): {b"": _leaf(each)} for each in ordered},
        **({b"length": alone.length} if alone else {b"files": list(_listed(ordered, piece))}),
    }
    layers = {each.root: each.layer for each in ordered if each.layer}
    return torrent_file.encode(info, trackers, web_seeds, layers)


def _leaf(file: Hashed) -> Value:
    return {b"length": file.length, b"pieces root": file.root}


def _listed(files: Sequence[Hashed], piece: int) -> Iterator[Value]:
    """v1's list: every file but the last is filled up to a whole piece (BEP 47)."""
    for each in files:
        yield {b"length": each.length, b"path": [each.path.encode()]}
        padding = -each.length % piece
        if padding and each is not files[-1]:
            yield {b"attr": b"p", b"length": padding, b"path": [b".pad", str(padding).encode()]}


def _chunks(file: Path, size: int) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while True:
            chunk = opened.read(size)
            if not chunk:
                return
            yield chunk


def _leaves(chunk: bytes) -> bytes:
    return b"".join(hashlib.sha256(chunk[at : at + BLOCK]).digest() for at in range(0, len(chunk), BLOCK))


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data).digest()  # noqa: S324 - BEP 3
