# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine refuses and what a fetch refuses are the same addresses; what the user's choices
are to libtorrent."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from commonreel.net.address import public
from commonreel.streaming import interface, options
from commonreel.streaming.options import ALL_IPV6, NOT_PUBLIC, EngineOptions, Proxy
from commonreel.works.errors import InterfaceMissing, ProxyMissing


def refused(address):
    found = ip_address(address)
    ranges = ((ip_address(first), ip_address(last)) for first, last in NOT_PUBLIC)
    return any(first.version == found.version and first <= found <= last for first, last in ranges)


@pytest.mark.parametrize("address", [end for ends in NOT_PUBLIC for end in ends if end[:4] != "2002"])
def test_no_fetch_goes_where_no_peer_may_be(address):
    assert not public(address)


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
        ),
        *("198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::", "::1", "::ffff:10.0.0.1", "fe80::1", "fd00::1", "ff02::1", "2002:a00:1::1"),
    ],
)
def test_no_peer_may_be_where_no_fetch_goes(address):
    assert not public(address)
    assert refused(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450::1"])
def test_the_open_internet_is_open(address):
    assert public(address)
    assert not refused(address)


def chosen(local=False, **choices):
    return options.settings(EngineOptions(**choices), local)


def test_a_public_session_finds_peers_everywhere_but_on_this_network():
    told = chosen(lsd=True)
    assert (told["enable_dht"], told["enable_upnp"], told["enable_lsd"]) == (True, True, False)


def test_a_local_session_finds_peers_on_this_network_alone_and_if_asked_to():
    told = chosen(local=True, lsd=True)
    assert (told["enable_dht"], told["enable_upnp"], told["enable_lsd"]) == (False, False, True)
    assert chosen(local=True)["enable_lsd"] is False


@pytest.mark.parametrize("local", [False, True])
@pytest.mark.parametrize(
    ("proxy", "kind"),
    [
        (Proxy("socks5", "proxy", 1), 2),
        (Proxy("socks5", "proxy", 1, "me", "hush"), 3),
        (Proxy("http", "proxy", 1), 4),
        (Proxy("http", "proxy", 1, "me", "hush"), 5),
    ],
)
def test_nothing_goes_round_a_proxy(local, proxy, kind):
    told = chosen(local, proxy=proxy, lsd=True)
    assert (told["proxy_type"], told["proxy_hostname"], told["proxy_port"]) == (kind, "proxy", 1)
    for name in ("proxy_hostnames", "proxy_peer_connections", "proxy_tracker_connections", "anonymous_mode"):
        assert told[name] is True
    for name in ("enable_dht", "enable_lsd", "enable_upnp", "enable_natpmp", "enable_incoming_utp"):
        assert told[name] is False
    assert not EngineOptions(proxy=proxy).utp


def test_without_a_proxy_there_is_none():
    told = chosen()
    assert (told["proxy_type"], told["anonymous_mode"], told["enable_incoming_utp"]) == (0, False, True)


@pytest.mark.parametrize(
    ("choices", "listen"),
    [
        ({}, "0.0.0.0:0,[::]:0"),
        ({"ipv6": False}, "0.0.0.0:0"),
        ({"interface": "tun0"}, "tun0:0"),
        ({"interface": "10.8.0.2"}, "10.8.0.2:0"),
        ({"interface": "fd00::2"}, "[fd00::2]:0"),
    ],
)
def test_where_it_listens(choices, listen):
    told = chosen(**choices)
    assert told["listen_interfaces"] == listen
    assert told["outgoing_interfaces"] == choices.get("interface", "")


def test_without_ipv6_no_peer_may_have_such_an_address():
    assert ALL_IPV6 in options.refused(EngineOptions(ipv6=False), local=True)
    assert ALL_IPV6 not in options.refused(EngineOptions(), local=False)


@pytest.mark.parametrize("name", ["127.0.0.1", "lo"])
def test_an_interface_that_is_there(name):
    interface.check(EngineOptions(interface=name))


@pytest.mark.parametrize(
    "name", ["192.0.2.99", "2001:db8::99", "tun99", "lo,eth0", "127.0.0.1:80", "300.1.1.1", "a\0b", "x" * 300]
)
def test_an_interface_that_is_not_there(name):
    with pytest.raises(InterfaceMissing):
        interface.check(EngineOptions(interface=name))


@pytest.mark.parametrize("proxy", [Proxy("socks5"), Proxy("http", "proxy"), Proxy("socks5", "", 1080)])
def test_a_proxy_without_an_address(proxy):
    with pytest.raises(ProxyMissing):
        interface.check(EngineOptions(proxy=proxy))
