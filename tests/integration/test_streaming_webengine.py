# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine without libtorrent: every byte right, whatever the web servers do."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from commonreel.streaming import webswarm
from commonreel.streaming.options import EngineOptions, Proxy
from commonreel.streaming.webengine import WebEngine
from commonreel.works.errors import (
    DiskFull,
    NoEngine,
    NoSource,
    RestartNeeded,
    StreamClosed,
    TorrentInvalid,
    TorrentPrivate,
)
from commonreel.works.protocols import Torrent
from lab import playing
from lab.playing import eventually, read, together
from lab.torrents import make
from lab.webseed import WebSeed

PIECE = 64 << 10
LENGTH = 12_000_001
OPTIONS = EngineOptions()
LACK = NoEngine("No module named 'libtorrent'")


class Item(playing.Item):
    """A torrent whose files web seeds find in `web`."""

    def __init__(self, folder: Path, version: str = "v1", length: int = LENGTH, **made) -> None:
        super().__init__(folder / "web", version, length, **made)

    def of(self, *seeds: WebSeed, **more) -> Torrent:
        return super().of(**{"web_seeds": tuple(seed.address for seed in seeds), **more})


@pytest.fixture(params=["v1", "hybrid", "v2"])
def any_item(tmp_path, request):
    return Item(tmp_path, request.param)


@pytest.fixture
def item(tmp_path):
    return Item(tmp_path)


@pytest.fixture
def engine(cache):
    made = WebEngine(cache, OPTIONS, LACK)
    yield made
    made.close()


@pytest.fixture
def seed(tmp_path):
    with WebSeed(tmp_path / "web") as made:
        yield made


def whole(stream):
    return hashlib.sha256(read(stream.reader(), 0, stream.length)).digest()


def right(item):
    return hashlib.sha256(item.content).digest()


def engine_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("commonreel")]


# Reading


@pytest.mark.parametrize("readers", [1, 4])
def test_the_whole_film_while_it_downloads(any_item, engine, seed, readers):
    stream = engine.open(any_item.of(seed))

    def all_of_it(_):
        assert whole(stream) == right(any_item)

    together(readers, all_of_it)
    status = stream.status()
    assert (status.complete, status.state, status.from_peers, status.web_seeds) == (True, "ready", 0, 1)
    assert status.from_web >= LENGTH
    assert (stream.name, stream.length) == ("film.mp4", LENGTH)
    assert stream.info_hash in (any_item.meta.info_hash, any_item.meta.info_hash_v2)


@pytest.mark.parametrize("piece", [16 << 10, 100_000, 4 << 20])
def test_pieces_of_any_size(tmp_path, engine, seed, piece):
    item = Item(tmp_path, piece_length=piece)
    stream = engine.open(item.of(seed))
    assert whole(stream) == right(item)


@pytest.mark.parametrize("version", ["v1", "hybrid", "v2"])
def test_a_torrent_of_a_single_file(tmp_path, engine, seed, version):
    content = random.Random(5).randbytes(3_000_001)
    (tmp_path / "web").mkdir(exist_ok=True)
    (tmp_path / "web" / "film.mp4").write_bytes(content)
    torrent = make("film.mp4", content, version=version, piece_length=PIECE, url_list=[seed.address])
    stream = engine.open(Torrent(torrent, 0, local=True))
    assert read(stream.reader(), 0, len(content)) == content


