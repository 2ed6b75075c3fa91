# SPDX-License-Identifier: GPL-3.0-or-later
"""A film while its sources come, go and lie: every byte right, and no standing still."""

from __future__ import annotations

import hashlib
import os
import random

import pytest

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from lab.playing import OPTIONS, Item, eventually, read, together
from lab.swarm import Churn, Seeder, Swarm
from lab.webseed import WebSeed

LENGTH = 4_000_001


@pytest.fixture(params=["v1", "v2"])
def any_item(tmp_path, request):
    return Item(tmp_path, request.param, LENGTH)


@pytest.fixture
def item(tmp_path):
    return Item(tmp_path, length=LENGTH)


@pytest.fixture
def engine(tmp_path):
    made = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    yield made
    made.close()


def whole_and_ranges(stream, item, ranges=40):
    """Three readers: one from the first byte to the last, two here and there."""

    def work(number):
        reader = stream.reader()
        if not number:
            found = hashlib.sha256(read(reader, 0, LENGTH)).digest()
            assert found == hashlib.sha256(item.content).digest()
        chance = random.Random(number)
        for _ in range(ranges if number else 0):
            start = chance.randrange(LENGTH)
            length = min(LENGTH - start, chance.choice((1, 1000, 100_000)))
            assert read(reader, start, length) == item.content[start : start + length]
        reader.close()

    together(3, work)


def home(engine):
    """Where the engine's peers can call on it."""
    return "127.0.0.1", engine._sessions[True]._session.listen_port()


def test_seeds_that_die(item, engine):
    """Within three seconds nobody is left of those who were there at first."""
    with Swarm(item.torrent, item.folder, rate=400_000) as swarm:
        stream = engine.open(item.of(swarm.peers, trackers=(swarm.tracker.address,)))
        with Churn(swarm, 1.0, lambda: home(engine)) as churn:
            whole_and_ranges(stream, item)
            assert churn.deaths >= 3


def test_seeds_that_die_and_one_that_lies(any_item, engine, tmp_path):
    item = any_item
    liar = Seeder(item.torrent, item.altered(tmp_path / "bad", os.urandom(LENGTH)))
    with Swarm(item.torrent, item.folder, rate=400_000) as swarm:
        stream = engine.open(item.of([liar.address, *swarm.peers], trackers=(swarm.tracker.address,)))
        with Churn(swarm, 1.0, lambda: home(engine)):
            whole_and_ranges(stream, item)
    assert liar.given
    liar.close()


def test_a_web_seed_that_changes_its_mind(item, engine, tmp_path):
    """Right at first, then something else of the same length, in the same place."""
    folder = item.altered(tmp_path / "web", item.content)
    with Swarm(item.torrent, item.folder, rate=300_000) as swarm, WebSeed(folder, rate=1_000_000) as web:
        stream = engine.open(item.of(swarm.peers, web_seeds=(web.address,)))
        eventually(lambda: web.given > LENGTH // 10)
        (folder / "item" / item.FILM).write_bytes(os.urandom(LENGTH))
        whole_and_ranges(stream, item)


def test_a_web_seed_that_comes_back(item, engine, tmp_path):
    """It is all there is: once it has the film again, the film goes on."""
    folder = item.altered(tmp_path / "web", item.content)
    with WebSeed(folder, rate=1_500_000) as web:
        stream = engine.open(item.of(web_seeds=(web.address,)))
        reader = stream.reader()
        read(reader, 0, LENGTH // 10)
        web.missing = True
        assert reader.span(LENGTH // 2, 1, 1.0) is None
        web.missing = False
        assert read(reader, 0, LENGTH) == item.content
