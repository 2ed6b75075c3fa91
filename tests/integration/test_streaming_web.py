# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine with web seeds, alone and beside peers."""

from __future__ import annotations

import random

import pytest

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import EngineOptions, LibtorrentEngine
from commonreel.streaming.webengine import WebEngine
from commonreel.works import metainfo
from commonreel.works.errors import NoEngine
from commonreel.works.protocols import Torrent
from lab.playing import OPTIONS, eventually, read
from lab.swarm import Swarm
from lab.torrents import make
from lab.webseed import WebSeed

PIECE = 64 << 10
LENGTH = 6_000_001
CONTENT = random.Random(LENGTH).randbytes(LENGTH)
FILES = {
    "a cover & co.jpg": random.Random(1).randbytes(70_001),
    "film.mp4": CONTENT,
    "notes.txt": random.Random(2).randbytes(1_234),
}


@pytest.fixture
def engine(tmp_path):
    made = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path):
    for name, content in FILES.items():
        path = tmp_path / "web" / "item" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "web"


@pytest.fixture
def seed(folder):
    with WebSeed(folder) as made:
        yield made


def torrent(version="v1", **more):
    data = make("item", FILES, version=version, piece_length=PIECE)
    film = next(file for file in metainfo.parse(data).files if file.path == "film.mp4")
    return Torrent(data, film.index, **{"local": True, **more})


@pytest.mark.parametrize("version", ["v1", "hybrid", "v2"])
def test_web_seed_alone(engine, seed, version):
    stream = engine.open(torrent(version, web_seeds=(seed.address,)))
    assert read(stream.reader(), 0, LENGTH) == CONTENT
    status = stream.status()
    assert (status.from_peers, status.complete) == (0, True)
    assert status.from_web >= LENGTH


def test_the_metainfos_own_web_seeds(engine, seed):
    data = make("item", FILES, piece_length=PIECE, url_list=[seed.address])
    stream = engine.open(Torrent(data, torrent().file, local=True))
    assert read(stream.reader(), 0, LENGTH) == CONTENT


def test_random_ranges(engine, seed):
    reader = engine.open(torrent(web_seeds=(seed.address,))).reader()
    chance = random.Random(3)
    for _ in range(100):
        start = chance.randrange(LENGTH - 1000)
        assert read(reader, start, 1000) == CONTENT[start : start + 1000]


def test_one_that_is_found_later(engine, seed):
    stream = engine.open(torrent())
    assert stream.reader().span(0, 1, 0.2) is None
    stream.add_web_seed(seed.address)
    assert read(stream.reader(), 0, LENGTH) == CONTENT


def test_a_redirect_and_its_resolved_address(engine, seed):
    """libtorrent cannot fetch pieces of two redirected files: the resolved address can."""
    seed.redirect = True
    stream = engine.open(torrent(web_seeds=(seed.address,)))
    read(stream.reader(), PIECE, 10)
    stream.add_web_seed(seed.address + "real/")
    assert read(stream.reader(), 0, LENGTH) == CONTENT


def test_peers_and_web_seed_are_counted_apart(engine, seed, folder):
    seed.rate = 400_000
    asked = torrent()
    with Swarm(asked.metainfo, folder, rate=300_000) as swarm:
        stream = engine.open(torrent(peers=swarm.peers, web_seeds=(seed.address,)))
        assert read(stream.reader(), 0, LENGTH) == CONTENT
        status = stream.status()
        assert status.from_peers > 0
        eventually(lambda: status.from_peers <= swarm.given, 5.0)
        assert status.from_web > 0
        assert status.from_peers + status.from_web >= LENGTH


@pytest.mark.parametrize("fault", ["garbage", "missing", "ignore_ranges"])
def test_a_bad_web_seed_beside_a_good_one(engine, seed, folder, fault):
    with WebSeed(folder) as good:
        setattr(seed, fault, True)
        stream = engine.open(torrent(web_seeds=(seed.address, good.address)))
        assert read(stream.reader(), 0, LENGTH) == CONTENT


@pytest.mark.parametrize("fault", ["garbage", "missing"])
def test_a_bad_web_seed_alone_gives_nothing(engine, seed, fault):
    setattr(seed, fault, True)
    stream = engine.open(torrent(web_seeds=(seed.address,)))
    assert stream.reader().span(0, LENGTH, 2.0) is None
    assert seed.requests


def test_what_one_engine_has_fetched_the_other_finds(engine, seed, tmp_path):
    """The one on libtorrent, and the one for the web alone."""
    cache = Cache(tmp_path / "cache", 1 << 30)
    half = LENGTH // 2
    seed.rate = 2_000_000
    read(engine.open(torrent(web_seeds=(seed.address,))).reader(), 0, half)
    engine.close()
    seed.rate, before = 0, seed.given
    other = WebEngine(cache, EngineOptions(), NoEngine())
    assert read(other.open(torrent(web_seeds=(seed.address,))).reader(), 0, LENGTH) == CONTENT
    other.close()
    assert seed.given - before < LENGTH - half + 16 * PIECE
    again = LibtorrentEngine(cache, OPTIONS)
    stream = again.open(torrent())
    assert stream.status().complete
    assert read(stream.reader(), 0, LENGTH) == CONTENT
    again.close()


def test_a_public_torrents_web_seed_on_this_network_is_not_asked(engine, seed):
    stream = engine.open(torrent(web_seeds=(seed.address,), local=False))
    assert stream.reader().span(0, 1, 2.0) is None
    assert seed.requests == 0


def test_a_name_that_leads_to_this_network_is_not_asked(engine, seed):
    stream = engine.open(torrent(local=False))
    stream.add_web_seed(seed.address.replace("127.0.0.1", "localhost"))
    assert stream.reader().span(0, 1, 2.0) is None
    assert seed.requests == 0
