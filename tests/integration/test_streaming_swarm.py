# SPDX-License-Identifier: GPL-3.0-or-later
"""The engine on a real swarm of loopback seeders: every byte right, whoever reads, whatever breaks."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import random
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from commonreel.works import metainfo
from commonreel.works.errors import NoSource, StreamClosed, TorrentInvalid, TorrentPrivate
from commonreel.works.protocols import Torrent
from lab.playing import OPTIONS, PATIENCE, Item, eventually, read, together
from lab.swarm import Seeder, Swarm

PIECE = 64 << 10
LENGTH = 12_000_001


@pytest.fixture(params=["v1", "hybrid", "v2"])
def any_item(tmp_path, request):
    return Item(tmp_path, request.param)


@pytest.fixture
def engine(cache):
    made = LibtorrentEngine(cache, OPTIONS)
    yield made
    made.close()


def engine_threads():
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("commonreel")]


@pytest.mark.parametrize("readers", [1, 2, 3, 4])
def test_the_whole_film_while_it_downloads(any_item, engine, readers):
    with Swarm(any_item.torrent, any_item.folder) as swarm:
        stream = engine.open(any_item.of(swarm.peers))

        def whole(_):
            reader = stream.reader()
            assert (
                hashlib.sha256(read(reader, 0, LENGTH)).digest() == hashlib.sha256(any_item.content).digest()
            )
            reader.close()

        together(readers, whole)
        status = stream.status()
        assert (status.complete, status.state, status.from_web) == (True, "ready", 0)
        assert status.from_peers >= LENGTH
        assert (stream.name, stream.length) == ("film.mp4", LENGTH)
        assert stream.info_hash in (any_item.meta.info_hash, any_item.meta.info_hash_v2)


@pytest.mark.parametrize("readers", [1, 4])
def test_random_ranges_while_it_downloads(item, engine, readers):
    with Swarm(item.torrent, item.folder, rate=2_000_000) as swarm:
        stream = engine.open(item.of(swarm.peers))

        def ranges(number):
            chance = random.Random(number)
            reader = stream.reader()
            for _ in range(200 // readers):
                start = chance.randrange(LENGTH)
                length = min(LENGTH - start, chance.choice((1, 1000, 100_000)))
                assert read(reader, start, length) == item.content[start : start + length]
            reader.close()

        together(readers, ranges)


def test_a_new_reader_for_every_range(item, engine):
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        chance = random.Random(1)
        for _ in range(60):
            start = chance.randrange(LENGTH - 1000)
            reader = stream.reader()
            assert read(reader, start, 1000) == item.content[start : start + 1000]
            reader.close()


def test_an_upload_limit_does_not_hold_back_what_comes_in(tmp_path, cache):
    """Of a line's limit for what is given nothing is used up by acknowledging what is taken. It once took
    half a minute."""
    item = Item(tmp_path, length=40_000_001, piece_length=256 << 10)
    engine = LibtorrentEngine(cache, dataclasses.replace(OPTIONS, upload_rate=40_000))
    with Swarm(item.torrent, item.folder) as swarm:
        began = time.monotonic()
        assert read(engine.open(item.of(swarm.peers)).reader(), 0, item.length) == item.content
        assert time.monotonic() - began < 15
        engine.close()


def test_only_the_film_is_fetched(item, engine, cache):
    """Of its neighbours no piece but those that hold some of the film too."""
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        read(stream.reader(), 0, LENGTH)
        assert stream.status().from_peers <= LENGTH * 1.1  # some blocks come twice
        engine.close()
    cover = cache.folder / item.meta.info_hash / "data" / "0"
    assert not cover.exists() or not any(cover.read_bytes()[:PIECE])


def test_a_seeder_of_garbage(item, engine, tmp_path):
    bad = item.altered(tmp_path / "bad", os.urandom(LENGTH))
    liar = Seeder(item.torrent, bad)
    with Swarm(item.torrent, item.folder, rate=4_000_000) as swarm:
        stream = engine.open(item.of([liar.address, *swarm.peers]))
        assert read(stream.reader(), 0, LENGTH) == item.content
        assert liar.given
    liar.close()


def test_garbage_alone_gives_nothing(item, engine, tmp_path):
    bad = item.altered(tmp_path / "bad", os.urandom(LENGTH))
    with Swarm(item.torrent, bad, seeders=1) as swarm:
        stream = engine.open(item.of(swarm.peers))
        reader = stream.reader()
        eventually(lambda: stream.status().from_peers >= PIECE)
        assert reader.span(PIECE * 3, 1, 1.0) is None


def test_seeders_that_die(item, engine):
    with Swarm(item.torrent, item.folder, rate=1_500_000) as swarm:
        stream = engine.open(item.of(swarm.peers))
        reader = stream.reader()
        head = read(reader, 0, LENGTH // 4)
        swarm.seeders[0].close()
        middle = read(reader, len(head), LENGTH // 4)
        swarm.seeders[1].close()
        rest = read(reader, 2 * (LENGTH // 4), LENGTH - 2 * (LENGTH // 4))
        assert head + middle + rest == item.content


def test_ready_without_anybody_reading(item, engine):
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers, duration=60.0, resume=30.0))
        eventually(lambda: stream.status().state == "ready")
        reader = stream.reader()
        assert reader.span(LENGTH // 2, 1000, 0.5) is not None


def test_nobody_there(item, engine):
    stream = engine.open(item.of())
    assert stream.reader().span(0, 1, 0.3) is None
    assert stream.status().state == "connecting"


def test_the_same_torrent_twice_is_one_download(item, engine):
    with Swarm(item.torrent, item.folder) as swarm:
        first, second = engine.open(item.of(swarm.peers)), engine.open(item.of(swarm.peers))
        assert read(first.reader(), 0, LENGTH) == item.content
        assert second.status().complete
        assert second.status().from_peers < 2 * LENGTH
        first.close()
        assert read(second.reader(), 5, 10) == item.content[5:15]
        with pytest.raises(StreamClosed):
            first.reader()


def test_two_films_of_one_torrent(item, engine):
    other = next(file for file in item.meta.files if file.path == "z.srt")
    with Swarm(item.torrent, item.folder) as swarm:
        film = engine.open(item.of(swarm.peers))
        subtitles = engine.open(Torrent(item.torrent, other.index, local=True))
        assert read(subtitles.reader(), 0, other.length) == item.files["z.srt"]
        subtitles.close()
        assert read(film.reader(), 0, LENGTH) == item.content


def test_nothing_more_is_fetched_for_nobody(item, engine):
    with Swarm(item.torrent, item.folder, rate=1_000_000) as swarm:
        stream = engine.open(item.of(swarm.peers))
        read(stream.reader(), 0, 10)
        stream.close()
        eventually(swarm.quiet)
        assert swarm.given < LENGTH // 2


def test_a_finished_film_is_ready_at_once(item, cache):
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        read(engine.open(item.of(swarm.peers)).reader(), 0, LENGTH)
        engine.close()
    engine = LibtorrentEngine(cache, OPTIONS)
    stream = engine.open(item.of())
    status = stream.status()
    assert (status.state, status.complete) == ("ready", True)
    assert read(stream.reader(), 0, LENGTH) == item.content
    assert stream.status().from_peers == 0
    engine.close()


def test_a_part_that_is_here_is_not_fetched_again(item, cache):
    engine = LibtorrentEngine(cache, OPTIONS)
    half = LENGTH // 2
    with Swarm(item.torrent, item.folder, rate=1_500_000) as swarm:
        read(engine.open(item.of(swarm.peers)).reader(), 0, half)
        engine.close()
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        assert read(stream.reader(), 0, LENGTH) == item.content
        assert stream.status().from_peers < LENGTH - half + 16 * PIECE
        engine.close()


def test_a_cache_that_has_been_tampered_with(item, cache):
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        read(stream.reader(), 0, LENGTH)
        engine.close()
        film = cache.folder / stream.info_hash / "data" / str(item.file.index)
        with film.open("r+b") as opened:
            opened.seek(LENGTH // 2)
            opened.write(bytes(3 * PIECE))
        engine = LibtorrentEngine(cache, OPTIONS)
        stream = engine.open(item.of(swarm.peers))
        assert read(stream.reader(), 0, LENGTH) == item.content
        engine.close()


KILLED = textwrap.dedent("""
    import sys
    sys.path[:0] = sys.argv[1].split(":")
    from pathlib import Path
    from commonreel.streaming.cache import Cache
    from commonreel.streaming.session import EngineOptions, LibtorrentEngine
    from commonreel.works.protocols import Torrent
    options = EngineOptions(listen="127.0.0.1:0", dht=False, upnp=False)
    engine = LibtorrentEngine(Cache(Path(sys.argv[2]), 1 << 30), options)
    peers = tuple(("127.0.0.1", int(port)) for port in sys.argv[5:])
    film = engine.open(Torrent(Path(sys.argv[3]).read_bytes(), int(sys.argv[4]), peers=peers, local=True))
    reader, offset = film.reader(), 0
    while True:
        span = reader.span(offset, 1 << 20, 1.0)
        offset += span.length if span else 0
        print(offset, flush=True)
        if offset == film.length:
            sys.stdin.read()
