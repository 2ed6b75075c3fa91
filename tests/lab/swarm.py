# SPDX-License-Identifier: GPL-3.0-or-later
"""A real swarm on this machine: torrents of given files, libtorrent seeders, a tracker.

In a test:  with Swarm(torrent, folder, seeders=3) as swarm: … swarm.peers …
By hand:    python tests/lab/swarm.py FILE_OR_FOLDER --torrent OUT [--seeders 3] [--rate BYTES]
            makes the torrent, with this swarm's tracker in it, prints one JSON line
            {"torrent", "info_hash", "peers", "tracker", "pid"}, and seeds until standard input closes.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import struct
import sys
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable, Mapping, Sequence
from urllib.parse import parse_qs, unquote_to_bytes, urlsplit

with warnings.catch_warnings():
    warnings.filterwarnings("ignore", ".*to-Python converter", RuntimeWarning)
    import libtorrent as lt

HOST = "127.0.0.1"
VERSIONS = {"v1": 64, "hybrid": 0, "v2": lt.create_torrent.v2_only}  # 64: v1_only, unnamed in 2.0.8


def make_torrent(
    source: Path,
    piece_length: int = 0,
    version: str = "v1",
    trackers: Sequence[str] = (),
    web_seeds: Sequence[str] = (),
    private: bool = False,
) -> bytes:
    """The .torrent of a file or a folder. `piece_length` 0: what libtorrent thinks fit."""
    if hasattr(lt, "list_files"):  # 2.1 on
        files = lt.list_files(str(source))
    else:
        files = lt.file_storage()
        lt.add_files(files, str(source))
    made = lt.create_torrent(files, piece_length, VERSIONS[version])
    for tracker in trackers:
        made.add_tracker(tracker)
    for address in web_seeds:
        made.add_url_seed(address)
    made.set_priv(private)
    lt.set_piece_hashes(made, str(source.parent))
    return bytes(lt.bencode(made.generate()))


class Seeder:
    """One libtorrent session that has it all. `rate`: bytes a second it gives, 0 for no limit."""

    def __init__(
        self,
        torrent: bytes,
        folder: Path,
        rate: int = 0,
        host: str = HOST,
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """`folder`: where the torrent's file or folder lies. What lies there is not checked, so a
        seeder can be made to send what is wrong. `settings`: libtorrent's, beyond those below."""
        self._session = lt.session(
            {
                "listen_interfaces": host + ":0",
                "enable_dht": False,
                "enable_lsd": False,
                "enable_upnp": False,
                "enable_natpmp": False,
                "enable_outgoing_utp": False,
                "allow_multiple_connections_per_ip": True,
                "unchoke_slots_limit": 100,
                "close_redundant_connections": False,
                "upload_rate_limit": rate,
                "local_upload_rate_limit": rate,
                "stop_tracker_timeout": 0,
                "alert_mask": 0,
                "disable_hash_checks": True,  # else it would not send what is wrong
                "peer_fingerprint": "-SD0100-",
                **(settings or {}),
            }
        )
        if rate:
            self._limit_loopback(rate)
        wanted = lt.load_torrent_buffer(torrent)
        wanted.save_path = str(folder)
        wanted.trackers = []
        wanted.url_seeds = []
        flags = lt.torrent_flags
        wanted.flags = (wanted.flags | flags.seed_mode) & ~flags.auto_managed & ~flags.paused
        self._handle = self._session.add_torrent(wanted)
        while self._handle.status().state != lt.torrent_status.seeding:  # until then it refuses peers
            threading.Event().wait(0.002)
        self.address = (host, self._session.listen_port())

    def _limit_loopback(self, rate: int) -> None:
        """Local peers are in a class of their own, without limits, unless told otherwise."""
        everybody = lt.ip_filter()
        everybody.add_rule("0.0.0.0", "255.255.255.255", 1 << self._session.global_peer_class_id)
        self._session.set_peer_class_filter(everybody)

    @property
    def given(self) -> int:
        """Bytes of payload sent so far."""
        return int(self._handle.status().total_payload_upload)

    def unlimit(self) -> None:
        """From now on give as fast as can be."""
        self._session.apply_settings({"upload_rate_limit": 0, "local_upload_rate_limit": 0})

    def callers(self) -> list[tuple[str, int]]:
        """Where the engines are that are connected. Seeders find each other too: they do not count."""
        ours = (b"CommonReel", b"CR")  # with and without a name
        return [peer.ip for peer in self._handle.get_peer_info() if peer.client.startswith(ours)]

    def meet(self, peer: tuple[str, int]) -> None:
        """Call on somebody, as a seed does that has been told of him by a tracker."""
        self._handle.connect_peer(peer)

    def close(self) -> None:
        if self._session:
            self._session.pause()
            self._handle = self._session = None


