# SPDX-License-Identifier: GPL-3.0-or-later
"""A film of 8 GiB: seeks beyond what fits into 32 bits, in no more memory than a small one takes."""

from __future__ import annotations

import hashlib
import json
import random
import subprocess
import sys
import textwrap

import pytest

from lab.swarm import Swarm
from lab.torrents import bencode

PIECE = 4 << 20
GIB = 1 << 30
ZEROS = hashlib.sha1(bytes(PIECE)).digest()

VIEWER = textwrap.dedent("""
    import hashlib, json, os, random, re, sys, threading
    sys.path[:0] = sys.argv[1].split(":")
    from pathlib import Path
    from commonreel.streaming.cache import Cache
    from commonreel.streaming.session import LibtorrentEngine
    from commonreel.works.protocols import Torrent
    from lab.playing import OPTIONS, read
    engine = LibtorrentEngine(Cache(Path(sys.argv[2]), 1 << 40), OPTIONS)
    peers = tuple(("127.0.0.1", int(port)) for port in sys.argv[5:])
    film = engine.open(Torrent(Path(sys.argv[3]).read_bytes(), 0, peers=peers, local=True))
    source = os.open(sys.argv[4], os.O_RDONLY)
    reader, most, wrong = film.reader(), 0, 0

    def compare(offset, length):
        global most, wrong
        wrong += read(reader, offset, length) != os.pread(source, length, offset)
        status = Path("/proc/self/status").read_text()
        most = max(most, int(re.search("RssAnon:\\\\s+(\\\\d+)", status)[1]))

    for offset in range(0, 32 << 20, 1 << 20):
        compare(offset, 1 << 20)
    chance = random.Random(1)
    for _ in range(8):
        compare(chance.randrange(film.length - (1 << 20)), 1 << 20)
    for offset in (film.length - (1 << 20), film.length - 1, film.length // 2 - 5):
        compare(offset, min(film.length - offset, 1 << 20))
    engine.close()
    print(json.dumps({"length": film.length, "wrong": wrong, "anonymous": most << 10}))
""")


def sparse_film(folder, length):
    """A film that is mostly holes, and its torrent."""
    chance = random.Random(length)
    hashes = [ZEROS] * (length // PIECE)
    film = folder / "film.mp4"
    with film.open("wb") as opened:
        opened.truncate(length)
        for piece in {
            0,
            1,
            len(hashes) // 2,
            len(hashes) - 1,
            *(chance.randrange(len(hashes)) for _ in range(40)),
        }:
            data = chance.randbytes(PIECE)
            opened.seek(piece * PIECE)
            opened.write(data)
            hashes[piece] = hashlib.sha1(data).digest()
    info = {"length": length, "name": "film.mp4", "piece length": PIECE, "pieces": b"".join(hashes)}
    return film, bencode({"info": info})


def watch(folder, length):
    """What a process of its own finds when it reads here and there."""
    folder.mkdir()
    film, torrent = sparse_film(folder, length)
    file = folder / "film.torrent"
    file.write_bytes(torrent)
    with Swarm(torrent, folder, seeders=2) as swarm:
        search = ":".join(path for path in sys.path if path)
        arguments = [search, folder / "cache", file, film, *(port for _, port in swarm.peers)]
        command = [sys.executable, "-c", VIEWER, *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_eight_gibibytes_take_no_more_memory_than_one(tmp_path):
    small, large = watch(tmp_path / "small", GIB), watch(tmp_path / "large", 8 * GIB)
    assert (small["length"], small["wrong"]) == (GIB, 0)
    assert (large["length"], large["wrong"]) == (8 * GIB, 0)
    assert large["anonymous"] < small["anonymous"] + (30 << 20), (small, large)
