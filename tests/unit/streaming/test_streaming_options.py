# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine refuses and what a fetch refuses are the same addresses."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from commonreel.net.address import public
from commonreel.streaming.options import NOT_PUBLIC


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
