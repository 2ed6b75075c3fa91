# SPDX-License-Identifier: GPL-3.0-or-later
"""What to ask the swarm for, and in which order: pure planning.

Somebody reads at a place. At first only the piece there is wanted (after a seek the next one too):
everything else would share the line with it. Each piece that arrives doubles the window, up to the
rest of the film. The pieces of the window are fetched from the front to the back.
"""

from __future__ import annotations

import math
from typing import Iterable, NamedTuple, Sequence

WAITING = 0.6  # seconds in which a reader who waits asks again
PATIENCE = 3.0  # seconds after which a reader who asks for nothing counts as served
LATE = 2.0  # seconds in which a piece that somebody waits for should have come
# A disk that lags behind the line must not be left ever further behind: what waits for it fills the
# memory, and the piece that the player waits for is written among all the rest.
FARTHEST = 64 << 20  # bytes wanted ahead of the first piece that is not here
_FIRST_REACH = 512 << 10  # bytes that are wanted first, where a piece is smaller
_DOUBLINGS = 24  # more than any torrent has pieces for


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
        self.asked = 0.0  # when a reader last wanted a piece that was not here; monotonic seconds
        self._seen, self._seen_at = piece, math.inf  # the frontier, and since when it stands there
        self._step = -(-_FIRST_REACH // piece_length)
        self._farthest = max(2, FARTHEST // piece_length)

    def advance(self, have: Sequence[int]) -> None:
        """Take note of the pieces that are here now."""
        while self.frontier <= self.last and have[self.frontier]:
            self.frontier += 1

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

    @property
    def complete(self) -> bool:
        return self.frontier > self.last

    @property
    def young(self) -> bool:
        """Whether nothing has come yet."""
        return self.frontier == self.anchor

    @property
    def end(self) -> int:
        """One past the window's last piece. Once it is at its largest it moves in half its size, not
        with every piece: each change must be told to libtorrent."""
        if self.is_index:
            return self.last + 1
        come = self.frontier - self.anchor
        steps = come // self._step
        doublings = min(steps + 1, _DOUBLINGS) if steps or self.sought else 0
        half = self._farthest // 2
        largest = (come // half + 2) * half
        return min(self.last + 1, self.anchor + min(self._step << doublings, largest))

    @property
    def least_end(self) -> int:
        """One past what is wanted while somebody else's need is greater."""
        return min(self.end, self.frontier + self._step)


class Plan(NamedTuple):
    wanted: bytes  # a 1 for each piece of the torrent that is wanted
    urgent: frozenset[int]  # those of them to fetch before all others

    def priority(self, piece: int) -> int:
        """In libtorrent's scale. In sequential mode only 7, the top, is told from the rest."""
        return 7 if piece in self.urgent else 4 * self.wanted[piece]


def plan(places: Iterable[Place], count: int, now: float) -> Plan:
    """The plan for all who read of a torrent of `count` pieces.

    Who waits comes first: those who have asked for nothing lately are left out while others have.
    When somebody has just jumped, only what is waited for this moment is fetched beside. An index
    comes before the film: no player can use the film without it.
    """
    missing = [place for place in places if not place.complete]
    chosen = [place for place in missing if now - place.asked < PATIENCE] or missing
    jumped = [place for place in chosen if place.sought and place.young]
    if jumped:
        chosen = [place for place in chosen if place in jumped or now - place.asked < WAITING]
    indices = [place for place in chosen if place.is_index]
    wanted = bytearray(count)
    for place in chosen:
        start, end = place.anchor, place.end
        if (jumped or indices) and not (place.is_index or place in jumped):
            start, end = place.frontier, place.least_end
        wanted[start:end] = b"\x01" * (end - start)
    urgent = {place.frontier for place in chosen} if len(chosen) > 1 else set()
    if indices and not jumped:
        urgent = {piece for place in indices for piece in range(place.frontier, place.end)}
    return Plan(bytes(wanted), frozenset(urgent))
