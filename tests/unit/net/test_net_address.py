# SPDX-License-Identifier: GPL-3.0-or-later
"""Which URLs and which IP addresses may be asked."""

from __future__ import annotations

import pytest

from commonreel.net import address
from commonreel.works.errors import AddressRefused


@pytest.mark.parametrize(
    "url",
    [
        "https://archive.org/download/Cops/Cops_archive.torrent",
        "https://archive.org:8443/x?y=z",
        "HTTPS://Archive.ORG/",
        "https://[2606:4700::1111]/x",
    ],
)
def test_https_is_fine(url: str) -> None:
    address.check(url, local=False)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "archive.org/x",
        "//archive.org/x",
        "http://archive.org/x",
        "file:///etc/passwd",
        "ftp://archive.org/x",
        "https://",
        "https:///x",
        "https://:443/x",
        "https://user@archive.org/",
        "https://user:word@archive.org/",
        "https://@archive.org/",
        "https://archive.org:99999/",
        "https://archive.org:x/",
        "https://[::1/",
        "https://archive.org\\@example.org/",
        "https://archive.org/a b",
        "https://archive.org/\r\nHost: example.org",
        " https://archive.org/",
        "https://archive.org/" + "x" * address.MAX_LENGTH,
    ],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(AddressRefused):
        address.check(url, local=False)


def test_local_sources_may_be_plain_http_and_nothing_more() -> None:
    address.check("http://127.0.0.1:8000/x", local=True)
    address.check("https://127.0.0.1:8000/x", local=True)
    for url in ("file:///etc/passwd", "http://user@127.0.0.1/", "http://"):
        with pytest.raises(AddressRefused):
            address.check(url, local=True)


@pytest.mark.parametrize("ip", ["8.8.8.8", "207.241.224.2", "2606:4700::1111", "64:ff9b::808:808"])
def test_public(ip: str) -> None:
    assert address.public(ip)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "192.0.2.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:100.64.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "4000::1",
        "localhost",
        "",
    ],
)
def test_not_public(ip: str) -> None:
    assert not address.public(ip)


def test_a_log_sees_no_query_and_no_password() -> None:
    assert address.shown("https://me:secret@a.example/x?token=1#y") == "https://a.example/x"
    assert "\n" not in address.shown("https://a.example/\nx")
    assert len(address.shown("https://a.example/" + "x" * 5000)) <= 200
