# SPDX-License-Identifier: GPL-3.0-or-later
"""The proxy against web pages, other programs on the machine, and requests made to hurt."""

from __future__ import annotations

import json
import logging
import socket
from typing import Iterator

import pytest

from commonreel.proxy import incoming
from commonreel.proxy.server import MAX_CONNECTIONS, Proxy
from lab.raw_http import RawClient
from lab.streams import FakeControl, FakeStream, noise

FILM = noise(10_000)
PATH = "/v1/media/%s/film.mp4" % FakeControl.SECRET
OPEN = json.dumps({"work": "ia:Cops"}).encode()


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[FakeControl, Proxy]]:
    stream = FakeStream(FILM)
    control = FakeControl(stream)
    server = Proxy(control, "1.2.3")
    server.start()
    yield control, server
    server.stop()
    stream.close()


@pytest.fixture
def control(served: tuple[FakeControl, Proxy]) -> FakeControl:
    served[0].calls.clear()
    served[0].failure = None
    return served[0]


@pytest.fixture
def film(control: FakeControl) -> FakeStream:
    assert control.stream is not None
    control.stream.opened = 0
    return control.stream


@pytest.fixture
def proxy(served: tuple[FakeControl, Proxy], caplog: pytest.LogCaptureFixture) -> Iterator[Proxy]:
    caplog.set_level(logging.INFO)
    yield served[1]
    assert not caplog.records, "an attack made noise in the log"


@pytest.fixture
def client(proxy: Proxy) -> Iterator[RawClient]:
    with RawClient(proxy.port) as raw:
        yield raw


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> float:
    monkeypatch.setattr(incoming, "PATIENCE", 0.4)
    return 0.4


def open_fields(proxy: Proxy, length: int = len(OPEN)) -> list[str]:
    return [
        "Authorization: Bearer " + proxy.secret,
        "Content-Type: application/json",
        "Content-Length: %d" % length,
    ]


def test_an_open_call_that_keeps_the_rules(proxy: Proxy, control: FakeControl, client: RawClient) -> None:
    answer = client.ask("POST", "/v1/streams", *open_fields(proxy), body=OPEN)
    assert (answer.status, json.loads(answer.body)) == (201, {"id": "s1"})
    assert json.loads(client.ask("GET", "/v1/streams/s1", open_fields(proxy)[0]).body)["peers"] == 3


@pytest.mark.parametrize(
    "host",
    [
        "localhost:{port}",
        "127.0.0.1",
        "127.0.0.1:1",
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1:{port}.",
    ],
)
@pytest.mark.parametrize("path", [PATH, "/v1/streams/s1"])
def test_another_host_is_a_page_that_rebinds_its_name(
    proxy: Proxy, control: FakeControl, film: FakeStream, client: RawClient, host: str, path: str
) -> None:
    answer = client.ask("GET", path, *open_fields(proxy, 0), host=host.format(port=proxy.port))
    assert answer.status == 403
    assert control.calls == []
    assert film.opened == 0


def test_no_host_or_two(proxy: Proxy) -> None:
    for head in ("GET %s HTTP/1.1\r\n\r\n", "GET %s HTTP/1.0\r\n\r\n", "GET %s\r\n\r\n"):
        with RawClient(proxy.port) as client:
            client.send((head % PATH).encode())
            assert client.response().status == 403
    with RawClient(proxy.port) as client:
        assert client.ask("GET", PATH, "Host: 127.0.0.1:%d" % proxy.port).status == 403


@pytest.mark.parametrize(
    "field",
    [
        "Origin: https://evil.example",
        "Origin: null",
        "Origin:",
        "Origin: http://127.0.0.1:{port}",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_a_request_that_a_page_made(proxy: Proxy, client: RawClient, field: str, method: str) -> None:
    path = PATH if method in ("GET", "HEAD") else "/v1/streams"
    answer = client.ask(method, path, field.format(port=proxy.port), *open_fields(proxy, 0))
    assert answer.status == 403
    assert not any(name.startswith("access-control") for name in answer.headers)


def test_a_person_may_open_the_address_in_a_browser(client: RawClient) -> None:
    assert client.ask("GET", PATH, "Sec-Fetch-Site: none").body == FILM


@pytest.mark.parametrize(
    "field",
    [
        "X-Nothing: 1",
        "Authorization: ",
        "Authorization: Bearer",
        "Authorization: Bearer wrong",
        "Authorization: Basic {secret}",
        "Authorization: {secret}",
        "Authorization: Bearer {secret}x",
        "Authorization: Bearer é",
        "Cookie: secret={secret}",
    ],
)
@pytest.mark.parametrize(
    "path", ["/v1/streams", "/v1/streams/s1", "/v1/streams?secret={secret}", "/v1/streams/x/y"]
)
def test_control_needs_the_secret_in_its_header(
    proxy: Proxy, control: FakeControl, client: RawClient, field: str, path: str
) -> None:
    given = [field.format(secret=proxy.secret), *open_fields(proxy)[1:]]
    answer = client.ask("POST", path.format(secret=proxy.secret), *given, body=OPEN)
    assert answer.status == 401
    assert control.calls == []


def test_the_secret_of_a_film_opens_no_control_call(client: RawClient, control: FakeControl) -> None:
    assert client.ask("GET", "/v1/streams/s1", "Authorization: Bearer " + FakeControl.SECRET).status == 401
    assert control.calls == []


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "*",
        "/v1",
        "/v1/media",
        "/v1/media/",
        "/v1/media/" + FakeControl.SECRET,
        "/v1/media/" + FakeControl.SECRET + "/",
        PATH + "/more",
        "/v1/media//film.mp4",
        "/v1/media/wrong/film.mp4",
        "/v1/media/%s/film.mp4" % FakeControl.SECRET[:-1],
        "/v1/media/%s/film.mp4" % FakeControl.SECRET.upper(),
        "/v1/media/../../etc/passwd",
        "/v1/media/..%2f..%2f/passwd",
        "/v1/media/%00/film.mp4",
        "/v1/media/%s/film.mp4" % ("a" * 5000),
        "/V1" + PATH[3:],
        "/v2" + PATH[3:],
        "/v1/streamsx",
        "http://127.0.0.1" + PATH,
        "?",
    ],
)
def test_other_paths_lead_nowhere(client: RawClient, film: FakeStream, path: str) -> None:
    assert client.ask("GET", path).status == 404
    assert film.opened == 0


