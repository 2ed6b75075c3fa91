# SPDX-License-Identifier: GPL-3.0-or-later
"""Gets the torrent of an encoding, and checks that it is the one the catalogue means."""

from __future__ import annotations

import errno
import logging
from pathlib import Path
from typing import Iterator, Protocol

from ..catalog.history import History
from ..net.fetch import Fetcher
from ..works import choose, metainfo, subtitles
from ..works.errors import FetchFailed, NoSource, TorrentChanged, TorrentInvalid, TorrentPrivate
from ..works.metainfo import Metainfo, TorrentFile
from ..works.protocols import Engine, Torrent
from ..works.work import Encoding, Work
from .catalogues import local_torrent, torrent_of

log = logging.getLogger(__name__)

FETCH_SECONDS = 30.0
LOCATE_SECONDS = 10.0
SUBTITLE_SECONDS = 15.0
MAX_WEB_SEEDS = 8
MAGNET_SECONDS = 90.0


class TorrentShelf(Protocol):
    """Where torrents seen before are kept: the streaming cache."""

    def torrent(self, info_hash: str) -> bytes | None: ...


class Torrents:
    """Finds torrents: on this device, in the local folder, at their address, in the swarm."""

    def __init__(self, user_agent: str, history: Path, shelf: TorrentShelf) -> None:
        self._public = Fetcher(user_agent)
        self._local = Fetcher(user_agent, local=True)
        self._history = History(history)
        self._shelf = shelf

    def close(self) -> None:
        """Break off what is being fetched: whoever waits gets FetchFailed."""
        self._public.close()
        self._local.close()
        self._history.hurry()

    def get(
        self, work: Work, encoding: Encoding, engine: Engine, folder: Path | None, resume: float
    ) -> Torrent:
        """The torrent to stream. `folder`: that of a work of the local catalogue, else None.

        Raises FetchFailed, TorrentInvalid and its kin, NoSource, LocalFolderInvalid.
        """
        known = encoding.info_hash or (self._seen(encoding) if folder is None else "")
        data = kept(self._shelf, known) or self._fetch(encoding, engine, folder)
        meta = metainfo.parse(data)
        check(meta, known)
        film = choose.film(meta, encoding.file)
        if folder is None and not known:
            self._remember(encoding, meta)
        return Torrent(
            metainfo=data,
            file=film.index,
            trackers=encoding.trackers,
            web=film_addresses(meta, film, encoding),
            duration=work.duration,
            resume=resume,
            local=folder is not None,
        )

    def subtitles(self, url: str, local: bool) -> bytes:
        """What is at that address, up to subtitles.MAX_BYTES. Raises FetchFailed, TooLarge."""
        fetcher = self._local if local else self._public
        return fetcher.get(url, subtitles.MAX_BYTES, SUBTITLE_SECONDS)

    def web_seeds(self, torrent: Torrent, encoding: Encoding) -> Iterator[str]:
        """See web_seeds() below."""
        return web_seeds(torrent, encoding, self._local if torrent.local else self._public)

    def _fetch(self, encoding: Encoding, engine: Engine, folder: Path | None) -> bytes:
        if folder and encoding.torrent and "://" not in encoding.torrent:
            return local_torrent(folder, encoding.torrent)
        beside = torrent_of(folder, encoding.info_hash) if folder and encoding.info_hash else None
        if beside:
            return beside
        try:
            if encoding.torrent:
                fetcher = self._local if folder else self._public
                return fetcher.get(encoding.torrent, metainfo.MAX_BYTES, FETCH_SECONDS)
        except FetchFailed:
            if not encoding.info_hash:
                raise
        if not encoding.info_hash:
            raise NoSource("the record has neither a torrent's address nor an info hash")
        return engine.magnet(encoding.info_hash, encoding.trackers, MAGNET_SECONDS, folder is not None)

    # A public item of which the catalogue knows only the torrent's address: the first torrent seen
    # there is the one that is meant, until the catalogue says otherwise.

    def _seen(self, encoding: Encoding) -> str:
        return self._history.seen_torrent(encoding.torrent)

    def _remember(self, encoding: Encoding, meta: Metainfo) -> None:
        self._history.saw_torrent(encoding.torrent, meta.info_hash or meta.info_hash_v2)


def from_file(path: Path) -> bytes:
    """The .torrent file of that path. Raises TorrentInvalid for one over metainfo.MAX_BYTES, OSError."""
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "no such file", str(path))
    with path.open("rb") as opened:
        data = opened.read(metainfo.MAX_BYTES + 1)
    if len(data) > metainfo.MAX_BYTES:
        raise TorrentInvalid("%s: over %d bytes" % (path, metainfo.MAX_BYTES))
    return data


def kept(shelf: TorrentShelf, info_hash: str) -> bytes | None:
    """The torrent as it was kept; one that has come to harm on the disk counts for nothing."""
    data = shelf.torrent(info_hash) if info_hash else None
    try:
        if data:
            check(metainfo.parse(data), info_hash)
    except TorrentInvalid as error:
        log.warning("the kept torrent is damaged: %s", error)
        return None
    return data


def film_addresses(meta: Metainfo, film: TorrentFile, encoding: Encoding) -> tuple[str, ...]:
    """Where on the web the film's file is, beside the torrent's own web seeds; redirects not followed."""
    item = metainfo.item_web_seed(encoding.torrent, meta.name)
    return (*encoding.web, *((metainfo.web_address(item, meta, film),) if item else ()))


def web_seeds(torrent: Torrent, encoding: Encoding, fetcher: Fetcher) -> Iterator[str]:
    """The places on the web that have the film, as BEP 19 addresses, each as it is found to answer.

    libtorrent does follow redirects, but gets stuck where a piece holds bytes of two redirected
    files, as at archive.org: so they are resolved here, for the film's file.
    """
    meta = metainfo.parse(torrent.metainfo)
    film = next(file for file in meta.files if file.index == torrent.file)
    stated = (metainfo.web_address(seed, meta, film) for seed in meta.web_seeds)
    places = [*film_addresses(meta, film, encoding), *stated]
    for place in list(dict.fromkeys(places))[:MAX_WEB_SEEDS]:
        try:
            found = metainfo.web_seed(fetcher.locate(place, LOCATE_SECONDS), meta, film)
        except FetchFailed as error:
            log.info("no web seed: %s", error)
        else:
            if found:
                yield found


def check(meta: Metainfo, known: str) -> None:
    """Raises TorrentPrivate, and TorrentChanged for one that is not the known one ('' for none)."""
    if meta.private:
        raise TorrentPrivate(meta.name)
    if known and known not in (meta.info_hash, meta.info_hash_v2):
        raise TorrentChanged("%s instead of %s" % (meta.info_hash or meta.info_hash_v2, known))
