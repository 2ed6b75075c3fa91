# SPDX-License-Identifier: GPL-3.0-or-later
"""The rights gate: what passes, and why the rest does not."""

from __future__ import annotations

import pytest

from commonreel.works.rights import free_in, refusal
from commonreel.works.work import Encoding, Evidence, License, Rights, Source, Work

BY = "https://creativecommons.org/licenses/by/3.0/"
MARK = "https://creativecommons.org/publicdomain/mark/1.0/"
US = Evidence("pd-rule", rule="us-95")
LIFE = Evidence("pd-rule", rule="life-70", url="https://www.wikidata.org/wiki/Q1")
WIKIDATA = Evidence("wikidata", url="https://www.wikidata.org/wiki/Q2")
HOUSE = Evidence("institution", by="A foundation")
SIGNED = Evidence("signed-declaration", by="key")


def work(kind: str, where: tuple[str, ...], *evidence: Evidence, year: int = 1922, url: str = MARK) -> Work:
    return Work(
        id="t:film",
        name={"en": "Film"},
        license=License(url),
        rights=Rights(kind, where, evidence),
        source=Source("t", "https://example.org/"),
        encoding=(Encoding(torrent="https://example.org/t.torrent"),),
        year=year,
    )


@pytest.mark.parametrize(
    "good",
    [
        work("A", ("*",), SIGNED, url=BY),
        work("B", ("*",), HOUSE, url=BY),
        work("B", ("*",), HOUSE),
        work("C", ("US",), US, WIKIDATA),
        work("C", ("US",), US, WIKIDATA, year=1930),
        work("C", ("DE", "FR", "US"), US, LIFE, WIKIDATA),
        work("C", ("FR",), LIFE, HOUSE, year=1950),
    ],
)
def test_passes(good: Work) -> None:
    assert refusal(good, 2026) == ""


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (work("X", ("*",), SIGNED, HOUSE, url=BY), "class X"),
        (work("A", ("*",), HOUSE, url=BY), "signed declaration"),
        (work("B", ("*",), SIGNED, url=BY), "institution"),
        (work("B", (), HOUSE, url=BY), "no territory"),
        (work("B", ("UK",), HOUSE, url=BY), "unknown territory UK"),
        (work("A", ("*",), SIGNED, url=MARK), "claim"),
        (work("A", ("*",), SIGNED, url="https://example.org/terms"), "refused"),
        (work("B", ("*",), HOUSE, url="https://creativecommons.org/licenses/sampling+/1.0/"), "review"),
        (work("C", ("US",), US), "second witness"),
        (work("C", ("US",), US, Evidence("license-page", url="https://example.org/")), "second witness"),
        (work("C", ("US",), WIKIDATA), "free in US"),
        (work("C", ("US", "FR"), US, WIKIDATA), "free in FR"),
        (work("C", ("*",), US, WIKIDATA), "free in *"),
        (work("C", ("*",), US, LIFE, WIKIDATA), "free in *"),
        (work("C", ("ES",), LIFE, WIKIDATA), "free in ES"),
        (work("C", ("US",), US, WIKIDATA, year=1931), "does not hold"),
        (work("C", ("US",), US, WIKIDATA, year=0), "does not hold"),
        (work("C", ("US",), US, WIKIDATA, year=-5), "does not hold"),
        (work("C", ("FR",), LIFE, WIKIDATA, year=1956), "does not hold"),
        (work("C", ("FR",), Evidence("pd-rule", rule="life-70"), WIKIDATA), "names nobody"),
        (work("C", ("US",), Evidence("pd-rule", rule="old"), WIKIDATA), "unknown rule"),
    ],
)
def test_refused(bad: Work, why: str) -> None:
    assert why in refusal(bad, 2026)


def test_the_year_rule_moves_with_the_year() -> None:
    film = work("C", ("US",), US, WIKIDATA, year=1931)
    assert refusal(film, 2026)
    assert refusal(film, 2027) == ""


def test_free_in() -> None:
    us = Rights("C", ("US",), ())
    assert free_in(us, "US")
    assert not free_in(us, "FR")
    assert not free_in(us, "")
    assert free_in(Rights("B", ("*",), ()), "")
    assert free_in(Rights("B", ("*",), ()), "FR")
    assert not free_in(Rights("B", ("",), ()), "")
