# SPDX-License-Identifier: GPL-3.0-or-later
"""The signals that end a command which else runs for ever."""

from __future__ import annotations

import queue
import signal


class End:
    """Comes by SIGINT or SIGTERM; from then on neither breaks anything off."""

    def __init__(self) -> None:
        # Its put() alone may interrupt anything, its own get() too.
        self._signals: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda which, _: self._signals.put(which))

    def within(self, seconds: float) -> bool:
        """Whether it comes in that time."""
        try:
            self._signals.get(timeout=seconds)
        except queue.Empty:
            return False
        return True
