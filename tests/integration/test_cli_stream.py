# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel stream` as its users have it: a process, a swarm, an HTTP client."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import os
import pty
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Iterator
from urllib.parse import urlsplit

import libtorrent as lt
import pytest

from lab.command import ROOT, StreamCommand, get, refusal
from lab.streams import noise
from lab.swarm import Swarm, make_torrent
from lab.webseed import WebSeed

QUICK = 2.0  # seconds in which it ends
PIECE = 64 << 10


class Item:
    """A folder with a film and other files, as a torrent."""

    def __init__(self, folder: Path, **more: object) -> None:
        self.folder = folder
        self.film = noise(3 * (1 << 20) + 77)
        self.other = noise(300_000, seed=2)
        item = folder / "item"
        (item / "more").mkdir(parents=True)
        (item / "film.mp4").write_bytes(self.film)
        (item / "more" / "rand.bin").write_bytes(self.other)
        self.torrent = make_torrent(item, PIECE, **more)
        self.file = folder / "item.torrent"
        self.file.write_bytes(self.torrent)
        self.info_hash = str(lt.load_torrent_buffer(self.torrent).ti.info_hash())


@pytest.fixture(scope="module")
def item(tmp_path_factory: pytest.TempPathFactory) -> Item:
    return Item(tmp_path_factory.mktemp("stream"))


@pytest.fixture(scope="module")
def swarm(item: Item) -> Iterator[Swarm]:
    with Swarm(item.torrent, item.folder, seeders=2) as swarm:
        yield swarm


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def peers(swarm: Swarm) -> list[str]:
    return ["%s:%d" % address for address in swarm.peers]


def told_peers(swarm: Swarm) -> list[str]:
    return [word for peer in peers(swarm) for word in ("--peer", peer)]


def link(item: Item, swarm: Swarm) -> str:
    return "magnet:?xt=urn:btih:%s&tr=%s" % (item.info_hash, swarm.tracker.address)


def same(found: bytes, expected: bytes) -> bool:
    return hashlib.sha256(found).digest() == hashlib.sha256(expected).digest()


def ended_well(command: StreamCommand) -> None:
    status, seconds = command.end()
    assert (status, command.errors) == (0, b"")
    assert seconds < QUICK


# One source


def test_the_film_of_a_torrent_file(item, swarm, cache):
    with StreamCommand(item.file, "--allow-local", "--cache", cache, *told_peers(swarm)) as command:
        told = command.line()
        assert set(told) == {"url", "pid"}
        assert told["pid"] == command.process.pid
        assert told["url"].startswith("http://127.0.0.1:")
        assert told["url"].endswith("/film.mp4")
        assert same(get(told["url"]), item.film)
        assert get(told["url"], 1_000_000, 1_000_099) == item.film[1_000_000:1_000_100]
        command.close_input()
        ended_well(command)


def test_the_address_can_be_asked_before_any_data_has_come(item, cache):
    with StreamCommand(item.file, "--allow-local", "--cache", cache) as command:  # nobody has it
        with urllib.request.urlopen(urllib.request.Request(command.line()["url"], method="HEAD")) as answer:
            assert int(answer.headers["Content-Length"]) == len(item.film)
        command.close_input()
        ended_well(command)


@pytest.mark.parametrize("name", ["more/rand.bin", "rand.bin", "item/more/rand.bin"])
def test_a_file_that_is_named_need_be_no_film(item, swarm, cache, name):
    arguments = (item.file, "--file", name, "--allow-local", "--cache", cache, *told_peers(swarm))
    with StreamCommand(*arguments) as command:
        assert same(get(command.line()["url"]), item.other)


def test_a_magnet_link(item, swarm, cache):
    with StreamCommand(link(item, swarm), "--allow-local", "--cache", cache) as command:
        assert same(get(command.line()["url"]), item.film)
        command.process.send_signal(signal.SIGTERM)
        ended_well(command)


def test_a_magnet_link_with_a_peer_of_its_own(item, swarm, cache):
    source = "magnet:?xt=urn:btih:%s&x.pe=%s" % (item.info_hash, peers(swarm)[0])
    with StreamCommand(source, "--file", "rand.bin", "--allow-local", "--cache", cache) as command:
        url = command.line()["url"]
        assert url.endswith("/rand.bin")
        assert same(get(url), item.other)


def test_the_address_of_a_torrent_and_nothing_but_a_web_seed(tmp_path, cache):
    with WebSeed(tmp_path, redirect=True) as web:
        item = Item(tmp_path, web_seeds=[web.address])
        source = web.address + "real/item.torrent"
        with StreamCommand(source, "--allow-local", "--cache", cache) as command:
            assert same(get(command.line()["url"]), item.film)


