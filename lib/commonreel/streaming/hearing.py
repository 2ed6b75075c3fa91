# SPDX-License-Identifier: GPL-3.0-or-later
"""What libtorrent tells of a session, and what follows from it."""

from __future__ import annotations

import logging
import time
from typing import Any, Callable

from ..works.errors import CommonReelError, DiskFull, is_full_number
from .bell import Bell
from .cache import Cache
from .items import Items
from .magnets import Magnets
from .room import Room
from .swarm import Swarm
from .torrent import Download
from .torrents import Torrents

log = logging.getLogger(__name__)


class Hearing:
    """Of libtorrent's alerts. Used by one thread."""

    def __init__(
        self, lt: Any, torrents: Torrents, cache: Cache, room: Room, magnets: Magnets, items: Items
    ) -> None:
        """`lt`: the libtorrent module."""
        # Doors that a router has opened: libtorrent's portmap_transport and number of each
        self.mapped: set[tuple[int, int]] = set()
        self.incoming = False  # somebody from outside has come in
        self.bell = Bell()
        self._lt = lt
        self._torrents = torrents
        self._cache = cache
        self._room = room
        self._magnets = magnets
        self._heed: dict[Any, Callable[[Any], None]] = {
            lt.piece_finished_alert: self._piece_finished,
            lt.hash_failed_alert: self._hash_failed,
            lt.peer_ban_alert: self._peer_banned,
            lt.url_seed_alert: self._web_seed_failed,
            lt.torrent_checked_alert: self._torrent_checked,
            lt.alerts_dropped_alert: self._alerts_dropped,
            lt.save_resume_data_alert: self._save_resume_data,
            lt.file_error_alert: self._file_error,
            lt.torrent_error_alert: self._torrent_error,
            lt.metadata_received_alert: self._metadata_received,
            lt.portmap_alert: self._port_mapped,
            lt.portmap_error_alert: self._port_unmapped,
            lt.session_stats_alert: self._counted,
            lt.dht_mutable_item_alert: items.heard,
        }

    @staticmethod
    def mask(lt: Any) -> int:
        """The kinds of alerts that it wants."""
        kinds = lt.alert_category
        return int(kinds.error | kinds.status | kinds.storage | kinds.piece_progress | kinds.port_mapping)

    def listen(self, session: Any, timeout: float) -> list[Any]:
        """Heed the alerts that have come, or the first that come in that time; their classes."""
        self.bell.wait(timeout)
        heard = session.pop_alerts()
        for alert in heard:
            heed = self._heed.get(type(alert))
            try:
                if heed:
                    heed(alert)
            except RuntimeError as error:  # libtorrent's, for a torrent that has been dropped meanwhile
                log.debug("%s: %s", alert.what(), error)
            except Exception:  # the other alerts count all the same
                log.exception("an alert is lost: %s", alert.what())
        return [type(alert) for alert in heard]

    def _download(self, alert: Any) -> Download | None:
        return self._torrents.download(self._torrents.named(alert.handle))

    def _swarm(self, alert: Any) -> Swarm | None:
        return self._torrents.swarm(self._torrents.named(alert.handle))

    def _piece_finished(self, alert: Any) -> None:
        download = self._download(alert)
        if download:
            download.arrived(alert.piece_index)

    def _hash_failed(self, alert: Any) -> None:
        swarm = self._swarm(alert)
        if swarm:
            swarm.was_wrong(alert.piece_index)

    def _peer_banned(self, alert: Any) -> None:
        swarm = self._swarm(alert)
        if swarm:
            swarm.banned()

    def _web_seed_failed(self, alert: Any) -> None:
        swarm = self._swarm(alert)
        if swarm and alert.message().endswith("peer banned"):  # libtorrent 2.0 tells it in no other way
            swarm.banned_web_seed(alert.server_url)

    def _torrent_checked(self, alert: Any) -> None:
        download = self._download(alert)
        if download:
            download.recount()

    def _alerts_dropped(self, _: Any) -> None:
        """There were more than the queue holds: what they said is asked for."""
        for download in self._torrents.downloads():
            download.recount()

    def _save_resume_data(self, alert: Any) -> None:
        download = self._download(alert)
        if download:
            try:
                self._cache.keep_resume(download.info_hash, self._lt.write_resume_data_buf(alert.params))
            except OSError as error:
                log.warning("%s: %s", download.info_hash, error)

    def _file_error(self, alert: Any) -> None:
        download = self._download(alert)
        if not download:
            return
        error = disk_error(alert.error.value(), alert.message())
        if isinstance(error, DiskFull):
            self._room.refused(download, error, time.monotonic())
            return
        log.warning("%s", error)
        if not self._room.lacks(download):  # else a file that was not to be made is not there to be read
            download.failed(error)

    def _torrent_error(self, alert: Any) -> None:
        download = self._download(alert)
        if download and not download.error:
            download.failed(CommonReelError(alert.message()))

    def _metadata_received(self, alert: Any) -> None:
        self._magnets.received(alert.handle)

    def _port_mapped(self, alert: Any) -> None:
        self.mapped.add((alert.map_transport, alert.mapping))

    def _port_unmapped(self, alert: Any) -> None:
        self.mapped.discard((alert.map_transport, alert.mapping))

    def _counted(self, alert: Any) -> None:
        self.incoming = bool(alert.values["net.has_incoming_connections"])


def disk_error(number: int | None, detail: str) -> CommonReelError:
    """`number`: errno's, or on Windows the system's own."""
    return DiskFull(detail) if is_full_number(number) else CommonReelError(detail)
