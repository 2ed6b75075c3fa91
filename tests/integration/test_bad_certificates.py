# SPDX-License-Identifier: GPL-3.0-or-later
"""A web seed, or a source, whose certificate has expired is not spoken to, by either way to the network."""

from __future__ import annotations

import socket
import ssl

import pytest

from commonreel.net import guard
from commonreel.net.fetch import Fetcher
from commonreel.net.ranged import Failure, Ranges
from commonreel.works.errors import FetchFailed
from lab.certificates import certificate
from lab.webseed import WebSeed

NAME = "films.example"
CONTENT = b"film" * 1000


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Makes a server of NAME whose certificate, trusted, is good for so many days from a day on."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "film").write_bytes(CONTENT)
    monkeypatch.setattr(guard, "public", lambda ip: ip == "127.0.0.1")  # as if it were
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    opened = []

    def serve(first, days):
        monkeypatch.setattr(guard, "DEFAULT_CA_BUNDLE_PATH", str(certificate(tmp_path, NAME, first, days)))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(tmp_path / "certificate.pem")
        opened.append(WebSeed(tmp_path / "web", tls=context))
        return opened[-1], "https://%s:%d/film" % (NAME, opened[-1].port)

    yield serve
    for each in opened:
        each.close()


def look_up(host, port, *_, **__):
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def ranged(address):
    found = bytearray(100)
    line = Ranges("CommonReel/1").line()
    try:
        line.read(address, 0, memoryview(found), len(CONTENT))
    finally:
        line.close()
    return bytes(found)


WAYS = {
    "get": lambda address: Fetcher("CommonReel/1").get(address, 10_000, 5)[:100],
    "locate": lambda address: Fetcher("CommonReel/1").locate(address, 5) == address and CONTENT[:100],
    "ranged": ranged,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("first", "days", "why"), [(-9, 2, "has expired"), (2, 9, "is not yet valid")])
def test_a_certificate_out_of_its_time_is_refused_and_nothing_is_asked(site, way, first, days, why):
    seed, address = site(first, days)
    with pytest.raises((FetchFailed, Failure), match="certificate " + why) as caught:
        WAYS[way](address)
    assert seed.requests == 0
    assert getattr(caught.value, "tries", 1) == 1  # it is given up, not tried for ever


@pytest.mark.parametrize("way", WAYS)
def test_one_that_is_in_its_time_is_not(site, way):
    _, address = site(-1, 3)
    assert WAYS[way](address) == CONTENT[:100]
