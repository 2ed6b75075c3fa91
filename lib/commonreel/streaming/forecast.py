# SPDX-License-Identifier: GPL-3.0-or-later
"""When something that is on its way will be here: a forecast that does not jump."""

from __future__ import annotations

import math
from collections import deque

SPAN = 10.0  # seconds of what has come lately, by which the rest is judged
SOONEST = 1.0  # seconds of it that it takes
STEADY = 3.0  # seconds in which a forecast follows what is seen
LONGEST = 3600.0  # seconds beyond which nothing can be foretold


class Forecast:
    """Looks now and then at how much is to come, and says how long that will take."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()  # when, and how much was to come
        self._goal_moved = 0.0  # bytes: what is asked for may become more
        self._end: float | None = None  # when it will be here, on the clock of `now`

    def look(self, now: float, to_come: float) -> float | None:
        """Seconds until all is here, None where nothing can be foretold. `to_come`: bytes; `now`: seconds of
        a clock that never goes back."""
        if self._seen:
            before, left_before = self._seen[-1]
            self._goal_moved += max(0.0, to_come - self._goal_moved - left_before)
        else:
            before = now
        self._seen.append((now, to_come - self._goal_moved))
        while self._seen[0][0] < now - SPAN:
            self._seen.popleft()
        began, left_then = self._seen[0]
        come, took = left_then - (to_come - self._goal_moved), now - began
        if took < SOONEST or to_come * took > LONGEST * come:
            self._end = None
            return None
        end = now + to_come * took / come if come else now
        if self._end is None:
            self._end = end
        self._end += (end - self._end) * -math.expm1((before - now) / STEADY)
        return max(0.0, self._end - now)
