# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be given to others: of which film, how much, for how long, and at what time of day."""

from __future__ import annotations

import contextlib
import time
from typing import Collection, Mapping

from .options import EngineOptions, giving
from .swarm import Pace, Swarm

HOUR = 3600.0  # seconds


def local_minute() -> int:
    """The minute of the day by the clock on the wall, 0 to 1439."""
    now = time.localtime()
    return 60 * now.tm_hour + now.tm_min


def is_quiet(minute: int, hours: tuple[int, int]) -> bool:
    """Whether that minute of the day lies in quiet hours, which may go over midnight.

    They begin with their first minute and end before their last; where both are the same there are
    none. On the two days of the year when the clocks change they are an hour longer or shorter.
    """
    start, end = hours
    if start <= end:
        return start <= minute < end
    return minute >= start or minute < end


def may_share(minute: int, options: EngineOptions, given: int, taken: int, since: float) -> bool:
    """Whether more of a film may be given now.

    `minute`: of the local day. `given`, `taken`: bytes of it so far. `since`: seconds since somebody
    here last watched it, 0 while somebody does.
    """
    if not options.share or is_quiet(minute, options.quiet):
        return False
    if options.hours and since >= options.hours * HOUR:
        return False
    return not options.ratio or given < options.ratio * taken or not given


class Sharing:
    """Keeps the torrents of one session within the limits. Used by one thread."""

    def __init__(self, pace: Pace, options: EngineOptions) -> None:
        """`pace`: of the session."""
        self._pace = pace
        pace.apply(giving(may_share(local_minute(), options, given=0, taken=0, since=0.0)))
        self._watched: dict[str, float] = {}  # info hash → when it was last seen watched, monotonic
        self._silent: set[str] = set()  # at rest because of a limit

    def allowed(
        self,
        options: EngineOptions,
        swarms: Mapping[str, Swarm],
        playing: Collection[str],
        now: float,
        kept: Collection[str] = (),
    ) -> set[str]:
        """The info hashes of what may be given now: of what is `kept` for others without limits of ratio
        and time. Asks libtorrent: not under a lock."""
        minute = local_minute()
        for info_hash in playing:
            self._watched[info_hash] = now
        found = set()
        for info_hash, swarm in swarms.items():
            since = now - self._watched.setdefault(info_hash, now)
            if info_hash in kept and may_share(minute, options, given=0, taken=0, since=0.0):
                found.add(info_hash)
                continue
            with contextlib.suppress(RuntimeError):  # libtorrent's, for what has been dropped meanwhile
                if may_share(minute, options, *swarm.balance(), since):
                    found.add(info_hash)
        return found

    def keep(self, allowed: Collection[str], swarms: Mapping[str, Swarm], playing: Collection[str]) -> None:
        """Rest all that is neither watched nor allowed, wake what is allowed again, and give nothing
        where only the viewer needs the swarm."""
        silent = set(swarms).difference(allowed, playing)
        for info_hash in silent:
            swarms[info_hash].pause()
        for info_hash in silent - self._silent:
            swarms[info_hash].save()  # how much has been given
        for info_hash in self._silent.intersection(swarms) - silent:
            swarms[info_hash].resume()
        self._silent = silent
        if swarms:
            self._pace.apply(giving(bool(allowed)))
