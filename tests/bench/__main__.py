# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench: streaming engines side by side in one private swarm.

    python -m bench [--only start,seek] [--engines ours,peerflix] [--runs 5] [--out raw.json]

Run in `tests`. Engines take turns, so that drift of the machine hits all alike. As root it makes network
namespaces with a line of known rate and delay between them; else it does with the loopback address.
"""

from __future__ import annotations

import argparse
import http.client
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Callable, Mapping, Sequence

from . import report
from .engine import Engine, EngineFailed
from .engines import ENGINES, JUDGED, PACKAGES, under_test
from .measure import MEASURES, Figures, Measure, play_through
from .media import FILMS, FRONT, SECONDS, Media
from .network import HOME, UNLIMITED, Network, namespaces_allowed, tight
from .player import Player
from .results import Results, described, this_machine
from .swarm import Source, Swarm

STALLS = "stalls"
REST = 0.5  # seconds between two engines
SEED_DIES = 60.0  # seconds
FAILED = (EngineFailed, OSError, http.client.HTTPException, subprocess.SubprocessError, ValueError)


class Bench:
    """What is to be measured, and where that goes."""

    def __init__(
        self,
        engines: Mapping[str, type[Engine]],
        media: Media,
        results: Results,
        scratch: Path,
        full: bool,
        namespaces: bool,
    ) -> None:
        self._engines, self._media, self._results = engines, media, results
        self._scratch, self._full = scratch, full
        self._namespaces = namespaces
        self._lock = threading.Lock()

    def describe(self) -> None:
        about = self._results.about
        about.update({"namespaces": self._namespaces, "machine": this_machine()})
        about["films"] = {name: described(self._media.film(name)) for name in FILMS}
        for name, kind in self._engines.items():
            self._results.describe(name, kind.title, kind.version(), kind.warm)

    def measure(self, names: Sequence[str], run: int) -> None:
        """Each of them once, with each engine."""
        for profile in (HOME, UNLIMITED):
            wanted = {name: MEASURES[name] for name in names if MEASURES[name].profile == profile}
            films = [self._media.film(name) for name in sorted({each.film for each in wanted.values()})]
            if not films:
                continue
            with Network(profile, self._namespaces) as network, Swarm(network, films, self._scratch) as swarm:
                for name, measure in wanted.items():
                    source = swarm.sources[measure.film]
                    for engine in self._taking_part(measure, run):
                        with network.player_side():
                            self._one(engine, name, run, source, measure.run)
                        time.sleep(REST)

    def stalls(self, runs: int, seconds: float) -> None:
        """All at once, each with a line and seeds of its own: they hardly take processor time."""
        self._results.about["stall seconds"] = seconds
        engines = [JUDGED] * runs if JUDGED in self._engines else []
        if self._full or not engines:
            engines += [name for name in self._engines if name != JUDGED]
        threads = [threading.Thread(target=self._stalls, args=(name, seconds)) for name in engines]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _taking_part(self, measure: Measure, run: int) -> list[str]:
        return [
            name
            for name, kind in self._engines.items()
            if (not measure.engines or name in measure.engines or name not in ENGINES)
            and (self._full or not kind.at_most or run < kind.at_most)
        ]

    def _stalls(self, engine: str, seconds: float) -> None:
        film = self._media.film(FRONT)
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        ended = threading.Event()
        with Network(tight(film.rate), self._namespaces) as network, Swarm(network, [film], folder) as swarm:
            dying = threading.Thread(target=self._lose_seeds, args=(swarm, ended))
            dying.start()
            try:
                with network.player_side():
                    source = swarm.sources[film.name]
                    self._one(engine, STALLS, 0, source, lambda player: play_through(player, seconds))
            finally:
                ended.set()
                dying.join()

    @staticmethod
    def _lose_seeds(swarm: Swarm, ended: threading.Event) -> None:
        """All but two, one after the other, every other one without a farewell."""
        for number in range(swarm.seeds - 2):
            if ended.wait(SEED_DIES):
                return
            swarm.end_seed(number, quietly=number % 2 == 1)

    def _one(
        self, engine: str, name: str, run: int, source: Source, take: Callable[[Player], Figures]
    ) -> None:
        try:
            with Player(self._engines[engine], source, self._scratch) as player:
                try:
                    figures = take(player)
                finally:
                    with self._lock:
                        self._results.compare(engine, player.compared)
        except FAILED as error:
            say("%d %s %s failed: %r" % (run + 1, engine, name, error))
            with self._lock:
                self._results.fail(engine, name, str(error) or type(error).__name__)
        else:
            say("%d %s %s: %s" % (run + 1, engine, name, _short(figures)))
            with self._lock:
                self._results.add(engine, figures)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _short(figures: Figures) -> str:
    told = {name: value if isinstance(value, (list, tuple)) else [value] for name, value in figures.items()}
    return ", ".join("%s %s" % (name, " ".join("%.3g" % v for v in values)) for name, values in told.items())


def installed(engines: Mapping[str, type[Engine]]) -> dict[str, type[Engine]]:
    """Those that can be run here."""
    found = {}
    for name, kind in engines.items():
        try:
            kind.version()
            found[name] = kind
        except (OSError, subprocess.CalledProcessError, KeyError) as error:
            say("%s is left out: %s" % (name, error))
    return found


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = [*MEASURES, STALLS]
    parser.add_argument("--only", default=",".join(every), help="of " + ", ".join(every))
    parser.add_argument("--engines", default=",".join(ENGINES), help="of " + ", ".join(ENGINES))
    parser.add_argument(
        "--engine",
        action="append",
        default=[],
        metavar="NAME=COMMAND",
        help="one more, a command that speaks the lines of `commonreel stream -`",
    )
    parser.add_argument("--loopback", action="store_true", help="no namespaces, though they are allowed")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--full", action="store_true", help="slow rivals as often, and stalls of all")
    parser.add_argument("--stall-seconds", type=float, default=float(SECONDS))
    parser.add_argument("--media", type=Path, default=PACKAGES / "media", help="films, made where missing")
    parser.add_argument("--out", type=Path, help="raw figures; added to where it exists")
    parser.add_argument("--report", type=Path, help="where to write the document; else to standard output")
    parser.add_argument("--no-run", action="store_true", help="only write the document of --out again")
    return parser.parse_args()


def main() -> None:
    asked = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is ended
    results = Results(asked.out)
    if not asked.no_run:
        chosen = {name: ENGINES[name] for name in asked.engines.split(",") if name}
        chosen = {**installed(chosen), **_more(asked.engine)}
        PACKAGES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="scratch-", dir=PACKAGES) as scratch:
            namespaces = not asked.loopback and namespaces_allowed()
            bench = Bench(chosen, Media(asked.media), results, Path(scratch), asked.full, namespaces)
            bench.describe()
            names = asked.only.split(",")
            for run in range(asked.runs):
                bench.measure([name for name in names if name != STALLS], run)
            if STALLS in names:
                bench.stalls(asked.runs, asked.stall_seconds)
    text = report.document(results)
    if asked.report:
        asked.report.write_text(text)
    else:
        print(text)


def _more(named: Sequence[str]) -> dict[str, type[Engine]]:
    return {name: under_test(name, command) for name, _, command in (each.partition("=") for each in named)}


if __name__ == "__main__":
    main()
