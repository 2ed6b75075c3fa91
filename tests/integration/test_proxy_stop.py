# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy's end: at once, whatever its clients are doing, and with nothing left of it."""

from __future__ import annotations

import socket
import threading
import time
from typing import Iterator

import pytest

from commonreel.proxy import media
from commonreel.proxy.server import STOP_TIME, Proxy
from lab.raw_http import RawClient
from lab.streams import FakeControl, FakeStream, noise

FILM = noise(20_000_000)
PATH = "/v1/media/%s/film.mp4" % FakeControl.SECRET


@pytest.fixture
def film() -> Iterator[FakeStream]:
    stream = FakeStream(FILM)
    yield stream
    stream.close()


class Ending(Proxy):
    """A proxy whose stop() is timed, and leaves nothing behind."""

    def __init__(self, film: FakeStream) -> None:
        self._before = set(threading.enumerate())
        self._film = film
        super().__init__(FakeControl(film), "1.2.3")

    def stop(self) -> None:
        began = time.monotonic()
        super().stop()
        assert time.monotonic() - began < STOP_TIME
        assert set(threading.enumerate()) <= self._before, "a thread was left"
        assert self._film.active == 0, "a reader was left open"


@pytest.fixture
def proxy(film: FakeStream) -> Iterator[Ending]:
    server = Ending(film)
    server.start()
    yield server
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.port), 1)


def test_with_nobody_there(proxy: Ending) -> None:
    assert proxy.port > 0
    proxy.stop()


def test_twice_and_before_the_start(proxy: Ending, film: FakeStream) -> None:
    proxy.stop()
    never = Proxy(FakeControl(film), "1.2.3")
    never.stop()


def test_while_a_connection_is_idle(proxy: Ending) -> None:
    with RawClient(proxy.port) as fresh, RawClient(proxy.port) as kept:
        assert kept.ask("HEAD", PATH).status == 200
        proxy.stop()
        assert fresh.closed()
        assert kept.closed()


def test_while_a_request_is_half_sent(proxy: Ending) -> None:
    with RawClient(proxy.port) as client:
        client.send(b"GET " + PATH.encode())
        proxy.stop()
        assert client.closed()


def test_while_a_paused_player_does_not_read(proxy: Ending, film: FakeStream) -> None:
    with RawClient(proxy.port, receive_buffer=4096) as client:
        client.request("GET", PATH)
        client.file.read(1000)
        assert film.active == 1
        proxy.stop()
        assert film.active == 0


def test_while_the_film_stalls(proxy: Ending, film: FakeStream) -> None:
    film.arrive(1000)
    with RawClient(proxy.port) as client:
        client.request("GET", PATH)
        client.head()
        here = 1000 - media.RESERVE
        assert client.file.read(here) == FILM[:here]
        assert film.wait(lambda: film.waiting == 1)
        proxy.stop()
        assert client.closed()


def test_while_many_players_read(proxy: Ending, film: FakeStream) -> None:
    crowd = [RawClient(proxy.port, receive_buffer=4096) for _ in range(16)]
    try:
        for client in crowd:
            client.request("GET", PATH)
        assert film.wait(lambda: film.active == 16)
        proxy.stop()
        assert film.active == 0
    finally:
        for client in crowd:
            client.close()


def test_each_start_has_secrets_of_its_own(film: FakeStream) -> None:
    first, second = Proxy(FakeControl(film), "1"), Proxy(FakeControl(film), "1")
    assert first.secret != second.secret
    assert len(first.secret) == 32
