# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a site that is called the makers' own says so itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from commonreel.publish import own_sites
from commonreel.works import record
from commonreel.works.errors import FetchFailed
from commonreel.works.giving import Supported
from commonreel.works.guide import Maker
from commonreel.works.work import Work
from lab.records import free

KEY, OTHER = "ab" * 32, "cd" * 32
SITE = "https://makers.example.org/.well-known/commonreel.json"
OWN, SERVICE = "https://makers.example.org/give", "https://liberapay.com/makers"


def work(*addresses: str, url: str = SITE, kind: str = "A") -> Work:
    evidence = [{"kind": "signed-declaration", "url": url, "by": KEY}]
    if kind == "B":
        evidence.append({"kind": "institution", "by": "House", "url": "https://example.org/"})
    made = record.parse(
        free(
            "t:film",
            rights={"class": kind, "territories": ["*"], "evidence": evidence},
            funding={"channels": [{"type": "payment-provider", "address": each} for each in addresses]},
        )
    )
    assert isinstance(made, Work)
    return made


def problems(of: Supported, said: Any) -> list[str]:
    """Where the site says so, a FetchFailed, bytes, or what is JSON."""

    def fetch(url: str, limit: int) -> bytes:
        assert url == SITE
        assert limit <= 1 << 20
        if isinstance(said, FetchFailed):
            raise said
        return said if isinstance(said, bytes) else json.dumps(said).encode()

    return list(own_sites.problems(of, fetch))


@pytest.mark.parametrize("kind", ["A", "B"])
def test_a_site_that_names_the_key_proves_its_own_pages(kind: str) -> None:
    assert problems(work(OWN, SERVICE, kind=kind), {"v": 1, "keys": [OTHER, KEY]}) == []
    assert problems(work(OWN, SERVICE), {"v": 1, "keys": [KEY], "funding": [OWN]}) == []
    assert problems(work(SERVICE), {"v": 1, "keys": [KEY], "funding": [OWN]}) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (FetchFailed("HTTP 404"), SITE + ": HTTP 404"),
        (b"<html>", "not JSON"),
        (b"x" * 70_000, "more than 65536 bytes"),
        ({"v": 1, "keys": [OTHER]}, SITE + ": does not name the key " + KEY),
        (
            {"v": 1, "keys": [KEY], "funding": ["https://makers.example.org/other"]},
            "%s: not among the ways to give that %s names" % (OWN, SITE),
        ),
    ],
)
def test_one_that_does_not_proves_nothing(said: Any, reason: str) -> None:
    [problem] = problems(work(OWN), said)
    assert reason in problem


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://example.org/give", "nor proven to be the makers' own"),
        ("https://makers.example.org/give?to=us", "by which it could lead on"),
    ],
)
def test_what_is_not_shown_is_told(address: str, reason: str) -> None:
    [problem] = problems(work(OWN, address), {"v": 1, "keys": [KEY]})
    assert problem.startswith(address)
    assert reason in problem


def test_the_same_goes_for_a_makers_record() -> None:
    made = record.parse(
        {
            "id": "t:maker",
            "type": "Organization",
            "name": {"en": "Makers"},
            "evidence": [{"kind": "signed-declaration", "url": SITE, "by": KEY}],
            "funding": {"channels": [{"type": "payment-provider", "address": OWN}]},
        }
    )
    assert isinstance(made, Maker)
    assert problems(made, {"v": 1, "keys": [KEY]}) == []
    [problem] = problems(made, {"v": 1, "keys": [OTHER]})
    assert "does not name the key" in problem


def test_evidence_that_is_no_such_file_is_not_asked_for() -> None:
    elsewhere = work(SERVICE, url="https://archive.org/details/film")
    assert problems(elsewhere, FetchFailed("asked")) == []


def test_a_bank_account_is_no_matter_of_codes() -> None:
    made = record.parse(free("t:film", funding={"channels": [{"type": "bank", "address": "DE02 1203"}]}))
    assert isinstance(made, Work)
    assert problems(made, FetchFailed("asked")) == []
