# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a swarm and an engine meet: two network namespaces and a line between them, or loopback.

Nothing in these namespaces has a route to anywhere else, so that an engine's DHT, LSD or UPnP stays
inside. Their addresses are of 198.18.0.0/24, the range for benchmarks (RFC 2544), which the rivals
take for public ones.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

TESTS = Path(__file__).resolve().parents[1]
PLAYER = "198.18.0.100"
WEB = "198.18.0.20"
TRACKER = "198.18.0.1"
LOOPBACK = "127.0.0.1"

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TUN_NO_PI = 0x1001


@dataclass(frozen=True)
class Profile:
    """A line to the engine under test. Rates in bits a second, 0 for no limit; delay in seconds."""

    name: str
    seeds: int = 4
    down: float = 0
    up: float = 0
    delay: float = 0.0  # one way
    caps: tuple[float, ...] = ()  # of each seed

    @property
    def shaped(self) -> bool:
        return self.down > 0

    @property
    def round_trip(self) -> float:
        return 2 * self.delay

    def seed_addresses(self) -> list[str]:
        return ["198.18.0.%d" % (30 + number) for number in range(self.seeds)]

    def seed_rates(self) -> list[float]:
        """Bits a second of each seed, where there is no line to shape them."""
        return list(self.caps) if self.caps else [self.down / self.seeds] * self.seeds


HOME = Profile("home", seeds=4, down=20e6, up=5e6, delay=0.015, caps=(10e6, 6e6, 3e6, 1e6))
UNLIMITED = Profile("unlimited", seeds=4)


def tight(film_rate: float, spare: float = 1.3, seeds: int = 12) -> Profile:
    """A line of `spare` times the film's rate (bytes a second), with seeds enough to lose one a minute."""
    return Profile("tight", seeds=seeds, down=film_rate * 8 * spare, up=2e6, delay=0.015)


class Namespace:
    """A network namespace without a name: it goes when the last process in it has gone."""

    def __init__(self) -> None:
        opened: list[int] = []
        failed: list[OSError] = []

        def make() -> None:
            try:
                _system_call("unshare", _CLONE_NEWNET)
                opened.append(_current())
            except OSError as error:
                failed.append(error)

        thread = threading.Thread(target=make)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]
        self.descriptor = opened[0]
        self.path = "/proc/%d/fd/%d" % (os.getpid(), self.descriptor)
        with self.entered():
            ip("link", "set", "lo", "up")

    @contextlib.contextmanager
    def entered(self) -> Iterator[None]:
        """Inside the block this thread, and what it starts, is in the namespace."""
        before = _current()
        _system_call("setns", self.descriptor, _CLONE_NEWNET)
        try:
            yield
        finally:
            _system_call("setns", before, _CLONE_NEWNET)
            os.close(before)

    def close(self) -> None:
        os.close(self.descriptor)


class Network:
    """The seeds' side and the player's, for one profile."""

    def __init__(self, profile: Profile, namespaces: bool) -> None:
        self.profile = profile
        self.namespaces = namespaces
        self._line: subprocess.Popen[bytes] | None = None
        if not namespaces:
            self.seed_hosts = [LOOPBACK] * profile.seeds
            self.web_host = self.tracker_host = LOOPBACK
            return
        self.seed_hosts = profile.seed_addresses()
        self.web_host, self.tracker_host = WEB, TRACKER
        self._seeds, self._player = Namespace(), Namespace()
        if profile.shaped:
            self._shaped_line()
        else:
            with self._seeds.entered():
                ip("link", "add", "line", "type", "veth", "peer", "name", "line", "netns", self._player.path)
        self._addresses(self._seeds, [TRACKER, WEB, *self.seed_hosts])
        self._addresses(self._player, [PLAYER])

    def seeds_side(self) -> contextlib.AbstractContextManager[None]:
        return self._seeds.entered() if self.namespaces else contextlib.nullcontext()

    def player_side(self) -> contextlib.AbstractContextManager[None]:
        return self._player.entered() if self.namespaces else contextlib.nullcontext()

    def silence(self, host: str) -> None:
        """What is sent to or from there is lost from now on, and nobody says so."""
        with self.seeds_side():
            ip("addr", "del", host + "/24", "dev", "line")

    def __enter__(self) -> Network:
        return self

    def __exit__(self, *_: object) -> None:
        if self._line:
            self._line.terminate()
            self._line.wait()
        if self.namespaces:
            self._seeds.close()
            self._player.close()

    def _shaped_line(self) -> None:
        with self._seeds.entered():
            here = _tun("line")
        with self._player.entered():
            there = _tun("line")
        profile = self.profile
        told = {
            "seeds": here,
            "player": there,
            "down": profile.down,
            "up": profile.up,
            "delay": profile.delay,
            "caps": dict(zip(profile.seed_addresses(), profile.caps)),
        }
        # The line must not wait for a processor that the engine under test keeps busy.
        command = ["nice", "-n", "-10", sys.executable, "-m", "bench.delay_line", json.dumps(told)]
        self._line = subprocess.Popen(command, cwd=TESTS, pass_fds=(here, there))
        os.close(here)
        os.close(there)

    @staticmethod
    def _addresses(namespace: Namespace, addresses: list[str]) -> None:
        with namespace.entered():
            for address in addresses:
                ip("addr", "add", address + "/24", "dev", "line")
            ip("link", "set", "line", "up")


def namespaces_allowed() -> bool:
    """Whether this user may make namespaces and the devices between them."""
    try:
        with Network(HOME, namespaces=True):
            return True
    except (OSError, AttributeError, subprocess.CalledProcessError):
        return False


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _current() -> int:
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY)


def _tun(name: str) -> int:
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", name.encode(), _IFF_TUN_NO_PI))
    return descriptor


def _system_call(name: str, *arguments: int) -> None:
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
