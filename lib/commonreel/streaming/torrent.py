# SPDX-License-Identifier: GPL-3.0-or-later
"""One torrent that is being fetched, for all who read of it.

Two facts are kept of each piece: whether the engine says that it is here, and whether we have read
it from the file and found it right. Only the second lets a byte out.
"""

from __future__ import annotations

import collections
import logging
import sys
import threading
import time
from typing import TYPE_CHECKING, Callable, Mapping, Sequence

from ..works.errors import CommonReelError
from ..works.protocols import Torrent
from .film import Film
from .pieces import Pieces
from .swarm import Traffic
from .window import Place, changes, plan

if TYPE_CHECKING:
    from .supply import Supply

# Seconds after which a piece that is said to be here, but is not right, is not believed: one that has
# arrived, and may still be on its way to the file, and one that should have been there before.
DOUBT, OLD_DOUBT = 3.0, 0.3
LAGGING = 0.05  # seconds after which what has arrived should be in the file
PACE, SOON = 1.0, 2  # seconds in which the pace is taken, and so many times that: all is here by then
ANEW = 10.0  # seconds between looks for other sources while somebody waits in vain

log = logging.getLogger(__name__)


class Download:
    """The pieces of one torrent as they arrive. `changed` guards it, its films and their readers."""

    def __init__(
        self, info_hash: str, pieces: Pieces, have: Sequence[bool], on_idle: Callable[[Download], None]
    ) -> None:
        """`have`: the pieces that were here last time, as far as is known. `on_idle` is called when
        the last film has been closed."""
        self.info_hash = info_hash
        self.pieces = pieces
        self.have = bytearray(pieces.count)
        self.changed = threading.Condition()
        self.error: CommonReelError | None = None
        self._verified = bytearray(pieces.count)
        self._fresh = bytearray(pieces.count)  # what has arrived since
        self._unproven: dict[int, float] = {}  # piece → when it was first found wrong on disk
        self._rechecking = False
        self._flushed = 0.0  # monotonic seconds
        self._films: set[Film] = set()
        self._plan = bytes(pieces.count)  # each piece's priority
        self._hurried: set[int] = set()
        self._arrivals: collections.deque[float] = collections.deque(maxlen=4096)  # when pieces came, lately
        self._needy = False
        self._to_come = sys.maxsize  # of what is wanted, when it was last looked at; bytes
        self._looked = 0.0  # for other sources, because somebody waits in vain; monotonic seconds
        self._swarm: Supply | None = None
        self._on_idle = on_idle
        self._set_have(have)

    # Films

    def open(self, torrent: Torrent) -> Film:
        """Raises TorrentInvalid if there is no such file."""
        film = Film(self, self.pieces.file(torrent.file), torrent)
        with self.changed:
            self._films.add(film)
        try:
            film.prepare()
            with self.changed:
                self.replan()
        except BaseException:
            film.close()  # nobody else could
            raise
        return film

    def leave(self, film: Film) -> None:
        """The film has been closed."""
        with self.changed:
            self._films.discard(film)
            self.replan()
            self.changed.notify_all()
            idle = not self._films
        if idle:
            self._on_idle(self)

    def close(self) -> None:
        for film in self.films():
            film.close()

    def films(self) -> list[Film]:
        with self.changed:
            return list(self._films)

    # What to fetch

    def priorities(self) -> list[int]:
        with self.changed:
            return list(self._plan)

    def start(self, swarm: Supply) -> None:
        """From now on the swarm is told of every change of plan; it began with priorities()."""
        with self.changed:
            self._swarm = swarm
            self._press(any(film.needy() for film in self._films))

    def add_web_seed(self, address: str) -> None:
        if self._swarm is not None:
            self._swarm.add_web_seed(address)

    def replan(self) -> None:
        """Under `changed`."""
        places = self._places()
        before, self._plan = self._plan, plan(places, self.pieces.count, time.monotonic())
        if self._swarm is None:
            return
        different = dict(changes(before, self._plan))
        if self._hurried - {place.frontier for place in places}:  # whoever waited has gone elsewhere
            self._swarm.end_hurry()
            different.update((piece, self._plan[piece]) for piece in self._hurried)
            self._hurried.clear()
        self._press(any(film.needy() for film in self._films))
        if different:
            self._swarm.prioritise(different.items())

    def foresee(self) -> bool:
        """Look at what a film needs first as it comes; whether to be called again soon."""
        beginning = [film for film in self.films() if film.beginning]
        if not beginning or self._swarm is None:
            return False
        to_come = self._swarm.to_come()
        if to_come < self._to_come:  # else there is nothing to see
            self._swarm.flush()
            with self.changed:
                for film in beginning:
                    film.foresee()
                self.replan()
        self._to_come = to_come
        return any(film.beginning for film in beginning)

    def tick(self) -> list[int]:
        """Every second: what is late is hurried, also where a swarm has stood still. Those pieces."""
        now = time.monotonic()
        with self.changed:
            late = [place.frontier for place in self._places() if place.late(now)]
            for piece in late:
                self._hurry(piece)
            if late and self._swarm and now - self._looked >= ANEW:
                self._looked = now
                self._swarm.reconnect()
            self.replan()
        return late

    def jumped_to(self, piece: int) -> None:
        """Under `changed`, once it is planned for: what is on its way from elsewhere would come first."""
        if self._swarm is not None and not self._soon_whole():
            self._swarm.take_back(piece)
            self._swarm.prioritise([(each, self._plan[each]) for each in {piece, *self._hurried}])
            self._hurried.clear()

    def _press(self, needy: bool) -> None:
        if self._swarm is not None and needy != self._needy:
            self._needy = needy
            self._swarm.press(needy)

    def _hurry(self, piece: int) -> None:
        if self._swarm is not None and not self.have[piece] and not self._soon_whole():
            self._hurried.add(piece)
            self._swarm.hurry(piece)

    def _soon_whole(self) -> bool:
        """At this pace all of the torrent is here in a moment, and nothing needs hurry. libtorrent before its
        PR 7787 dies of a deadline whose torrent becomes whole before the requests have been taken back."""
        now = time.monotonic()
        while self._arrivals and self._arrivals[0] < now - PACE:
            self._arrivals.popleft()
        return self.have.count(0) <= SOON * len(self._arrivals)

    def _places(self) -> list[Place]:
        return [place for film in self._films for place in film.places()]

    # What has come

    def arrived(self, piece: int) -> None:
        """The engine says so."""
        with self.changed:
            if not self.have[piece]:  # libtorrent also says so of what it has been told to be here
                self.have[piece] = self._fresh[piece] = 1
                self._arrivals.append(time.monotonic())
            self._overtaken(piece)
            self._advance()

    def _overtaken(self, piece: int) -> None:
        """What somebody waits for should have come before `piece`: others are asked for it too."""
        now = time.monotonic()
        for place in [place for place in self._places() if place.waiting(now)]:
            if place.frontier < piece < place.end and place.frontier not in self._hurried:
                self._hurry(place.frontier)

    def recount(self) -> None:
        """The engine has looked through all that is on disk, or said more than we heard."""
        have = self._swarm.have() if self._swarm else []
        with self.changed:
            self._verified[:] = bytes(self.pieces.count)  # a piece may be gone, and come anew
            self._set_have(have)
            self._rechecking = False
            self._advance_anew()

    def sift(self) -> None:
        """After a disk has refused: of what has arrived, only what is found there is here. Reads it."""
        arrived = [piece for piece in range(self.pieces.count) if self.have[piece] and self._fresh[piece]]
        lost = [piece for piece in arrived if not self._verified[piece] and not self.pieces.verify(piece)]
        with self.changed:
            for piece in lost:
                if not self._verified[piece]:  # it may have got there meanwhile
                    self.have[piece] = 0
            self._unproven.clear()
            self._advance_anew()

    def failed(self, error: CommonReelError | None) -> None:
        """Nothing more comes; None: it does again."""
        with self.changed:
            self.error = error
            self.changed.notify_all()

    def prepare(self) -> bool:
        """Give films what they need before they can be ready; whether to be called again soon."""
        waiting = [film for film in self.films() if film.prepare()]
        return bool(waiting)

    def verify(self, piece: int) -> bool:
        """Whether the piece is in the file and right. Reads it, unless that has been done before."""
        if self._verified[piece]:
            return True
        right = self.pieces.verify(piece)
        with self.changed:
            if right:
                self._verified[piece] = 1
                self._unproven.pop(piece, None)
            elif self.have[piece]:
                self._doubt(piece)
        return right

    def forget(self, first: int, stop: int) -> None:
        """That these pieces have been found right."""
        with self.changed:
            self._verified[first:stop] = bytes(stop - first)

    def verified_end(self, piece: int, stop: int) -> int:
        """One past the last piece of the run of verified ones that starts at `piece`, up to `stop`."""
        end = self._verified.find(0, piece, stop)
        return stop if end < 0 else end

    def missing(self, first: int, stop: int) -> int:
        """The first piece of [first, stop) that is not here; `stop` if all are."""
        found = self.have.find(0, first, stop)
        return stop if found < 0 else found

    def begun(self) -> Mapping[int, int]:
        """What has come of pieces that are not whole yet: piece → bytes."""
        try:
            return self._swarm.begun() if self._swarm is not None else {}
        except RuntimeError:  # libtorrent's, as in traffic()
            return {}

    def traffic(self) -> Traffic:
        try:
            return self._swarm.traffic() if self._swarm is not None else Traffic()
        except RuntimeError:  # libtorrent's, for what is dropped or renewed at this moment
            return Traffic()

    def _set_have(self, have: Sequence[bool]) -> None:
        """libtorrent's lists end in padding, or are empty where it does not know."""
        if len(have) >= self.pieces.count:
            self.have[:] = bytes(have[: self.pieces.count])

    def _advance_anew(self) -> None:
        """What was here may not be any more."""
        for place in self._places():
            place.frontier = place.anchor
        self._advance()

    def _advance(self) -> None:
        for place in self._places():
            place.advance(self.have)
        self.replan()
        self.changed.notify_all()

    def _doubt(self, piece: int) -> None:
        """A piece is in the file some milliseconds after it arrived. One that never gets there was
        lost with the power, or changed by somebody: all that is said to be here is looked at again."""
        now = time.monotonic()
        waited = now - self._unproven.setdefault(piece, now)
        if not self._swarm or self._rechecking:
            return
        if waited >= LAGGING and now - self._flushed >= LAGGING:
            self._flushed = now
            self._swarm.flush()
        if waited < (DOUBT if self._fresh[piece] else OLD_DOUBT):
            return
        log.warning("%s: piece %d is not on disk as it should be", self.info_hash, piece)
        self._unproven.clear()
        self._rechecking = True
        self._swarm.recheck()
