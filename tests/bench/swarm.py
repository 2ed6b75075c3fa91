# SPDX-License-Identifier: GPL-3.0-or-later
"""The seeds' side of the line: seeders, trackers, and nginx with the same files.

As a process of its own (so that its threads do not share an interpreter lock with what measures) it is
given one JSON argument and prints one line: for each file the address of a tracker that knows the
seeds, and of one that knows nobody. A line with a number on standard input ends that seed; the end of
standard input ends all.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

from .media import Film
from .network import TESTS, Network
from .web_server import WebServer

FAST = {"send_buffer_watermark": 4 << 20, "max_allowed_in_request_queue": 4000, "unchoke_slots_limit": 500}


@dataclass(frozen=True)
class Source:
    """A film as an engine is told of it."""

    film: Film
    torrent: Path
    magnet: str
    from_web: Path  # the torrent whose only source is a web seed
    plain: str  # the finished file's address beyond the line
    plain_pid: int  # of the server there


class Swarm:
    """Seeds of some films beyond a network's line, until closed."""

    def __init__(self, network: Network, films: Sequence[Film], folder: Path) -> None:
        """`folder`: where the torrents are written. All films lie in one folder."""
        self._network = network
        self.seeds = len(network.seed_hosts)
        limited = network.profile.shaped and not network.namespaces
        rates = [int(rate / 8) for rate in network.profile.seed_rates()] if limited else []
        told = {
            "hosts": network.seed_hosts,
            "rates": rates,
            "tracker": network.tracker_host,
            "films": [str(film.path) for film in films],
            "torrents": [film.torrent("").hex() for film in films],
        }
        with network.seeds_side():
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bench.swarm"],
                cwd=TESTS,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            self.web = WebServer(films[0].path.parent, folder, network.web_host, limited=sum(rates))
        self._say(told)
        trackers = json.loads(self._process.stdout.readline())
        self.sources = {film.name: self._source(film, folder, *trackers[film.name]) for film in films}

    def end_seed(self, number: int, quietly: bool) -> None:
        """It goes: with a farewell, or without one (its packets are lost), as a computer put to sleep."""
        if quietly and self._network.namespaces:
            self._network.silence(self._network.seed_hosts[number])
        else:
            self._say(number)

    def __enter__(self) -> Swarm:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait(30)
        self.web.close()

    def _say(self, what: Any) -> None:
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _source(self, film: Film, folder: Path, tracker: str, nobody: str) -> Source:
        torrent, from_web = folder / (film.name + ".torrent"), folder / (film.name + ".web.torrent")
        torrent.write_bytes(film.torrent(tracker))
        plain = self.web.address(film.name)
        from_web.write_bytes(film.torrent(nobody, plain))
        return Source(film, torrent, film.magnet(tracker), from_web, plain, self.web.pid)


def main() -> None:
    from lab.swarm import Seeder, Tracker

    told = json.loads(sys.stdin.readline())
    rates = told["rates"] or [0] * len(told["hosts"])
    seeders: list[list[Seeder]] = [[] for _ in rates]  # by seed, then by film
    trackers: dict[str, tuple[str, str]] = {}
    keep = []
    for path, torrent in zip(map(Path, told["films"]), told["torrents"]):
        for seed, (host, rate) in enumerate(zip(told["hosts"], rates)):
            seeders[seed].append(Seeder(bytes.fromhex(torrent), path.parent, rate, host, FAST))
        known, nobody = Tracker(told["tracker"]), Tracker(told["tracker"])
        known.peers = [seed[-1].address for seed in seeders]
        trackers[path.name] = (known.address, nobody.address)
        keep += [known, nobody]
    print(json.dumps(trackers), flush=True)
    for line in sys.stdin:
        for seeder in seeders[int(line)]:
            seeder.close()


if __name__ == "__main__":
    main()
