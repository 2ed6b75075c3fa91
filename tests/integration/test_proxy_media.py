# SPDX-License-Identifier: GPL-3.0-or-later
"""A film over the proxy: whole, in ranges, by several players, and when a player leaves."""

from __future__ import annotations

import hashlib
import logging
import os
import random
import socket
import threading
from typing import Iterator

import pytest

from commonreel.proxy import media
from commonreel.proxy.server import Proxy
from commonreel.works.errors import CommonReelError, DiskFull, StreamClosed
from commonreel.works.protocols import SubtitleFile
from lab.raw_http import RawClient
from lab.streams import FakeControl, FakeStream, noise

FILM = noise(3_000_001)
PATH = "/v1/media/%s/film.mp4" % FakeControl.SECRET


@pytest.fixture
def film() -> Iterator[FakeStream]:
    stream = FakeStream(FILM)
    yield stream
    assert stream.wait(lambda: stream.active == 0), "a reader was left open"
    stream.close()


@pytest.fixture
def proxy(film: FakeStream) -> Iterator[Proxy]:
    server = Proxy(FakeControl(film), "1.2.3")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(proxy: Proxy) -> Iterator[RawClient]:
    with RawClient(proxy.port) as raw:
        yield raw


def test_the_address_given_to_the_player_serves_the_film(proxy: Proxy) -> None:
    address = proxy.media_address(FakeControl.SECRET, "Le Voyage dans la Lune/é?#.mp4")
    assert address.startswith("http://127.0.0.1:%d/v1/media/" % proxy.port)
    with RawClient(proxy.port) as client:
        assert client.ask("HEAD", address[len(proxy.address) :]).status == 200


def test_head_tells_all_and_opens_no_reader(client: RawClient, film: FakeStream) -> None:
    answer = client.ask("HEAD", PATH)
    assert answer.status == 200
    assert answer.headers["content-length"] == str(len(FILM))
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["etag"]
    assert "access-control-allow-origin" not in answer.headers
    assert film.opened == 0
    # Range counts on GET only (RFC 9110, 14.2), and the connection is fit for the next request.
    assert client.ask("HEAD", PATH, "Range: bytes=5-9").headers["content-length"] == str(len(FILM))
    assert client.ask("GET", PATH, "Range: bytes=5-9").body == FILM[5:10]


def test_the_whole_film(client: RawClient) -> None:
    answer = client.ask("GET", PATH)
    assert answer.status == 200
    assert "content-range" not in answer.headers
    assert hashlib.sha256(answer.body).digest() == hashlib.sha256(FILM).digest()


@pytest.mark.parametrize(
    ("header", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=1000-", 1000, len(FILM)),
        ("bytes=-500", len(FILM) - 500, len(FILM)),
        ("bytes=2999990-9999999", 2999990, len(FILM)),
        ("bytes=100-2500000", 100, 2500001),
    ],
)
def test_a_range(client: RawClient, header: str, start: int, stop: int) -> None:
    answer = client.ask("GET", PATH, "Range: " + header)
    assert answer.status == 206
    assert answer.headers["content-range"] == "bytes %d-%d/%d" % (start, stop - 1, len(FILM))
    assert answer.body == FILM[start:stop]


@pytest.mark.parametrize("header", ["bytes=0-1,5-6", "bytes=x", "lines=0-1", "bytes=9-1"])
def test_ranges_that_do_not_count_give_the_whole_film(client: RawClient, header: str) -> None:
    answer = client.ask("GET", PATH, "Range: " + header)
    assert (answer.status, answer.body) == (200, FILM)


def test_a_range_of_another_film_gives_the_whole_one(client: RawClient) -> None:
    etag = client.ask("HEAD", PATH).headers["etag"]
    assert client.ask("GET", PATH, "Range: bytes=0-4", "If-Range: " + etag).status == 206
    assert client.ask("GET", PATH, "Range: bytes=0-4", 'If-Range: "other"').body == FILM


