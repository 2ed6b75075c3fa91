# SPDX-License-Identifier: GPL-3.0-or-later
"""Players at the real proxy, with the real engine behind it and a real swarm behind that."""

from __future__ import annotations

import pytest

from commonreel.proxy.server import Proxy
from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from lab.playing import OPTIONS, Item, Player, ask_here_and_there
from lab.streams import FakeControl
from lab.swarm import Churn, Swarm

PATH = "/v1/media/%s/film.mp4" % FakeControl.SECRET


@pytest.fixture
def engine(tmp_path):
    made = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    yield made
    made.close()


def test_ranges_by_eight_readers(tmp_path, engine):
    """While the film downloads: at the end of it the last of them are asked for."""
    item = Item(tmp_path, length=12_000_001, piece_length=256 << 10)
    with Swarm(item.torrent, item.folder, rate=800_000) as swarm:
        stream = engine.open(item.of(swarm.peers))
        proxy = Proxy(FakeControl(stream), "1.2.3")
        proxy.start()
        ask_here_and_there(proxy.port, PATH, item.content, readers=8, ranges=2_000)
        proxy.stop()


def test_a_film_that_plays_while_its_seeds_die(tmp_path, engine):
    """1.3 times the film's rate is all that its seeds give."""
    rate, seconds, seeds = 400_000, 8, 4
    item = Item(tmp_path, length=rate * seconds, piece_length=256 << 10)
    with Swarm(item.torrent, item.folder, seeds, rate=int(1.3 * rate / seeds)) as swarm:
        sources = {"trackers": (swarm.tracker.address,), "duration": float(seconds)}
        stream = engine.open(item.of(swarm.peers, **sources))
        player = Player(stream.reader(), item.length, rate)

        def check(offset, data):
            assert data == item.content[offset : offset + len(data)]

        def home():
            return "127.0.0.1", engine._sessions[True]._session.listen_port()

        with Churn(swarm, 2.0, home) as churn:
            player.play(check)
        assert churn.deaths >= 3
        assert player.stalls == []
