# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives films and catalogues to whoever asks for them over BitTorrent, as long as it runs."""

from __future__ import annotations

import ipaddress
import time
import warnings
from typing import Any, NamedTuple, Sequence

from .. import __version__
from ..net import reach
from ..works import agent
from .shelf import Shelved

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", ".*to-Python converter", RuntimeWarning)
    import libtorrent as lt

ANYWHERE = "0.0.0.0:6881,[::]:6881"
EVERYBODY = (("0.0.0.0", "255.255.255.255"), ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"))  # noqa: S104
LISTEN_SECONDS = 5.0
CALLS = 1.0, 900.0  # seconds between two calls to the DHT, at first, when few are known there, and at most
CHECKING, SEEDING, WRONG, FAILED = "checking", "seeding", "wrong", "failed"


class Status(NamedTuple):
    """Of one torrent."""

    shelved: Shelved
    state: str  # checking, seeding, wrong: its files are others than those of the torrent, failed
    progress: float  # of the check, from 0 to 1
    peers: int
    rate: int  # bytes a second that are given now
    given: int  # bytes so far
    detail: str = ""  # of what has failed


class Seeding:
    """A session of libtorrent. What lies on the disk is checked first, and never written."""

    def __init__(self, listen: str = "", rate: int = 0, nodes: Sequence[tuple[str, int]] = ()) -> None:
        """`listen`: ADDRESS:PORT; '' for all of this machine's: then the router is asked to let others in,
        and those on the same network are called. `rate`: bytes a second that are given in all; 0 for no
        limit. `nodes`: addresses of some who take part in the DHT, in the place of those that libtorrent
        knows."""
        self._session = lt.session(_settings(listen or ANYWHERE, not listen, rate, nodes))
        everybody = lt.ip_filter()  # those on the same network have no limits else
        for first, last in EVERYBODY:
            everybody.add_rule(first, last, 1 << self._session.global_peer_class_id)
        self._session.set_peer_class_filter(everybody)
        self._hosts = _own(listen.rpartition(":")[0])
        self._pause = CALLS[0]
        self._call_at = 0.0
        self._held: dict[str, tuple[Shelved, Any]] = {}  # info hash → that and libtorrent's handle

    def add(self, shelved: Shelved) -> None:
        """The same torrent again is none more. Raises RuntimeError, libtorrent's."""
        info_hash = shelved.meta.info_hash or shelved.meta.info_hash_v2
        if info_hash in self._held:
            return
        wanted = lt.load_torrent_buffer(shelved.data)
        wanted.save_path = str(shelved.folder)
        wanted.renamed_files = {file.index: file.path for file in shelved.meta.files}
        wanted.url_seeds = []
        flags = lt.torrent_flags
        wanted.flags = (wanted.flags | flags.upload_mode) & ~flags.auto_managed & ~flags.paused
        self._held[info_hash] = shelved, self._session.add_torrent(wanted)
        self._pause = CALLS[0]
        self._call_at = time.monotonic() + self._pause

    def remove(self, info_hash: str) -> None:
        if info_hash in self._held:
            self._session.remove_torrent(self._held.pop(info_hash)[1])

    def tick(self) -> None:
        """Say in the DHT what there is here. libtorrent does so every quarter of an hour, also where nobody
        has heard the first time."""
        if time.monotonic() >= self._call_at:
            self._pause = min(2 * self._pause, CALLS[1])
            self._call_at = time.monotonic() + self._pause
            for _, handle in self._held.values():
                handle.force_dht_announce()

    def status(self) -> list[Status]:
        return [_status(shelved, handle) for shelved, handle in self._held.values()]

    @property
    def port(self) -> int:
        """On which it waits for others. Raises OSError where it cannot."""
        until = time.monotonic() + LISTEN_SECONDS
        while not self._session.listen_port():
            if time.monotonic() > until:
                raise OSError("nothing can be listened at there: another program may do so")
            time.sleep(0.01)
        return int(self._session.listen_port())

    @property
    def nodes(self) -> list[tuple[str, int]]:
        """Where it takes part in the DHT. Raises OSError as `port` does."""
        return [(host, self.port) for host in self._hosts]

    def close(self) -> None:
        """Tell peers and trackers; within a second or two."""
        self._session.pause()
        self._held.clear()
        del self._session


def _own(host: str) -> list[str]:
    """The addresses at which what listens at `host` takes part in the DHT. If that is none: those that lead
    to the world, since libtorrent leaves out the others, loopback too."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:  # '', or an interface's name
        return [*reach.outgoing(4), *reach.outgoing(6)]
    return reach.outgoing(address.version) if address.is_unspecified else [str(address)]


def _settings(listen: str, anywhere: bool, rate: int, nodes: Sequence[tuple[str, int]]) -> Any:
    known = ",".join(("[%s]:%d" if ":" in host else "%s:%d") % (host, port) for host, port in nodes)
    return {
        "listen_interfaces": listen,
        "user_agent": agent.name(__version__),
        "enable_dht": True,
        **({"dht_bootstrap_nodes": known} if nodes else {}),
        "enable_lsd": anywhere,
        "enable_upnp": anywhere,
        "enable_natpmp": anywhere,
        # Who calls while this waits for its own call by uTP to them is turned away as somebody known.
        "enable_outgoing_utp": False,
        "allow_multiple_connections_per_ip": True,  # of several viewers behind one router
        "upload_rate_limit": rate,
        "rate_limit_ip_overhead": False,
        "announce_to_all_tiers": True,
        "stop_tracker_timeout": 1,
        "alert_mask": 0,
    }


def _status(shelved: Shelved, handle: Any) -> Status:
    now = handle.status()
    state, detail = CHECKING, ""
    if now.errc.value():
        state, detail = FAILED, now.errc.message()
    elif now.is_seeding:
        state = SEEDING
        handle.unset_flags(lt.torrent_flags.upload_mode)
    elif now.state not in (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data):
        state, detail = WRONG, "the files are not those of the torrent"
    return Status(
        shelved, state, now.progress, now.num_peers, now.upload_payload_rate, now.total_payload_upload, detail
    )
