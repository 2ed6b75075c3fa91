# SPDX-License-Identifier: GPL-3.0-or-later
"""The plugin's client against the real proxy, and against what is not our proxy."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
from typing import Iterator

import pytest

from commonreel.proxy.client import Client
from commonreel.proxy.server import Proxy
from commonreel.works import errors
from lab.streams import FakeControl


@pytest.fixture
def control() -> FakeControl:
    return FakeControl()


@pytest.fixture
def proxy(control: FakeControl) -> Iterator[Proxy]:
    server = Proxy(control, "1.2.3")
    server.start()
    yield server
    server.stop()


def test_open_watch_close(proxy: Proxy, control: FakeControl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("all_proxy", "http://127.0.0.1:1")
    client = Client(proxy.port, proxy.secret)
    stream = client.open("ia:Cops é", "key", 12.5)
    assert client.status(stream) == {"state": "ready", "peers": 3}
    client.close(stream)
    assert control.calls == [("open", "ia:Cops é", "key", 12.5), ("status", "s1"), ("close", "s1")]


def test_it_hears_how_the_engine_is(proxy: Proxy, control: FakeControl) -> None:
    assert Client(proxy.port, proxy.secret).health() == {"version": "1.2.3", **control.health()}


@pytest.mark.parametrize(
    "kind", [errors.NotFreeHere, errors.RestartNeeded, errors.TorrentChanged, errors.DiskFull]
)
def test_the_services_errors_arrive_as_they_were(
    proxy: Proxy, control: FakeControl, kind: type[errors.CommonReelError]
) -> None:
    control.failure = kind("why")
    with pytest.raises(kind) as raised:
        Client(proxy.port, proxy.secret).open("ia:Cops")
    assert type(raised.value) is kind
    assert raised.value.detail == "why"


def test_an_id_that_is_none_of_ours(proxy: Proxy) -> None:
    client = Client(proxy.port, proxy.secret)
    with pytest.raises(errors.UnknownWork):
        client.status("other")
    with pytest.raises(errors.CommonReelError):
        client.status("../streams")


def test_a_wrong_secret(proxy: Proxy, control: FakeControl) -> None:
    with pytest.raises(errors.ServiceUnavailable):
        Client(proxy.port, "0" * 32).status("s1")
    assert control.calls == []


def test_nobody_listens(proxy: Proxy) -> None:
    proxy.stop()
    with pytest.raises(errors.ServiceUnavailable):
        Client(proxy.port, proxy.secret).status("s1")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html>...",
        b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n" + b"[" * 90000,
        b'HTTP/1.1 201 Created\r\nContent-Length: 9\r\n\r\n{"id": 1}',
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{}",
    ],
)
def test_somebody_else_listens(answer: bytes) -> None:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        with pytest.raises(errors.ServiceUnavailable):
            Client(listener.getsockname()[1], "x", timeout=2).open("ia:Cops")
    finally:
        thread.join(5)
        listener.close()


def test_no_answer_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(errors.ServiceUnavailable):
        Client(listener.getsockname()[1], "x", timeout=0.1).status("s1")


def test_the_client_is_light_to_import() -> None:
    code = (
        "import sys, commonreel.proxy.client; print(sorted({'requests', 'http.server'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "lib"}
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "beginning", [b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"]
)
def test_an_answer_that_drips_is_not_waited_for(beginning: bytes) -> None:
    over = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError):  # the client hangs up
            connection.sendall(beginning)
            while not over.wait(0.1):
                connection.sendall(b"2")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        began = time.monotonic()
        try:
            with pytest.raises(errors.ServiceUnavailable):
                Client(listener.getsockname()[1], "x", timeout=0.5).status("s1")
        finally:
            over.set()
            thread.join()
    assert 0.4 < time.monotonic() - began < 3