@pytest.mark.parametrize(
    "method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "X" * 1000]
)
def test_other_methods_on_a_film(client: RawClient, method: str) -> None:
    answer = client.ask(method, PATH, "Content-Length: 0")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("field", "status"),
    [
        ("Content-Length: 65537", 413),
        ("Content-Length: 99999999999999999999", 413),
        ("Content-Length: -1", 400),
        ("Content-Length: 1e3", 400),
        ("Content-Length: +5", 400),
        ("Content-Length: 5\r\nContent-Length: 6", 400),
        ("Transfer-Encoding: chunked", 411),
        ("Transfer-Encoding: chunked\r\nContent-Length: 5", 411),
        ("X-Nothing: 1", 411),
    ],
)
def test_bodies_without_an_honest_length(
    proxy: Proxy, control: FakeControl, client: RawClient, field: str, status: int
) -> None:
    answer = client.ask("POST", "/v1/streams", *open_fields(proxy)[:2], field)
    assert answer.status == status
    assert client.closed()
    assert control.calls == []


def test_a_request_hidden_in_the_body_of_another_is_not_read(proxy: Proxy, control: FakeControl) -> None:
    hidden = "GET /v1/streams/s1 HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n\r\n"
    body = (hidden % (proxy.port, proxy.secret)).encode()
    for path in (PATH, "/nowhere"):
        with RawClient(proxy.port) as client:
            assert client.ask("GET", path, "Content-Length: %d" % len(body), body=body).status in (400, 404)
            assert client.closed()
    assert control.calls == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_a_body_of_another_type(proxy: Proxy, control: FakeControl, client: RawClient, kind: str) -> None:
    authorization, _, length = open_fields(proxy)
    answer = client.ask("POST", "/v1/streams", authorization, "Content-Type: " + kind, length, body=OPEN)
    assert answer.status == 400
    assert control.calls == []


def test_bad_json(proxy: Proxy, control: FakeControl, client: RawClient) -> None:
    answer = client.ask("POST", "/v1/streams", *open_fields(proxy, 3), body=b"{x}")
    assert answer.status == 400
    assert json.loads(answer.body)["error"] == "bad-request"
    assert control.calls == []


def test_a_bug_behind_a_call_is_an_answer_and_a_line_in_the_log(
    proxy: Proxy, control: FakeControl, client: RawClient, caplog: pytest.LogCaptureFixture
) -> None:
    control.failure = ZeroDivisionError("inside")
    answer = client.ask("GET", "/v1/streams/s1", open_fields(proxy)[0])
    assert (answer.status, json.loads(answer.body)["error"]) == (500, "internal")
    assert b"inside" not in answer.body
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


@pytest.mark.parametrize(
    "head",
    [
        b"GARBAGE\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.x\r\n\r\n",
        b"GET / FTP/1.0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/1.1\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\rOrigin: y\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 150 + b"\r\n",
        b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nA: " + b"x" * 20000,
        b"x" * 20000,
    ],
)
def test_heads_that_are_none(client: RawClient, head: bytes) -> None:
    client.send(head)
    answer = client.response()
    assert 400 <= answer.status < 600
    assert json.loads(answer.body)["error"] == "bad-request"
    assert client.closed()


def test_a_head_in_drips_does_not_hold_the_connection(proxy: Proxy, patience: float) -> None:
    with RawClient(proxy.port, timeout=0.05) as client:
        dripped = 0
        while dripped < 200:  # a byte every 50 ms: with a time-out per read this would go on
            client.send(b"G")
            dripped += 1
            try:
                if client.sock.recv(1) == b"":
                    break
            except socket.timeout:
                continue
            except ConnectionError:
                break
        assert dripped < 60


def test_an_idle_connection_is_closed(proxy: Proxy, patience: float) -> None:
    with RawClient(proxy.port) as silent, RawClient(proxy.port) as kept:
        assert kept.ask("HEAD", PATH).status == 200
        assert silent.closed()
        assert kept.closed()


def test_a_body_that_does_not_come(proxy: Proxy, patience: float, control: FakeControl) -> None:
    with RawClient(proxy.port) as client:
        assert client.ask("POST", "/v1/streams", *open_fields(proxy), body=OPEN[:-1]).status == 408
        assert client.closed()
    assert control.calls == []


def test_connections_without_number(proxy: Proxy) -> None:
    crowd = [RawClient(proxy.port) for _ in range(MAX_CONNECTIONS)]
    try:
        for one in crowd:  # each is being served
            assert one.ask("HEAD", PATH).status == 200
        with RawClient(proxy.port) as late:
            assert late.closed()
        assert crowd[0].ask("GET", PATH).body == FILM
    finally:
        for one in crowd:
            one.close()
