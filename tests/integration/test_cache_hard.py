# SPDX-License-Identifier: GPL-3.0-or-later
"""The cache after everything that can happen to a disk: no wrong byte is ever served from it."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from commonreel.streaming import cache as cache_module
from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from commonreel.works.errors import DiskFull
from lab.playing import OPTIONS, Item, eventually, read
from lab.swarm import Swarm

LENGTH = 6_000_001
PIECE = 64 << 10


@pytest.fixture(params=["v1", "v2"])
def any_item(tmp_path, request):
    return Item(tmp_path, request.param, LENGTH)


@pytest.fixture
def item(tmp_path):
    return Item(tmp_path, length=LENGTH)


# Killed while it writes

KILLED = textwrap.dedent("""
    import os, sys
    sys.path[:0] = sys.argv[1].split(":")
    from pathlib import Path
    from commonreel.streaming.cache import Cache
    from commonreel.streaming.session import LibtorrentEngine
    from commonreel.works.protocols import Torrent
    from lab.playing import OPTIONS
    engine = LibtorrentEngine(Cache(Path(sys.argv[2]), 1 << 30), OPTIONS)
    peers = tuple(("127.0.0.1", int(port)) for port in sys.argv[6:])
    film = engine.open(Torrent(Path(sys.argv[3]).read_bytes(), int(sys.argv[4]), peers=peers, local=True))
    reader, offset = film.reader(), 0
    source = open(sys.argv[5], "rb")
    while offset < film.length:
        span = reader.span(offset, 1 << 20, 1.0)
        if span:
            if os.pread(span.fd, span.length, span.position) != source.read(span.length):
                print("wrong at", offset, flush=True)
            offset += span.length
            print(offset, flush=True)
    sys.stdin.read()
