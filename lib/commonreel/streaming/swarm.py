# SPDX-License-Identifier: GPL-3.0-or-later
"""One torrent's swarm: libtorrent's handle of it, in the words of streaming.

Calls that ask libtorrent for something wait for its network thread: never make them under a lock
that the thread of its alerts may want, but for renew(). Those that tell it something return at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Collection, Iterable, Iterator, Sequence

from ..works.protocols import Share, Torrent
from . import adding
from .options import TICK, TICK_IN_NEED

_FAILURES = 3  # after which a peer is not called any more; libtorrent's own
_BANNED = 60.0  # seconds for which a web seed that sent what is not the film is left alone
_WRITING = 2  # and the one for: received, not written yet
_FINISHED = 3  # libtorrent's block_info: received and written
_NO_HURRY = 0  # milliseconds: a deadline that has passed, so as soon as can be


@dataclass(frozen=True)
class Traffic:
    """What has come in of a torrent since it was added."""

    peers: int = 0  # connected
    web_seeds: int = 0  # connected
    rate: int = 0  # bytes of payload a second
    from_peers: int = 0
    from_web: int = 0
    seeds: int = 0  # peers that are known to have all, connected or not


class Pace:
    """How much of a session's torrents is in flight.

    What a peer is already sending cannot be taken back (Swarm.take_back() does so with the rest): whoever
    jumps to another place waits until it has come. So little is asked
    for ahead while nobody is in need, at most two blocks (32 KiB) of each peer. It is a setting of the
    session, so who is in need speaks for all.
    """

    def __init__(self, session: Any) -> None:
        self.session = session  # None when it has ended: who else needs it takes it from here
        self._needy: set[object] = set()

    def press(self, who: object, needy: bool) -> None:
        (self._needy.add if needy else self._needy.discard)(who)
        in_need = bool(self._needy)
        self.apply(
            {"request_queue_time": 1 if in_need else 0, "tick_interval": TICK_IN_NEED if in_need else TICK}
        )

    def call_again(self) -> None:
        """Peers that have gone.

        A torrent that has all it wants has no use for seeds; once it wants more, libtorrent finds out only
        when it looks whom to call, which it does not while nobody seems to be of use. A change of this
        setting has it count anew.
        """
        for failures in (_FAILURES + 1, _FAILURES):
            self.apply({"max_failcount": failures})

    def apply(self, settings: dict[str, object]) -> None:
        if self.session is not None:
            self.session.apply_settings(settings)


class Swarm:
    """Peers and web seeds of one torrent."""

    def __init__(self, wanted: Any, pace: Pace, doubt: Callable[[], None]) -> None:
        """`wanted`: libtorrent's parameters, as adding.film() has them. `doubt` is called when all that is
        on disk should be looked through. Raises RuntimeError, libtorrent's."""
        self._wanted = wanted
        self._pace = pace
        self._doubt = doubt
        self._web_seeds = dict.fromkeys(wanted.url_seeds)
        self._peers = set(wanted.peers)
        self._left_alone: dict[str, float] = {}  # web seed → until when, monotonic seconds
        self._banned = False  # somebody, since the torrent is in libtorrent
        self._failed: set[int] = set()  # pieces that were wrong, since then
        self._counted: dict[object, int] = {}  # payload of each peer's connection when last looked
        self._from_peers = 0
        self._before = 0  # payload that came before renew()
        self._given_before = wanted.total_uploaded  # before the torrent came here this time
        self.handle = pace.session.add_torrent(wanted)

    # To tell

    def add_sources(self, torrent: Torrent) -> None:
        """Those of a torrent that has been opened again."""
        for tracker in adding.askable(torrent.trackers, torrent.local):
            self.handle.add_tracker({"url": tracker})
        for address in torrent.web_seeds:
            self.add_web_seed(address)
        self._peers.update(torrent.peers)
        self.reconnect()

    def renew(self, priorities: Sequence[int], have: Sequence[int]) -> None:
        """Take the torrent out of libtorrent and put it in anew, without whatever state a disk's errors
        have left it in. `have`: the pieces that are here, or [] to have all on disk looked through."""
        wanted, status = self._wanted, self.handle.status()
        wanted.total_uploaded, wanted.total_downloaded = self.balance()
        wanted.trackers = [tracker["url"] for tracker in self.handle.trackers()]
        wanted.tracker_tiers = [tracker["tier"] for tracker in self.handle.trackers()]
        wanted.peers = list(self._peers.union(self._called()))
        wanted.url_seeds = self._usable()
        wanted.piece_priorities = list(priorities)
        wanted.have_pieces = [bool(here) for here in have]
        wanted.unfinished_pieces = {}
        self._before += status.total_payload_download
        self._counted.clear()
        self._failed.clear()
        self._banned = False
        self._pace.session.remove_torrent(self.handle)
        self.handle = self._pace.session.add_torrent(wanted)

    def _called(self) -> Iterator[tuple[str, int]]:
        """The peers that we called: who called us may not be there for others."""
        for peer in self.handle.get_peer_info():
            if peer.connection_type == peer.standard_bittorrent and peer.flags & peer.local_connection:
                yield peer.ip

    def reconnect(self) -> None:
        """libtorrent forgets about peers that have nothing for it, and about web seeds that fail once, and
        may need them again."""
        self.handle.force_reannounce()
        self._pace.call_again()  # first: each peer below has libtorrent look whether there is any use
        for peer in self._peers:
            self.handle.connect_peer(peer)
        for address in self._usable():
            self.handle.remove_url_seed(address)
            self.handle.add_url_seed(address)

    def add_web_seed(self, address: str) -> None:
        self._web_seeds[address] = None
        self.handle.add_url_seed(address)

    def _usable(self) -> list[str]:
        now = time.monotonic()
        return [address for address in self._web_seeds if self._left_alone.get(address, 0.0) <= now]

    def prioritise(self, priorities: Iterable[tuple[int, int]]) -> None:
        """(piece, priority) for each piece whose priority changes."""
        self.handle.prioritize_pieces(list(priorities))

    def press(self, needy: bool) -> None:
        self._pace.press(self, needy)

    def hurry(self, piece: int) -> None:
        """Ask several peers for it, and take back requests for others if it is the only such piece."""
        self.handle.set_piece_deadline(piece, _NO_HURRY)

    def take_back(self, piece: int) -> None:
        """All requests for pieces other than this one, and all hurry.

        libtorrent does so before the first deadline that it is given. With a deadline it would ask
        each peer for one block at a time.
        """
        self.end_hurry()
        self.hurry(piece)
        self.end_hurry()

    def end_hurry(self) -> None:
        """For all pieces; libtorrent gives them its lowest priority."""
        self.handle.clear_piece_deadlines()

    def flush(self) -> None:
        """Have what has arrived written to the disk. libtorrent 2.1 else keeps pieces of v2 torrents
        for seconds."""
        self.handle.flush_cache()

    def recheck(self) -> None:
        """Have all that is on disk read anew, some time soon."""
        self._doubt()

    def pause(self) -> None:
        self.handle.pause()

    def resume(self) -> None:
        self.handle.clear_error()
        self.handle.resume()

    def save(self, flags: int = 0) -> None:
        """Ask for an account of what is here; an alert brings it."""
        self.handle.save_resume_data(flags)

    # To be told

    def was_wrong(self, piece: int) -> None:
        """It had not its hash."""
        self._failed.add(piece)

    def banned(self) -> None:
        """libtorrent has banned a peer or a web seed."""
        self._banned = True

    def banned_web_seed(self, address: str) -> None:
        self._left_alone[address] = time.monotonic() + _BANNED

    # To ask

    def at_a_loss(self, late: Collection[int]) -> bool:
        """Whether libtorrent gets none of these pieces any more, for which somebody waits, though others
        have them.

        It bans those who had a part in too many wrong pieces, in the end also who sent the right ones.
        And a piece that was found wrong before its last block was written is neither checked again nor
        asked for.
        """
        stuck = self._failed.intersection(late)
        if stuck:
            queue = (piece for piece in self.handle.get_download_queue() if piece["piece_index"] in stuck)
            if any(all(block["state"] == _FINISHED for block in piece["blocks"]) for piece in queue):
                return True
        return bool(late) and self._banned and not self.handle.get_peer_info()

    def have(self) -> list[bool]:
        """Which pieces libtorrent has checked and found right; [] while it checks."""
        return list(self.handle.status().pieces)

    def to_come(self) -> int:
        """Bytes of the wanted pieces that are still to come, blocks of unfinished ones counted."""
        status = self.handle.status(self.handle.query_accurate_download_counters)
        return int(status.total_wanted - status.total_wanted_done)

    def begun(self) -> dict[int, int]:
        """What has come of pieces that are not whole yet: piece → bytes."""
        return {
            piece["piece_index"]: sum(map(_come, piece["blocks"]))
            for piece in self.handle.get_download_queue()
        }

    def balance(self) -> tuple[int, int]:
        """Bytes of payload given, and taken, since this torrent first came here.

        What lies here counts as taken, even if the account of how it came has been lost.
        """
        status = self.handle.status(0)
        return status.all_time_upload, max(status.all_time_download, status.total_done)

    def share(self) -> Share:
        """As it is given to others."""
        status = self.handle.status(0)
        return Share(
            given=max(0, status.all_time_upload - self._given_before),
            seeds=max(status.num_complete, status.num_seeds if status.num_seeds else -1),
        )

    def traffic(self) -> Traffic:
        """Web seeds are no peers: theirs is what the peers' connections do not account for.

        A peer that leaves takes along what it sent since the last look: so much is too little in
        `from_peers`, never too much.
        """
        status = self.handle.status()
        peers = web = seeds = 0
        counted: dict[object, int] = {}
        for peer in self.handle.get_peer_info():
            if peer.connection_type != peer.standard_bittorrent:
                web += 1
                continue
            peers += not peer.flags & (peer.connecting | peer.handshake)
            seeds += bool(peer.flags & peer.seed)
            key = (peer.ip, _local_endpoint(peer))
            before = self._counted.get(key, 0)
            counted[key] = peer.total_download
            self._from_peers += peer.total_download - (before if before <= peer.total_download else 0)
        self._counted = counted
        total = self._before + status.total_payload_download
        from_peers = self._from_peers if self._web_seeds else total
        known = max(seeds, status.list_seeds, status.num_complete)  # the last is a tracker's word, or -1
        return Traffic(peers, web, status.download_payload_rate, from_peers, total - from_peers, known)


def _come(block: Any) -> int:
    """The bytes of it that have come."""
    return int(block["block_size"] if block["state"] >= _WRITING else block["bytes_progress"])


def _local_endpoint(peer: Any) -> object:
    """Our end of a peer's connection: a method in libtorrent 2.1, a value before."""
    found = peer.local_endpoint
    return found() if callable(found) else found
