# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows: what is measured of an engine, each with a fresh start of it.

A measure takes a player and gives figures, name → value or values. Seconds run from the play (or the
seek) on. A film is played at its own rate with no more than four seconds in hand, as a player does
that must not waste memory.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Callable, Mapping, Sequence

from .engine import EngineFailed
from .media import END, FRONT, MKV, RANDOM, SPARSE
from .network import HOME, UNLIMITED, Profile
from .player import MIB, Player, Range

GIB = 1 << 30
IN_HAND = 4.0  # seconds of film a player keeps
SEEKS = (0.70, 0.35, 0.85)  # parts of the film
BEFORE_SEEK, BETWEEN_SEEKS = 4.0, 2.0  # seconds of playing
SPREAD, SPREAD_BYTES = 8, 256 * MIB  # places in the largest file, and what is read at each
SETTLE = 1.0  # seconds: what comes in late is still counted as the download's

Figures = Mapping[str, "float | Sequence[float]"]


@dataclass(frozen=True)
class Measure:
    profile: Profile
    film: str
    run: Callable[[Player], Figures]
    engines: tuple[str, ...] = ()  # those that it is for; else all


def start(player: Player, how: str = "torrent", name: str = "start") -> Figures:
    player.play(how)
    with player.open() as film:
        film.read_all(1)
        first = player.since()
        film.read_all(MIB - 1)
        return {name + " first byte": first, name + " 1 MiB": player.since()}


def magnet(player: Player) -> Figures:
    return start(player, "magnet", "magnet")


def picture(player: Player) -> Figures:
    player.play()
    player.first_picture()
    taken = player.since()
    with player.open() as film:
        film.read_all(MIB)
    return {"picture " + player.source.film.name: taken}


def seek(player: Player, how: str = "torrent", name: str = "seek") -> Figures:
    player.play(how)
    rate, size = player.source.film.rate, player.source.film.size
    with player.open() as film:
        watch(film, rate, BEFORE_SEEK)
    firsts, mibs = [], []
    for part in SEEKS:
        began = time.monotonic()
        with player.open(int(size * part)) as film:
            film.read_all(1)
            firsts.append(time.monotonic() - began)
            film.read_all(MIB - 1)
            mibs.append(time.monotonic() - began)
            watch(film, rate, BETWEEN_SEEKS)
    return {name + " first byte": firsts, name + " 1 MiB": mibs}


def seek_web(player: Player) -> Figures:
    return seek(player, "web", "web seek")


def watch(film: Range, rate: float, seconds: float) -> None:
    """Take what a player takes in that time."""
    began, taken = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        if taken > rate * (passed + IN_HAND):
            time.sleep(0.02)
            continue
        read = film.read(64 << 10)
        if not read:
            raise EngineFailed("the answer ended before its length")
        taken += read


def bulk(player: Player) -> Figures:
    """All of it while it is downloaded; then again, finished, over HTTP."""
    player.play()
    size = player.source.film.size
    with player.open() as film:
        film.read_all(size)
    taken = player.since()
    cpu = player.usage.cpu()
    time.sleep(SETTLE)
    player.address = player.engine.finished(player.address)
    with player.open() as film:
        film.read_all(size)
    before = player.usage.cpu()
    rates = []
    for _ in range(2):
        began = time.monotonic()
        with player.open() as film:
            if film.rest_unseen() != size:
                raise EngineFailed("the answer ended before its length")
        rates.append(size / (time.monotonic() - began) / 1e6)
    return {
        "swarm MB/s": size / taken / 1e6,
        "swarm CPU s/GiB": cpu * GIB / size,
        "anonymous MiB, 1 GiB": player.usage.peak_anonymous / MIB,
        "resident MiB, 1 GiB": player.usage.peak_resident / MIB,
        "HTTP MB/s": rates,
        "HTTP CPU s/GiB": (player.usage.cpu() - before) * GIB / size / len(rates),
    }


def large(player: Player) -> Figures:
    """A quarter of a file of 8 GiB, from all over it."""
    player.play()
    for number in range(SPREAD):
        with player.open(player.source.film.size // SPREAD * number) as film:
            film.read_all(SPREAD_BYTES)
    return {
        "anonymous MiB, 8 GiB": player.usage.peak_anonymous / MIB,
        "resident MiB, 8 GiB": player.usage.peak_resident / MIB,
    }


def play_through(player: Player, seconds: float) -> Figures:
    """Play in real time; how often and how long the picture stands still once it has begun."""
    player.play()
    rate, end = player.source.film.rate, player.source.film.size
    with player.open() as film:
        film.read_all(int(min(2 * rate, end)))  # what a player has in hand when it begins
        screen = _Screen(rate, film.at)
        while screen.shown() < seconds * rate and film.at < end:
            if film.at > screen.shown() + IN_HAND * rate:
                time.sleep(0.02)
                continue
            if not film.read(64 << 10):
                raise EngineFailed("the answer ended before its length")
            screen.arrived(film.at)
    return {"stalls": screen.stalls, "stalled seconds": screen.stood}


class _Screen:
    """Shows bytes at the film's rate; stands still where there are none, until a second is in hand."""

    def __init__(self, rate: float, arrived: int) -> None:
        self._rate = rate
        self._since = time.monotonic()
        self._at = 0.0  # bytes shown at _since
        self._arrived = arrived
        self._still = 0.0  # since when it stands still; 0: it moves
        self.stalls = 0
        self.stood = 0.0

    def shown(self) -> float:
        if self._still:
            return self._at
        return min(self._at + (time.monotonic() - self._since) * self._rate, self._arrived)

    def arrived(self, at: int) -> None:
        """The film is here up to `at`."""
        now = time.monotonic()
        if not self._still and self._at + (now - self._since) * self._rate > self._arrived:
            self._still = self._since + (self._arrived - self._at) / self._rate
            self._at = float(self._arrived)
            self.stalls += 1
        self._arrived = at
        if self._still and at - self._at > self._rate:
            self.stood += now - self._still
            self._still, self._since = 0.0, now


MEASURES = {
    "start": Measure(HOME, FRONT, start),
    "magnet": Measure(HOME, FRONT, magnet),
    "picture-front": Measure(HOME, FRONT, picture),
    "picture-end": Measure(HOME, END, picture),
    "picture-mkv": Measure(HOME, MKV, picture),
    "seek": Measure(HOME, FRONT, seek),
    "seek-web": Measure(HOME, FRONT, seek_web, ("ours", "ours-debian", "webtorrent")),
    "bulk": Measure(UNLIMITED, RANDOM, bulk),
    "large": Measure(UNLIMITED, SPARSE, large, ("ours", "ours-debian", "webtorrent", "peerflix")),
}