def test_416_says_how_long_the_film_is_and_keeps_the_connection(client: RawClient, film: FakeStream) -> None:
    answer = client.ask("GET", PATH, "Range: bytes=%d-" % len(FILM))
    assert answer.status == 416
    assert answer.headers["content-range"] == "bytes */%d" % len(FILM)
    assert film.opened == 0
    assert client.ask("GET", PATH, "Range: bytes=-1").body == FILM[-1:]


def test_many_requests_on_one_connection_with_one_reader_each(client: RawClient, film: FakeStream) -> None:
    dice = random.Random(7)
    for count in range(1, 201):
        start = dice.randrange(len(FILM))
        stop = min(len(FILM), start + dice.randrange(1, 20000))
        assert client.ask("GET", PATH, "Range: bytes=%d-%d" % (start, stop - 1)).body == FILM[start:stop]
        assert film.opened == count
    assert film.wait(lambda: film.active == 0)


def test_requests_sent_at_once_are_answered_in_turn(client: RawClient) -> None:
    for start in (10, 2_000_000, 0):
        client.request("GET", PATH, "Range: bytes=%d-%d" % (start, start + 9))
    for start in (10, 2_000_000, 0):
        assert client.response().body == FILM[start : start + 10]


def test_connection_close_and_http_1_0(proxy: Proxy) -> None:
    with RawClient(proxy.port) as client:
        assert (
            client.ask("GET", PATH, "Connection: close", "Range: bytes=0-1").headers["connection"] == "close"
        )
        assert client.closed()
    with RawClient(proxy.port) as client:
        client.send(("GET %s HTTP/1.0\r\nHost: 127.0.0.1:%d\r\n\r\n" % (PATH, proxy.port)).encode())
        assert client.response().body == FILM
        assert client.closed()


