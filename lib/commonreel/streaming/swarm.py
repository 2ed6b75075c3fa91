# SPDX-License-Identifier: GPL-3.0-or-later
"""One torrent's swarm: libtorrent's handle of it, in the words of streaming.

Calls that ask libtorrent for something wait for its network thread: never make them under a lock
that the thread of its alerts may want. Those that tell it something return at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable

from ..works.protocols import Torrent
from . import adding
from .options import RECONNECT

_FAILURES = 3  # after which a peer is not called any more; libtorrent's own
_NO_HURRY = 0  # milliseconds: a deadline that has passed, so as soon as can be


@dataclass(frozen=True)
class Traffic:
    """What has come in of a torrent since it was added."""

    peers: int = 0  # connected
    web_seeds: int = 0  # connected
    rate: int = 0  # bytes of payload a second
    from_peers: int = 0
    from_web: int = 0


class Pace:
    """How much of a session's torrents is in flight.

    It cannot be taken back: whoever jumps to another place waits until it has come. So little is asked
    for ahead while nobody is in need, at most two blocks (32 KiB) of each peer. It is a setting of the
    session, so who is in need speaks for all.
    """

    def __init__(self, session: Any) -> None:
        self._session = session
        self._needy: set[Any] = set()
        self._brisk = 0  # ticks for which peers are called again soon

    def press(self, handle: Any, needy: bool) -> None:
        (self._needy.add if needy else self._needy.discard)(handle)
        self._session.apply_settings({"request_queue_time": 1 if self._needy else 0})

    def call_again(self, soon: bool = False) -> None:
        """Peers that have gone. `soon`: we have just sent them away ourselves.

        A torrent that has all it wants has no use for seeds; once it wants more, libtorrent finds out only
        when it looks whom to call, which it does not while nobody seems to be of use. A change of this
        setting has it count anew.
        """
        for failures in (_FAILURES + 1, _FAILURES):
            self._session.apply_settings({"max_failcount": failures})
        if soon:
            self._brisk = 3
            self._session.apply_settings({"min_reconnect_time": 1})

    def tick(self) -> None:
        """Every second."""
        if self._brisk:
            self._brisk -= 1
            if not self._brisk:
                self._session.apply_settings({"min_reconnect_time": RECONNECT})


class Swarm:
    """Peers and web seeds of one torrent."""

    def __init__(
        self, handle: Any, pace: Pace, web_seeds: Iterable[str], peers: Iterable[tuple[str, int]] = ()
    ) -> None:
        """`handle`: libtorrent's. `web_seeds`, `peers`: those that the torrent came with."""
        self.handle = handle
        self._pace = pace
        self._web_seeds = dict.fromkeys(web_seeds)
        self._peers = set(peers)
        self._counted: dict[object, int] = {}  # payload of each peer's connection when last looked
        self._from_peers = 0

    # To tell

    def add_sources(self, torrent: Torrent) -> None:
        """Those of a torrent that has been opened again."""
        for tracker in adding.askable(torrent.trackers, torrent.local):
            self.handle.add_tracker({"url": tracker})
        for address in torrent.web_seeds:
            self.add_web_seed(address)
        self._peers.update(torrent.peers)
        self.reconnect()

    def reconnect(self, soon: bool = False) -> None:
        """libtorrent forgets about peers that have nothing for it, and about web seeds that fail once, and
        may need them again. `soon`: it has just sent them away."""
        self.handle.force_reannounce()
        self._pace.call_again(soon)  # first: each peer below has libtorrent look whether there is any use
        for peer in self._peers:
            self.handle.connect_peer(peer)
        for address in self._web_seeds:
            self.handle.remove_url_seed(address)
            self.handle.add_url_seed(address)

    def add_web_seed(self, address: str) -> None:
        self._web_seeds[address] = None
        self.handle.add_url_seed(address)

    def prioritise(self, priorities: Iterable[tuple[int, int]]) -> None:
        """(piece, priority) for each piece whose priority changes."""
        self.handle.prioritize_pieces(list(priorities))

    def press(self, needy: bool) -> None:
        self._pace.press(self.handle, needy)

    def hurry(self, piece: int) -> None:
        """Ask several peers for it, and take back requests for others if it is the only such piece."""
        self.handle.set_piece_deadline(piece, _NO_HURRY)

    def end_hurry(self) -> None:
        """For all pieces; libtorrent gives them its lowest priority."""
        self.handle.clear_piece_deadlines()

    def flush(self) -> None:
        """Have what has arrived written to the disk. libtorrent 2.1 else keeps pieces of v2 torrents
        for seconds."""
        self.handle.flush_cache()

    def recheck(self) -> None:
        """Read all that is on disk anew."""
        self.handle.force_recheck()

    def pause(self) -> None:
        self.handle.pause()

    def resume(self) -> None:
        self.handle.clear_error()
        self.handle.resume()

    def save(self, flags: int = 0) -> None:
        """Ask for an account of what is here; an alert brings it."""
        self.handle.save_resume_data(flags)

    # To ask

    def have(self) -> list[bool]:
        """Which pieces libtorrent has checked and found right; [] while it checks."""
        return list(self.handle.status().pieces)

    def to_come(self) -> int:
        """Bytes of the wanted pieces that are still to come, blocks of unfinished ones counted."""
        status = self.handle.status(self.handle.query_accurate_download_counters)
        return int(status.total_wanted - status.total_wanted_done)

    def balance(self) -> tuple[int, int]:
        """Bytes of payload given, and taken, since this torrent first came here.

        What lies here counts as taken, even if the account of how it came has been lost.
        """
        status = self.handle.status(0)
        return status.all_time_upload, max(status.all_time_download, status.total_done)

    def traffic(self) -> Traffic:
        """Web seeds are no peers: theirs is what the peers' connections do not account for.

        A peer that leaves takes along what it sent since the last look: so much is too little in
        `from_peers`, never too much.
        """
        status = self.handle.status()
        peers = web = 0
        counted: dict[object, int] = {}
        for peer in self.handle.get_peer_info():
            if peer.connection_type != peer.standard_bittorrent:
                web += 1
                continue
            peers += not peer.flags & (peer.connecting | peer.handshake)
            key = (peer.ip, peer.local_endpoint)
            before = self._counted.get(key, 0)
            counted[key] = peer.total_download
            self._from_peers += peer.total_download - (before if before <= peer.total_download else 0)
        self._counted = counted
        total = status.total_payload_download
        from_peers = self._from_peers if self._web_seeds else total
        return Traffic(peers, web, status.download_payload_rate, from_peers, total - from_peers)
