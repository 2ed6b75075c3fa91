# SPDX-License-Identifier: GPL-3.0-or-later
"""Magnet links: what they say, and what is made of bad ones."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.works import links, magnet
from commonreel.works.errors import TorrentInvalid

V1 = "0123456789abcdef0123456789abcdef01234567"
V2 = "fedcba9876543210" * 4
LINK = "magnet:?xt=urn:btih:" + V1


def test_all_that_a_link_can_say() -> None:
    found = magnet.parse(
        LINK
        + "&xt=urn:btmh:1220"
        + V2
        + "&dn=Sintel+%28open%20movie%29"
        + "&tr="
        + quote("udp://tracker.example:80/announce", safe="")
        + "&tr=https://tracker.example/a%3Fkey%3D1"
        + "&ws="
        + quote("https://web.example/films/", safe="")
        + "&x.pe=192.0.2.7:6881&x.pe=[2001:db8::1]:51413&x.pe=seed.example:80"
    )
    assert (found.info_hash, found.info_hash_v2, found.key) == (V1, V2, V1)
    assert found.name == "Sintel (open movie)"
    assert found.trackers == ("udp://tracker.example:80/announce", "https://tracker.example/a?key=1")
    assert found.web_seeds == ("https://web.example/films/",)
    assert found.peers == (("192.0.2.7", 6881), ("2001:db8::1", 51413), ("seed.example", 80))


def test_a_link_that_is_written_says_the_same() -> None:
    known = magnet.Magnet(V1, V2, "Où & quand", ("udp://t.example:80/a?b=1",), ("https://web.example/f/",))
    assert magnet.parse(magnet.link(known)) == known
    assert magnet.link(magnet.Magnet(V1, "")) == LINK


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        "MAGNET:?XT=URN:BTIH:" + V1.upper(),
        "magnet:?xt=urn%3Abtih%3A" + V1,
        "magnet:xt=urn:btih:" + V1,
        "magnet:?xt.1=urn:btih:" + V1,
        "magnet:?xt=urn:btih:" + base64.b32encode(bytes.fromhex(V1)).decode(),
        "magnet:?xt=urn:btih:" + base64.b32encode(bytes.fromhex(V1)).decode().lower(),
        LINK + "&xt=urn:btih:" + V1.upper(),
        LINK + "&xt=urn:sha1:YNCKHTQCWBTRNJIV4WNAE52SJUQCZO5C",
        LINK + "#fragment",
        LINK + "&as=https://a.example/x&xs=https://a.example/y&kt=film&xl=5&tr=&ws&&=&dn",
    ],
)
def test_ways_to_write_a_hash(link: str) -> None:
    assert magnet.parse(link) == magnet.Magnet(V1, "")


def test_a_link_of_version_2_only() -> None:
    found = magnet.parse("magnet:?xt=urn:btmh:1220" + V2.upper())
    assert (found.info_hash, found.info_hash_v2, found.key) == ("", V2, V2)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "magnet:",
        "magnet:?",
        "https://example.org/?xt=urn:btih:" + V1,
        " " + LINK,
        "magnet:?dn=film",
        "magnet:?as=urn:btih:" + V1,
        "magnet:?xs=urn:btih:" + V1,
        "magnet:?xt=" + V1,
        "magnet:?xt=urn:btih:",
        LINK[:-1],
        LINK + "0",
        "magnet:?xt=urn:btih:" + "g" * 40,
        "magnet:?xt=urn:btih:" + "1" * 32,
        "magnet:?xt=urn:btih:" + "é" * 40,
        "magnet:?xt=urn:btih:" + "0" * 40,
        "magnet:?xt=urn:btih:" + "a" * 32 + "&xt=urn:btih:" + V1,
        "magnet:?xt=urn:btmh:1114" + V1,
        "magnet:?xt=urn:btmh:" + V2,
        "magnet:?xt=urn:btmh:1220" + V2[1:],
        "magnet:?xt=urn:btmh:1220" + "0" * 64,
        LINK + "&xt=urn:btih:" + V1[::-1],
        LINK + "&xt=urn:btih:nonsense",
        LINK + "&dn=" + "x" * magnet.MAX_LINK,
        LINK + "&a=b" * (magnet.MAX_PARAMETERS + 1),
    ],
)
def test_what_is_no_magnet_link_of_one_torrent(link: str) -> None:
    with pytest.raises(TorrentInvalid) as refused:
        magnet.parse(link)
    assert 0 < len(str(refused.value)) < 300


def test_what_is_malformed_beside_the_hash_is_left_out() -> None:
    found = magnet.parse(
        LINK
        + "&tr=nonsense&tr=file:///etc/passwd&tr=udp://&tr=http://a b/&tr=http://x:99999/&ws=ftp://a.example/"
        + "&x.pe=nonsense&x.pe=1.2.3.4&x.pe=1.2.3.4:0&x.pe=1.2.3.4:65536&x.pe=:80&x.pe=a/b:80&x.pe=[::1:5"
    )
    assert found == magnet.Magnet(V1, "")


def test_lists_are_bounded_and_hold_each_thing_once() -> None:
    found = magnet.parse(LINK + "&tr=udp://a.example:1&x.pe=192.0.2.1:1" * 40)
    assert found.trackers == ("udp://a.example:1",)
    assert found.peers == (("192.0.2.1", 1),)
    many = LINK + "".join("&tr=udp://t%d.example:1&x.pe=192.0.2.1:%d" % (n, n + 1) for n in range(120))
    assert len(magnet.parse(many).trackers) == links.MAX_ADDRESSES
    assert len(magnet.parse(many).peers) == magnet.MAX_PEERS


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("..", ""),
        ("../../etc/passwd", "etcpasswd"),
        ("a%00b%0Ac", "abc"),
        ("%ff%fe", "��"),
        ("%ED%A0%80", "���"),
    ],
)
def test_a_name_is_fit_to_be_part_of_an_address(stated: str, name: str) -> None:
    assert magnet.parse(LINK + "&dn=" + stated).name == name
    assert len(magnet.parse(LINK + "&dn=" + "x" * 5000).name) == magnet.MAX_NAME


@pytest.mark.parametrize(
    "text", ["", ":", "a", "a:", ":1", "a:b", "a:0", "a:65536", "a:-1", "a:١", "[::1]", "::1:5"]
)
def test_what_is_no_peer(text: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT"):
        magnet.peer(text)


def parsed(link: Any) -> None:
    """A magnet, or TorrentInvalid; any other exception fails the test."""
    try:
        found = magnet.parse(link)
    except TorrentInvalid:
        return
    assert len(found.key) in (40, 64)
    assert set(found.key) <= set("0123456789abcdef")
    assert found.name.encode("utf-8") is not None
    assert all(tracker.isascii() for tracker in (*found.trackers, *found.web_seeds))


texts = st.text(st.characters(), max_size=60)


@given(texts)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_text(text: str) -> None:
    parsed(text)
    parsed("magnet:?" + text)
    parsed(LINK + text)


@given(
    st.lists(
        st.tuples(st.sampled_from(["xt", "dn", "tr", "ws", "x.pe", "xt.1", "as", ""]), texts), max_size=6
    )
)
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_parameters(pairs: list[tuple[str, str]]) -> None:
    parsed(LINK + "".join("&%s=%s" % pair for pair in pairs))
    parsed(LINK + "".join("&%s=%s" % (key, quote(value, errors="replace")) for key, value in pairs))