""")


@pytest.mark.parametrize("part", [0.05, 0.5, 1.0])
def test_killed_at_any_moment(item, cache, part):
    torrent = item.folder / "t.torrent"
    torrent.write_bytes(item.torrent)
    with Swarm(item.torrent, item.folder, rate=4_000_000) as swarm:
        ports = [str(port) for _, port in swarm.peers]
        search = ":".join(path for path in sys.path if path)
        arguments = [search, str(cache.folder), str(torrent), str(item.file.index), *ports]
        command = [sys.executable, "-c", KILLED, *arguments]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as process:
            while int(process.stdout.readline()) < part * LENGTH:
                pass
            process.send_signal(signal.SIGKILL)
        engine = LibtorrentEngine(cache, OPTIONS)
        stream = engine.open(item.of(swarm.peers))
        assert read(stream.reader(), 0, LENGTH) == item.content
        engine.close()


@pytest.mark.parametrize("close", ["engine", "stream"])
def test_closing_in_mid_stream(item, cache, close):
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder, rate=300_000) as swarm:
        stream = engine.open(item.of(swarm.peers))
        readers = [stream.reader() for _ in range(3)]
        read(readers[0], 0, 10)
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
        assert time.monotonic() - started < 2
        assert engine_threads() == []
        with pytest.raises(StreamClosed):
            engine.open(item.of())


def test_closing_twice_and_with_nothing_open(cache):
    engine = LibtorrentEngine(cache, OPTIONS)
    engine.close()
    engine.close()
    assert engine_threads() == []


def test_what_is_here_is_shared_after_the_film(item, engine, tmp_path):
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        read(stream.reader(), 0, LENGTH)
        stream.close()
        port = engine._sessions[True]._session.listen_port()
    other = LibtorrentEngine(Cache(tmp_path / "other", 1 << 30), OPTIONS)
    film = other.open(item.of([("127.0.0.1", port)]))
    assert read(film.reader(), 0, LENGTH) == item.content
    other.close()


def test_without_sharing_nothing_is_given(item, cache, tmp_path):
    quiet = LibtorrentEngine(cache, dataclasses.replace(OPTIONS, share=False))
    with Swarm(item.torrent, item.folder) as swarm:
        stream = quiet.open(item.of(swarm.peers))
        read(stream.reader(), 0, LENGTH)
        port = quiet._sessions[True]._session.listen_port()
    other = LibtorrentEngine(Cache(tmp_path / "other", 1 << 30), OPTIONS)
    film = other.open(item.of([("127.0.0.1", port)]))
    assert film.reader().span(0, 1, 2.0) is None
    other.close()
    quiet.close()


def test_magnet(item, engine):
    with Swarm(item.torrent, item.folder) as swarm:
        found = engine.magnet(item.meta.info_hash, (swarm.tracker.address,), PATIENCE, local=True)
        assert metainfo.parse(found).info_hash == item.meta.info_hash
        stream = engine.open(Torrent(found, item.file.index, (swarm.tracker.address,), local=True))
        assert read(stream.reader(), 0, LENGTH) == item.content


def test_magnet_of_nobody(engine):
    with pytest.raises(NoSource):
        engine.magnet("1" * 40, (), 0.2, local=True)


def test_magnet_ends_with_the_engine(cache):
    engine = LibtorrentEngine(cache, OPTIONS)
    ended = []

    def ask():
        with pytest.raises(NoSource):
            engine.magnet("1" * 40, (), 30.0, local=True)
        ended.append(True)

    thread = threading.Thread(target=ask)
    thread.start()
    eventually(lambda: engine._sessions and engine._sessions[True]._magnets._waiting)
    engine.close()
    thread.join(2)
    assert ended


def test_no_public_torrent_reaches_this_network(item, engine):
    """Neither peers nor trackers on it are asked; a local work's are."""
    with Swarm(item.torrent, item.folder) as swarm:
        public = Torrent(item.torrent, item.file.index, (swarm.tracker.address,), peers=swarm.peers)
        stream = engine.open(public)
        assert stream.reader().span(0, 1, 2.0) is None
        assert (stream.status().peers, swarm.tracker.announces) == (0, 0)
        stream.close()
        stream = engine.open(Torrent(item.torrent, item.file.index, (swarm.tracker.address,), local=True))
        assert read(stream.reader(), 0, 10) == item.content[:10]
        assert swarm.tracker.announces