class Tracker:
    """Tells everybody of the same peers (BEP 3, BEP 23), and that all have everything (BEP 48)."""

    def __init__(self, host: str = HOST, leaves_waiting: str = "") -> None:
        """`leaves_waiting`: the event that it does not answer to."""
        self.peers: list[tuple[str, int]] = []
        self.announces = self.scrapes = 0
        self.events: list[str] = []  # 'started', 'stopped', … as they were announced
        self._over = threading.Event()
        tracker = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one packet

            def do_GET(self) -> None:
                if self.path.startswith("/scrape?"):
                    return self._answer(tracker.scrape(self.path))
                tracker.announces += 1
                event = parse_qs(urlsplit(self.path).query).get("event", [""])[0]
                tracker.events.append(event)
                if leaves_waiting and event == leaves_waiting:
                    tracker._over.wait()
                packed = b"".join(
                    socket.inet_aton(host) + struct.pack(">H", port) for host, port in tracker.peers
                )
                times = b"8:intervali60e12:min intervali1e"  # who is in need may ask again at once
                self._answer(b"d%s5:peers%d:%se" % (times, len(packed), packed))

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Nothing: tests read standard error."""

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = True
        self.address = "http://%s:%d/announce" % self._server.server_address[:2]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def scrape(self, path: str) -> bytes:
        """The answer to an address that asks how many have a torrent."""
        self.scrapes += 1
        asked = unquote_to_bytes(path.partition("info_hash=")[2].partition("&")[0])
        seeds = b"d8:completei%de10:downloadedi0e10:incompletei0ee" % len(self.peers)
        return b"d5:filesd20:%s%see" % (asked, seeds)

    def close(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Swarm:
    """Seeders of one torrent, and a tracker that knows them."""

    def __init__(self, torrent: bytes, folder: Path, seeders: int = 3, rate: int = 0) -> None:
        """`rate`: of each seeder, bytes a second; 0 for no limit."""
        self._made_of = torrent, folder, rate
        self.seeders = [Seeder(*self._made_of) for _ in range(seeders)]
        self.tracker = Tracker()
        self.tracker.peers = list(self.peers)

    def another(self) -> Seeder:
        """One more seeder; the tracker tells of those who are here now."""
        seeder = Seeder(*self._made_of)
        self.seeders.append(seeder)
        self.tracker.peers = list(self.peers)
        return seeder

    @property
    def peers(self) -> tuple[tuple[str, int], ...]:
        return tuple(seeder.address for seeder in self.seeders)

    @property
    def given(self) -> int:
        """Bytes of payload that those who are here have sent so far: a block counts once its seeder has heard
        that it is sent, which may be a moment after it came."""
        return sum(seeder.given for seeder in self.seeders)

    def quiet(self) -> bool:
        """Whether nothing is given for half a second. Takes that long."""
        before = [seeder.given for seeder in self.seeders]
        threading.Event().wait(0.5)
        return before == [seeder.given for seeder in self.seeders]

    def __enter__(self) -> Swarm:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        for seeder in self.seeders:
            seeder.close()
        self.tracker.close()


class Churn:
    """While it lasts, a seeder dies every so many seconds, the oldest first, and a new one comes.

    The tracker knows who is there; `meet`: a newcomer also calls on that peer, as seeds do that a
    tracker has told of it.
    """

    def __init__(
        self, swarm: Swarm, seconds: float, meet: Callable[[], tuple[str, int]] | None = None
    ) -> None:
        self._swarm, self._seconds, self._meet = swarm, seconds, meet
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.deaths = 0

    def __enter__(self) -> Churn:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        swarm = self._swarm
        while not self._stopped.wait(self._seconds):
            swarm.seeders.pop(0).close()
            fresh = swarm.another()
            self.deaths += 1
            if self._meet:
                fresh.meet(self._meet())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    parser.add_argument("--torrent", type=Path, required=True, help="where to write it")
    parser.add_argument("--seeders", type=int, default=3)
    parser.add_argument("--rate", type=int, default=0, help="bytes a second of each seeder, 0: no limit")
    parser.add_argument("--piece-length", type=int, default=0)
    parser.add_argument("--version", choices=sorted(VERSIONS), default="v1")
    parser.add_argument("--web-seed", action="append", default=[])
    asked = parser.parse_args()
    source = asked.source.resolve()
    tracker = Tracker()
    torrent = make_torrent(source, asked.piece_length, asked.version, [tracker.address], asked.web_seed)
    asked.torrent.write_bytes(torrent)
    seeders = [Seeder(torrent, source.parent, asked.rate) for _ in range(asked.seeders)]
    tracker.peers = [seeder.address for seeder in seeders]
    told = {
        "torrent": str(asked.torrent),
        "info_hash": str(lt.load_torrent_buffer(torrent).ti.info_hash()),
        "peers": tracker.peers,
        "tracker": tracker.address,
        "pid": os.getpid(),
    }
    print(json.dumps(told), flush=True)
    sys.stdin.read()
    for seeder in seeders:
        seeder.close()
    tracker.close()


if __name__ == "__main__":
    main()
