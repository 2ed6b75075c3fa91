# SPDX-License-Identifier: GPL-3.0-or-later
"""What to ask the swarm for, and in which order: pure planning.

Somebody reads at a place. At first only the piece there is wanted (after a seek a few more): all
else would share the line with it. Each piece that arrives doubles the window. What is farther ahead
has a lower priority; among pieces of the same priority the rarest come first.
"""

from __future__ import annotations

import math
import time
from typing import Iterable, Iterator

WAITING = 0.6  # seconds in which a reader who waits asks again
PATIENCE = 3.0  # seconds after which a reader who asks for nothing counts as served
LATE = 2.0  # seconds in which a piece that somebody waits for should have come
# A disk that lags behind the line must not be left ever further behind: what waits for it fills the
# memory, and the piece that the player waits for is written among all the rest.
FARTHEST = 16 << 20  # bytes wanted ahead of the first piece that is not here
COMFORT = 4.0  # seconds of film ahead of the player with which it is in no need
COPYING = 48 << 20  # bytes ahead of a player beyond which who still waits for more is none
_FIRST_REACH = 512 << 10  # bytes that are wanted first, where a piece is smaller
_DOUBLINGS = 24  # more than any torrent has pieces for
TOP = 7  # libtorrent's highest priority; 0 is for what is not wanted
_BESIDE = 5  # of what is fetched beside the very first need
_CHUNK = 256


class Place:
    """Where somebody reads in a run of pieces: a film, or the index of one."""

    def __init__(
        self, piece: int, last: int, piece_length: int, sought: bool = False, is_index: bool = False
    ) -> None:
        """`last`: of the run. `sought`: the player jumped here, which was not foreseen. An index is
        wanted as a whole."""
        self.anchor = piece  # where the reader came in
        self.frontier = piece  # the first piece from there on that is not here
        self.last = last
        self.sought = sought
        self.is_index = is_index
        self.is_guess = False  # an index that may be elsewhere
        self.asked = 0.0  # when a reader last wanted a piece that was not here; monotonic seconds
        self._seen, self._seen_at = piece, math.inf  # the frontier, and since when it stands there
        self._born = time.monotonic()
        self._come = 0  # pieces from the anchor on, as far as a window may reach, that are here
        self._length = piece_length
        self._step = -(-_FIRST_REACH // piece_length)
        self._farthest = max(2, FARTHEST // piece_length)

    def advance(self, have: bytearray) -> None:
        """Take note of the pieces that are here now."""
        found = have.find(0, self.frontier, self.last + 1)
        self.frontier = self.last + 1 if found < 0 else found
        reach = min(self.last + 1, self.frontier + self._farthest)
        self._come = self.frontier - self.anchor + have.count(1, self.frontier, reach)

    def holds(self, piece: int) -> bool:
        """Whether a reader at `piece` goes on reading, rather than jumping."""
        return self.anchor <= piece <= self.frontier

    def late(self, now: float) -> bool:
        """Whether somebody waits here and nothing moves. To be asked every second or so."""
        if now - self.asked > PATIENCE or self.complete:
            self._seen_at = math.inf
        elif self._seen != self.frontier or self._seen_at == math.inf:
            self._seen, self._seen_at = self.frontier, now
        return now - self._seen_at >= LATE

    def waiting(self, now: float) -> bool:
        """Whether a reader waits this moment."""
        return now - self.asked < WAITING

    def needy(self, rate: float, now: float) -> bool:
        """Whether the player, who uses up `rate` bytes a second, may soon have to wait. What is ahead of
        it may be here, or in its own buffer already. Who copies the film is always in need."""
        if self.complete:
            return False
        ahead = (self.frontier - self.anchor) * self._length - rate * (now - self._born)
        return ahead < COMFORT * rate or (ahead > COPYING and now - self.asked < WAITING)

    @property
    def complete(self) -> bool:
        return self.frontier > self.last

    @property
    def young(self) -> bool:
        """Whether nothing has come yet."""
        return self.frontier == self.anchor

    @property
    def end(self) -> int:
        """One past the window's last piece."""
        if self.is_index:
            return self.last + 1
        steps = self._come // self._step
        doublings = 0 if not (steps or self.sought) else steps + 1 + self.sought
        reach = self._step << min(doublings, _DOUBLINGS)
        return min(self.last + 1, self.frontier + min(reach, self._farthest))

    def priorities(self, highest: int, least: bool = False) -> Iterator[tuple[int, int]]:
        """(piece, priority) of what is wanted here, all of it or the `least` that will do.

        Falls by one with each doubling of the distance, to 1. An index has but one.
        """
        end = min(self.end, self.frontier + self._step) if least else self.end
        for piece in range(self.frontier, end):
            ahead = 0 if self.is_index else (piece - self.frontier) // self._step
            yield piece, max(1, highest - ahead.bit_length())


def plan(places: Iterable[Place], count: int, now: float) -> bytes:
    """The priority of each of a torrent's `count` pieces, for all who read of it.

    Who waits comes first: those who have asked for nothing lately are left out while others have.
    When somebody has just jumped, only what is waited for this moment is fetched beside. An index
    comes before the film: no player can use the film without it. A guess comes behind what is waited for.
    """
    missing = [place for place in places if not place.complete]
    chosen = [place for place in missing if now - place.asked < PATIENCE] or missing
    jumped = [place for place in chosen if place.sought and place.young]
    if jumped:
        chosen = [place for place in chosen if place in jumped or now - place.asked < WAITING]
    first = jumped or [place for place in chosen if place.is_index and not place.is_guess]
    wanted = bytearray(count)
    for place in chosen:
        beside = bool(first) and place not in first
        highest = _BESIDE if place.is_guess or (beside and not jumped) else TOP
        for piece, priority in place.priorities(highest, least=beside):
            wanted[piece] = max(wanted[piece], priority)
    return bytes(wanted)


def changes(before: bytes, after: bytes) -> Iterator[tuple[int, int]]:
    """(piece, priority) for each piece whose priority has changed from one plan to the next."""
    for start in range(0, len(after), _CHUNK):
        if before[start : start + _CHUNK] != after[start : start + _CHUNK]:
            for piece in range(start, min(start + _CHUNK, len(after))):
                if before[piece] != after[piece]:
                    yield piece, after[piece]
