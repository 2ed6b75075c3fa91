# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine without libtorrent, and without other viewers: implements works.protocols.Engine in pure Python.

It takes pieces from web seeds alone, and keeps them in the same cache, laid out in the same way.
"""

from __future__ import annotations

import ipaddress
import logging
import threading
import time
from typing import Any, Mapping

from ..net.ranged import Ranges
from ..works import metainfo
from ..works.errors import DiskFull, NoEngine, StreamClosed, TorrentPrivate
from ..works.metainfo import Metainfo
from ..works.protocols import Reach, Share, SignedItem, Stream, Torrent
from . import account, interface
from .cache import Cache
from .options import EngineOptions
from .pieces import Pieces
from .torrent import Download
from .webswarm import WebSwarm

TICK = 1.0
TIDY = 15.0  # seconds between looks at the cache while it grows
CLOSING = 1.2  # seconds

log = logging.getLogger(__name__)


def allowed(options: EngineOptions) -> bool:
    """Whether it can go the ways that the user wants: only libtorrent knows proxies, and network devices by
    their names."""
    try:
        return not options.proxy.kind and bool(ipaddress.ip_address(options.interface or "::"))
    except ValueError:
        return False


class WebEngine:
    """Fetches films from web servers. Its lock is never taken while a download's is held."""

    name = "web servers"

    def __init__(self, cache: Cache, options: EngineOptions, lack: NoEngine) -> None:
        """`lack`: why libtorrent is not used."""
        self.web_only = lack.code
        self._lack = lack
        self._cache = cache
        self._options = options
        self._changed = threading.Condition(threading.RLock())
        self._swarms: dict[str, WebSwarm] = {}  # of what somebody reads
        self._ending: list[WebSwarm] = []
        self._closed = False
        self._thread: threading.Thread | None = None
        if not cache.players:  # else another engine is at work in it
            cache.sweep()
        self.tidy()

    def open(self, torrent: Torrent) -> Stream:
        """Raises TorrentInvalid, TorrentPrivate, DiskFull, InterfaceMissing, ProxyMissing, NoEngine."""
        meta = metainfo.parse(torrent.metainfo)
        if meta.private:
            raise TorrentPrivate(meta.name)
        interface.check(self._options)
        with self._changed:
            if self._closed:
                raise StreamClosed("the engine is closed")
            info_hash = meta.info_hash or meta.info_hash_v2
            swarm = self._swarms.get(info_hash)
            if swarm:
                film = swarm.download.open(torrent)
                swarm.add_sources(torrent)
                swarm.go_on()
                self._cache.used(info_hash)
                return film
            return self._open_first(info_hash, meta, torrent)

    def warm_up(self, local: bool) -> None:
        """Nothing has to be started before the first film."""

    def magnet(self, info_hash: str, *_: Any, **__: Any) -> bytes:
        """Raises NoEngine, always: only peers have the metadata of a torrent (BEP 9)."""
        raise type(self._lack)("only peers have the metadata of %s: %s" % (info_hash, self._lack.detail))

    def item(self, *_: Any, **__: Any) -> SignedItem:
        """Raises NoEngine, always: the DHT is made of peers."""
        raise type(self._lack)("only peers take part in the DHT: %s" % self._lack.detail)

    def drop(self, info_hash: str) -> None:
        with self._changed:
            swarm = self._swarms.get(info_hash)
            if swarm:
                swarm.download.close()

    def playing(self) -> list[str]:
        """The info hashes of what somebody reads. Takes no lock: another engine may hold its own."""
        return list(self._swarms)

    def reach(self) -> Reach:
        """Nobody gets here: it only asks."""
        return Reach()

    def forget(self, info_hash: str) -> None:
        with self._changed:
            if info_hash not in self._cache.played().union(self._swarms):
                self._cache.remove(info_hash)

    def shares(self) -> Mapping[str, Share]:
        """Nothing is given to others."""
        return {}

    def seeds(self, *_: Any) -> Mapping[str, int]:
        """Trackers are for those who share."""
        return {}

    def configure(self, options: EngineOptions) -> None:
        """The user has changed them: they hold from the next film on."""
        with self._changed:
            self._options = options
        self.tidy()

    def tidy(self) -> bool:
        """Trim the cache; whether that made room."""
        with self._changed:
            surplus = self._cache.surplus(self.playing())
            for info_hash in surplus:
                log.info("%s goes from the cache", info_hash)
                self._cache.remove(info_hash)
        return bool(surplus)

    def close(self, seconds: float = CLOSING) -> None:
        with self._changed:
            if self._closed:
                return
            self._closed = True
            for swarm in list(self._swarms.values()):
                swarm.download.close()
            self._changed.notify_all()
        until = time.monotonic() + seconds
        for swarm in self._ending:
            swarm.fetcher.join(until - time.monotonic())
        if self._thread:
            self._thread.join(max(0.0, until - time.monotonic()))

    def _open_first(self, info_hash: str, meta: Metainfo, torrent: Torrent) -> Stream:
        ranges = Ranges(self._options.user_agent, torrent.local, self._source())
        try:
            folder = self._cache.keep_torrent(info_hash, torrent.metainfo)
        except OSError as error:
            raise DiskFull(str(error)) from error
        pieces = Pieces(meta, folder)
        have = account.read(self._cache.resume(info_hash), pieces.count)
        download = Download(info_hash, pieces, have, self._idle)
        film = download.open(torrent)
        swarm = WebSwarm(meta, download, ranges, self._cache, self.tidy)
        swarm.add_sources(torrent)
        self._swarms[info_hash] = swarm
        swarm.start()
        if not self._thread:
            self._thread = threading.Thread(target=self._run, name="commonreel-web-engine", daemon=True)
            self._thread.start()
        self._changed.notify_all()
        return film

    def _source(self) -> str:
        """The address of this device that alone may be used, '' for any. Raises NoEngine for ways that
        only libtorrent knows: nothing may go round them."""
        chosen = self._options.interface
        try:
            if chosen:
                ipaddress.ip_address(chosen)
        except ValueError as error:
            raise self._without("a network device by its name") from error
        if self._options.proxy.kind:
            raise self._without("a proxy")
        return chosen

    def _without(self, what: str) -> NoEngine:
        return type(self._lack)("only libtorrent could use %s: %s" % (what, self._lack.detail))

    def _idle(self, download: Download) -> None:
        """Nobody reads of it any more."""
        with self._changed:
            swarm = self._swarms.get(download.info_hash)
            if not swarm or swarm.download is not download or download.films():
                return  # somebody has come meanwhile
            del self._swarms[download.info_hash]
            swarm.fetcher.stop()
            swarm.save()
            self._cache.used(download.info_hash)
            self._ending = [*(each for each in self._ending if each.fetcher.busy), swarm]

    def _run(self) -> None:
        tidy_at = 0.0
        while True:
            with self._changed:
                if not self._swarms and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                swarms = list(self._swarms.values())
            try:
                for swarm in swarms:
                    swarm.tick()
                if time.monotonic() >= tidy_at:
                    tidy_at = time.monotonic() + TIDY
                    self.tidy()
            except Exception:  # without this thread nothing late would be hurried any more
                log.exception("the engine stumbles, and goes on")
            with self._changed:
                if not self._closed:
                    self._changed.wait(TICK)
