# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts what is given to others, of which works. It stays on this device."""

from __future__ import annotations

import time
from typing import Callable, Mapping

from ..catalog.patronage import Patronage
from ..works.protocols import Share

PAUSE = 15.0  # seconds between two counts


class Tally:
    """Adds up what the engine says to have given. Used by the service's thread."""

    def __init__(self, patronage: Patronage, work: Callable[[str], str]) -> None:
        """`work`: the id of the work that is given by an info hash; '' where that is not known."""
        self._patronage = patronage
        self._work = work
        self._counted: dict[str, int] = {}  # info hash → bytes
        self._due = 0.0

    @property
    def due(self) -> bool:
        return time.monotonic() >= self._due

    def count(self, shares: Mapping[str, Share]) -> None:
        """Write down what has been given since the last count."""
        self._due = time.monotonic() + PAUSE
        given: dict[str, int] = {}
        for info_hash, share in shares.items():
            before = self._counted.get(info_hash, 0)
            more = share.given - before if share.given >= before else share.given  # it came in anew
            work = self._work(info_hash)
            if more and work:
                given[work] = given.get(work, 0) + more
        self._counted = {info_hash: share.given for info_hash, share in shares.items()}
        if given:
            self._patronage.gave(given, time.strftime("%Y-%m-%d"))
