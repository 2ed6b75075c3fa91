# SPDX-License-Identifier: GPL-3.0-or-later
"""What a client sends, taken within bounds of size and of time as a whole.

A time-out per read would let a client that sends a byte every few seconds hold a connection, and
with it a thread, for ever.
"""

from __future__ import annotations

import socket
import time

from .control import Refusal

MAX_HEAD = 16 * 1024  # bytes of request line and header fields
PATIENCE = 5.0  # seconds for a whole head, also on a kept-alive connection, and for a whole body

_END = b"\r\n\r\n"


class Incoming:
    """One connection's bytes from the client."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._left = b""

    def head(self) -> bytes:
        """The next request's head with its blank line, b'' if the client leaves or sends none.

        Raises Refusal for one that is too large or whose lines do not end in CRLF (RFC 9112, 2.2).
        """
        deadline = time.monotonic() + PATIENCE
        while _END not in self._left:
            if len(self._left) >= MAX_HEAD:
                raise Refusal(431, "bad-request", "head too large")
            more = self._receive(deadline)
            if not more:
                return b""
            self._left = (self._left + more).lstrip(b"\r\n")
        head, _, self._left = self._left.partition(_END)
        bare = head.replace(b"\r\n", b"")
        if b"\r" in bare or b"\n" in bare or b"\0" in bare:
            raise Refusal(400, "bad-request", "line ends")
        return head + _END

    def body(self, length: int) -> bytes:
        """The next `length` bytes. Raises Refusal if they do not come."""
        deadline = time.monotonic() + PATIENCE
        while len(self._left) < length:
            more = self._receive(deadline)
            if not more:
                raise Refusal(408, "bad-request", "body cut short")
            self._left += more
        body, self._left = self._left[:length], self._left[length:]
        return body

    def _receive(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            return b""
        try:
            self._sock.settimeout(left)
            return self._sock.recv(MAX_HEAD)
        except OSError:  # time-out, reset, or shut by us
            return b""
