# SPDX-License-Identifier: GPL-3.0-or-later
"""The torrents of one libtorrent session, and the thread that hears its alerts."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from typing import Any, Callable, Mapping, Sequence

from ..works import metainfo
from ..works.errors import (
    CommonReelError,
    DhtBehindProxy,
    DhtOff,
    InterfaceMissing,
    ProxyMissing,
    TorrentInvalid,
)
from ..works.metainfo import Metainfo
from ..works.protocols import Reach, Share, SignedItem, Torrent
from . import adding, interface, parting
from .cache import Cache
from .film import Film
from .hearing import Hearing, disk_error
from .items import Items
from .magnets import Magnets
from .options import EngineOptions, adjustable, refused, route, settings, uses_dht
from .pieces import Pieces
from .room import Room
from .scraping import Scraping
from .sharing import Sharing
from .swarm import Pace, Swarm
from .torrent import Download
from .torrents import Torrents

LATE_UTP = 8.0  # seconds after a start until peers that only speak uTP get their chance
TICK = 1.0
SAVE = 15.0  # seconds between accounts of what is here
SOON = 0.005
GLANCE = 0.03
LOOK = 5.0  # seconds between looks at what may be given, and at the network
LAST_SAVE = 0.4  # seconds that the end may take for the last accounts
# Seconds that it may take to abandon a session. Python's own end would else meet the thread in the midst of
# libtorrent, and C++ aborts the process then.
ABANDONING = 0.25

log = logging.getLogger(__name__)


class Transfers:
    """Downloads and what is shared. Its lock is never taken while a download's is held."""

    def __init__(
        self, lt: Any, cache: Cache, options: EngineOptions, local: bool, tidy: Callable[[], bool]
    ) -> None:
        """`lt`: the libtorrent module. `local`: sources may be on this machine and network.
        `tidy`: to be called when the cache may have grown, and when a disk is full."""
        self._lt = lt
        self._cache = cache
        self._options = options
        self._local = local
        self._tidy = tidy
        self._session = lt.session({"alert_mask": Hearing.mask(lt), **settings(options, local)})
        adding.set_filters(lt, self._session, refused(options, local))
        self._pace = Pace(self._session)
        self._sharing = Sharing(self._pace, options)
        self._torrents = Torrents()
        self._lock = self._torrents.lock
        self._doubted: set[str] = set()  # info hashes of what is on disk otherwise than it should be
        self._magnets = Magnets(lt, self._session, cache.folder / "magnets")
        self._scraping = Scraping(lt, self._session, cache.folder / "magnets")
        self._items = Items(lt, self._session, Hearing.mask(lt))
        self._utp_at = 0.0  # when to allow uTP
        self._look_at = 0.0
        self._cut_off: CommonReelError | None = None
        self._untidy = True
        self._room = Room(cache, tidy, self._hold, self._take_up)
        self._hearing = Hearing(lt, self._torrents, cache, self._room, self._magnets, self._items)
        self._session.set_alert_fd(self._hearing.bell.fd)
        self._stopped = False
        self._until = 0.0  # when to have ended; 0: not yet
        self._thread = threading.Thread(target=self._run, name="commonreel-transfers", daemon=True)
        self._thread.start()

    def open(self, info_hash: str, meta: Metainfo, torrent: Torrent) -> Film:
        """Raises TorrentInvalid, DiskFull, InterfaceMissing."""
        self._check_network()
        with self._lock:
            self._session.apply_settings({"enable_outgoing_utp": False})
            self._utp_at = time.monotonic() + LATE_UTP if self._options.utp else 0.0
            download, swarm = self._torrents.download(info_hash), self._torrents.swarm(info_hash)
            if download and swarm:
                return self._open_again(download, swarm, torrent)
            return self._open_first(info_hash, meta, torrent)

    def magnet(
        self,
        info_hash: str,
        trackers: tuple[str, ...],
        timeout: float,
        peers: tuple[tuple[str, int], ...] = (),
    ) -> bytes:
        """See Magnets.get(). Raises InterfaceMissing."""
        self._check_network()
        waiting = object()
        self._pace.press(waiting, True)
        try:
            return self._magnets.get(info_hash, adding.askable(trackers, self._local), timeout, peers)
        finally:
            self._pace.press(waiting, False)

    def item(
        self, key: bytes, salt: bytes, timeout: float, nodes: Sequence[tuple[str, int]] = ()
    ) -> SignedItem:
        """See Items.get(). Raises DhtOff, InterfaceMissing, ProxyMissing."""
        self._check_network()
        if not uses_dht(self._options, self._local):
            raise DhtBehindProxy() if self._options.proxy.kind else DhtOff()
        return self._items.get(key, salt, timeout, nodes)

    def holds(self, info_hash: str) -> bool:
        """Whether it has that torrent."""
        return self._torrents.download(info_hash) is not None

    def playing(self) -> list[str]:
        """The info hashes of which somebody reads."""
        return [download.info_hash for download in self._torrents.playing()]

    def drop(self, info_hash: str) -> None:
        """Forget a torrent, and close its films; what is on disk stays."""
        with self._lock:
            download = self._torrents.download(info_hash)
            if download:
                download.close()
                self._session.remove_torrent(self._torrents.drop(info_hash).handle)

    def reach(self) -> Reach:
        with self._lock:
            if self._stopped:
                return Reach()
            heard = self._hearing
            return Reach(self._session.listen_port(), bool(heard.mapped), heard.incoming)

    def shares(self) -> dict[str, Share]:
        """All that others may get from here, by info hash. Asks libtorrent."""
        found = {}
        for info_hash, swarm in self._torrents.swarms().items():
            with contextlib.suppress(RuntimeError):  # libtorrent's, for what has been dropped meanwhile
                found[info_hash] = swarm.share()
        return found

    def seeds(self, torrents: Mapping[str, Torrent], timeout: float) -> dict[str, int]:
        """See Scraping.ask(). Raises InterfaceMissing, StreamClosed."""
        self._check_network()
        known = self.shares()
        asked = {name: self._trackers(each) for name, each in torrents.items() if name not in known}
        found = {name: share.seeds for name, share in known.items() if name in torrents}
        return {**found, **self._scraping.ask(asked, timeout)}

    def _trackers(self, torrent: Torrent) -> tuple[str, ...]:
        return adding.askable([*metainfo.parse(torrent.metainfo).trackers, *torrent.trackers], self._local)

    def configure(self, options: EngineOptions) -> None:
        with self._lock:
            moved = route(options) != route(self._options)
            self._options = options
            if moved:
                self._utp_at = 0.0
                self._session.apply_settings({"enable_outgoing_utp": False})
                self._session.pause()  # what goes the old way ends
            self._session.apply_settings(adjustable(options, self._local))
            adding.set_filters(self._lt, self._session, refused(options, self._local))
            if moved and not self._cut_off:
                self._session.resume()
        self._look_soon()

    def stop(self, until: float) -> None:
        """Wake everybody who waits, and end by then (monotonic seconds); returns at once."""
        with self._lock:
            self._stopped = True
            downloads = self._torrents.downloads()
        self._magnets.stop()
        self._scraping.stop()
        self._items.stop()
        for download in downloads:
            download.close()
        parting.take_leave(self._session)
        with self._lock:
            self._until = until
            self._hearing.bell.ring()

    def join(self) -> None:
        """After stop(): no thread is left, unless libtorrent, or the disk, is still busy when it should have
        ended."""
        self._thread.join(max(0.0, self._until - time.monotonic()))
        if self._thread.is_alive():
            log.warning("a session is still busy ending")

    # Opening

    def _open_first(self, info_hash: str, meta: Metainfo, torrent: Torrent) -> Film:
        try:
            folder = self._cache.keep_torrent(info_hash, torrent.metainfo)
        except OSError as error:
            raise disk_error(error.errno, str(error)) from error
        account = self._account(info_hash)
        pieces = Pieces(meta, folder)
        have = list(account.have_pieces) if account else []
        download = Download(info_hash, pieces, have, self._idle)
        film = download.open(torrent)
        wanted = adding.film(self._lt, meta, torrent)
        wanted.save_path = str(folder)
        wanted.piece_priorities = download.priorities()
        if account:
            wanted.have_pieces = have
            wanted.unfinished_pieces = account.unfinished_pieces
            wanted.total_uploaded = account.total_uploaded  # of which the ratio is made
            wanted.total_downloaded = account.total_downloaded
        try:
            swarm = Swarm(wanted, self._pace, lambda: self._doubt(info_hash))
        except RuntimeError as error:
            raise TorrentInvalid(str(error)) from error
        self._torrents.add(download, swarm)
        download.start(swarm)
        return film

    def _open_again(self, download: Download, swarm: Swarm, torrent: Torrent) -> Film:
        film = download.open(torrent)
        self._cache.used(download.info_hash)
        if download.error:
            self._take_up(download)
        swarm.add_sources(torrent)
        swarm.resume()
        return film

    def _account(self, info_hash: str) -> Any:
        """What libtorrent wrote down of a torrent's pieces; None if that is no use. Only a claim."""
        kept = self._cache.resume(info_hash)
        try:
            return self._lt.read_resume_data(kept) if kept else None
        except RuntimeError as error:
            log.warning("%s: %s", info_hash, error)
            return None

    # Resting

    def _idle(self, download: Download) -> None:
        """Nobody reads of it any more."""
        with self._lock:
            swarm = self._torrents.swarm(download.info_hash)
            here = swarm and self._torrents.download(download.info_hash) is download
            if swarm and here and not self._stopped and not download.films():  # nobody has come meanwhile
                self._cache.used(download.info_hash)
                swarm.save()
                self._look_soon()
                self._untidy = True

    def _hold(self, download: Download) -> None:
        """Nothing more of it is written."""
        with self._lock:
            swarm = self._torrents.swarm(download.info_hash)
            if swarm:
                adding.forbid_writing(self._lt, swarm.handle)

    def _take_up(self, download: Download) -> None:
        """Begin with it anew."""
        with self._lock:
            if self._torrents.download(download.info_hash) is download:
                download.sift()
                self._torrents.renew(download.info_hash, download.have)
                download.failed(self._cut_off)

    def _doubt(self, info_hash: str) -> None:
        """Under the lock of that download."""
        self._doubted.add(info_hash)
        self._hearing.bell.ring()

    def _recheck(self) -> None:
        while self._doubted:
            self._torrents.renew(self._doubted.pop(), ())

    # The thread

    def _run(self) -> None:
        next_tick = next_save = 0.0
        while not self._until:
            active = self._torrents.playing()
            now = time.monotonic()
            try:
                self._recheck()
                self._hearing.listen(self._session, min(map(self._glance, active), default=TICK))
                if now >= next_tick:
                    next_tick = now + TICK
                    self._tick(active, now)
                if now >= self._look_at:
                    self._look_at = now + LOOK
                    self._look(now)
                if active and now >= next_save:
                    next_save = now + SAVE
                    self._untidy = True  # what plays grows
                    self._save(active)
            except Exception:  # without this thread no film would ever play again
                log.exception("the engine stumbles, and goes on")
                self._hearing.bell.wait(TICK)
        self._save_last()
        self._part()

    def _glance(self, download: Download) -> float:
        """Look at what a film gets ready with; seconds until the next look. Whatever happens to one film,
        the others go on."""
        try:
            waiting, beginning = download.prepare(), download.foresee()
        except Exception:
            log.exception("%s cannot get ready", download.info_hash)
            return TICK
        return SOON if waiting else GLANCE if beginning else TICK

    def _tick(self, active: list[Download], now: float) -> None:
        for download in active:
            self._look_after(download, download.tick())
        if self._utp_at and now >= self._utp_at:
            self._utp_at = 0.0
            self._session.apply_settings({"enable_outgoing_utp": True})
        if self._untidy:
            self._untidy = False
            self._tidy()
        self._room.look(active, now)

    def _look_after(self, download: Download, late: list[int]) -> None:
        swarm = self._torrents.swarm(download.info_hash)
        if swarm and not download.error and swarm.at_a_loss(late):
            log.warning("%s: libtorrent is stuck at %s, and begins anew", download.info_hash, late)
            self._take_up(download)

    def _look_soon(self) -> None:
        self._look_at = 0.0
        self._hearing.bell.ring()

    def _look(self, now: float) -> None:
        """Whether the user's network is there, and what may be given now."""
        self._keep_to_network()
        if not self._hearing.incoming:
            self._session.post_session_stats()
        with self._lock:
            options, swarms, playing = self._options, self._torrents.swarms(), self.playing()
        allowed = self._sharing.allowed(options, swarms, playing, now, self._cache.kept)
        with self._lock:
            self._sharing.keep(allowed, self._torrents.swarms(), self.playing())

    def _check_network(self) -> None:
        """Raises InterfaceMissing, ProxyMissing."""
        interface.check(self._options)
        if self._options.interface and not self._session.is_listening():
            raise InterfaceMissing(self._options.interface + " has no address")

    def _keep_to_network(self) -> None:
        """While the interface that the user wants is gone nothing goes out."""
        try:
            self._check_network()
            error = None
        except (InterfaceMissing, ProxyMissing) as missing:
            error = missing
        with self._lock:
            if self._stopped or bool(error) == bool(self._cut_off):
                return
            self._cut_off = error
            downloads = self._torrents.downloads()
            if error:
                log.warning("nothing goes out: %s", error)
                self._session.pause()
            else:
                self._session.apply_settings({"listen_interfaces": ""})
                self._session.apply_settings(adjustable(self._options, self._local))
                self._session.resume()
        for download in downloads:
            download.failed(error)

    def _save(self, downloads: list[Download]) -> None:
        with self._lock:
            for download in downloads:
                swarm = self._torrents.swarm(download.info_hash)
                if swarm:
                    swarm.save(self._lt.save_resume_flags_t.only_if_modified)

    def _save_last(self) -> None:
        lt = self._lt
        downloads = self._torrents.downloads()
        wanted, until = len(downloads), time.monotonic() + LAST_SAVE
        self._save(downloads)
        while wanted > 0 and time.monotonic() < until:
            heard = self._hearing.listen(self._session, until - time.monotonic())
            wanted -= sum(
                kind in (lt.save_resume_data_alert, lt.save_resume_data_failed_alert) for kind in heard
            )

    def _part(self) -> None:
        session = self._session
        self._session = self._magnets.session = self._scraping.session = None
        self._items.session = self._pace.session = None
        if not parting.come_to_rest(self._lt, session, self._hearing.mapped, self._until - ABANDONING):
            log.warning("libtorrent is still busy: its session is abandoned")
            parting.abandon(session)
        del session
        with self._lock:
            self._hearing.bell.close()
