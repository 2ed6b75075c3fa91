# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranges from servers that keep their word, and from those that do not."""

from __future__ import annotations

import random
import socket
import ssl
import subprocess
import threading
import time

import pytest

from commonreel.net import guard, ranged
from commonreel.net.ranged import Failure, Ranges
from lab.webseed import WebSeed

LENGTH = 1_000_000
CONTENT = random.Random(1).randbytes(LENGTH)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "film").write_bytes(CONTENT)
    return tmp_path / "web"


@pytest.fixture
def seed(folder):
    with WebSeed(folder) as made:
        yield made


@pytest.fixture
def line():
    made = Ranges("CommonReel/1", local=True).line()
    yield made
    made.close()


def read(line, address, start=100, count=1000, length=LENGTH):
    found = bytearray(count)
    line.read(address + "film", start, memoryview(found), length)
    return bytes(found)


def test_many_ranges_over_one_connection(seed, line):
    for start in (0, 5000, 100, LENGTH - 1000):
        assert read(line, seed.address, start) == CONTENT[start : start + 1000]
    assert (seed.connections, seed.requests, line.received) == (1, 4, 4000)


def test_a_connection_that_the_server_has_ended_is_made_anew(folder, line):
    with WebSeed(folder) as seed:
        assert read(line, seed.address) == CONTENT[100:1100]
        seed.hang_up()
        assert read(line, seed.address) == CONTENT[100:1100]
        assert seed.connections == 2
    with pytest.raises(Failure):
        read(line, seed.address)


@pytest.mark.parametrize("head", [b"HTTP/1.0 206 P", b"HTTP/1.1 206 P\r\nConnection: close"])
def test_an_answer_that_ends_the_connection_is_read_to_its_end(line, head):
    """Its body comes after its head has been read, and the connection given up with it."""
    count = 400_000
    fields = b"\r\nContent-Range: bytes 100-%d/%d\r\nContent-Length: %d\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            for _ in range(2):
                caller, _ = server.accept()
                with caller:
                    caller.recv(4096)
                    caller.sendall(head + fields % (99 + count, LENGTH, count))
                    caller.sendall(CONTENT[100 : 100 + count])

        serving = threading.Thread(target=answer)
        serving.start()
        for _ in range(2):
            place = "http://127.0.0.1:%d/" % server.getsockname()[1]
            assert read(line, place, 100, count) == CONTENT[100 : 100 + count]
        serving.join()


def test_the_whole_of_a_file_may_come_with_200(seed, line):
    seed.ignore_ranges = True
    assert read(line, seed.address, 0, LENGTH) == CONTENT


@pytest.mark.parametrize(
    ("fault", "value", "tries"),
    [
        ("ignore_ranges", True, 1),
        ("html", True, 1),
        ("wrong_total", True, 1),
        ("wrong_span", True, 1),
        ("too_long", True, 1),
        ("short", True, 0),
        ("missing", True, 3),
        ("elsewhere", "ftp://127.0.0.1/", 1),
        ("elsewhere", "http://127.0.0.1:99999/", 1),
    ],
)
def test_anything_but_the_range_is_refused(seed, line, fault, value, tries):
    setattr(seed, fault, value)
    with pytest.raises(Failure) as caught:
        read(line, seed.address)
    assert caught.value.tries == tries
    assert seed.given < LENGTH // 2
    setattr(seed, fault, type(value)())
    line.mend()
    assert read(line, seed.address) == CONTENT[100:1100]


def test_a_loop_of_redirects_ends(seed, line):
    seed.elsewhere = seed.address
    with pytest.raises(Failure, match="redirects") as caught:
        read(line, seed.address)
    assert (caught.value.tries, seed.requests) == (1, 6)


def test_a_server_that_is_busy_says_for_how_long(seed, line):
    seed.busy = 1
    with pytest.raises(Failure) as caught:
        read(line, seed.address)
    assert (caught.value.tries, caught.value.wait) == (0, 1.0)


def test_a_refused_connection_may_be_tried_again(line):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Failure) as caught:
        read(line, "http://127.0.0.1:%d/" % port)
    assert caught.value.tries == 0


def test_the_end_of_redirects_is_remembered_for_all_lines(seed):
    seed.redirect = True
    ranges = Ranges("CommonReel/1", local=True)
    for _ in range(3):
        other = ranges.line()
        assert read(other, seed.address) == CONTENT[100:1100]
        other.close()
    assert [asked.split()[0] for asked in seed.asked] == ["/film", *["/real/film"] * 3]


def test_a_remembered_address_that_fails_is_asked_for_anew(seed, folder, line):
    with WebSeed(folder) as node:
        seed.elsewhere = node.address
        assert read(line, seed.address) == CONTENT[100:1100]
    with WebSeed(folder) as moved:
        seed.elsewhere = moved.address
        assert read(line, seed.address) == CONTENT[100:1100]
        assert (seed.requests, moved.requests) == (2, 1)


