# SPDX-License-Identifier: GPL-3.0-or-later
"""Films that their user names, by torrent file, address or magnet link: no catalogue, no Kodi."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Callable, Tuple

from ..net import reach
from ..net.fetch import Fetcher
from ..proxy.endpoint import Endpoint
from ..proxy.server import Listening, Proxy
from ..streaming.cache import Cache
from ..streaming.engines import best
from ..streaming.options import EngineOptions
from ..works import agent, choose, magnet, metainfo
from ..works.errors import CommonReelError, StreamClosed
from ..works.magnet import Magnet
from ..works.metainfo import Metainfo, TorrentFile
from ..works.protocols import Stream, Torrent
from ..works.work import Encoding
from .config import GIB
from .promises import Promises, fulfil
from .torrents import FETCH_SECONDS, MAGNET_SECONDS, check, film_addresses, from_file, kept, web_seeds

CACHE_LIMIT = 10 * GIB
JOIN_SECONDS = 0.4
HOST = "127.0.0.1"
_DEFAULTS = EngineOptions()

Peers = Tuple[Tuple[str, int], ...]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Request:
    """A film to open."""

    source: str  # a .torrent file's path or address, or a magnet link
    file: str = ""  # path or file name of the film in it; '' for the best that can be played
    peers: Peers = ()  # hosts and ports


class Direct:
    """Opens films and serves them to this machine, from start() to stop()."""

    def __init__(
        self,
        cache: Path,
        version: str,
        local: bool = False,
        port: int = 0,
        options: EngineOptions = _DEFAULTS,
    ) -> None:
        """`local`: sources may be on this machine and its network. `port` 0: a free one.

        Raises OSError for a folder that cannot be made.
        """
        user_agent = agent.name(version)
        cache.mkdir(parents=True, exist_ok=True)
        self._local = local
        self._cache = Cache(cache, CACHE_LIMIT)
        self._engine = best(self._cache, replace(options, user_agent=user_agent))
        self._fetcher = Fetcher(user_agent, local)
        self._films = Promises()
        self._proxy = Proxy(self._films, version, Listening(Endpoint(HOST, port)))
        self._threads: list[threading.Thread] = []
        self._following: dict[str, threading.Lock] = {}  # by info hash

    def start(self) -> None:
        """Get warm: after this, nothing but the film's own way here takes time. Raises OSError."""
        from ..net import guard  # noqa: F401 (the first fetch would import it)

        self._proxy.start()
        self._engine.warm_up(self._local)

    def stop(self) -> None:
        """End all within two seconds."""
        self._fetcher.close()
        self._films.close_all()
        self._proxy.stop()
        self._engine.close()
        until = time.monotonic() + JOIN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def open(self, request: Request) -> str:
        """The address of the film, which can be asked at once.

        Of a magnet link nobody knows yet what it leads to: who asks has to wait, and may be refused.
        Raises OSError for a file, FetchFailed, TorrentInvalid and its kin, DiskFull.
        """
        peers = tuple(chain.from_iterable(reach.resolved(*peer, self._local) for peer in request.peers))
        if magnet.is_magnet(request.source):
            return self._open_magnet(magnet.parse(request.source), request.file, peers)
        data = self._metainfo(request.source)
        meta = metainfo.parse(data)
        check(meta, "")
        known = Encoding(torrent=request.source if _is_address(request.source) else "")
        torrent = self._torrent(data, meta, _film(meta, request.file), known, peers)
        stream = self._engine.open(torrent)
        secret, film = self._films.add()
        fulfil(film, stream)
        if meta.web_seeds or torrent.web:
            self._behind(lambda: self._add_web_seeds(stream, torrent, known))
        return self._proxy.media_address(secret, stream.name)

    def _open_magnet(self, link: Magnet, file: str, peers: Peers) -> str:
        secret, film = self._films.add()
        name = file.rpartition("/")[2].strip(".") or link.name
        address = self._proxy.media_address(secret, name)
        self._behind(lambda: self._follow(link, file, peers, film))
        return address

    # Torrents

    def _metainfo(self, source: str) -> bytes:
        if _is_address(source):
            return self._fetcher.get(source, metainfo.MAX_BYTES, FETCH_SECONDS)
        return from_file(Path(source))

    def _follow(self, link: Magnet, file: str, peers: Peers, film: Future[Stream]) -> None:
        """Get the film of a magnet link."""
        try:
            # Of two who want the same, the second finds what the first has opened.
            with self._following.setdefault(link.key, threading.Lock()):
                torrent, known = self._found(link, file, peers)
                stream = self._engine.open(torrent)
        except CommonReelError as error:
            log.warning("%s does not open: %s", link.key, error)
            fulfil(film, error)
        except Exception as error:  # whatever it is, the player must not wait for ever
            log.exception("%s does not open", link.key)
            fulfil(film, CommonReelError(repr(error)))
        else:
            fulfil(film, stream)
            self._add_web_seeds(stream, torrent, known)

    def _found(self, link: Magnet, file: str, peers: Peers) -> tuple[Torrent, Encoding]:
        """The torrent of a magnet link, kept here or sent by a peer, and what the link says beside it."""
        peers += reach.stated(link.peers, self._local)
        data = kept(self._cache, link.key) or self._engine.magnet(
            link.key, link.trackers, MAGNET_SECONDS, self._local, peers
        )
        meta = metainfo.parse(data)
        for stated in (link.info_hash, link.info_hash_v2):
            check(meta, stated)
        wanted = _film(meta, file)
        web = tuple(metainfo.web_address(seed, meta, wanted) for seed in link.web_seeds)
        known = Encoding(trackers=link.trackers, web=web)
        return self._torrent(data, meta, wanted, known, peers), known

    def _torrent(
        self, data: bytes, meta: Metainfo, film: TorrentFile, known: Encoding, peers: Peers
    ) -> Torrent:
        """`known`: trackers and web addresses beside the torrent's own."""
        web = film_addresses(meta, film, known)
        return Torrent(data, film.index, known.trackers, web=web, peers=peers, local=self._local)

    def _add_web_seeds(self, stream: Stream, torrent: Torrent, known: Encoding) -> None:
        if self._engine.web_only:
            return  # it has them all
        try:
            for seed in web_seeds(torrent, known, self._fetcher):
                stream.add_web_seed(seed)
        except StreamClosed:
            log.info("%s was closed before all its web seeds had answered", stream.name)

    def _behind(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run, name="commonreel-opening", daemon=True)
        self._threads = [*filter(threading.Thread.is_alive, self._threads), thread]
        thread.start()


def _is_address(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _film(meta: Metainfo, name: str) -> TorrentFile:
    """The file to play. Raises NothingPlayable."""
    return choose.named(meta, name) if name else choose.film(meta)