@pytest.mark.parametrize("readers", [1, 4])
def test_random_ranges_while_it_downloads(item, engine, seed, readers):
    seed.rate = 4_000_000
    stream = engine.open(item.of(seed))

    def ranges(number):
        chance = random.Random(number)
        reader = stream.reader()
        for _ in range(200 // readers):
            start = chance.randrange(LENGTH)
            length = min(LENGTH - start, chance.choice((1, 1000, 100_000)))
            assert read(reader, start, length) == item.content[start : start + length]
        reader.close()

    together(readers, ranges)


def test_only_the_film_is_fetched(item, engine, seed):
    stream = engine.open(item.of(seed))
    read(stream.reader(), 0, LENGTH)
    assert stream.status().from_web <= LENGTH + 2 * PIECE
    assert seed.given <= LENGTH + 2 * PIECE


def test_connections_are_few_and_kept(item, engine, seed):
    stream = engine.open(item.of(seed))
    read(stream.reader(), 0, LENGTH)
    assert seed.connections <= 4
    assert seed.requests > 8


def test_a_seek_is_served_before_what_was_wanted_before(item, engine, seed):
    seed.rate = 300_000
    stream = engine.open(item.of(seed))
    reader = stream.reader()
    read(reader, 0, 10)
    began = time.monotonic()
    place = LENGTH // 2
    assert read(reader, place, 1000) == item.content[place : place + 1000]
    assert time.monotonic() - began < 4.0
    assert stream.status().from_web < LENGTH // 3


def test_ready_without_anybody_reading(item, engine, seed):
    stream = engine.open(item.of(seed, duration=60.0, resume=30.0))
    eventually(lambda: stream.status().state == "ready")
    assert stream.reader().span(LENGTH // 2, 1000, 0.5) is not None


def test_an_index_at_the_end_comes_with_the_head(tmp_path, engine, seed):
    length = 8_000_000
    mdat = length - 500_000 - 16
    head = (16).to_bytes(4, "big") + b"ftypisom" + bytes(4) + (mdat + 8).to_bytes(4, "big") + b"mdat"
    content = head + os.urandom(length - len(head))
    (tmp_path / "web").mkdir(exist_ok=True)
    (tmp_path / "web" / "film.mp4").write_bytes(content)
    seed.rate = 500_000
    torrent = make("film.mp4", content, piece_length=PIECE, url_list=[seed.address])
    stream = engine.open(Torrent(torrent, 0, local=True, duration=600.0))
    eventually(lambda: stream.status().state == "ready")
    assert read(stream.reader(), length - 400_000, 1000) == content[-400_000:-399_000]
    assert seed.given < length // 2


def test_nothing_more_is_fetched_for_nobody(item, engine, seed):
    seed.rate = 500_000
    stream = engine.open(item.of(seed))
    read(stream.reader(), 0, 10)
    stream.close()
    eventually(lambda: engine_threads() == ["commonreel-web-engine"])
    assert seed.given < LENGTH // 2


def test_two_films_of_one_torrent(item, engine, seed):
    other = next(file for file in item.meta.files if file.path == "z.srt")
    film = engine.open(item.of(seed))
    subtitles = engine.open(Torrent(item.torrent, other.index, local=True))
    assert read(subtitles.reader(), 0, other.length) == item.files["z.srt"]
    subtitles.close()
    assert whole(film) == right(item)


def test_the_same_torrent_twice_is_one_download(item, engine, seed):
    first, second = engine.open(item.of(seed)), engine.open(item.of(seed))
    assert whole(first) == right(item)
    assert second.status().complete
    assert seed.given < LENGTH + 4 * PIECE
    first.close()
    assert read(second.reader(), 5, 10) == item.content[5:15]
    with pytest.raises(StreamClosed):
        first.reader()


# Servers


@pytest.mark.parametrize(
    "fault",
    [
        *("garbage", "missing", "ignore_ranges", "html", "wrong_total", "wrong_span", "too_long", "short"),
        "drip",
    ],
)
def test_a_bad_web_seed_beside_a_good_one(item, engine, seed, fault):
    with WebSeed(item.folder) as good:
        setattr(seed, fault, 0.5 if fault == "drip" else True)
        stream = engine.open(item.of(seed, good))
        assert whole(stream) == right(item)
        assert seed.requests
        assert seed.given < LENGTH // 2  # an ignored range ends before the whole film has come


@pytest.mark.parametrize(
    "fault", ["garbage", "missing", "ignore_ranges", "html", "wrong_total", "wrong_span", "too_long"]
)
def test_a_bad_web_seed_alone_is_told_soon(item, engine, seed, fault):
    setattr(seed, fault, True)
    stream = engine.open(item.of(seed))
    with pytest.raises(NoSource) as caught:
        stream.reader().span(0, LENGTH, 20.0)
    assert caught.value.detail
    with pytest.raises(NoSource):
        stream.status()
    assert seed.requests


def test_a_server_that_is_gone_beside_a_good_one(item, engine, seed):
    with WebSeed(item.folder) as dead:
        pass
    stream = engine.open(item.of(dead, seed))
    assert whole(stream) == right(item)


def test_a_server_that_dies_in_mid_stream(item, engine, seed):
    with WebSeed(item.folder) as dying:
        seed.rate = dying.rate = 3_000_000
        stream = engine.open(item.of(dying, seed))
        reader = stream.reader()
        head = read(reader, 0, LENGTH // 3)
    assert head + read(reader, len(head), LENGTH - len(head)) == item.content


def test_a_server_that_comes_back(item, engine, seed):
    seed.busy = 2
    stream = engine.open(item.of(seed))
    assert whole(stream) == right(item)


def test_a_file_that_is_missing_at_first(item, engine, seed):
    seed.missing_first = 2
    stream = engine.open(item.of(seed))
    assert whole(stream) == right(item)


def test_a_server_that_changes_its_content_in_mid_stream(item, engine, seed):
    with WebSeed(item.folder) as good:
        good.rate = 2_000_000
        stream = engine.open(item.of(seed, good))
        reader = stream.reader()
        head = read(reader, 0, LENGTH // 4)
        seed.garbage = True
        assert head + read(reader, len(head), LENGTH - len(head)) == item.content


def test_a_slow_server_does_not_hold_up_a_quick_one(item, engine, seed):
    with WebSeed(item.folder) as slow:
        slow.rate = 20_000
        stream = engine.open(item.of(slow, seed))
        began = time.monotonic()
        assert whole(stream) == right(item)
        assert time.monotonic() - began < 15


def test_redirects_are_followed_once(item, engine, seed):
    seed.redirect = True
    stream = engine.open(item.of(seed))
    assert whole(stream) == right(item)
    film = [asked for asked in seed.asked if "film.mp4" in asked]
    assert sum(not asked.startswith("/real/") for asked in film) <= 3  # once a line


def test_back_to_the_first_address_when_the_last_one_fails(item, engine, seed):
    with WebSeed(item.folder) as moved:
        seed.elsewhere = moved.address
        seed.rate = moved.rate = 3_000_000
        stream = engine.open(item.of(seed))
        reader = stream.reader()
        head = read(reader, 0, LENGTH // 4)
        seed.elsewhere = ""
    assert head + read(reader, len(head), LENGTH - len(head)) == item.content


def test_a_public_torrents_web_seed_on_this_network_is_not_asked(item, engine, seed):
    for address in (seed.address, seed.address.replace("127.0.0.1", "localhost")):
        stream = engine.open(item.of(local=False, web_seeds=(address,)))
        with pytest.raises(NoSource):
            stream.reader().span(0, 1, 10.0)
        stream.close()
    assert seed.requests == 0


def test_a_torrent_without_web_seeds_is_told_at_once(item, engine):
    stream = engine.open(item.of())
    with pytest.raises(NoSource) as caught:
        stream.reader().span(0, 1, 5.0)
    assert "no web seed" in caught.value.detail


def test_a_web_seed_that_is_found_later(item, engine, seed):
    stream = engine.open(item.of())
    with pytest.raises(NoSource):
        stream.reader().span(0, 1, 5.0)
    stream.add_web_seed(seed.address)
    assert whole(stream) == right(item)
    assert stream.status().state == "ready"


def test_the_films_own_address_and_another_seed_for_its_edges(item, engine, seed):
    (item.folder / "else").mkdir()
    (item.folder / "else" / "copy").write_bytes(item.content)
    with WebSeed(item.folder) as alone:
        seed.missing_first = 0
        stream = engine.open(item.of(seed, web=(alone.address + "else/copy",)))
        assert whole(stream) == right(item)
        assert any("/else/copy" in asked for asked in alone.asked)
        assert not any("item" in asked for asked in alone.asked)


def test_a_neighbour_that_has_been_changed_costs_the_edge_alone(item, engine, seed):
    (item.folder / "item" / "notes.txt").write_bytes(os.urandom(1_234))
    stream = engine.open(item.of(seed))
    last = (item.file.offset + LENGTH) // PIECE * PIECE - item.file.offset
    reader = stream.reader()
    assert read(reader, 0, last) == item.content[:last]
    with pytest.raises(NoSource):
        reader.span(last, 1, 20.0)
    assert read(reader, 0, 100) == item.content[:100]


# The cache


def test_a_finished_film_needs_no_server(any_item, cache, seed):
    engine = WebEngine(cache, OPTIONS, LACK)
    whole(engine.open(any_item.of(seed)))
    engine.close()
    seed.missing = True
    engine = WebEngine(cache, OPTIONS, LACK)
    stream = engine.open(any_item.of())
    status = stream.status()
    assert (status.state, status.complete) == ("ready", True)
    assert whole(stream) == right(any_item)
    engine.close()


def test_a_part_that_is_here_is_not_fetched_again(item, cache, seed):
    half = LENGTH // 2
    seed.rate = 1_500_000
    engine = WebEngine(cache, OPTIONS, LACK)
    read(engine.open(item.of(seed)).reader(), 0, half)
    engine.close()
    before, seed.rate = seed.given, 0
    engine = WebEngine(cache, OPTIONS, LACK)
    assert whole(engine.open(item.of(seed))) == right(item)
    assert seed.given - before < LENGTH - half + (1 << 20)  # what was under way comes anew
    engine.close()


def test_a_cache_that_has_been_tampered_with(item, cache, seed):
    engine = WebEngine(cache, OPTIONS, LACK)
    stream = engine.open(item.of(seed))
    whole(stream)
    engine.close()
    film = cache.folder / stream.info_hash / "data" / str(item.file.index)
    with film.open("r+b") as opened:
        opened.seek(LENGTH // 2)
        opened.write(bytes(3 * PIECE))
    engine = WebEngine(cache, OPTIONS, LACK)
    assert whole(engine.open(item.of(seed))) == right(item)
    engine.close()


def test_a_cache_whose_data_has_gone(item, cache, seed):
    engine = WebEngine(cache, OPTIONS, LACK)
    stream = engine.open(item.of(seed))
    whole(stream)
    engine.close()
    (cache.folder / stream.info_hash / "data" / str(item.file.index)).unlink()
    engine = WebEngine(cache, OPTIONS, LACK)
    assert whole(engine.open(item.of(seed))) == right(item)
    engine.close()


KILLED = textwrap.dedent("""
    import sys
    sys.path[:0] = sys.argv[1].split(":")
    from pathlib import Path
    from commonreel.streaming.cache import Cache
    from commonreel.streaming.options import EngineOptions
    from commonreel.streaming.webengine import WebEngine
    from commonreel.works.errors import NoEngine
    from commonreel.works.protocols import Torrent
    engine = WebEngine(Cache(Path(sys.argv[2]), 1 << 30), EngineOptions(), NoEngine())
    torrent = Torrent(Path(sys.argv[3]).read_bytes(), int(sys.argv[4]), web_seeds=(sys.argv[5],), local=True)
    film = engine.open(torrent)
    reader, offset = film.reader(), 0
    while True:
        span = reader.span(offset, 1 << 20, 1.0)
        offset += span.length if span else 0
        print(offset, flush=True)
        if offset == film.length:
            sys.stdin.read()
""")


@pytest.mark.parametrize("part", [0.05, 0.5, 1.0])
def test_killed_at_any_moment(item, cache, seed, part):
    seed.rate = 4_000_000
    torrent = item.folder / "t.torrent"
    torrent.write_bytes(item.torrent)
    search = ":".join(path for path in sys.path if path)
    arguments = [search, str(cache.folder), str(torrent), str(item.file.index), seed.address]
    command = [sys.executable, "-c", KILLED, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
        while int(process.stdout.readline()) < part * LENGTH:
            pass
        process.send_signal(signal.SIGKILL)
    seed.rate = 0
    engine = WebEngine(cache, OPTIONS, LACK)
    assert whole(engine.open(item.of(seed))) == right(item)
    engine.close()


def test_with_a_full_disk_what_is_here_still_plays(item, engine, seed, monkeypatch):
    seed.rate = 1_000_000
    stream = engine.open(item.of(seed))
    reader = stream.reader()
    head = read(reader, 0, 1_000_000)
    download = stream.download

    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(download.pieces, "write", refuse)
        with pytest.raises(DiskFull):
            read(reader, 0, LENGTH)
        assert read(reader, 0, 1_000_000) == head == item.content[:1_000_000]
    seed.rate = 0
    assert whole(engine.open(item.of(seed))) == right(item)


def test_the_last_room_is_left_for_others(item, engine, seed, cache, monkeypatch):
    """And once there is room again the film goes on by itself."""
    monkeypatch.setattr(webswarm, "RETRY", 0.1)
    full = [True]
    monkeypatch.setattr(cache, "full", lambda: full[0])
    stream = engine.open(item.of(seed))
    reader = stream.reader()
    with pytest.raises(DiskFull):
        read(reader, 0, PIECE)
    with pytest.raises(DiskFull):
        stream.status()
    assert stream.download.have.count(1) == 0
    full[0] = False
    eventually(lambda: stream.download.error is None)
    assert read(reader, 0, LENGTH) == item.content


def test_a_full_disk_makes_room_first(item, engine, seed, cache, monkeypatch):
    old = "ab" * 20
    cache.keep_torrent(old, b"old")
    stream = engine.open(item.of())
    write, refused = stream.download.pieces.write, []

    def refuse_once(piece, data):
        if not refused:
            refused.append(piece)
            cache.limit = 0
            raise OSError(errno.ENOSPC, "No space left on device")
        write(piece, data)

    monkeypatch.setattr(stream.download.pieces, "write", refuse_once)
    (cache.folder / old / "data" / "0").write_bytes(bytes(100_000))
    stream.add_web_seed(seed.address)
    assert whole(stream) == right(item)
    assert refused
    assert not (cache.folder / old).exists()


def test_the_cache_keeps_its_limit(tmp_path, cache):
    cache.limit = 4_000_000
    engine = WebEngine(cache, OPTIONS, LACK)
    items = []
    for name in ("one", "two"):
        found = Item(tmp_path / name, length=3_000_000)
        items.append(found)
        with WebSeed(found.folder) as seed:
            stream = engine.open(found.of(seed))
            assert whole(stream) == right(found)
            stream.close()
    engine.tidy()
    gone, kept = (cache.folder / found.meta.info_hash for found in items)
    assert not gone.exists()
    assert (kept / "data" / str(items[1].file.index)).exists()
    engine.close()


def test_the_torrents_own_names_never_reach_the_disk(item, engine, cache, seed):
    stream = engine.open(item.of(seed))
    whole(stream)
    names = {path.name for path in (cache.folder / stream.info_hash / "data").rglob("*")}
    assert names <= {str(index) for index in range(5)}


# The end


@pytest.mark.parametrize("close", ["engine", "stream"])
@pytest.mark.parametrize("fault", ["", "drip"])
def test_closing_in_mid_stream(item, cache, seed, close, fault):
    engine = WebEngine(cache, OPTIONS, LACK)
    seed.rate = 300_000
    stream = engine.open(item.of(seed))
    readers = [stream.reader() for _ in range(3)]
    read(readers[0], 0, 10)
    seed.drip = 0.5 if fault else 0.0
    woken = []

    def wait(number):
        with pytest.raises(StreamClosed):
            read(readers[number], LENGTH // 2, LENGTH // 2)
        woken.append(number)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    started = time.monotonic()
    {"engine": engine, "stream": stream}[close].close()
    for thread in threads:
        thread.join(2)
    assert sorted(woken) == [0, 1, 2]
    engine.close()
    assert time.monotonic() - started < 1.5
    assert engine_threads() == []
    with pytest.raises(StreamClosed):
        engine.open(item.of())


def test_closing_twice_and_with_nothing_open(cache):
    engine = WebEngine(cache, OPTIONS, LACK)
    engine.close()
    engine.close()
    assert engine_threads() == []


def test_what_is_dropped_is_not_fetched(item, engine, seed):
    seed.rate = 500_000
    stream = engine.open(item.of(seed))
    reader = stream.reader()
    read(reader, 0, 10)
    engine.drop(stream.info_hash)
    for call in (stream.status, stream.reader, lambda: reader.span(0, 1, 0)):
        with pytest.raises(StreamClosed):
            call()
    seed.rate = 0
    assert read(engine.open(item.of(seed)).reader(), 0, 100) == item.content[:100]


# What it cannot do


@pytest.mark.parametrize("lack", [NoEngine("not there"), RestartNeeded("loaded before")])
def test_it_says_why_there_is_no_libtorrent(cache, lack):
    engine = WebEngine(cache, OPTIONS, lack)
    assert engine.web_only == lack.code
    with pytest.raises(type(lack)) as caught:
        engine.magnet("1" * 40, (), 5.0, local=True)
    assert lack.detail in caught.value.detail
    engine.close()


@pytest.mark.parametrize(
    "options", [EngineOptions(interface="lo"), EngineOptions(proxy=Proxy("http", "p", 1))]
)
def test_nothing_goes_round_the_way_that_the_user_wants(item, cache, seed, options):
    engine = WebEngine(cache, options, LACK)
    with pytest.raises(NoEngine):
        engine.open(item.of(seed))
    assert not seed.requests
    engine.close()


def test_the_address_that_alone_may_be_used(item, cache, seed):
    engine = WebEngine(cache, EngineOptions(interface="127.0.0.1"), LACK)
    assert whole(engine.open(item.of(seed))) == right(item)
    engine.close()


def test_private_torrents_are_refused(tmp_path, engine):
    private = Item(tmp_path, private=True, length=100_000)
    with pytest.raises(TorrentPrivate):
        engine.open(private.of())


def test_what_is_no_torrent_is_refused(item, engine):
    for torrent in (Torrent(b"de", 0), Torrent(item.torrent, 99)):
        with pytest.raises(TorrentInvalid):
            engine.open(torrent)
