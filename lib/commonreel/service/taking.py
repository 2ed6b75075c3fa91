# SPDX-License-Identifier: GPL-3.0-or-later
"""One film that is being fetched though nobody watches it."""

from __future__ import annotations

import threading
import time
from typing import Callable

from ..works.errors import CommonReelError, StreamClosed
from ..works.protocols import Stream


class Taking:
    """From the moment it was decided: first a thread that opens the film, then the engine's stream."""

    def __init__(self, work: str, run: Callable[[Taking], None]) -> None:
        self.work = work
        self.failed = False
        self.thread = threading.Thread(target=run, args=(self,), name="take " + work, daemon=True)
        self._film: Stream | None = None
        self._ended = False
        self._lock = threading.Lock()
        self._come = 0  # bytes, when it was last looked at
        self._moved = time.monotonic()

    def start(self) -> None:
        self.thread.start()

    def opened(self, film: Stream) -> None:
        """Raises StreamClosed if it is not wanted any more."""
        with self._lock:
            if not self._ended:
                self._film = film
                return
        film.close()
        raise StreamClosed(self.work)

    def look(self) -> bool:
        """Whether all of it is here."""
        film = self._film
        try:
            status = film.status() if film else None
        except CommonReelError:
            self.failed = True
            return False
        if not status:
            return False
        come = status.from_peers + status.from_web
        if come != self._come:
            self._come, self._moved = come, time.monotonic()
        return status.complete

    @property
    def silent(self) -> float:
        """Seconds since the last of it came."""
        return time.monotonic() - self._moved

    def end(self) -> None:
        """Take no more of it; what has come stays."""
        with self._lock:
            self._ended = True
            film, self._film = self._film, None
        if film:
            film.close()