def test_four_players_at_once(proxy: Proxy) -> None:
    found: list[bytes] = []

    def play(start: int) -> None:
        with RawClient(proxy.port) as client:
            found.append(client.ask("GET", PATH, "Range: bytes=%d-" % start).body)

    starts = (0, 1, 1_500_000, 2_900_000)
    threads = [threading.Thread(target=play, args=(start,)) for start in starts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(map(len, found)) == sorted(len(FILM) - start for start in starts)
    assert all(FILM.endswith(body) for body in found)


def test_bytes_that_arrive_later_are_waited_for(film: FakeStream, client: RawClient) -> None:
    film.arrive(1_000_000)
    client.request("GET", PATH)
    assert client.head().status == 200
    here = 1_000_000 - media.RESERVE
    assert client.file.read(here) == FILM[:here]
    assert film.wait(lambda: film.waiting == 1)
    film.arrive(1_000_001)
    assert client.file.read(media.RESERVE // 2) == FILM[here : here + media.RESERVE // 2]
    film.arrive(len(FILM))
    assert client.file.read() == FILM[here + media.RESERVE // 2 :]


def test_a_player_that_leaves_in_mid_body_gives_its_reader_back(
    film: FakeStream, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client = RawClient(proxy.port, receive_buffer=4096)
    client.request("GET", PATH)
    client.file.read(1000)
    assert film.active == 1
    client.close()
    assert film.wait(lambda: film.active == 0, 2)
    assert not caplog.records


def test_a_player_that_leaves_a_stalled_film_gives_its_reader_back(
    film: FakeStream, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    film.arrive(10)
    client = RawClient(proxy.port)
    client.request("GET", PATH)
    assert client.head().status == 200
    assert film.wait(lambda: film.waiting == 1)
    client.close()
    assert film.wait(lambda: film.active == 0, 2)
    assert not caplog.records


@pytest.mark.parametrize("error", [DiskFull(), StreamClosed()])
def test_a_film_that_breaks_off_ends_the_connection_short(
    film: FakeStream, client: RawClient, error: CommonReelError
) -> None:
    film.arrive(1000)
    client.request("GET", PATH)
    assert client.head().headers["content-length"] == str(len(FILM))
    film.fail(error)
    got = client.file.read()
    assert 1000 - media.RESERVE <= len(got) <= 1000
    assert got == FILM[: len(got)]


def test_a_film_that_was_closed_says_so(
    film: FakeStream, client: RawClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed() -> None:
        raise StreamClosed("closed")

    monkeypatch.setattr(film, "reader", closed)
    answer = client.ask("GET", PATH)
    assert answer.status == 410
    assert b"stream-closed" in answer.body


@pytest.mark.parametrize("absent", [("sendfile",), ("sendfile", "pread")])
def test_the_same_bytes_where_the_system_lacks_sendfile_or_pread(
    client: RawClient, monkeypatch: pytest.MonkeyPatch, absent: tuple[str, ...]
) -> None:
    for name in absent:
        monkeypatch.delattr(media.os, name)
    assert client.ask("GET", PATH).body == FILM
    assert client.ask("GET", PATH, "Range: bytes=70000-2000000").body == FILM[70000:2000001]


def test_the_same_bytes_where_the_file_system_refuses_sendfile(
    client: RawClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(22, os.strerror(22))

    monkeypatch.setattr(media.os, "sendfile", refuse)
    assert client.ask("GET", PATH).body == FILM


def test_no_secret_in_the_log(proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with RawClient(proxy.port) as client:
        client.ask("GET", PATH, "Range: bytes=0-1")
    with RawClient(proxy.port) as client:
        client.ask("GET", "/x" + PATH)
    with RawClient(proxy.port) as client:
        client.ask("GET", "/v1/streams/s1", "Authorization: Bearer " + proxy.secret)
    assert len(caplog.records) == 3
    assert FakeControl.SECRET not in caplog.text
    assert proxy.secret not in caplog.text


def test_in_a_stall_the_player_still_gets_a_byte_now_and_then(proxy: Proxy, film: FakeStream) -> None:
    """Else Kodi could not stop: its player waits in a read until something comes."""
    here = 1_000_000
    film.have = here
    with socket.create_connection(("127.0.0.1", proxy.port), timeout=5) as player:
        player.sendall(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (PATH.encode(), proxy.port))
        got = bytearray()
        while b"\r\n\r\n" not in got:
            got += player.recv(65536)
        del got[: got.index(b"\r\n\r\n") + 4]
        while len(got) < here - media.RESERVE:
            got += player.recv(65536)
        for more in range(1, 4):
            got += player.recv(65536)
            assert len(got) == here - media.RESERVE + more
        film.arrive(len(FILM))
        while len(got) < len(FILM):
            got += player.recv(65536)
    assert got == FILM


# Subtitles

WORDS = SubtitleFile("film.fr.srt", "1\n00:00:01,000 --> 00:00:02,000\nOù ça\n".encode())
BESIDE = "/v1/subtitles/%s" % FakeControl.SECRET


@pytest.fixture
def subtitled(film: FakeStream) -> Iterator[RawClient]:
    control = FakeControl(film)
    control.files[3] = WORDS
    server = Proxy(control, "1.2.3")
    server.start()
    with RawClient(server.port) as raw:
        yield raw
    server.stop()


def test_subtitles_are_served_whole(subtitled: RawClient) -> None:
    for method, body in (("GET", WORDS.data), ("HEAD", b"")):
        answer = subtitled.ask(method, BESIDE + "/3/film.fr.srt", "Range: bytes=0-")
        assert (answer.status, answer.body) == (200, body)
        assert answer.headers["content-type"] == "application/x-subrip"
        assert answer.headers["content-length"] == str(len(WORDS.data))


@pytest.mark.parametrize(
    "path",
    [
        BESIDE + "/4/film.fr.srt",
        BESIDE + "/3/",
        BESIDE + "/3/../film.fr.srt",
        BESIDE + "/-3/film.fr.srt",
        BESIDE + "/3333/film.fr.srt",
        BESIDE + "/film.fr.srt",
        "/v1/subtitles/%s/3/film.fr.srt" % FakeControl.SECRET[:-1],
    ],
)
def test_only_what_a_stream_has_is_served(subtitled: RawClient, path: str) -> None:
    assert subtitled.ask("GET", path).status == 404


def test_subtitles_are_for_reading(subtitled: RawClient) -> None:
    assert subtitled.ask("POST", BESIDE + "/3/x.srt", "Content-Length: 0").status == 405
