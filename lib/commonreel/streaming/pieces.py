# SPDX-License-Identifier: GPL-3.0-or-later
"""A torrent's pieces on disk: where each one lies, and whether what lies there is right.

An engine's word that it has a piece says nothing about the file: the bytes may still be on their
way to it, or lost with the power. So a piece is hashed as it is read from the file, and only then
handed out. v1 and hybrid torrents are verified by SHA-1 (BEP 3), v2 ones by their Merkle trees
(BEP 52).
"""

from __future__ import annotations

import hashlib
import os
from bisect import bisect_right
from pathlib import Path
from typing import Iterable, Iterator, NamedTuple

from ..works.errors import TorrentInvalid
from ..works.metainfo import Metainfo, TorrentFile

_BLOCK = 16 << 10  # a leaf of BEP 52's trees
_CHUNK = 256 << 10


class Extent(NamedTuple):
    """The part of a piece that lies in one file."""

    file: TorrentFile
    start: int  # in the file
    length: int
    place: int  # in the piece


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
        self._offsets = [file.offset for file in self._files]

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

    def size(self, piece: int) -> int:
        """Bytes of the piece, padding included: the last one may be shorter."""
        return min(self.length, self._total - piece * self.length)

    def extents(self, piece: int) -> Iterator[Extent]:
        """What the piece is made of, in order; what no file covers is padding, zeros (BEP 47)."""
        begin = piece * self.length
        end = begin + self.size(piece)
        for file in self._files[max(0, bisect_right(self._offsets, begin) - 1) :]:
            if file.offset >= end:
                return
            start = max(0, begin - file.offset)
            stop = min(file.length, end - file.offset)
            if stop > start:
                yield Extent(file, start, stop - start, file.offset + start - begin)

    def verify(self, piece: int) -> bool:
        """Whether the piece, as it is on disk now, has the torrent's hash."""
        try:
            if self._hashes:
                return self._is_sha1(piece, self._on_disk(piece))
            return self._is_merkle(piece, self._on_disk(piece, _BLOCK))
        except OSError:  # not there yet, or unreadable: then not verified
            return False

    def proves(self, piece: int, data: memoryview) -> bool:
        """Whether `data` is the piece, padding included, by the torrent's hash."""
        if self._hashes:
            return self._is_sha1(piece, [data])
        covered = sum(extent.length for extent in self.extents(piece))
        return self._is_merkle(
            piece, (data[at : min(at + _BLOCK, covered)] for at in range(0, covered, _BLOCK))
        )

    def write(self, piece: int, data: memoryview) -> None:
        """Put a piece where it belongs on the disk. Raises OSError."""
        for extent in self.extents(piece):
            flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
            with os.fdopen(os.open(self.path(extent.file), flags, 0o666), "wb", buffering=0) as opened:
                opened.seek(extent.start)
                rest = data[extent.place : extent.place + extent.length]
                while rest:
                    rest = rest[opened.write(rest) :]

    def _is_sha1(self, piece: int, chunks: Iterable[memoryview]) -> bool:
        """The hash of all the piece, with its neighbours' bytes and the padding (BEP 3)."""
        digest = hashlib.sha1()  # noqa: S324 (BEP 3 has it so)
        for chunk in chunks:
            digest.update(chunk)
        return digest.digest() == self._hashes[20 * piece : 20 * piece + 20]

    def _is_merkle(self, piece: int, blocks: Iterable[memoryview]) -> bool:
        """A piece of a v2 torrent belongs to one file, which starts at a piece's start; padding is
        not hashed."""
        file = self._files[bisect_right(self._offsets, piece * self.length) - 1]
        leaves = [hashlib.sha256(block).digest() for block in blocks]
        if file.layer:
            place = 32 * (piece - file.offset // self.length)
            return _root(leaves, self.length // _BLOCK) == file.layer[place : place + 32]
        return _root(leaves, len(leaves)) == bytes.fromhex(file.root)

    def _on_disk(self, piece: int, size: int = _CHUNK) -> Iterator[memoryview]:
        """The piece as it is on disk, in chunks of at most `size`. v1: padding too."""
        at = 0
        for extent in self.extents(piece):
            if self._hashes and extent.place > at:
                yield memoryview(bytes(extent.place - at))
            yield from self._read(extent.file, extent.start, extent.start + extent.length, size)
            at = extent.place + extent.length
        if self._hashes and self.size(piece) > at:
            yield memoryview(bytes(self.size(piece) - at))

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
