# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten minutes of playing at the film's rate, with 1.3 times that bandwidth, and a seed dying every minute."""

from __future__ import annotations

import os

import pytest

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from lab.playing import OPTIONS, Item, Player
from lab.swarm import Churn, Swarm

MINUTE = float(os.environ.get("LONG_MINUTE", "60"))  # seconds; less for a quicker look
RATE = 440_000  # bytes a second: 3.5 Mbit/s
SEEDS = 4


@pytest.mark.timeout(1200)
def test_ten_minutes_without_a_stall(tmp_path):
    length = int(10 * MINUTE * RATE)
    item = Item(tmp_path, length=length, piece_length=1 << 20)
    engine = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 40), OPTIONS)
    with Swarm(item.torrent, item.folder, SEEDS, rate=int(1.3 * RATE / SEEDS)) as swarm:
        sources = {"trackers": (swarm.tracker.address,), "duration": 10 * MINUTE}
        stream = engine.open(item.of(swarm.peers, **sources))
        player = Player(stream.reader(), length, RATE)

        def check(offset, data):
            assert data == item.content[offset : offset + len(data)]

        def home():
            return "127.0.0.1", engine._sessions[True]._session.listen_port()

        with Churn(swarm, MINUTE, home) as churn:
            player.play(check)
        assert churn.deaths >= 9
    engine.close()
    assert player.stalls == []