def test_what_is_dropped_is_neither_fetched_nor_shared(item, engine):
    with Swarm(item.torrent, item.folder, rate=1_000_000) as swarm:
        stream = engine.open(item.of(swarm.peers))
        reader = stream.reader()
        read(reader, 0, 10)
        engine.drop(stream.info_hash)
        for call in (stream.status, stream.reader, lambda: reader.span(0, 1, 0)):
            with pytest.raises(StreamClosed):
                call()
        eventually(swarm.quiet)
        assert read(engine.open(item.of(swarm.peers)).reader(), 0, 100) == item.content[:100]


def test_private_torrents_are_refused(tmp_path, engine):
    private = Item(tmp_path, private=True, length=100_000)
    with pytest.raises(TorrentPrivate):
        engine.open(private.of())


def test_what_is_no_torrent_is_refused(item, engine):
    for torrent in (Torrent(b"de", 0), Torrent(item.torrent, 99)):
        with pytest.raises(TorrentInvalid):
            engine.open(torrent)


def test_the_cache_keeps_its_limit(tmp_path, cache):
    items = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        items.append(Item(tmp_path / name, length=3_000_000))
    cache.limit = 4_000_000
    engine = LibtorrentEngine(cache, OPTIONS)
    for found in items:
        with Swarm(found.torrent, found.folder) as swarm:
            stream = engine.open(found.of(swarm.peers))
            assert read(stream.reader(), 0, 3_000_000) == found.content
            stream.close()
    gone, kept = (cache.folder / found.meta.info_hash for found in items)
    eventually(lambda: not gone.exists())
    assert (kept / "data" / str(items[1].file.index)).exists()
    engine.close()


def test_the_torrents_own_names_never_reach_the_disk(item, engine, cache):
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        read(stream.reader(), 0, LENGTH)
        names = {path.name for path in (cache.folder / stream.info_hash / "data").rglob("*")}
        assert names <= {str(index) for index in range(5)}
