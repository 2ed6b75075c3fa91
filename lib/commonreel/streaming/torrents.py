# SPDX-License-Identifier: GPL-3.0-or-later
"""The torrents of one libtorrent session: each a download of ours and a swarm of libtorrent's."""

from __future__ import annotations

import threading
from typing import Any, Sequence

from .swarm import Swarm
from .torrent import Download


class Torrents:
    """Found by info hash, and by libtorrent's handle. `lock` is that of the whole session; it is never taken
    while a download's is held."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._downloads: dict[str, Download] = {}
        self._swarms: dict[str, Swarm] = {}
        self._known: dict[Any, str] = {}  # libtorrent's handles → info hash

    def add(self, download: Download, swarm: Swarm) -> None:
        with self.lock:
            self._downloads[download.info_hash], self._swarms[download.info_hash] = download, swarm
            self._known[swarm.handle] = download.info_hash

    def drop(self, info_hash: str) -> Swarm:
        """The swarm of what has gone. Raises KeyError."""
        with self.lock:
            del self._downloads[info_hash]
            swarm = self._swarms.pop(info_hash)
            self._known.pop(swarm.handle, None)
            return swarm

    def renew(self, info_hash: str, have: Sequence[int]) -> None:
        """Put it into libtorrent anew: see Swarm.renew()."""
        with self.lock:
            download, swarm = self._downloads.get(info_hash), self._swarms.get(info_hash)
            if download and swarm:
                with download.changed:  # nothing may be told to the old handle meanwhile
                    self._known.pop(swarm.handle, None)
                    swarm.renew(download.priorities(), have)
                    self._known[swarm.handle] = info_hash

    def download(self, info_hash: str) -> Download | None:
        with self.lock:
            return self._downloads.get(info_hash)

    def swarm(self, info_hash: str) -> Swarm | None:
        with self.lock:
            return self._swarms.get(info_hash)

    def named(self, handle: Any) -> str:
        """The info hash of what libtorrent speaks of; '' for what has been dropped."""
        with self.lock:
            return self._known.get(handle, "")

    def downloads(self) -> list[Download]:
        with self.lock:
            return list(self._downloads.values())

    def swarms(self) -> dict[str, Swarm]:
        """By info hash."""
        with self.lock:
            return dict(self._swarms)

    def playing(self) -> list[Download]:
        """Those of which somebody reads."""
        return [download for download in self.downloads() if download.films()]
