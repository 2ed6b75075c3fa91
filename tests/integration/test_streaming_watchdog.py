# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that promise and do not give: whoever waits for a piece gets it from somebody else, soon."""

from __future__ import annotations

import time

import pytest

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from lab import bad_peer
from lab.bad_peer import BadPeer
from lab.playing import OPTIONS, Item, eventually, read
from lab.swarm import Swarm

SOON = 6.0  # seconds: a player has some seconds in its own buffer
PIECE = 256 << 10
LENGTH = 8_000_001
SEEKS = (0, 6_000_000, 3_000_000, 7_500_000)


@pytest.fixture
def item(tmp_path):
    return Item(tmp_path, length=LENGTH, piece_length=PIECE)


@pytest.fixture
def engine(tmp_path):
    made = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    yield made
    made.close()


@pytest.fixture
def bad(item):
    """Makes bad peers of the item."""
    made = []

    def make(answer=None):
        made.append(BadPeer(item.meta.info_hash, len(item.meta.pieces) // 20, answer))
        return made[-1]

    yield make
    for peer in made:
        peer.close()


def seconds_for(reader, item, offset, length):
    started = time.monotonic()
    assert read(reader, offset, length) == item.content[offset : offset + length]
    return time.monotonic() - started


@pytest.mark.parametrize("count", [1, 12])
def test_silent_peers_that_were_there_first(item, engine, bad, count):
    """They have been asked for what the player waits for when a healthy peer comes."""
    silent = [bad() for _ in range(count)]
    stream = engine.open(item.of([peer.address for peer in silent]))
    reader = stream.reader()
    assert reader.span(0, 1, 0.5) is None
    eventually(lambda: any(peer.requests for peer in silent))
    with Swarm(item.torrent, item.folder, seeders=1, rate=1_500_000) as swarm:
        engine.open(item.of(swarm.peers))
        # libtorrent asks a new peer for four blocks at once; from the fourth second on it takes back one
        # in each second.
        assert seconds_for(reader, item, 0, 1 << 20) < SOON + 4


@pytest.mark.parametrize("count", [1, 12])
def test_seeks_with_silent_peers_about(item, engine, bad, count):
    silent = [bad() for _ in range(count)]
    with Swarm(item.torrent, item.folder, seeders=1, rate=1_500_000) as swarm:
        stream = engine.open(item.of([*(peer.address for peer in silent), *swarm.peers]))
        reader = stream.reader()
        times = [seconds_for(reader, item, offset, 100_000) for offset in SEEKS]
        assert max(times) < SOON, times


def test_peers_that_drip(item, engine, bad):
    with Swarm(item.torrent, item.folder, seeders=1, rate=1_500_000) as swarm:
        slow = [bad(bad_peer.drip(whole(item), PIECE, 2.0)) for _ in range(4)]
        stream = engine.open(item.of([*(peer.address for peer in slow), *swarm.peers]))
        reader = stream.reader()
        times = [seconds_for(reader, item, offset, 100_000) for offset in SEEKS]
        # libtorrent asks a new peer for four blocks at once, and does not ask others for them.
        assert max(times) < 4 * 2.0 + SOON, times


def test_the_healthy_one_is_found_by_the_tracker_later(item, engine, bad):
    silent = [bad() for _ in range(3)]
    with Swarm(item.torrent, item.folder, seeders=1, rate=1_500_000) as swarm:
        swarm.tracker.peers = [peer.address for peer in silent]
        stream = engine.open(item.of(trackers=(swarm.tracker.address,)))
        reader = stream.reader()
        eventually(lambda: any(peer.requests for peer in silent))
        assert reader.span(0, 1, 0.5) is None
        swarm.tracker.peers += swarm.peers
        assert seconds_for(reader, item, 0, 1 << 20) < 2 * SOON


@pytest.mark.parametrize("answer", [bad_peer.noise, bad_peer.choke, bad_peer.too_much, bad_peer.out_of_range])
def test_peers_that_do_harm(item, engine, bad, answer):
    hostile = [bad(answer) for _ in range(3)]
    with Swarm(item.torrent, item.folder, seeders=1, rate=4_000_000) as swarm:
        stream = engine.open(item.of([*(peer.address for peer in hostile), *swarm.peers]))
        reader = stream.reader()
        times = [seconds_for(reader, item, offset, 100_000) for offset in SEEKS]
        assert max(times) < SOON, times
        assert read(reader, 0, LENGTH) == item.content
        assert any(peer.requests for peer in hostile)


def whole(item):
    """The torrent's bytes in a row."""
    return b"".join(item.files.values())
