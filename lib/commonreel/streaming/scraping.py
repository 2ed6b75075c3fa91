# SPDX-License-Identifier: GPL-3.0-or-later
"""How many have a torrent, by the word of its trackers (BEP 48, BEP 15): nothing of it is fetched."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, Mapping, Sequence

from ..works.errors import StreamClosed
from . import adding

MAX_TRACKERS = 5  # of a torrent
POLL = 0.25  # seconds


class Scraping:
    """Asks in one libtorrent session, whose network and proxy are the viewer's."""

    def __init__(self, lt: Any, session: Any, scratch: Path) -> None:
        """`lt`: the libtorrent module. `scratch`: a folder for what libtorrent makes beside."""
        self.session = session  # None when it has ended
        self._lt = lt
        self._scratch = scratch
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def ask(self, torrents: Mapping[str, Sequence[str]], timeout: float) -> dict[str, int]:
        """Seeds by info hash, of those whose trackers answer in `timeout` seconds.

        `torrents`: trackers by info hash. Raises TorrentInvalid, StreamClosed.
        """
        handles: dict[str, Any] = {}
        until = time.monotonic() + timeout
        found: dict[str, int] = {}
        try:
            for info_hash, trackers in torrents.items():
                handles[info_hash] = self._add(info_hash, trackers[:MAX_TRACKERS])
            while len(found) < len(handles) and time.monotonic() < until and not self._stopped.wait(POLL):
                found = self._told(handles)
        finally:
            self._remove(handles)
        return found

    def stop(self) -> None:
        """Wake whoever waits."""
        self._stopped.set()

    def _add(self, info_hash: str, trackers: Sequence[str]) -> Any:
        """A torrent that rests: no peer is called, and none is let in."""
        wanted = adding.metadata(self._lt, info_hash, trackers)
        wanted.save_path = str(self._scratch)
        wanted.flags |= self._lt.torrent_flags.paused
        with self._lock:
            if self._stopped.is_set():
                raise StreamClosed("the engine is closed")
            handle = self.session.add_torrent(wanted)
            for index in range(len(trackers)):
                handle.scrape_tracker(index)
        return handle

    def _told(self, handles: Mapping[str, Any]) -> dict[str, int]:
        with self._lock:
            if self._stopped.is_set():
                return {}
            told = {info_hash: int(handle.status(0).num_complete) for info_hash, handle in handles.items()}
        return {info_hash: seeds for info_hash, seeds in told.items() if seeds >= 0}

    def _remove(self, handles: Mapping[str, Any]) -> None:
        with self._lock:
            if not self._stopped.is_set():
                for handle in handles.values():
                    self.session.remove_torrent(handle)
