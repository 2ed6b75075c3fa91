# SPDX-License-Identifier: GPL-3.0-or-later
"""What is being fetched from the web: runs of pieces, each in parts that one request brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..works.metainfo import TorrentFile
from .pieces import Pieces

if TYPE_CHECKING:
    from .webseeds import Seed


class Part:
    """Bytes of one file that are asked for in one request."""

    def __init__(self, file: TorrentFile, start: int, length: int, place: int) -> None:
        self.file = file
        self.start = start  # in the file
        self.length = length
        self.place = place  # in the run's bytes
        self.takers: list[Seed] = []  # who is asked for it at present
        self.giver: Seed | None = None  # who gave it


class Run:
    """Adjacent pieces, fetched together."""

    def __init__(self, pieces: Pieces, first: int, stop: int, reach: int) -> None:
        """`reach`: bytes that one request may ask for."""
        self.first, self.stop = first, stop
        self.data = bytearray((stop - 1 - first) * pieces.length + pieces.size(stop - 1))
        self.parts: list[Part] = []
        self._length = pieces.length
        for piece in range(first, stop):
            for extent in pieces.extents(piece):
                self._add(
                    extent.file, extent.start, extent.length, (piece - first) * self._length + extent.place
                )
        self.parts = [cut for part in self.parts for cut in _cut(part, reach)]

    def _add(self, file: TorrentFile, start: int, length: int, place: int) -> None:
        last = self.parts[-1] if self.parts else None
        if last and last.file is file and last.start + last.length == start:
            last.length += length
        else:
            self.parts.append(Part(file, start, length, place))

    @property
    def complete(self) -> bool:
        return all(part.giver for part in self.parts)

    @property
    def idle(self) -> bool:
        return not any(part.takers for part in self.parts)

    def bytes_of(self, piece: int) -> memoryview:
        start = (piece - self.first) * self._length
        return memoryview(self.data)[start : start + self._length]

    def givers(self, piece: int) -> set[Seed]:
        """Who gave some of the piece."""
        return {part.giver for part in self._of(piece) if part.giver}

    def files(self, piece: int) -> int:
        """How many files have bytes in the piece."""
        return len({part.file.index for part in self._of(piece)})

    def _of(self, piece: int) -> list[Part]:
        start = (piece - self.first) * self._length
        end = start + self._length
        return [part for part in self.parts if part.place < end and part.place + part.length > start]


def _cut(part: Part, reach: int) -> list[Part]:
    cuts = range(0, part.length, reach)
    return [Part(part.file, part.start + at, min(reach, part.length - at), part.place + at) for at in cuts]
