# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard input, read past Python's buffer: a thread that waits in that would keep Python from ending."""

from __future__ import annotations

import os
import select
import sys
import threading
from typing import Iterator

MAX_LINE = 64 << 10  # bytes

_FD = 0
_CHUNK = 64 << 10


def lines() -> Iterator[bytes]:
    """Its lines as they come, to its end; a line over MAX_LINE is cut, and still over it."""
    held = b""
    while True:
        more = _read()
        *whole, held = (held + more).split(b"\n")
        yield from whole
        held = held[: MAX_LINE + 1]
        if not more:
            break
    if held:
        yield held


def wait_for_end() -> None:
    """Until it is closed. What comes is thrown away, but the keys of a terminal: they are for others
    that run there, such as the player."""
    if sys.stdin is not None and sys.stdin.isatty():
        _wait_for_hang_up()
    while _read():
        pass


def _read() -> bytes:
    """b'' at its end, and where there is none."""
    try:
        return os.read(_FD, _CHUNK) if sys.stdin is not None else b""
    except OSError:
        return b""


def _wait_for_hang_up() -> None:
    if hasattr(select, "poll"):
        poll = select.poll()
        poll.register(_FD, 0)
        if any(event & select.POLLHUP for _, event in poll.poll()):
            return
    threading.Event().wait()  # for good: where that cannot be seen there are signals
