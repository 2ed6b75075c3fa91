# SPDX-License-Identifier: GPL-3.0-or-later
"""The BitTorrent engine on libtorrent (2.0.8 to 2.1): implements works.protocols.Engine.

The only importer of libtorrent. It keeps two sessions apart, each from its first film on (until then
nothing goes out): one whose sources are public, and one whose sources may be on this machine and
network. libtorrent knows one
list of refused addresses for a session; its switch for single torrents leaves web seeds out.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import warnings
from typing import Any, Mapping

from ..works import metainfo
from ..works.errors import NoEngine, RestartNeeded, StreamClosed, TorrentPrivate
from ..works.protocols import Reach, Share, SignedItem, Stream, Torrent
from . import interface, vendored
from .cache import Cache
from .options import EngineOptions
from .transfers import Transfers

__all__ = ["EngineOptions", "LibtorrentEngine"]

MARK = "COMMONREEL_LIBTORRENT"  # in the environment: the process that has imported libtorrent
CLOSING = 1.4  # seconds

log = logging.getLogger(__name__)


def _libtorrent() -> Any:
    """The module. Raises NoEngine, RestartNeeded.

    From Python 3.12 on, a second interpreter of the process that imports it gets its classes mixed up
    with those of the first.
    """
    process = str(os.getpid())
    again = "libtorrent" not in sys.modules and os.environ.get(MARK) == process
    if again and sys.version_info >= (3, 12):
        raise RestartNeeded("libtorrent was imported before in process " + process)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*to-Python converter", RuntimeWarning)
        try:
            libtorrent = _import()
        except ImportError as error:
            raise NoEngine(str(error)) from error
    os.environ[MARK] = process
    log.info("libtorrent %s from %s", libtorrent.__version__, libtorrent.__file__)
    return libtorrent


def _import() -> Any:
    """The one in the add-on's zip, where it has one that loads here, else the system's."""
    try:
        with vendored.first():
            import libtorrent
    except ImportError as error:
        log.info("%s", error)
        import libtorrent
    return libtorrent


class LibtorrentEngine:
    """Fetches films from peers and web seeds. Raises NoEngine where libtorrent cannot be imported."""

    web_only = ""

    def __init__(self, cache: Cache, options: EngineOptions) -> None:
        self._lt = _libtorrent()
        self.name = "libtorrent %s" % self._lt.__version__
        self._cache = cache
        self._options = options
        self._lock = threading.RLock()
        self._closed = False
        self._sessions: dict[bool, Transfers] = {}  # by whether their sources may be local
        cache.sweep()
        self.tidy()

    def open(self, torrent: Torrent) -> Stream:
        """Raises TorrentInvalid, TorrentPrivate, DiskFull, InterfaceMissing, ProxyMissing."""
        meta = metainfo.parse(torrent.metainfo)
        if meta.private:
            raise TorrentPrivate(meta.name)
        info_hash = meta.info_hash or meta.info_hash_v2
        with self._lock:
            chosen = self._transfers(torrent.local)
            for other in self._all():
                if other is not chosen and info_hash in other.playing():
                    chosen = other
                elif other is not chosen:
                    other.drop(info_hash)  # two sessions must not write one file
            return chosen.open(info_hash, meta, torrent)

    def warm_up(self, local: bool) -> None:
        """Start the session that has such sources before its first film."""
        with self._lock:
            self._transfers(local)

    def magnet(
        self,
        info_hash: str,
        trackers: tuple[str, ...],
        timeout: float,
        local: bool,
        peers: tuple[tuple[str, int], ...] = (),
    ) -> bytes:
        """Raises NoSource when nobody has sent it in `timeout` seconds, and when the engine closes."""
        with self._lock:
            chosen = self._transfers(local)
            held = any(each.holds(info_hash) for each in self._all())
        known = self._cache.torrent(info_hash) if held else None
        if known:  # libtorrent would never say that it has come
            return known
        return chosen.magnet(info_hash, trackers, timeout, peers)

    def item(
        self, key: bytes, salt: bytes, timeout: float, nodes: tuple[tuple[str, int], ...] = ()
    ) -> SignedItem:
        """Raises NoSource, DhtOff, StreamClosed, InterfaceMissing, ProxyMissing."""
        with self._lock:
            public = self._transfers(False)
        return public.item(key, salt, timeout, nodes)

    def drop(self, info_hash: str) -> None:
        with self._lock:
            for transfers in () if self._closed else self._all():
                transfers.drop(info_hash)

    def playing(self) -> list[str]:
        """The info hashes of what somebody reads."""
        return [info_hash for transfers in self._all() for info_hash in transfers.playing()]

    def reach(self) -> Reach:
        """Of the session for public sources: that for local ones is not open to the world."""
        with self._lock:
            public = self._sessions.get(False)
        return public.reach() if public else Reach()

    def forget(self, info_hash: str) -> None:
        with self._lock:
            if info_hash not in self._cache.played().union(self.playing()):
                self.drop(info_hash)
                self._cache.remove(info_hash)

    def shares(self) -> Mapping[str, Share]:
        with self._lock:
            every = self._all()
        return {name: share for transfers in every for name, share in transfers.shares().items()}

    def seeds(self, torrents: Mapping[str, Torrent], timeout: float) -> Mapping[str, int]:
        with self._lock:
            sessions = {local: self._transfers(local) for local in {each.local for each in torrents.values()}}
        found: dict[str, int] = {}
        for local, transfers in sessions.items():
            asked = {name: torrent for name, torrent in torrents.items() if torrent.local == local}
            found.update(transfers.seeds(asked, timeout))
        return found

    def configure(self, options: EngineOptions) -> None:
        """The user has changed them. All take effect at once."""
        with self._lock:
            self._options = options
            for transfers in self._all():
                transfers.configure(options)
        self.tidy()  # the cache may have become smaller

    def tidy(self) -> bool:
        """Trim the cache; whether that made room."""
        with self._lock:
            surplus = self._cache.surplus(self.playing())
            for info_hash in surplus:
                log.info("%s goes from the cache", info_hash)
                for transfers in self._all():
                    transfers.drop(info_hash)
                self._cache.remove(info_hash)
        return bool(surplus)

    def close(self, seconds: float = CLOSING) -> None:
        with self._lock:
            if self._closed:
                return
            self._closed = True
            every = self._all()
        until = time.monotonic() + seconds
        for transfers in every:
            transfers.stop(until)
        for transfers in every:
            transfers.join()

    def _transfers(self, local: bool) -> Transfers:
        if self._closed:
            raise StreamClosed("the engine is closed")
        if local not in self._sessions:
            interface.check(self._options)  # before there is a session that could go another way
            self._sessions[local] = Transfers(self._lt, self._cache, self._options, local, self.tidy)
        return self._sessions[local]

    def _all(self) -> list[Transfers]:
        return list(self._sessions.values())
