# SPDX-License-Identifier: GPL-3.0-or-later
"""What a maker's own site says: which files are one, and where it lies."""

from __future__ import annotations

import json

import pytest

from commonreel.works import well_known
from commonreel.works.errors import RecordInvalid

KEY = "0123456789abcdef" * 4
SITE = {"v": 1, "keys": [KEY], "funding": ["https://makers.example.org/give", "https://liberapay.com/makers"]}


def test_it_says_whose_key_and_where_to_give() -> None:
    said = well_known.parse(json.dumps({**SITE, "more": "as we like"}).encode())
    assert said.keys == (KEY,)
    assert said.funding == tuple(SITE["funding"])  # type: ignore[arg-type]


def test_the_ways_to_give_may_be_left_out() -> None:
    assert well_known.parse(json.dumps({"v": 1, "keys": [KEY]}).encode()).funding == ()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b"[" * 100_000, "more than 65536 bytes"),
        (b"[" * 60_000, "not JSON"),
        (b"[]", "not an object"),
        (b"\xff\xfe", "not JSON"),
        ({"keys": [KEY]}, "v: missing"),
        ({**SITE, "v": 2}, "v: not from 1 to 1"),
        ({"v": 1}, "keys: missing"),
        ({**SITE, "keys": []}, "keys: 0 entries"),
        ({**SITE, "keys": KEY}, "keys: not a list"),
        ({**SITE, "keys": [KEY.upper()]}, "keys: malformed"),
        ({**SITE, "keys": [KEY[:-1]]}, "keys: malformed"),
        ({**SITE, "keys": [KEY] * 101}, "keys: 101 entries"),
        ({**SITE, "funding": ["http://makers.example.org/"]}, "not https"),
        ({**SITE, "funding": ["https://liberapay.com@evil.example/"]}, "a user name hides its host"),
        ({**SITE, "funding": ["https://liberapay.com/" + "x" * 4000]}, "longer than 300 characters"),
        ({**SITE, "funding": ["https://makers.example.org/"] * 101}, "funding: 101 entries"),
    ],
)
def test_what_is_none(body: object, reason: str) -> None:
    with pytest.raises(RecordInvalid) as refused:
        well_known.parse(body if isinstance(body, bytes) else json.dumps(body).encode())
    assert reason in refused.value.detail


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://makers.example.org/.well-known/commonreel.json", True),
        ("http://makers.example.org/.well-known/commonreel.json", False),
        ("https://makers.example.org/.well-known/commonreel.json?x", False),
        ("https://makers.example.org/.well-known/commonreel.json#x", False),
        ("https://makers.example.org/~me/.well-known/commonreel.json", False),
        ("https://makers.example.org/.well-known/other.json", False),
        ("https:///.well-known/commonreel.json", False),
        ("", False),
    ],
)
def test_where_it_lies(url: str, is_one: bool) -> None:
    assert well_known.is_address(url) == is_one
