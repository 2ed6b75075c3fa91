# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether Python goes on: a thread that wants to every few milliseconds."""

from __future__ import annotations

import threading
import time

from commonreel.works.protocols import Engine


class Heartbeat:
    """A context manager. `pause`: the longest that the thread could not go on, in seconds."""

    BEAT = 0.005  # seconds

    def __init__(self) -> None:
        self.pause = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat)

    def __enter__(self) -> Heartbeat:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _beat(self) -> None:
        last = time.monotonic()
        over = False
        while not over:
            over = self._over.wait(self.BEAT)
            now = time.monotonic()
            self.pause, last = max(self.pause, now - last), now


def ending(engine: Engine) -> tuple[float, float]:
    """End it: the seconds that it took, and the longest that Python could not go on meanwhile."""
    with Heartbeat() as heart:
        began = time.monotonic()
        engine.close()
        taken = time.monotonic() - began
    return taken, heart.pause