@pytest.mark.parametrize("drips", ["body", "head"])
def test_drips_end_when_the_time_is_over(folder, line, monkeypatch, drips):
    monkeypatch.setattr(ranged, "CONNECTING", 0.2)
    monkeypatch.setattr(ranged, "SILENCE", 0.3)
    with WebSeed(folder) as seed:
        seed.drip = 0.05
        address = seed.address
        if drips == "head":
            address = dripping_head()
        began = time.monotonic()
        with pytest.raises(Failure) as caught:
            read(line, address)
        assert time.monotonic() - began < 3
        assert caught.value.tries == 0


def dripping_head():
    server = socket.create_server(("127.0.0.1", 0))

    def drip():
        sock, _ = server.accept()
        with server, sock:
            try:
                while True:
                    sock.sendall(b"x")
                    threading.Event().wait(0.05)
            except OSError:
                return

    threading.Thread(target=drip, daemon=True).start()
    return "http://127.0.0.1:%d/" % server.getsockname()[1]


def test_it_can_be_cut_at_once_and_mended(seed, line):
    seed.drip = 1.0
    failures = []

    def ask():
        try:
            read(line, seed.address)
        except Failure as failure:
            failures.append(failure)

    thread = threading.Thread(target=ask)
    thread.start()
    until = time.monotonic() + 10
    while not seed.requests and time.monotonic() < until:
        threading.Event().wait(0.005)
    began = time.monotonic()
    line.cut()
    thread.join(5)
    assert time.monotonic() - began < 0.5
    assert failures
    seed.drip = 0.0
    with pytest.raises(Failure):
        read(line, seed.address)
    line.mend()
    assert read(line, seed.address) == CONTENT[100:1100]


# Where it may go


@pytest.fixture
def tls(tmp_path, monkeypatch):
    """A context for films.example, trusted; names lead to where `names` says."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    subject = ["-subj", "/CN=films.example", "-addext", "subjectAltName=DNS:films.example"]
    out = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *subject, *out], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setattr(guard, "DEFAULT_CA_BUNDLE_PATH", str(certificate))
    return context


@pytest.fixture
def names(monkeypatch):
    """Name → address. Those at 127.0.0.1 count as public here, all others as private."""
    known = {"films.example": "127.0.0.1", "inside.example": "127.0.0.2"}

    def look_up(host, port, *_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (known.get(host, host), port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(guard, "public", lambda address: address == "127.0.0.1")
    return known


@pytest.fixture
def public():
    made = Ranges("CommonReel/1").line()
    yield made
    made.close()


def test_https_is_verified_and_kept(folder, tls, names, public):
    with WebSeed(folder, tls=tls) as seed:
        address = "https://films.example:%d/" % seed.port
        for start in (0, 700_000):
            assert read(public, address, start) == CONTENT[start : start + 1000]
        assert seed.connections == 1


def test_a_certificate_of_another_name_is_refused(folder, tls, names, public):
    names["other.example"] = "127.0.0.1"
    with WebSeed(folder, tls=tls) as seed, pytest.raises(Failure) as caught:
        read(public, "https://other.example:%d/" % seed.port)
    assert caught.value.tries == 1


def test_a_private_address_is_not_connected_to(folder, tls, names, public):
    names["films.example"] = "127.0.0.2"
    with WebSeed(folder, tls=tls) as seed, pytest.raises(Failure, match="no public address") as caught:
        read(public, "https://films.example:%d/" % seed.port)
    assert (caught.value.tries, seed.connections) == (1, 0)


@pytest.mark.parametrize("place", ["https://inside.example:%d/", "http://films.example:%d/"])
def test_a_redirect_to_where_we_may_not_go_is_refused(folder, tls, names, public, place):
    with WebSeed(folder, tls=tls) as seed:
        seed.elsewhere = place % seed.port
        with pytest.raises(Failure) as caught:
            read(public, "https://films.example:%d/" % seed.port)
        assert (caught.value.tries, seed.requests) == (1, 1)


def test_a_name_that_has_moved_inside_is_not_followed(folder, tls, names, public):
    """DNS rebinding: each new connection is checked."""
    with WebSeed(folder, tls=tls) as seed:
        address = "https://films.example:%d/" % seed.port
        assert read(public, address)
        public.close()
        names["films.example"] = "127.0.0.2"
        with pytest.raises(Failure):
            read(public, address)
        assert seed.requests == 1


def test_plain_http_is_not_asked(seed, public):
    with pytest.raises(Failure) as caught:
        read(public, seed.address)
    assert (caught.value.tries, seed.connections) == (1, 0)
