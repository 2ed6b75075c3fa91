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
# Where an index may be at the end: it grows with the film, some 800 bytes for each second.
_TAIL_PART, _TAIL_LEAST, _TAIL_MOST = 512, 512 << 10, 4 << 20
_TIME_TO_GUESS = 2.5  # seconds of film that must come in each second, for what may be of no use


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
        self._opened = time.monotonic()
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
            self.readers.clear()
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
        self.download.replan()

    def needy(self) -> bool:
        """Whether somebody may soon have to wait."""
        now = time.monotonic()
        return any(place.needy(self._rate, now) for place in self.places())

    def left(self, reader: FilmReader) -> None:
        """A reader goes: while nobody else reads, the film is fetched from its place on."""
        self.readers.discard(reader)
        if reader.place and not self.readers:
            self._start = reader.place
        self.download.replan()

    # To get ready

    @property
    def beginning(self) -> bool:
        """Whether it waits for its head."""
        return not self._prepared and not self._start.nearly

    def foresee(self, come: int) -> None:
        """Most of the head has come, `come` bytes: want what comes next. A peer that is left without work
        for a moment gets going again but slowly. An index may be at the end, which the head will tell:
        a fast line goes for it at once."""
        self._start.nearly = True
        tail = self.length - min(max(self.length // _TAIL_PART, _TAIL_LEAST), _TAIL_MOST)
        fast = come > _TIME_TO_GUESS * self._rate * (time.monotonic() - self._opened)
        if fast and tail > HEAD and not container.index_is_no_need(self.name):
            piece = self.download.pieces.at(self.file, tail)
            self._index = self._place(piece, self.last, is_index=True)
            self._index.is_guess = True

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
            self._index = None
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
