# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine on another machine (`commonreel serve`), as this Kodi uses it."""

from __future__ import annotations

import logging
import time
from collections import deque
from typing import TYPE_CHECKING, Callable, Mapping, NamedTuple

from ..service.prefetch import Prefetch
from ..works.errors import CommonReelError
from . import paths, settings
from .settings import Settings

if TYPE_CHECKING:
    from ..proxy.client import RemoteClient

log = logging.getLogger(__name__)

ANSWER_SECONDS = 5.0  # for the plugin, whom the viewer waits for
PATIENCE = 1.0  # seconds for the service, which Kodi waits for when it quits
KEEP_SECONDS = 30.0  # between two words that a film is still wanted; the engine waits for two minutes


def client(chosen: Settings, timeout: float = ANSWER_SECONDS) -> RemoteClient:
    """The way to the engine that the settings name. Raises RemoteUnavailable, WrongToken."""
    from ..proxy.client import RemoteClient  # here, for it is slow to import and no list needs it

    return RemoteClient(chosen.remote_address, chosen.remote_token, paths.version(), timeout)


class _Stream(NamedTuple):
    engine: RemoteClient
    id: str


class Watch:
    """Keeps what the player plays from that engine open, also while it is paused, and closes it after.

    The player's thread only leaves word; the calls are made by the service's loop. They go to the engine
    that was in the settings when the film began: an add-on that is being disabled cannot read them.
    """

    def __init__(self) -> None:
        self._address = ""
        self._now: _Stream | None = None
        self._ended: deque[_Stream] = deque(maxlen=8)
        self._kept = 0.0
        self._prefetch: Prefetch | None = None

    def playing(self, address: str) -> None:
        """The player plays `address` now; '' when it has stopped."""
        if address == self._address:
            return
        self._address = address
        before, self._now = self._now, _stream(address) if address else None
        if before:
            self._ended.append(before)
        self._prefetch = None

    def comes_next(self, work: str, encoding: str) -> None:
        """What will be asked of that engine after the film that plays."""
        now = self._now
        if now:
            self._prefetch = Prefetch(now.engine, lambda: now.id)
            self._prefetch.want(work, encoding)

    def tick(self) -> None:
        """Make the calls that are due: none as a rule, and each bounded to PATIENCE."""
        while self._ended:
            engine, stream = self._ended.popleft()
            self._tell(engine.close, stream)
        now = self._now
        if now and time.monotonic() - self._kept > KEEP_SECONDS:
            self._kept = time.monotonic()
            self._tell(now.engine.status, now.id)
        if self._prefetch:
            self._prefetch.tick()

    def status(self) -> Mapping[str, object]:
        """Of the stream that plays; empty where none of that engine does. Raises CommonReelError."""
        now = self._now
        return now.engine.status(now.id) if now else {}

    def _tell(self, call: Callable[[str], object], stream: str) -> None:
        try:
            call(stream)
        except CommonReelError as error:
            log.info("the other machine closes that stream by itself: %s", error)


def _stream(address: str) -> _Stream | None:
    """What plays at that address, if it comes from the engine that the settings name."""
    chosen = settings.read()
    if not chosen.remote:
        return None
    try:
        engine = client(chosen, PATIENCE)
    except CommonReelError as error:
        log.info("no engine on another machine: %s", error)
        return None
    stream = engine.stream_at(address)
    return _Stream(engine, stream) if stream else None
