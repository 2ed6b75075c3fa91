# SPDX-License-Identifier: GPL-3.0-or-later
"""The key of a catalogue in the DHT: its magnet link, and what lies there."""

from __future__ import annotations

import pytest

from commonreel.works import bencode, pointer
from commonreel.works.errors import CatalogueRefused
from commonreel.works.pointer import Item, Pointer

KEY = "8543d3e6115f0f98c944077a4493dcd543e49c739fd998550a1f614ab36ed63e"  # that of BEP 46


def test_a_link_as_bep_46_has_it():
    assert pointer.parse("magnet:?xs=urn:btpk:" + KEY) == Pointer(KEY)
    assert pointer.parse("magnet:?xs=urn:btpk:%s&s=6e" % KEY.upper()) == Pointer(KEY, "6e")
    assert Pointer(KEY, "6e").link == "magnet:?xs=urn:btpk:%s&s=6e" % KEY


@pytest.mark.parametrize("peer", [("192.0.2.1", 6881), ("seed.example.org", 1), ("2001:db8::1", 65535)])
def test_peers_stay_in_the_link(peer):
    made = Pointer(KEY, "", (peer,))
    assert pointer.parse(made.link) == made


@pytest.mark.parametrize(
    "link",
    [
        "",
        "https://example.org/",
        "magnet:?",
        "magnet:?xt=urn:btih:" + "0" * 40,
        "magnet:?xs=" + KEY,
        "magnet:?xs=urn:btpk:" + KEY[1:],
        "magnet:?xs=urn:btpk:" + KEY[:-1] + "g",
        "magnet:?xs=urn:btpk:" + KEY + "&s=6",
        "magnet:?xs=urn:btpk:" + KEY + "&s=" + "00" * 65,
        "magnet:?xs=urn:btpk:" + KEY + "&x.pe=nowhere",
        "magnet:?xs=urn:btpk:" + KEY + "&a=b" * 50,
        "magnet:?xs=urn:btpk:" + KEY + "a" * 20_000,
    ],
)
def test_what_is_no_link_to_a_catalogue(link):
    with pytest.raises(CatalogueRefused):
        pointer.parse(link)


def test_no_more_peers_than_a_few():
    many = "&x.pe=".join(["", *("192.0.2.%d:1" % number for number in range(20))])
    assert len(pointer.parse("magnet:?xs=urn:btpk:" + KEY + many).peers) == pointer.MAX_PEERS


def test_an_item_there_and_back():
    item = Item("ab" * 20, b'{"signed": {}}')
    put = pointer.value(item)
    assert put == {b"ih": b"\xab" * 20, b"timestamp": item.timestamp}
    assert pointer.read(bencode.decode(bencode.encode(put))) == item


def test_what_does_not_fit_into_the_dht():
    with pytest.raises(ValueError, match="the DHT takes 1000"):
        pointer.value(Item("ab" * 20, bytes(990)))


@pytest.mark.parametrize(
    "found",
    [
        None,
        b"d2:ih20:",
        [],
        {},
        {b"ih": b"\0" * 20},
        {b"ih": b"\0" * 19, b"timestamp": b"x"},
        {b"ih": "0" * 20, b"timestamp": b"x"},
        {b"ih": b"\0" * 20, b"timestamp": b""},
        {b"ih": b"\0" * 20, b"timestamp": bytes(1001)},
        {b"ih": b"\0" * 20, b"timestamp": 7},
    ],
)
def test_what_is_no_catalogues(found):
    with pytest.raises(CatalogueRefused):
        pointer.read(found)
