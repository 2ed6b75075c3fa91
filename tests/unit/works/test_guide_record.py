# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of makers and of lists: what is taken, and how every bad field is named."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from test_record import BAD_ADDRESSES, BAD_IDS, BAD_PAYEES, FULL

from commonreel.catalog.admission import admit
from commonreel.works import record
from commonreel.works.errors import RecordInvalid
from commonreel.works.guide import Maker, Selection
from commonreel.works.record import Tombstone
from commonreel.works.work import Channel, Evidence, Work

SIGNED = {
    "kind": "signed-declaration",
    "url": "https://jane.example/.well-known/commonreel.json",
    "rule": "",
    "by": "ed25519:abc",
    "at": "2026-11-20",
}
MAKER: dict[str, Any] = {
    "v": 1,
    "id": "fest:jane",
    "type": "Person",
    "rev": 3,
    "updated": "2026-11-20",
    "name": {"en": "Jane Doe", "ja": "ジェーン"},
    "description": {"en": "Makes films\nabout birds."},
    "image": {"portrait": "https://jane.example/me.jpg"},
    "url": "https://jane.example/",
    "links": ["https://video.example/c/jane", "https://jane.example/"],
    "sameAs": ["wd:Q1", "imdb:nm0000001"],
    "funding": {"channels": [{"type": "payment-provider", "address": "https://liberapay.com/jane"}]},
    "evidence": [SIGNED],
    "submitter": "ed25519:abc",
}
LIST: dict[str, Any] = {
    "v": 1,
    "id": "fest:2026",
    "type": "ItemList",
    "rev": 1,
    "updated": "2026-11",
    "name": {"en": "Birds on Film 2026", "fr": "Les oiseaux 2026"},
    "description": {"en": "Five evenings."},
    "by": "Festival of Birds",
    "url": "https://festival.example/2026",
    "image": {"poster": "https://festival.example/p.jpg", "fanart": "https://festival.example/f.jpg"},
    "itemListElement": ["fest:b", "ia:Cops", "fest:a"],
}