def test_the_port_that_was_asked_for(item, swarm, cache):
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        with StreamCommand(item.file, "--cache", cache, "--port", port) as command:
            assert "error" in command.line()
            assert command.end()[0] == 2
    with StreamCommand(item.file, "--cache", cache, "--port", port) as command:
        assert ":%d/" % port in command.line()["url"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_while_a_player_waits(item, cache, number):
    with StreamCommand(item.file, "--allow-local", "--cache", cache) as command:
        answer = urllib.request.urlopen(command.line()["url"], timeout=20)
        command.process.send_signal(number)
        ended_well(command)
        with answer, pytest.raises(http.client.IncompleteRead):
            answer.read()


def test_the_end_of_input_ends_it_while_a_player_waits_for_a_magnet_link(cache):
    source = "magnet:?xt=urn:btih:" + "1" * 40
    with StreamCommand(source, "--allow-local", "--cache", cache) as command:
        url = command.line()["url"]
        place = urlsplit(url)
        with socket.create_connection((place.hostname, place.port), timeout=20) as player:
            player.sendall(
                b"GET %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (place.path.encode(), place.netloc.encode())
            )
            command.close_input()
            ended_well(command)
            with contextlib.suppress(ConnectionResetError):  # it had not even been accepted
                answer = player.recv(4096)
                assert not answer or b" 404 " in answer.splitlines()[0]


def test_a_terminal_keeps_its_keys_and_ends_it_when_it_hangs_up(item, swarm, cache):
    ours, theirs = pty.openpty()
    arguments = ["stream", str(item.file), "--allow-local", "--cache", str(cache), *told_peers(swarm)]
    process = subprocess.Popen(
        [sys.executable, "-m", "commonreel", *arguments],
        stdin=theirs,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "lib")},
    )
    assert process.stdout
    with process.stdout:
        os.write(ours, b"q\n")
        told = json.loads(process.stdout.readline())
        assert same(get(told["url"]), item.film)
        assert os.read(theirs, 10) == b"q\n"  # still there for another that runs in the terminal
        os.close(theirs)
        os.close(ours)
        assert process.wait(20) == 0


def test_after_a_kill_the_same_cache_serves_what_is_right(item, cache):
    with Swarm(item.torrent, item.folder, seeders=1, rate=1 << 20) as slow:
        arguments = (item.file, "--allow-local", "--cache", cache, *told_peers(slow))
        with StreamCommand(*arguments) as command:
            assert same(get(command.line()["url"], 0, 999_999), item.film[:1_000_000])
            command.process.kill()
            assert command.end()[0] == -signal.SIGKILL
    [data] = cache.glob("*/data/0")
    assert data.stat().st_size > 0
    with data.open("r+b") as damaged:  # and a piece that the kill, or the disk, has spoilt
        damaged.seek(PIECE)
        damaged.write(bytes(PIECE))
    with Swarm(item.torrent, item.folder, seeders=1) as quick, StreamCommand(
        item.file, "--allow-local", "--cache", cache, *told_peers(quick)
    ) as command:
        assert same(get(command.line()["url"]), item.film)


# Requests from standard input


def test_requests_a_line_each_with_bad_ones_between(item, swarm, cache):
    with StreamCommand("-", "--allow-local", "--cache", cache) as command:
        assert command.line() == {"ready": True, "pid": command.process.pid}
        good = {"source": str(item.file), "peers": peers(swarm)}
        bad = [
            b"",
            b"not JSON",
            b"\xff\xfe",
            b"[" * 50_000,
            b"5",
            b"{}",
            b"x" * 300_000,
            {"source": ""},
            {"source": 5},
            {"source": ["x"]},
            {"source": str(item.folder / "nowhere.torrent")},
            {"source": str(item.folder)},
            {"source": "a\0b"},
            {"source": "\ud800"},
            {"source": "http://127.0.0.1:1/x.torrent"},
            {"source": "magnet:?dn=film"},
            {"source": "ftp://example.org/x.torrent"},
            {**good, "file": "nowhere.mp4"},
            {**good, "file": 5},
            {**good, "peers": "127.0.0.1:1"},
            {**good, "peers": ["127.0.0.1"]},
            {**good, "peers": ["127.0.0.1:1"] * 1000},
            {**good, "peer": []},
        ]
        for request in bad:
            assert list(command.ask(request)) == ["error"], request
        first = command.ask(good)
        assert set(first) == {"url", "pid"}
        second = command.ask({**good, "file": "more/rand.bin"})
        third = command.ask({"source": link(item, swarm), "file": None, "peers": None})
        assert same(get(second["url"]), item.other)
        assert same(get(first["url"]), item.film)
        assert same(get(third["url"]), item.film)
        command.close_input()
        ended_well(command)


