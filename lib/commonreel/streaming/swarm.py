# SPDX-License-Identifier: GPL-3.0-or-later
"""One torrent's swarm: libtorrent's handle of it, in the words of streaming.

Calls that ask libtorrent for something wait for its network thread: never make them under a lock
that the thread of its alerts may want. Those that tell it something return at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable

from ..works.protocols import Torrent

_NO_HURRY = 0  # milliseconds: a deadline that has passed, so as soon as can be


@dataclass(frozen=True)
class Traffic:
    """What has come in of a torrent since it was added."""

    peers: int = 0  # connected
    web_seeds: int = 0  # connected
    rate: int = 0  # bytes of payload a second
    from_peers: int = 0
    from_web: int = 0


class Swarm:
    """Peers and web seeds of one torrent."""

    def __init__(self, handle: Any, has_web_seeds: bool, peers: Iterable[tuple[str, int]] = ()) -> None:
        """`handle`: libtorrent's. `peers`: those that the torrent came with."""
        self.handle = handle
        self._has_web_seeds = has_web_seeds
        self._peers = set(peers)
        self._counted: dict[object, int] = {}  # payload of each peer's connection when last looked
        self._from_peers = 0

    # To tell

    def add_sources(self, torrent: Torrent) -> None:
        """Those of a torrent that has been opened again."""
        for tracker in torrent.trackers:
            self.handle.add_tracker({"url": tracker})
        for address in torrent.web_seeds:
            self.add_web_seed(address)
        self._peers.update(torrent.peers)
        self.reconnect()

    def reconnect(self) -> None:
        """libtorrent forgets about peers that have nothing for it, and may need them again."""
        self.handle.force_reannounce()
        for peer in self._peers:
            self.handle.connect_peer(peer)

    def add_web_seed(self, address: str) -> None:
        self._has_web_seeds = True
        self.handle.add_url_seed(address)

    def prioritise(self, priorities: Iterable[tuple[int, int]]) -> None:
        """(piece, priority) for each piece whose priority changes."""
        self.handle.prioritize_pieces(list(priorities))

    def hurry(self, piece: int) -> None:
        """Ask several peers for it, and take back requests for others if it is the only such piece."""
        self.handle.set_piece_deadline(piece, _NO_HURRY)

    def end_hurry(self) -> None:
        """For all pieces; libtorrent gives them its lowest priority."""
        self.handle.clear_piece_deadlines()

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
        from_peers = self._from_peers if self._has_web_seeds else total
        return Traffic(peers, web, status.download_payload_rate, from_peers, total - from_peers)