def changed_in(full: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """The record with the field at `path` ('a/0/b') replaced, or taken out if the value is `...`."""
    made: Any = copy.deepcopy(full)
    place = made
    *way, last = [int(step) if step.isdigit() else step for step in path.split("/")]
    for step in way:
        place = place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return dict(made)


def test_every_field_of_a_maker_arrives() -> None:
    assert record.parse(MAKER) == Maker(
        id="fest:jane",
        type="Person",
        rev=3,
        updated="2026-11-20",
        name={"en": "Jane Doe", "ja": "ジェーン"},
        description={"en": "Makes films\nabout birds."},
        portrait="https://jane.example/me.jpg",
        url="https://jane.example/",
        links=("https://video.example/c/jane", "https://jane.example/"),
        same_as=("wd:Q1", "imdb:nm0000001"),
        funding=(Channel("payment-provider", "https://liberapay.com/jane"),),
        evidence=(Evidence("signed-declaration", SIGNED["url"], by="ed25519:abc", at="2026-11-20"),),
        submitter="ed25519:abc",
    )


def test_every_field_of_a_list_arrives() -> None:
    assert record.parse(LIST) == Selection(
        id="fest:2026",
        rev=1,
        updated="2026-11",
        name={"en": "Birds on Film 2026", "fr": "Les oiseaux 2026"},
        description={"en": "Five evenings."},
        by="Festival of Birds",
        url="https://festival.example/2026",
        poster="https://festival.example/p.jpg",
        fanart="https://festival.example/f.jpg",
        works=("fest:b", "ia:Cops", "fest:a"),
    )


def test_what_is_told_is_in_the_viewers_language_or_another() -> None:
    maker = record.parse(MAKER)
    assert isinstance(maker, Maker)
    assert (maker.title("ja"), maker.title("de"), maker.words("ja")) == (
        "ジェーン",
        "Jane Doe",
        "Makes films\nabout birds.",
    )
    assert maker.addresses == ("https://jane.example/", "https://video.example/c/jane")


def test_the_least_that_makes_one() -> None:
    studio = record.parse({"id": "t:house", "type": "Organization", "name": {"fr": "La maison"}})
    assert isinstance(studio, Maker)
    assert (studio.title(), studio.words(), studio.addresses) == ("La maison", "", ())
    chosen = record.parse({"id": "t:l", "type": "ItemList", "name": {"en": "L"}, "itemListElement": ["t:a"]})
    assert isinstance(chosen, Selection)
    assert (chosen.works, chosen.by) == (("t:a",), "")


BAD = [
    *((MAKER, "id", value) for value in [*BAD_IDS, 7, None, ...]),
    *((MAKER, "v", value) for value in [0, 2, "1"]),
    *((MAKER, "rev", value) for value in [-1, "7"]),
    *((MAKER, "name", value) for value in ["Jane", {}, None, {"en": " "}, {"en": "x" * 121}, ...]),
    *((MAKER, "description", value) for value in [{"en": "x" * 2001}, "text", {"en": 1}]),
    *((MAKER, "image/portrait", value) for value in BAD_ADDRESSES),
    *((MAKER, "url", value) for value in BAD_ADDRESSES),
    *((MAKER, "links", [value]) for value in BAD_ADDRESSES),
    *((MAKER, "links", value) for value in ["https://jane.example/", ["https://jane.example/"] * 11]),
    *((MAKER, "sameAs", value) for value in [["Q1"], ["wd:Q1"] * 21]),
    *((MAKER, "funding/channels/0/address", value) for value in BAD_PAYEES),
    *((MAKER, "evidence", value) for value in ["x", ["x"], [{}], [{"kind": "gossip"}], [SIGNED] * 21]),
    (MAKER, "evidence/0/url", "javascript:alert(1)"),
    *((LIST, "id", value) for value in [*BAD_IDS, ...]),
    *((LIST, "name", value) for value in ["Birds", {"en": "x" * 121}, ...]),
    *((LIST, "by", value) for value in ["x" * 121, ["A", "B"], "a\x00b"]),
    *((LIST, "url", value) for value in BAD_ADDRESSES),
    *((LIST, "image/poster", value) for value in BAD_ADDRESSES),
    *((LIST, "itemListElement", value) for value in ["t:a", [], {}, [1], [["t:a"]], ["t:a", "t:a"], ...]),
    *((LIST, "itemListElement", [value]) for value in BAD_IDS if value),
    (LIST, "itemListElement", ["t:%d" % number for number in range(501)]),
]


@pytest.mark.parametrize(("made", "path", "value"), BAD)
def test_a_bad_field_is_named(made: dict[str, Any], path: str, value: object) -> None:
    with pytest.raises(RecordInvalid) as caught:
        record.parse(changed_in(made, path, value))
    assert caught.value.detail.startswith(path.split("/")[0])
    assert len(caught.value.detail) < 300


@pytest.mark.parametrize("made", [MAKER, LIST])
def test_unknown_fields_are_left_alone(made: dict[str, Any]) -> None:
    assert record.parse({**made, "award": {"name": 1}, "x": None}) == record.parse(made)


def test_no_gate_asks_a_maker_for_a_licence_and_none_lets_a_work_pass_as_one() -> None:
    claimed = {**FULL, "type": "Person"}
    found = admit(json.dumps([MAKER, LIST, claimed, {"id": "t:x", "withdrawn": "asked"}]), 2026)
    assert [type(entry) for entry in found.entries] == [Maker, Selection, Maker, Tombstone]
    assert not any(isinstance(entry, Work) for entry in found.entries)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("made", "works"), [(FULL, True), (MAKER, False), (LIST, False), ({"withdrawn": "x"}, False), ({}, True)]
)
def test_which_records_are_of_works(made: dict[str, Any], works: bool) -> None:
    assert record.of_work(made) is works
