# SPDX-License-Identifier: GPL-3.0-or-later
"""A torrent's pieces on disk: where each one lies, and whether what lies there is right.

An engine's word that it has a piece says nothing about the file: the bytes may still be on their
way to it, or lost with the power. So a piece is hashed as it is read from the file, and only then
handed out. v1 and hybrid torrents are verified by SHA-1 (BEP 3), v2 ones by their Merkle trees
(BEP 52).
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Iterator

from ..works.errors import TorrentInvalid
from ..works.metainfo import Metainfo, TorrentFile

_BLOCK = 16 << 10  # a leaf of BEP 52's trees
_CHUNK = 256 << 10


class Pieces:
    """The pieces of one torrent whose files lie in `folder`, each named by its index.

    A torrent's own file names never get to the disk: nothing is to be feared of them there.
    """

    def __init__(self, metainfo: Metainfo, folder: Path) -> None:
        self.length = metainfo.piece_length
        self.count = -(-metainfo.total_length // metainfo.piece_length)
        self._total = metainfo.total_length
        self._folder = folder
        self._hashes = metainfo.pieces
        self._files = sorted((file for file in metainfo.files if file.length), key=lambda file: file.offset)

    def file(self, index: int) -> TorrentFile:
        """The file that has that index in libtorrent's count. Raises TorrentInvalid."""
        for file in self._files:
            if file.index == index:
                return file
        raise TorrentInvalid("no file %d, or an empty one" % index)

    def path(self, file: TorrentFile) -> Path:
        return self._folder / str(file.index)

    def at(self, file: TorrentFile, offset: int) -> int:
        """The piece that holds the byte of `file` at `offset`."""
        return (file.offset + offset) // self.length

    def end(self, file: TorrentFile, piece: int) -> int:
        """Where in `file` the piece ends, or the file in the piece."""
        return min(file.length, (piece + 1) * self.length - file.offset)

    def verify(self, piece: int) -> bool:
        """Whether the piece, as it is on disk now, has the torrent's hash."""
        start = piece * self.length
        end = min(start + self.length, self._total)
        try:
            if self._hashes:
                return self._sha1(start, end) == self._hashes[20 * piece : 20 * piece + 20]
            return self._merkle_root(start, end)
        except OSError:  # not there yet, or unreadable: then not verified
            return False

    def _sha1(self, start: int, end: int) -> bytes:
        """Of all the piece, with its neighbours' bytes, and zeros for padding (BEP 47)."""
        digest = hashlib.sha1()  # noqa: S324 (BEP 3 has it so)
        at = start
        for file in self._files:
            if file.offset >= end or file.offset + file.length <= start:
                continue
            digest.update(bytes(max(0, file.offset - at)))
            at = max(at, file.offset)
            stop = min(end, file.offset + file.length)
            for chunk in self._read(file, at - file.offset, stop - file.offset, _CHUNK):
                digest.update(chunk)
            at = stop
        digest.update(bytes(end - at))
        return digest.digest()

    def _merkle_root(self, start: int, end: int) -> bool:
        """A piece of a v2 torrent belongs to one file, which starts at a piece's start."""
        file = next(file for file in self._files if file.offset + file.length > start)
        stop = min(end - file.offset, file.length)
        blocks = self._read(file, start - file.offset, stop, _BLOCK)
        leaves = [hashlib.sha256(block).digest() for block in blocks]
        if file.layer:
            place = 32 * ((start - file.offset) // self.length)
            return _root(leaves, self.length // _BLOCK) == file.layer[place : place + 32]
        return _root(leaves, len(leaves)) == bytes.fromhex(file.root)

    def _read(self, file: TorrentFile, start: int, stop: int, size: int) -> Iterator[memoryview]:
        """The bytes [start, stop) of a file in chunks of `size`; fewer if the file is shorter."""
        buffer = memoryview(bytearray(size))
        with self.path(file).open("rb", buffering=0) as opened:
            opened.seek(start)
            while start < stop:
                count = opened.readinto(buffer[: min(size, stop - start)]) or 0
                if not count:
                    return
                yield buffer[:count]
                start += count


def _root(hashes: list[bytes], width: int) -> bytes:
    """The root of a Merkle tree of at least `width` leaves; those that lack are zeros (BEP 52)."""
    padding = bytes(32)
    while width > 1:
        if len(hashes) % 2:
            hashes = [*hashes, padding]
        pairs = zip(hashes[::2], hashes[1::2])
        hashes = [hashlib.sha256(left + right).digest() for left, right in pairs]
        padding = hashlib.sha256(padding + padding).digest()
        width = -(-width // 2)
    return hashes[0] if hashes else b""
