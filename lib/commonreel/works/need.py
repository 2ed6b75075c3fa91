# SPDX-License-Identifier: GPL-3.0-or-later
"""Which works a patron keeps for others: those that fewest have, as far as the room for them goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

UNKNOWN = -1  # seeds of which nobody has told
_GUESS = 4  # what that counts as: behind what is known to be rare, before what many have
_MARGIN = 3  # seeds more than a work in need has, of one that makes room for it


@dataclass(frozen=True)
class Candidate:
    """A work that is kept, or could be."""

    work: str  # id
    size: int  # bytes of its film
    seeds: int = UNKNOWN  # who have it all, beside this device
    given: int = 0  # bytes of it that this device has given to others so far

    @property
    def need(self) -> tuple[int, int]:
        """The smaller, the more it is in need: fewest seeds first, then least given from here."""
        return (_GUESS if self.seeds == UNKNOWN else self.seeds), self.given


@dataclass(frozen=True)
class Change:
    """What a look brings: the ids of works to leave, and works to take, the most in need first."""

    leave: tuple[str, ...] = ()
    take: tuple[Candidate, ...] = ()


def change(kept: Iterable[Candidate], candidates: Iterable[Candidate], room: int) -> Change:
    """What to leave and what to take so that all that is kept fits into `room` bytes.

    Works come and go slowly: only where nothing else fits does one that is well served make room for one
    in need, and only one at a time.
    """
    kept = sorted(kept, key=lambda each: each.need)
    leave = []
    rest = room - sum(each.size for each in kept)
    while rest < 0 and kept:  # there is less room than there was
        gone = kept.pop()
        leave.append(gone.work)
        rest += gone.size
    waiting = sorted(candidates, key=lambda each: each.need)
    take = []
    for each in waiting:
        if 0 < each.size <= rest:
            take.append(each)
            rest -= each.size
    if not take and not leave:
        return _swap(kept, waiting, rest)
    return Change(tuple(leave), tuple(take))


def _swap(kept: list[Candidate], waiting: list[Candidate], rest: int) -> Change:
    for served in reversed(kept):
        for each in waiting:
            rarer = each.need[0] + _MARGIN <= served.seeds
            if rarer and 0 < each.size <= rest + served.size:
                return Change((served.work,), (each,))
    return Change()