def test_a_magnet_link_asked_twice_at_once(item, swarm, cache):
    with StreamCommand("-", "--allow-local", "--cache", cache) as command:
        command.line()
        urls = [command.ask({"source": link(item, swarm)})["url"] for _ in range(2)]
        assert all(same(get(url), item.film) for url in urls)


def test_the_oldest_of_many_is_closed(item, swarm, cache):
    with StreamCommand("-", "--allow-local", "--cache", cache) as command:
        command.line()
        urls = [command.ask({"source": str(item.file), "peers": peers(swarm)})["url"] for _ in range(9)]
        assert refusal(urls[0]) == (404, "not-found")
        assert all(same(get(url), item.film) for url in urls[1:])


def test_what_was_asked_before_the_end_of_input_is_answered(item, cache):
    with StreamCommand("-", "--cache", cache) as command:
        requests = [json.dumps({"source": str(source)}).encode() for source in ("/nowhere", item.file)]
        out, errors = command.process.communicate(b"\n".join(requests), timeout=20)
        assert command.process.returncode == 0
        assert errors == b""
        assert [sorted(json.loads(line)) for line in out.splitlines()] == [
            ["pid", "ready"],
            ["error"],
            ["pid", "url"],
        ]


def test_a_magnet_links_file_that_is_not_there_is_an_answer_to_who_asks(item, swarm, cache):
    with StreamCommand("-", "--allow-local", "--cache", cache) as command:
        command.line()
        url = command.ask({"source": link(item, swarm), "file": "nowhere.mp4"})["url"]
        assert refusal(url) == (422, "nothing-playable")


# What is refused


def test_private_torrents_are_refused(tmp_path, cache):
    item = Item(tmp_path, private=True)
    with StreamCommand(item.file, "--allow-local", "--cache", cache) as command:
        assert command.line()["error"].startswith("torrent-private")
        assert command.end()[0] == 2
        assert command.errors == b""
    assert not list(cache.glob("*/data"))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("nowhere.torrent", "no such file"),
        (".", "no such file"),
        ("magnet:?dn=x", "torrent-invalid"),
        ("http://example.org/x.torrent", "address-refused"),
        ("https://127.0.0.1/x.torrent", "address-refused"),
    ],
)
def test_a_source_that_cannot_be(tmp_path, cache, source, code):
    with StreamCommand(source, "--cache", cache) as command:
        assert code in command.line()["error"]
        assert command.end()[0] == 2
        assert command.errors == b""


def test_local_sources_must_be_allowed(item, swarm, cache):
    with StreamCommand(item.file, "--cache", cache, *told_peers(swarm)) as command:
        assert command.line()["error"].startswith("address-refused")
        assert command.end()[0] == 2
    with WebSeed(item.folder) as web, StreamCommand("-", "--cache", cache) as command:
        command.line()
        assert "error" in command.ask({"source": web.address + "item.torrent"})
        assert web.requests == 0


def test_without_libtorrent_films_come_from_web_seeds(tmp_path, cache):
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "libtorrent.py").write_text("raise ImportError('not on this device')")
    with WebSeed(tmp_path) as web:
        item = Item(tmp_path, web_seeds=[web.address])
        arguments = ("-", "--allow-local", "--cache", cache)
        with StreamCommand(*arguments, path=tmp_path / "none") as command:
            command.line()
            assert same(get(command.ask({"source": str(item.file)})["url"]), item.film)
            url = command.ask({"source": "magnet:?xt=urn:btih:" + "1" * 40})["url"]
            assert refusal(url) == (503, "no-engine")
            command.close_input()
            ended_well(command)


def test_wrong_usage_ends_with_2(cache):
    for wrong in ([], ["--port", "x", "-"], ["--port", "65536", "-"], ["--peer", "x", "-"], ["a", "b"]):
        with StreamCommand(*wrong) as command:
            assert command.end()[0] == 2
            assert b"Traceback" not in command.errors


def test_verbose_logs_to_standard_error_and_keeps_the_secret(item, swarm, cache):
    arguments = (item.file, "--allow-local", "--verbose", "--cache", cache, *told_peers(swarm))
    with StreamCommand(*arguments) as command:
        url = command.line()["url"]
        assert same(get(url), item.film)
        command.close_input()
        assert command.end()[0] == 0
        assert b"DEBUG" in command.errors
        assert url.split("/")[-2].encode() not in command.errors
