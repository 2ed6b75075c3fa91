# SPDX-License-Identifier: GPL-3.0-or-later
"""The next film: as much of it as it takes to start is fetched while the one before still plays."""

from __future__ import annotations

import logging
import sys
import time
from typing import Callable, Mapping, Protocol

from ..works.errors import CommonReelError, WebCopyChosen

log = logging.getLogger(__name__)

ROOM = 64 << 20  # bytes that the disk must have for it
SECONDS = 120.0  # in which its beginning is to come; else it is let go


class Control(Protocol):
    """Of works.protocols.Control what it takes; a client has it too."""

    def open(self, work: str, encoding: str, resume: float) -> str: ...

    def status(self, stream: str) -> Mapping[str, object]: ...

    def close(self, stream: str) -> None: ...


class Prefetch:
    """Opens the next film once the one that plays has come, and closes it when it could start.

    What has been fetched lies in the cache. The film that plays comes first: as long as it fetches anything,
    or where the disk is short, nothing is fetched ahead. A failure is nobody's concern before the film is
    really wanted.
    """

    def __init__(
        self,
        control: Control,
        playing: Callable[[], str],
        room: Callable[[str], int] = lambda _: sys.maxsize,
    ) -> None:
        """`playing`: the stream that plays, '' for none. `room`: the bytes that the disk has beside the
        torrent of that info hash."""
        self._control = control
        self._playing = playing
        self._room = room
        self._wanted = ("", "")  # work and encoding
        self._stream = ""  # the next film's, while its beginning comes
        self._until = 0.0

    def want(self, work: str, encoding: str) -> None:
        """What comes next; '' for nothing."""
        self._wanted = (work, encoding)

    def tick(self) -> None:
        """Every few seconds."""
        try:
            if self._stream:
                self._look()
            elif self._wanted[0]:
                self._begin()
        except CommonReelError as error:
            log.info("nothing is fetched ahead: %s", error)
            self._wanted, self._stream = ("", ""), ""

    def _begin(self) -> None:
        playing = self._playing()
        status = self._control.status(playing) if playing else {}
        if not status.get("settled") or status.get("webOnly") == WebCopyChosen.code:
            return  # the other engine must not write beside it, if it is the same torrent
        (work, encoding), self._wanted = self._wanted, ("", "")
        if self._room(str(status.get("infoHash"))) < ROOM:
            log.info("no room to fetch %s ahead", work)
            return
        log.info("fetching the beginning of %s", work)
        self._stream = self._control.open(work, encoding, 0.0)
        self._until = time.monotonic() + SECONDS

    def _look(self) -> None:
        state = self._control.status(self._stream).get("state")
        if state in ("ready", "failed") or time.monotonic() > self._until:
            log.info("what comes next is %s", state)
            stream, self._stream = self._stream, ""
            self._control.close(stream)
