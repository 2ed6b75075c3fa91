# SPDX-License-Identifier: GPL-3.0-or-later
"""One film of a torrent, as somebody has opened it: implements works.protocols.Stream."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Mapping

from ..works import container
from ..works.errors import StreamClosed
from ..works.metainfo import TorrentFile
from ..works.protocols import StreamStatus, Torrent
from .forecast import Forecast
from .reader import FilmReader
from .swarm import Traffic
from .window import Place

if TYPE_CHECKING:
    from .torrent import Download

HEAD = 64 << 10  # bytes from which a container tells where its index is
# Of film, to begin with: where it comes at twice its rate there is always more before it is used up.
WANTED_SECONDS, WANTED_SECONDS_FAST = 5.0, 2.0
_FAST = 2.0
_FASTEST = 50e6  # bytes a second; what says that it is faster is wrong
WITHHELD = 20.0  # seconds from the opening in which a slow film may be kept from its player
# A film of unknown duration is taken for one of an hour and a half, or of 2 Mbit/s.
_GUESSED_SECONDS = 5400.0
_GUESSED_RATE = 250_000.0
_GLIMPSE = 4 << 10  # bytes of the head that tell enough before all of it is here


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
        self._guess = max(file.length / _GUESSED_SECONDS, _GUESSED_RATE)
        self._rate = file.length / torrent.duration if known else self._guess  # bytes a second of film
        resume = int(torrent.resume * self._rate) if known else 0
        self._begin = resume if 0 < resume < file.length else 0
        self._start = self._place(self.first, self.last)  # read on where nobody reads
        self._index: Place | None = None
        self.seen = False  # the head's first bytes, unverified
        self._rate_known = known  # by the catalogue
        self._rate_told = known  # by that, or by the film itself
        self._opened = time.monotonic()
        self._wanted = WANTED_SECONDS  # of film, to begin with
        self._prepared = False
        self._ready = False
        self._let_go = False  # to its player
        self._forecast = Forecast()

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
        begun = self.download.begun()
        with self.download.changed:
            if self.closed:
                raise StreamClosed(self.name)
            here = self._contiguous(self._begin)
            wanted = self._seconds_wanted()
            since = self._since()
            complete = self._complete()
            enough = self._prepared and here / self._rate >= wanted
            ready = complete or (enough and self._has_index())
            if ready:
                self._become_ready()
            elif self.download.error:
                raise self.download.error
            waiting = "buffering" if traffic.peers or traffic.web_seeds else "connecting"
            return StreamStatus(
                state="ready" if ready else waiting,
                seconds_ready=here / self._rate,
                seconds_wanted=wanted,
                peers=traffic.peers,
                web_seeds=traffic.web_seeds,
                rate=traffic.rate,
                from_peers=traffic.from_peers,
                from_web=traffic.from_web,
                complete=complete,
                seconds_left=0.0 if ready else self._seconds_left(begun),
                since=since,
                seconds_ahead=self._contiguous(since) / self._rate,
                seeds=traffic.seeds,
                settled=complete or all(place.complete for place in self.places()),
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
        reader.since = reader.offset
        if not foreseen and self._index:
            self._index.asked = 0.0  # the player does without
        self.download.replan()
        if not foreseen:
            self.download.jumped_to(piece)

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

    def withholds(self, piece: int) -> bool:
        """Whether a player had better not begin there yet, since it would soon stand still."""
        beginning = piece == self.download.pieces.at(self.file, self._begin)
        if self._rate_told and beginning and not self._let_go:
            late = time.monotonic() >= self._opened + WITHHELD
            enough = self._contiguous(self._begin) / self._rate >= self._seconds_wanted()
            self._let_go = late or enough or self._complete() or self.download.error is not None
            return not self._let_go
        return False

    # To get ready

    @property
    def beginning(self) -> bool:
        """Whether it waits for the first bytes of its head."""
        return not (self._prepared or self.seen)

    def foresee(self) -> None:
        """Want what comes next before all of the head is here: its first bytes, though nobody has verified
        them, tell where an index is at the end, and how long the film lasts."""
        head = self._glimpse()
        self.seen = any(head)
        self._heed(container.duration(head))
        index = container.index_place(head, self.length)
        if index and not container.index_is_no_need(self.name):
            self._index = self._index_place(*index)
            self._index.is_guess = True

    def _glimpse(self) -> bytes:
        """The first bytes of the film as far as they are in its file, zeros for what is not: few, and just
        written, so that they may be read under the lock."""
        try:
            with self.download.pieces.path(self.file).open("rb") as opened:
                return opened.read(_GLIMPSE)
        except OSError:  # nothing is there yet
            return b""

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
        try:
            with self.download.pieces.path(self.file).open("rb") as opened:
                head = opened.read(HEAD)
        except OSError:  # somebody has removed it: verify() will find out
            self.download.forget(self.first, stop)
            return True
        index = container.index_place(head, self.length)
        pieces = self.download.pieces
        with self.download.changed:
            if self._prepared:  # by another thread meanwhile
                return False
            self._prepared = True
            self._heed(container.duration(head))
            come = self.download.have.count(1, self.first, self.last + 1) * pieces.length
            if come >= _FAST * self._rate * (time.monotonic() - self._opened):
                self._wanted = WANTED_SECONDS_FAST
            self._index = None
            if index:
                self._index = self._index_place(*index)
            self._start = self._place(pieces.at(self.file, self._begin), self.last)
            self.download.replan()
        return False

    def _index_place(self, start: int, end: int) -> Place:
        pieces = self.download.pieces
        first, last = pieces.at(self.file, start), pieces.at(self.file, end - 1)
        return self._place(first, last, is_index=True)

    def _place(self, piece: int, last: int, sought: bool = False, is_index: bool = False) -> Place:
        place = Place(piece, last, self.download.pieces.length, sought, is_index)
        place.advance(self.download.have)
        place.asked = time.monotonic() if self.readers else math.inf
        return place

    def _heed(self, duration: float) -> None:
        """What the film itself says of how long it lasts, 0 if nothing; nobody may have verified it."""
        if not self._rate_known:
            rate = self.length / duration if duration else 0.0
            self._rate_told = 0 < rate <= _FASTEST
            self._rate = rate if self._rate_told else self._guess

    def _has_index(self) -> bool:
        """Whether its index is here; where it plays without one, it is not waited for too long."""
        late = time.monotonic() >= self._opened + WITHHELD and container.index_is_no_need(self.name)
        return self._index is None or self._index.complete or late

    def _seconds_wanted(self) -> float:
        return min(self._wanted, (self.length - self._begin) / self._rate)

    def _seconds_left(self, begun: Mapping[int, int]) -> float | None:
        """Until the film is ready. `begun`: what has come of pieces that are not whole yet."""
        length = self.download.pieces.length
        to_come = sum(length - begun.get(piece, 0) for piece in self._needed())
        return self._forecast.look(time.monotonic(), to_come)

    def _needed(self) -> list[int]:
        """The pieces that are missing until it is ready."""
        pieces = self.download.pieces
        end = min(self.length, self._begin + int(self._seconds_wanted() * self._rate) + 1)
        wanted = set(range(self.first, pieces.at(self.file, min(HEAD, self.length) - 1) + 1))
        wanted.update(range(pieces.at(self.file, self._begin), pieces.at(self.file, end - 1) + 1))
        if self._index:
            wanted.update(range(self._index.anchor, self._index.last + 1))
        return [piece for piece in wanted if not self.download.have[piece]]

    def _since(self) -> int:
        """Where the player came in who has asked last."""
        reading = [reader for reader in self.readers if reader.place]
        return max(reading, key=lambda reader: reader.asked).since if reading else self._begin

    def _complete(self) -> bool:
        return self.download.missing(self.first, self.last + 1) > self.last

    def _contiguous(self, offset: int) -> int:
        """How many bytes are here from there on."""
        pieces = self.download.pieces
        first = pieces.at(self.file, offset)
        missing = self.download.missing(first, self.last + 1)
        return max(0, pieces.end(self.file, missing - 1) - offset) if missing > first else 0

    def _become_ready(self) -> None:
        if not self._ready:
            self._ready = self._let_go = True
            self._start.asked = time.monotonic()
