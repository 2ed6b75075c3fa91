# SPDX-License-Identifier: GPL-3.0-or-later
"""Wakes the thread that waits for libtorrent's alerts.

Of libtorrent's ways to be told of alerts only this one, a descriptor it writes to, is safe in
Python: set_alert_notify() deadlocks in a sub-interpreter, and wait_for_alert() looks at its result
while libtorrent's own thread may be moving it, which crashes the process now and then.
"""

from __future__ import annotations

import contextlib
import socket


class Bell:
    """A pair of connected sockets: whoever writes to `fd` rings it."""

    def __init__(self) -> None:
        self._ear, self._clapper = socket.socketpair()
        self._clapper.setblocking(False)
        self.fd = self._clapper.fileno()

    def ring(self) -> None:
        with contextlib.suppress(BlockingIOError):  # then it rings already
            self._clapper.send(b"\0")

    def wait(self, timeout: float) -> None:
        """Until it has been rung, at most `timeout` seconds."""
        self._ear.settimeout(max(timeout, 0.001))
        with contextlib.suppress(socket.timeout):
            self._ear.recv(4096)

    def close(self) -> None:
        """Only when nobody can ring it any more: the descriptor's number may be another's soon."""
        self._ear.close()
        self._clapper.close()
