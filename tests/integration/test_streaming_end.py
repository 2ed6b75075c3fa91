# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of an engine: quick, and Python goes on meanwhile, whatever libtorrent still waits for."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shlex
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from commonreel.streaming.session import EngineOptions, LibtorrentEngine
from lab import router
from lab.heartbeat import ending
from lab.playing import OPTIONS, eventually, read
from lab.swarm import Swarm, Tracker

ROOT = Path(__file__).resolve().parents[2]
# In a network and with a name server of its own
ALONE = "ip link set lo up && mount --bind %s /etc/resolv.conf && exec %s -m lab.nameless %s"


def threads():
    """All of this process, libtorrent's too."""
    return set(Path("/proc/self/task").iterdir())


def test_no_thread_is_left(item, cache):
    with Swarm(item.torrent, item.folder) as swarm:
        before = threads()
        engine = LibtorrentEngine(cache, OPTIONS)
        for local in (True, False):
            engine.warm_up(local)
        stream = engine.open(item.of(swarm.peers, trackers=(swarm.tracker.address,)))
        read(stream.reader(), 0, 100_000)
        assert threads() - before
        taken, pause = ending(engine)
        assert (taken < 1, pause < 0.5) == (True, True), (taken, pause)
    eventually(lambda: not threads() - before)


def test_while_a_tracker_does_not_answer(item, cache):
    engine = LibtorrentEngine(cache, OPTIONS)
    with closing(Tracker(leaves_waiting="stopped")) as tracker, Swarm(item.torrent, item.folder) as swarm:
        engine.open(item.of(swarm.peers, trackers=(tracker.address,)))
        eventually(lambda: "started" in tracker.events)
        taken, pause = ending(engine)
        assert "stopped" in tracker.events
    assert (taken < 2, pause < 0.5) == (True, True), (taken, pause)


def test_a_tracker_that_never_answered_is_not_waited_for(item, cache):
    engine = LibtorrentEngine(cache, OPTIONS)
    with closing(Tracker(leaves_waiting="started")) as tracker:
        engine.open(item.of(trackers=(tracker.address,)))
        eventually(lambda: "started" in tracker.events)
        taken, pause = ending(engine)
    assert (taken < 1, pause < 0.5) == (True, True), (taken, pause)


def test_while_a_name_is_looked_up(tmp_path):
    """Without a network that takes ten seconds, and cannot be broken off."""
    servers = tmp_path / "resolv.conf"
    servers.write_text("nameserver 127.0.0.1\n")
    command = ALONE % tuple(shlex.quote(str(each)) for each in (servers, sys.executable, tmp_path))
    said = subprocess.run(
        ["unshare", "--net", "--mount", "sh", "-c", command],
        cwd=ROOT / "tests",
        env={**os.environ, "PYTHONPATH": str(ROOT / "lib")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.returncode == 0, said.stderr
    taken, pause = map(float, said.stdout.split())
    assert (taken < 2, pause < 0.5) == (True, True), said.stdout


@contextlib.contextmanager
def stuck(path):
    """Whoever opens that file waits until the end of the block, by a lease on it (fcntl(2)). Whether anybody
    does."""
    before = signal.signal(signal.SIGIO, signal.SIG_IGN)  # by which the system asks for the lease back
    try:
        with path.open("r+b") as leased:
            fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            yield lambda: fcntl.fcntl(leased, fcntl.F_GETLEASE) != fcntl.F_WRLCK
            fcntl.fcntl(leased, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    finally:
        signal.signal(signal.SIGIO, before)


def test_while_the_disk_is_stuck(item, cache):
    """Where libtorrent looks through what is there already, to begin with a file that is not the film."""
    first = item.meta.files[0]
    file = cache.keep_torrent(item.meta.info_hash, item.torrent) / str(first.index)
    file.write_bytes(bytes(first.length))
    engine = LibtorrentEngine(cache, OPTIONS)
    with stuck(file) as somebody_waits:
        engine.open(item.of())
        eventually(somebody_waits)
        taken, pause = ending(engine)
        assert somebody_waits()
    assert (taken < 2, pause < 0.5) == (True, True), (taken, pause)


@pytest.fixture
def behind_a_router(cache):
    """An engine, the router that has opened doors for it, and the threads that there were before."""
    with router.home() as opened:
        before = threads()
        engine = LibtorrentEngine(cache, EngineOptions(listen=router.DEVICE + ":0", dht=False))
        engine.warm_up(False)
        eventually(lambda: len(opened.doors) == 2)  # TCP, UDP
        yield engine, opened, before
        engine.close()


def test_the_router_closes_its_doors(behind_a_router):
    engine, opened, before = behind_a_router
    taken, pause = ending(engine)
    assert not opened.doors
    assert (taken < 1, pause < 0.5) == (True, True), (taken, pause)
    eventually(lambda: not threads() - before)


def test_while_the_router_does_not_answer(behind_a_router):
    engine, opened, _ = behind_a_router
    opened.closes.clear()
    taken, pause = ending(engine)
    opened.closes.set()
    assert (taken < 2, pause < 0.5) == (True, True), (taken, pause)
