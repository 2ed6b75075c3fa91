# SPDX-License-Identifier: GPL-3.0-or-later
"""Hosts and ports as people write them."""

from __future__ import annotations

import pytest

from commonreel.proxy.endpoint import Endpoint


@pytest.mark.parametrize(
    ("text", "host", "port", "again"),
    [
        ("192.168.1.10:8090", "192.168.1.10", 8090, "192.168.1.10:8090"),
        ("NAS.lan:80", "nas.lan", 80, "nas.lan:80"),
        ("[::1]:8090", "::1", 8090, "[::1]:8090"),
        ("[2001:DB8:0:0::0001]:1", "2001:db8::1", 1, "[2001:db8::1]:1"),
        ("0.0.0.0:0", "0.0.0.0", 0, "0.0.0.0:0"),
    ],
)
def test_what_is_written_is_read_in_its_shortest_form(text: str, host: str, port: int, again: str) -> None:
    found = Endpoint.parse(text)
    assert found == (host, port)
    assert str(found) == again
    assert Endpoint.parse(again) == found


@pytest.mark.parametrize(
    "text",
    [
        "", "nas", ":80", "nas:", "nas:x", "nas:+8", "nas:080", "nas:65536", "nas:999999", "nas:80 ",
        "a b:80", "a/b:80", "user@nas:80", "http://nas:80", "::1:80", "[::1]", "[::1:80", "[nas]:80",
        "[1.2.3.4]:80", "[fe80::1%eth0]:80", "nas:80\n", "na\u017f:80",
    ],
)  # fmt: skip
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Endpoint.parse(text)


def test_a_port_may_go_without_saying() -> None:
    assert Endpoint.parse("nas.lan", 80) == ("nas.lan", 80)
    assert Endpoint.parse("[::1]", 80) == ("::1", 80)
    assert Endpoint.parse("nas.lan:81", 80) == ("nas.lan", 81)


@pytest.mark.parametrize(
    ("name", "host"),
    [("127.0.0.1", "127.0.0.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("fe80::1%eth0", "fe80::1")],
)
def test_of_a_sockets_name(name: str, host: str) -> None:
    assert Endpoint.of((name, 80)) == (host, 80)


@pytest.mark.parametrize(("text", "numeric"), [("1.2.3.4:1", True), ("[::]:1", True), ("1.2.3:1", False)])
def test_numbers_and_names(text: str, numeric: bool) -> None:
    assert Endpoint.parse(text).numeric is numeric
