# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrents of which only the hash is known: their metadata comes from peers (BEP 9)."""

from __future__ import annotations

import re
import shutil
import threading
import time
from pathlib import Path
from typing import Any

from ..works.errors import NoSource, StreamClosed, TorrentInvalid
from . import adding

CALL_SECONDS = 4.0

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")  # v1, v2


class Magnets:
    """Those that somebody waits for, in one libtorrent session."""

    def __init__(self, lt: Any, session: Any, scratch: Path) -> None:
        """`lt`: the libtorrent module. `scratch`: a folder for what libtorrent makes beside."""
        self.session = session  # None when it has ended
        self._lt = lt
        self._scratch = scratch
        self._lock = threading.Lock()
        self._waiting: dict[Any, threading.Event] = {}  # by libtorrent's handles
        self._stopped = False

    def get(
        self,
        info_hash: str,
        trackers: tuple[str, ...],
        timeout: float,
        peers: tuple[tuple[str, int], ...] = (),
    ) -> bytes:
        """The metainfo. Raises NoSource when nobody has sent it in `timeout` seconds, and when the
        session ends; TorrentInvalid for what is no hash."""
        if not _HASH.fullmatch(info_hash):  # it becomes part of a path and of a link
            raise TorrentInvalid("no info hash: %.80r" % info_hash)
        wanted = adding.metadata(self._lt, info_hash, trackers)
        wanted.save_path = str(self._scratch / info_hash)
        wanted.peers = list(peers)
        received = threading.Event()
        with self._lock:
            if self._stopped:
                raise StreamClosed("the engine is closed")
            handle = self.session.add_torrent(wanted)
            self._waiting[handle] = received
        try:
            until = time.monotonic() + timeout
            while not received.wait(min(CALL_SECONDS, max(0.0, until - time.monotonic()))):
                if time.monotonic() >= until:
                    break
                self._call(handle)
            with self._lock:
                info = handle.torrent_file() if received.is_set() and not self._stopped else None
            if info is None:
                raise NoSource("nobody has sent the metadata of " + info_hash)
            return b"d4:info" + bytes(info.info_section()) + b"e"
        finally:
            with self._lock:
                del self._waiting[handle]
                if not self._stopped:
                    self.session.remove_torrent(handle, self._lt.session.delete_files)
            shutil.rmtree(self._scratch / info_hash, ignore_errors=True)

    def _call(self, handle: Any) -> None:
        """Ask the DHT once more: who has just begun has asked nobody yet, and libtorrent asks again only
        after a quarter of an hour."""
        with self._lock:
            if not self._stopped:
                handle.force_dht_announce()

    def received(self, handle: Any) -> None:
        """The metadata of that torrent is here."""
        with self._lock:
            waiting = self._waiting.get(handle)
        if waiting:
            waiting.set()

    def stop(self) -> None:
        """Wake everybody who waits."""
        with self._lock:
            self._stopped = True
            for waiting in self._waiting.values():
                waiting.set()
