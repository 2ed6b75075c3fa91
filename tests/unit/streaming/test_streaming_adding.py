# SPDX-License-Identifier: GPL-3.0-or-later
"""Which trackers of a public torrent may be asked."""

from __future__ import annotations

import pytest

from commonreel.streaming.adding import askable


@pytest.mark.parametrize(
    "tracker",
    [
        *("http://127.0.0.1/announce", "udp://192.168.1.1:80", "https://[::1]:6969/announce"),
        *("http://localhost:631/", "http://LOCALHOST./", "http://router/", "http://tv.local/announce"),
        *("http://a.home.arpa/", "http://2130706433/", "http://[fe80::1%25eth0]/", "http://[", "", "udp://"),
    ],
)
def test_none_on_this_network(tracker):
    assert askable([tracker], local=False) == ()
    assert askable([tracker], local=True) == (tracker,)


@pytest.mark.parametrize(
    "tracker",
    [
        "http://bt1.archive.org:6969/announce",
        "udp://tracker.example.org:1337/announce",
        "http://93.184.215.14/announce",
        "http://[2606:4700::1111]/announce",
        "wss://tracker.example",
    ],
)
def test_any_other(tracker):
    assert askable([tracker], local=False) == (tracker,)
