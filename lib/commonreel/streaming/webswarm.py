# SPDX-License-Identifier: GPL-3.0-or-later
"""One torrent's web seeds in place of a swarm: what they give goes into the cache."""

from __future__ import annotations

import collections
import errno
import logging
import sys
import time
from typing import Callable, Iterable

from ..net.ranged import Ranges
from ..works import metainfo
from ..works.errors import CommonReelError, DiskFull, NoSource, is_full
from ..works.metainfo import Metainfo
from ..works.protocols import Torrent
from . import account
from .cache import Cache
from .swarm import Traffic
from .torrent import Download
from .web import WebFetcher
from .webseeds import Seed

SAVE = 5.0  # seconds between accounts of what is here
RETRY = 5.0  # seconds until a disk that was full is tried again
RATE_SECONDS = 3.0  # over which the rate is taken

log = logging.getLogger(__name__)


class WebSwarm:
    """What Download tells a swarm, done by web seeds: see supply.Supply."""

    def __init__(
        self, meta: Metainfo, download: Download, ranges: Ranges, cache: Cache, tidy: Callable[[], object]
    ) -> None:
        """`tidy`: makes room on a full disk, if it can."""
        self.download = download
        self.fetcher = WebFetcher(download.pieces, ranges, download.have, self._store, self._hope)
        self._meta = meta
        self._cache = cache
        self._tidy = tidy
        self._checked: list[bool] = []
        self._recheck = False
        self._went_on = 0  # how many times
        self._retry_at = 0.0
        self._saved = download.have.count(1)
        self._save_at = time.monotonic() + SAVE
        self._history: collections.deque[tuple[float, int]] = collections.deque([(time.monotonic(), 0)])

    def start(self) -> None:
        """Once the download has its first film."""
        self.download.start(self)
        self.fetcher.prioritise(enumerate(self.download.priorities()))
        self.fetcher.start()

    def add_sources(self, torrent: Torrent) -> None:
        """The web seeds that the torrent names or came with, each once."""
        film = self.download.pieces.file(torrent.file)
        for address in torrent.web:
            seed = metainfo.web_seed(address, self._meta, film)
            files = None if seed else {film.index: address}  # else its neighbours lie beside it
            self.fetcher.add_seed(Seed(seed or address, self._meta, files))
        for address in (*torrent.web_seeds, *self._meta.web_seeds):
            self.add_web_seed(address)

    def go_on(self) -> None:
        """After a disk was full."""
        self._went_on += 1
        if self.download.error:
            self.download.failed(None)
        self.fetcher.go_on()

    def tick(self) -> None:
        """Every second, on the engine's thread."""
        if self._recheck:
            self._check()
            self._recheck = False
        self.download.tick()
        full = isinstance(self.download.error, DiskFull)
        if full and time.monotonic() >= self._retry_at and not self._cache.full():
            self.go_on()
        self._history.append((time.monotonic(), self.fetcher.received))
        while self._history[0][0] < time.monotonic() - RATE_SECONDS and len(self._history) > 2:
            self._history.popleft()
        if time.monotonic() >= self._save_at:
            self.save()

    def save(self) -> None:
        """Write down which pieces are here, if there are more than last time."""
        self._save_at = time.monotonic() + SAVE
        here = self.download.have.count(1)
        if here == self._saved:
            return
        try:
            self._cache.keep_resume(self.download.info_hash, account.write(self._meta, self.download.have))
            self._saved = here
        except OSError as error:
            log.warning("%s: %s", self.download.info_hash, error)

    # Supply

    def prioritise(self, priorities: Iterable[tuple[int, int]]) -> None:
        self.fetcher.prioritise(priorities)

    def press(self, needy: bool) -> None:
        """What is in flight is little, and can be cut: nobody waits for it."""

    def to_come(self) -> int:
        return sys.maxsize

    def hurry(self, piece: int) -> None:
        self.fetcher.hurry(piece)

    def take_back(self, piece: int) -> None:
        """What is asked for is little, and not waited for when something else is wanted more."""

    def end_hurry(self) -> None:
        self.fetcher.end_hurry()

    def reconnect(self) -> None:
        """Servers are asked again by themselves."""

    def add_web_seed(self, address: str) -> None:
        self.fetcher.add_seed(Seed(address, self._meta))

    def flush(self) -> None:
        """What arrives is in the files at once: what is not there was lost before."""
        self._recheck = True

    def recheck(self) -> None:
        self._recheck = True

    def have(self) -> list[bool]:
        return self._checked

    def begun(self) -> dict[int, int]:
        return {}

    def traffic(self) -> Traffic:
        total = self.fetcher.received
        began, before = self._history[0]
        rate = int((total - before) / max(time.monotonic() - began, 0.5))
        seeds = sum(seed.proven and not seed.banned for seed in self.fetcher.seeds)
        return Traffic(web_seeds=seeds, rate=rate, from_web=total)

    # Of the fetcher

    def _store(self, piece: int, data: memoryview) -> bool:
        download, began = self.download, self._went_on
        try:
            try:
                self._write(piece, data)
            except OSError as error:
                if not is_full(error):
                    raise
                self._tidy()  # whether it makes room, or another thread has just done so
                self._write(piece, data)
        except OSError as error:
            log.warning("%s: %s", download.info_hash, error)
            if self._went_on == began:  # else somebody wants it tried again
                self.fetcher.pause()
                self._retry_at = time.monotonic() + RETRY
                download.failed(DiskFull(str(error)) if is_full(error) else CommonReelError(str(error)))
            return False
        download.arrived(piece)
        download.prepare()
        if isinstance(download.error, NoSource):  # something has come after all
            download.failed(None)
        return True

    def _write(self, piece: int, data: memoryview) -> None:
        """Raises OSError, also where the disk has no room but what is left for others."""
        if self._cache.full():
            raise OSError(errno.ENOSPC, "no room is left for others")
        self.download.pieces.write(piece, data)

    def _hope(self, reason: str) -> None:
        if reason:
            self.download.failed(NoSource(reason))
        elif isinstance(self.download.error, NoSource):
            self.download.failed(None)

    def _check(self) -> None:
        pieces = self.download.pieces
        said = list(self.download.have)
        wrong = {piece for piece, here in enumerate(said) if here and not pieces.verify(piece)}
        have = self.download.have  # more may have come meanwhile
        self._checked = [bool(here) and piece not in wrong for piece, here in enumerate(have)]
        self.download.recount()
        self.fetcher.prioritise(enumerate(self.download.priorities()))
