# SPDX-License-Identifier: GPL-3.0-or-later
"""Films whose disk is full: they stop, and go on once there is room."""

from __future__ import annotations

import logging
from typing import Callable

from ..works.errors import CommonReelError, DiskFull
from .cache import Cache
from .torrent import Download

GRACE = 2.5  # seconds that the files of what has just been removed may take to close, and free their room
# Seconds in which a disk that is tried again should have refused again. Sources may have to be found first.
TRIED = 20.0
RETRY = 5.0  # seconds until a disk that has refused, though there seems to be room, is tried again

log = logging.getLogger(__name__)


class Room:
    """Watches the cache's disk for what is fetched. Not under any download's lock."""

    def __init__(
        self,
        cache: Cache,
        tidy: Callable[[], object],
        stop: Callable[[Download], None],
        go_on: Callable[[Download], None],
    ) -> None:
        """`tidy`: make room. `stop` and `go_on`: fetching."""
        self._cache = cache
        self._tidy = tidy
        self._stop = stop
        self._go_on = go_on
        self._lacking: dict[str, float] = {}  # info hash → when to say so, or else to try again
        self._tried: dict[str, float] = {}  # info hash → until when a refusal means that it was no use

    def refused(self, download: Download, error: CommonReelError, now: float) -> None:
        """The disk does not take any more of it. Several such calls come at once."""
        name = download.info_hash
        if name in self._lacking:
            return
        log.warning("%s", error)
        tried = now < self._tried.pop(name, 0.0)
        self._tidy()
        self._lacking[name] = now + (RETRY if tried else GRACE)
        if tried:
            _give_up(download, error)

    def lacks(self, download: Download) -> bool:
        """Whether the disk has refused it, and it has not been taken up again yet."""
        return download.info_hash in self._lacking

    def look(self, downloads: list[Download], now: float) -> None:
        """Every second. A disk is left with some room for others: none works without any."""
        full = self._cache.full()
        for download in downloads:
            name = download.info_hash
            when = self._lacking.get(name)
            if when is None and full:
                self._stop(download)
                self.refused(download, DiskFull("no room is left for others"), now)
            elif when is not None and not full and now >= when:
                del self._lacking[name]
                self._tried[name] = now + TRIED
                self._go_on(download)
            elif when is not None and full and now >= when and not download.error:
                _give_up(download, DiskFull("no room is left for others"))


def _give_up(download: Download, error: CommonReelError) -> None:
    """What was on its way to the disk when it refused counted as here, and may not have got there."""
    download.sift()
    download.failed(error)
