# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of an engine: quick, and Python goes on meanwhile, whatever libtorrent still waits for."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from lab.heartbeat import Heartbeat
from lab.playing import OPTIONS, Item, eventually
from lab.swarm import Swarm, Tracker

ROOT = Path(__file__).resolve().parents[2]
# In a network and with a name server of its own
ALONE = "ip link set lo up && mount --bind %s /etc/resolv.conf && exec %s -m lab.nameless %s"


def test_while_a_tracker_does_not_answer(tmp_path):
    item = Item(tmp_path)
    engine = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    with closing(Tracker(leaves_waiting="stopped")) as tracker, Swarm(item.torrent, item.folder) as swarm:
        engine.open(item.of(swarm.peers, trackers=(tracker.address,)))
        eventually(lambda: "started" in tracker.events)
        with Heartbeat() as heart:
            engine.close()
        assert "stopped" in tracker.events
    assert heart.pause < 0.5


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
