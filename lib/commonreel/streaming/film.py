# SPDX-License-Identifier: GPL-3.0-or-later
"""One film of a torrent, as somebody has opened it: implements works.protocols.Stream."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from ..works import container
from ..works.errors import StreamClosed
from ..works.metainfo import TorrentFile
from ..works.protocols import StreamStatus, Torrent
from .reader import FilmReader
from .swarm import Traffic
from .window import Place

if TYPE_CHECKING:
    from .torrent import Download

HEAD = 64 << 10  # bytes from which a container tells where its index is
WANTED_SECONDS = 5.0  # of film, to begin with
# A film of unknown duration is taken for one of an hour and a half, or of 2 Mbit/s.
_GUESSED_SECONDS = 5400.0
_GUESSED_RATE = 250_000.0


class Film:
    """A film's bytes, each verified before it is handed out.

    Until the player comes the film is fetched for it as it will ask: first the head, then the index
    if it is elsewhere, and from the place where it will start.
    """

    def __init__(self, download: Download, file: TorrentFile, torrent: Torrent) -> None:
        self.name = file.path.rpartition("/")[2]
        self.length = file.length
        self.info_hash = download.info_hash
        self.file = file
        self.download = download
        self.first = download.pieces.at(file, 0)
        self.last = download.pieces.at(file, file.length - 1)
        self.closed = False
        self.readers: set[FilmReader] = set()
        known = torrent.duration > 0
        guess = max(file.length / _GUESSED_SECONDS, _GUESSED_RATE)
        self._rate = file.length / torrent.duration if known else guess  # bytes a second of film
        resume = int(torrent.resume * self._rate) if known else 0
        self._begin = resume if 0 < resume < file.length else 0
        self._start = self._place(self.first, self.last)  # read on where nobody reads
        self._index: Place | None = None
        self._prepared = False
        self._ready = False

    # For those who read

    def reader(self) -> FilmReader:
        with self.download.changed:
            if self.closed:
                raise StreamClosed(self.name)
            reader = FilmReader(self)
            self.readers.add(reader)
            return reader

    def status(self) -> StreamStatus:
        """Raises StreamClosed, DiskFull."""
        traffic = Traffic() if self.closed else self.download.traffic()
        with self.download.changed:
            if self.closed:
                raise StreamClosed(self.name)
            here = self._contiguous(self._begin)
            wanted = min(WANTED_SECONDS, (self.length - self._begin) / self._rate)
            complete = self.download.missing(self.first, self.last + 1) > self.last
            enough = self._prepared and here / self._rate >= wanted
            if complete or (enough and (self._index is None or self._index.complete)):
                self._become_ready()
            if self.download.error and not self._ready:
                raise self.download.error
            waiting = "buffering" if traffic.peers or traffic.web_seeds else "connecting"
            return StreamStatus(
                state="ready" if self._ready else waiting,
                seconds_ready=here / self._rate,
                seconds_wanted=wanted,
                peers=traffic.peers,
                web_seeds=traffic.web_seeds,
                rate=traffic.rate,
                from_peers=traffic.from_peers,
                from_web=traffic.from_web,
                complete=complete,
            )

    def add_web_seed(self, address: str) -> None:
        with self.download.changed:
            if self.closed:
                raise StreamClosed(self.name)
            self.download.add_web_seed(address)

    def close(self) -> None:
        with self.download.changed:
            if self.closed:
                return
            self.closed = True
        self.download.leave(self)

    # For the download, under its lock

    def places(self) -> list[Place]:
        found = [reader.place for reader in self.readers if reader.place] or [self._start]
        return [*found, self._index] if self._index else found

    def visit(self, reader: FilmReader, piece: int) -> None:
        """A reader wants a piece: it reads on, or has jumped."""
        if reader.place and reader.place.holds(piece):
            return
        here = bool(self.download.have[piece])
        foreseen = here or piece in {place.frontier for place in self.places()}
        reader.place = self._place(piece, self.last, sought=not foreseen)
        if not foreseen and self._index:
            self._index.asked = 0.0  # the player does without
        self.download.replan(None if foreseen else piece)

    def left(self, reader: FilmReader) -> None:
        """A reader goes: while nobody else reads, the film is fetched from its place on."""
        self.readers.discard(reader)
        if reader.place and not self.readers:
            self._start = reader.place
        self.download.replan()

    # To get ready

    def prepare(self) -> bool:
        """Once the head is here, go for the index and the place to start; whether to try again soon:
        the head has arrived, but is not in the file yet. Not under the lock: it reads the disk."""
        if self._prepared:
            return False
        stop = self.download.pieces.at(self.file, min(HEAD, self.length) - 1) + 1
        if self.download.missing(self.first, stop) < stop:
            return False
        if not all(self.download.verify(piece) for piece in range(self.first, stop)):
            return True
        with self.download.pieces.path(self.file).open("rb") as opened:
            index = container.index_place(opened.read(HEAD), self.length)
        pieces = self.download.pieces
        with self.download.changed:
            if self._prepared:  # by another thread meanwhile
                return False
            self._prepared = True
            if index:
                first, last = pieces.at(self.file, index[0]), pieces.at(self.file, index[1] - 1)
                self._index = self._place(first, last, is_index=True)
            self._start = self._place(pieces.at(self.file, self._begin), self.last)
            self.download.replan()
        return False

    def _place(self, piece: int, last: int, sought: bool = False, is_index: bool = False) -> Place:
        place = Place(piece, last, self.download.pieces.length, sought, is_index)
        place.advance(self.download.have)
        place.asked = time.monotonic() if self.readers else math.inf
        return place

    def _contiguous(self, offset: int) -> int:
        """How many bytes are here from there on."""
        pieces = self.download.pieces
        first = pieces.at(self.file, offset)
        missing = self.download.missing(first, self.last + 1)
        return max(0, pieces.end(self.file, missing - 1) - offset) if missing > first else 0

    def _become_ready(self) -> None:
        if not self._ready:
            self._ready = True
            self._start.asked = time.monotonic()
