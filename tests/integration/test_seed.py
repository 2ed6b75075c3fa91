# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel seed`: folders as makers and curators have them are given to others, by a real process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from commonreel.works import metainfo
from commonreel.works.protocols import Torrent
from lab.command import ROOT, Command
from lab.curator import Curator
from lab.playing import OPTIONS, read
from lab.records import free
from lab.torrents import make
from lab.webseed import WebSeed

FILM = os.urandom(900_000)
SUBTITLES = os.urandom(70_000)


@pytest.fixture
def shelf(tmp_path):
    """Three films, each in another shape: a submission, a folder as a client saves it, one that is wrong."""
    folder = tmp_path / "shelf"
    for name in ("submission", "saved/Two", "wrong"):
        (folder / name).mkdir(parents=True)
    (folder / "submission" / "One.mp4").write_bytes(FILM)
    (folder / "saved" / "Two" / "Two.mp4").write_bytes(FILM[::-1])
    (folder / "saved" / "Two" / "Two.en.srt").write_bytes(SUBTITLES)
    (folder / "wrong" / "Three.mp4").write_bytes(bytes(len(FILM)))
    return folder


def put(folder, name, *made, **more):
    torrent = make(*made, **more)
    (folder / name).write_bytes(torrent)
    return torrent


def seed(*words):
    return Command("seed", *words, "--listen", "127.0.0.1:0", "--json", "--allow-local", "--every", 1)


@pytest.fixture
def engine(tmp_path):
    made = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    yield made
    made.close()


def fetched(engine, torrent, port, path=""):
    """The film of a torrent, or another file of it, from the one peer that there is."""
    files = metainfo.parse(torrent).files
    file = next(each for each in files if each.path.endswith(path))
    wanted = Torrent(torrent, file.index, peers=(("127.0.0.1", port),), local=True)
    film = engine.open(wanted)
    reader = film.reader()
    try:
        return read(reader, 0, file.length)
    finally:
        reader.close()
        film.close()


def test_films_are_given_and_their_web_seeds_looked_at(shelf, engine, tmp_path):
    with WebSeed(shelf / "submission") as right, WebSeed(shelf / "saved") as wrong:
        wrong.garbage = True
        places = [right.address, "http://127.0.0.1:1/"]
        one = put(shelf / "submission", "film.torrent", "One.mp4", FILM, version="hybrid", url_list=places)
        files = {"Two.mp4": FILM[::-1], "Two.en.srt": SUBTITLES}
        two = put(shelf / "saved", "two.torrent", "Two", files, url_list=[wrong.address])
        put(shelf / "wrong", "three.torrent", "Three.mp4", FILM)
        (shelf / "wrong" / "page.torrent").write_bytes(b"<html>")
        with seed(shelf) as command:
            port = int(command.line()["listening"].rpartition(":")[2])

            def said(name, state, seeds=0):
                return command.wait_line(
                    lambda row: (
                        row["name"] == name and row["state"] == state and len(row["web_seeds"]) >= seeds
                    )
                )

            assert "not those of the torrent" in said("Three.mp4", "wrong")["detail"]
            first = said("One.mp4", "seeding", 2)["web_seeds"]
            assert first[right.address] == ""
            assert "One.mp4" in first["http://127.0.0.1:1/"]
            assert "other bytes" in said("Two", "seeding", 1)["web_seeds"][wrong.address]
            wrong.garbage = False
            assert fetched(engine, one, port) == FILM
            assert fetched(engine, two, port, ".srt") == SUBTITLES
            command.signal(signal.SIGINT)
            status, seconds = command.end()
    assert (status, seconds < 4) == (0, True)
    assert b"page.torrent" in command.errors
    assert (shelf / "wrong" / "Three.mp4").read_bytes() == bytes(len(FILM))  # nothing was written over


def test_a_catalogues_folder_is_given_under_whatever_name(engine, tmp_path):
    curator = Curator(tmp_path / "curator")
    curator.build(free("t:a"))
    torrent = (curator.out / "catalogue.torrent").read_bytes()
    with seed(curator.out) as command:
        port = int(command.line()["listening"].rpartition(":")[2])
        command.wait_line(lambda row: row["state"] == "seeding")
        root = fetched(engine, torrent, port, "1.root.json")
        command.signal(signal.SIGTERM)
        assert command.end()[0] == 0
    assert root == (curator.out / "metadata" / "1.root.json").read_bytes()


def test_no_more_is_given_than_the_limit(shelf, engine):
    one = put(shelf / "submission", "film.torrent", "One.mp4", FILM)
    with seed(shelf / "submission", "--upload-kbps", 300) as command:
        port = int(command.line()["listening"].rpartition(":")[2])
        command.wait_line(lambda row: row["state"] == "seeding")
        began = time.monotonic()
        assert fetched(engine, one, port) == FILM
        assert time.monotonic() - began > 1.5  # 900 kB at 300 kB/s; a bucket may be full at first
        command.wait_line(lambda row: row["given"] >= len(FILM))
        command.signal(signal.SIGTERM)
        assert command.end()[0] == 0


def test_a_folder_without_anything_to_give_is_told(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    command = [sys.executable, "-m", "commonreel", "seed", str(tmp_path), "--listen", "127.0.0.1:0"]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=30)
    assert done.returncode == 2
    assert b"nothing to give there" in done.stdout