""")


def test_killed_again_and_again(any_item, cache):
    """Each time it goes on from what the last one left, and compares what it reads with the source."""
    item, chance = any_item, random.Random(1)
    torrent = item.folder / "t.torrent"
    torrent.write_bytes(item.torrent)
    with Swarm(item.torrent, item.folder, rate=2_000_000) as swarm:
        search = ":".join(path for path in sys.path if path)
        source = item.folder / "item" / item.FILM
        arguments = [
            search,
            cache.folder,
            torrent,
            item.file.index,
            source,
            *(port for _, port in swarm.peers),
        ]
        command = [sys.executable, "-c", KILLED, *map(str, arguments)]
        for _ in range(4):
            with subprocess.Popen(
                command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
            ) as process:
                said = [process.stdout.readline()]
                time.sleep(chance.random())  # any moment
                process.send_signal(signal.SIGKILL)
                said += process.stdout.readlines()
            assert not [line for line in said if "wrong" in line]
        engine = LibtorrentEngine(cache, OPTIONS)
        assert read(engine.open(item.of(swarm.peers)).reader(), 0, LENGTH) == item.content
        engine.close()


# Power lost, disks that forget


def fill(item, cache):
    """Fetch the film, and stop; the folder of what is kept."""
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        read(stream.reader(), 0, LENGTH)
        engine.close()
    return cache.folder / stream.info_hash


def zeros(film):
    film.write_bytes(bytes(LENGTH))


def holes(film):
    os.truncate(film, 0)
    os.truncate(film, LENGTH)


def half(film):
    os.truncate(film, LENGTH // 2)


def longer(film):
    os.truncate(film, LENGTH + 100_000)


def some_pieces(film):
    with film.open("r+b") as opened:
        for piece in range(0, LENGTH // PIECE, 7):
            opened.seek(piece * PIECE)
            opened.write(os.urandom(100))


def gone(film):
    film.unlink()


def all_gone(film):
    shutil.rmtree(film.parent)


def folder(film):
    film.unlink()
    film.mkdir()


def neighbours_gone(film):
    for other in film.parent.iterdir():
        if other != film:
            other.unlink()


@pytest.mark.parametrize("harm", [zeros, half, some_pieces, gone, all_gone])
def test_data_that_has_come_to_harm(any_item, cache, harm):
    check_harm(any_item, cache, harm)


@pytest.mark.parametrize("harm", [holes, longer, neighbours_gone])
def test_data_that_is_not_as_it_was(item, cache, harm):
    check_harm(item, cache, harm)


def check_harm(item, cache, harm):
    harm(fill(item, cache) / "data" / str(item.file.index))
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        reader = engine.open(item.of(swarm.peers)).reader()
        for offset in (LENGTH - 1000, LENGTH // 3, 0):
            assert read(reader, offset, 1000) == item.content[offset : offset + 1000]
        assert read(reader, 0, LENGTH) == item.content
        engine.close()


def test_data_that_is_wrong_is_soon_fetched_anew(any_item, cache):
    """Its seeds have been sent away meanwhile, and had been of no use before: they are called again."""
    item = any_item
    zeros(fill(item, cache) / "data" / str(item.file.index))
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        eventually(lambda: stream.status().peers)
        started = time.monotonic()
        assert read(stream.reader(), LENGTH // 2, 1000) == item.content[LENGTH // 2 : LENGTH // 2 + 1000]
        assert time.monotonic() - started < 5
        engine.close()


def test_a_folder_where_the_film_should_be(item, cache):
    """Nothing can be done about it: it is said."""
    folder(fill(item, cache) / "data" / str(item.file.index))
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        reader = stream.reader()
        assert reader.span(0, 1, 1.0) is None
        engine.close()


def test_what_came_to_no_harm_is_served_without_anybody(item, cache):
    some_pieces(fill(item, cache) / "data" / str(item.file.index))
    engine = LibtorrentEngine(cache, OPTIONS)
    reader = engine.open(item.of()).reader()
    sound = 3 * PIECE
    assert read(reader, sound, PIECE) == item.content[sound : sound + PIECE]
    assert reader.span(7 * 5 * PIECE + 100, 1, 0.5) is None
    engine.close()


def emptied(account):
    return b""


def halved(account):
    return account[: len(account) // 2]


def random_bytes(account):
    return os.urandom(len(account))


def all_pieces(account):
    return bencoded(account, b"6:pieces", b"\xff" * 500)


def too_few(account):
    return bencoded(account, b"6:pieces", b"\xff" * 3)


def bencoded(account, key, value):
    """The account with another string under that key."""
    before, _, rest = account.partition(key)
    length, _, rest = rest.partition(b":")
    return before + key + b"%d:" % len(value) + value + rest[int(length) :]


def flipped(account):
    chance, flipped = random.Random(5), bytearray(account)
    for _ in range(20):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


@pytest.mark.parametrize("harm", [emptied, halved, random_bytes, all_pieces, too_few, flipped])
def test_an_account_that_has_come_to_harm(item, cache, harm):
    kept = fill(item, cache)
    (kept / "resume").write_bytes(harm((kept / "resume").read_bytes()))
    half(kept / "data" / str(item.file.index))
    (kept / "torrent").write_bytes(os.urandom(100))
    engine = LibtorrentEngine(cache, OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        assert read(stream.reader(), 0, LENGTH) == item.content
        engine.close()
    assert cache.torrent(stream.info_hash) == item.torrent


# A full disk


@pytest.fixture
def small_disk(tmp_path, monkeypatch):
    """A disk of 5 MB; the film does not fit."""
    monkeypatch.setattr(cache_module, "FREE_FLOOR", 200_000)
    monkeypatch.setattr(cache_module, "LAST_FLOOR", 0)
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=5m", "tmpfs", str(place)], check=True)
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def read_until_full(reader, item):
    offset = 0
    while offset < LENGTH:
        try:
            data = read(reader, offset, PIECE // 2)
        except DiskFull:
            return offset
        assert data == item.content[offset : offset + len(data)]
        offset += len(data)
    raise AssertionError("the disk was never full")


def test_a_full_disk(item, small_disk):
    """It is said; what is here still plays; and once there is room, so does the rest."""
    other = small_disk / "somebody else's"
    other.write_bytes(bytes(2_000_000))
    engine = LibtorrentEngine(Cache(small_disk / "cache", 1 << 30), OPTIONS)
    with Swarm(item.torrent, item.folder, rate=1_500_000) as swarm:
        stream = engine.open(item.of(swarm.peers))
        reader = stream.reader()
        offset = read_until_full(reader, item)
        assert offset
        found = bytearray(read(reader, 0, offset))
        assert found == item.content[:offset]
        other.unlink()
        subprocess.run(["mount", "-o", "remount,size=12m", str(small_disk)], check=True)
        eventually(lambda: all_read(reader, found))
        assert found == item.content
        engine.close()


def all_read(reader, found):
    """Go on reading as long as the disk takes it; whether that was all."""
    with contextlib.suppress(DiskFull):
        while len(found) < LENGTH:
            found += read(reader, len(found), min(PIECE, LENGTH - len(found)))
    return len(found) == LENGTH


def test_a_full_disk_is_told_by_the_status(item, small_disk):
    """While the film is not ready: a film that plays goes on from what is here."""
    (small_disk / "somebody else's").write_bytes(bytes(4_900_000))
    engine = LibtorrentEngine(Cache(small_disk / "cache", 1 << 30), OPTIONS)
    with Swarm(item.torrent, item.folder) as swarm:

        def said():
            try:
                stream.status()
            except DiskFull:
                return True
            return False

        stream = engine.open(item.of(swarm.peers))
        eventually(said)
        engine.close()


def test_an_older_film_makes_room(tmp_path, small_disk):
    items = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        items.append(Item(tmp_path / name, length=3_000_000 + len(items)))
    engine = LibtorrentEngine(Cache(small_disk / "cache", 1 << 30), OPTIONS)
    for item in items:
        with Swarm(item.torrent, item.folder) as swarm:
            stream = engine.open(item.of(swarm.peers))
            reader = stream.reader()
            assert read(reader, 0, item.length) == item.content
            reader.close()
            stream.close()
    engine.close()


def test_the_film_that_plays_leaves_the_floor_free(item, small_disk, monkeypatch):
    monkeypatch.setattr(cache_module, "LAST_FLOOR", 2_500_000)
    engine = LibtorrentEngine(Cache(small_disk / "cache", 1 << 30), OPTIONS)
    with Swarm(item.torrent, item.folder, seeders=1, rate=500_000) as swarm:
        reader = engine.open(item.of(swarm.peers)).reader()
        read_until_full(reader, item)
        assert shutil.disk_usage(small_disk).free > 1_000_000
        engine.close()
