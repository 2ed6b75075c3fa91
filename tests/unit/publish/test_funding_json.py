# SPDX-License-Identifier: GPL-3.0-or-later
"""funding.json: what is taken of one, and that one that is written is valid."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from commonreel.publish import funding_json
from commonreel.publish.funding_json import Asker
from commonreel.works.errors import RecordInvalid
from commonreel.works.work import Channel, Source, Work
from lab.few_works import OPEN

WAY = {"guid": "liberapay", "type": "payment-provider", "address": "https://liberapay.com/makers"}
ENTITY = {
    "type": "group",
    "role": "owner",
    "name": "The Makers",
    "email": "makers@example.org",
    "description": "We make films.",
    "webpageUrl": {"url": "https://makers.example.org"},
}
FILE = {
    "version": "v1.0.0",
    "entity": ENTITY,
    "projects": [],
    "funding": {"channels": [WAY], "plans": []},
}

# As https://fundingjson.org says of version 1, of what is written here.
TEXT, PAGE = (
    {"type": "string", "maxLength": 250},
    {"type": "string", "pattern": "^https://", "maxLength": 250},
)
NAME = {"type": "string", "pattern": "^[a-z0-9]([a-z0-9]|-(?!-))*[a-z0-9]$", "minLength": 3, "maxLength": 32}
WRITTEN = {
    "type": "object",
    "required": ["version", "entity", "projects", "funding"],
    "properties": {
        "version": {"pattern": r"^v1\.0\.0$"},
        "entity": {
            "required": ["type", "role", "name", "email", "description", "webpageUrl"],
            "properties": {
                "type": {"enum": ["individual", "group", "organisation", "other"]},
                "role": {"enum": ["owner", "steward", "maintainer", "contributor", "other"]},
                "name": {**TEXT, "minLength": 2},
                "email": {**TEXT, "pattern": "^[^@]+@[^@]+$"},
                "description": {"type": "string", "maxLength": 2000},
                "webpageUrl": {"required": ["url"], "properties": {"url": PAGE}},
            },
        },
        "projects": {
            "type": "array",
            "items": {
                "required": [
                    *("guid", "name", "description", "webpageUrl", "repositoryUrl", "licenses", "tags")
                ],
                "properties": {
                    "guid": NAME,
                    "name": {**TEXT, "minLength": 1},
                    "description": {"type": "string", "minLength": 5, "maxLength": 2000},
                    "webpageUrl": {"required": ["url"], "properties": {"url": PAGE}},
                    "repositoryUrl": {"required": ["url"], "properties": {"url": PAGE}},
                    "licenses": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 5,
                        "items": {"type": "string", "minLength": 2, "maxLength": 64},
                    },
                    "tags": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 10,
                        "items": {"pattern": "^[a-z]([a-z0-9-]*[a-z])?$", "minLength": 2, "maxLength": 32},
                    },
                },
            },
        },
        "funding": {
            "required": ["channels", "plans"],
            "properties": {
                "channels": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "required": ["guid", "type"],
                        "properties": {
                            "guid": NAME,
                            "type": {"enum": ["bank", "payment-provider", "cheque", "cash", "other"]},
                            "address": TEXT,
                            "description": {"type": "string", "maxLength": 500},
                        },
                    },
                },
                "plans": {
                    "type": "array",
                    "minItems": 1,
                    "items": {
                        "required": ["guid", "status", "name", "amount", "currency", "frequency", "channels"],
                        "properties": {
                            "guid": NAME,
                            "status": {"enum": ["active", "inactive"]},
                            "name": {**TEXT, "minLength": 3},
                            "amount": {"type": "number", "minimum": 0},
                            "currency": {"pattern": "^[A-Z]{3}$"},
                            "frequency": {"enum": ["one-time", "weekly", "fortnightly", "monthly", "yearly"]},
                            "channels": {"type": "array", "items": NAME},
                        },
                    },
                },
            },
        },
    },
}


def read(**changed: Any) -> funding_json.Read:
    return funding_json.read(json.dumps({**FILE, **changed}).encode())


def with_channels(*channels: Any) -> funding_json.Read:
    return read(funding={"channels": list(channels), "plans": []})


# Reading


def test_the_channels_are_those_of_a_record() -> None:
    bank = {"guid": "bank", "type": "bank", "address": "DE02 1203 0000", "description": "GLS"}
    found = with_channels({**WAY, "description": ""}, bank, WAY)
    assert found.channels == (
        Channel("payment-provider", "https://liberapay.com/makers"),
        Channel("bank", "DE02 1203 0000", "GLS"),
    )
    assert found.refused == ()


@pytest.mark.parametrize("version", ["v1.0.0", "v1.1.0", "v1"])
def test_every_version_1_is_read(version: str) -> None:
    assert read(version=version).channels


def test_a_version_is_not_needed() -> None:
    unversioned = {name: value for name, value in FILE.items() if name != "version"}
    assert funding_json.read(json.dumps(unversioned).encode()).channels


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ({**WAY, "type": "crypto"}, ("liberapay", WAY["address"], "type: not one of bank")),
        ({**WAY, "type": None}, ("liberapay", WAY["address"], "type: not text")),
        ({**WAY, "guid": "Liberapay!"}, ("Liberapay!", WAY["address"], "guid: malformed")),
        ({"type": "bank", "address": "x"}, ("[0]", "x", "guid: missing")),
        ({"guid": "way", "type": "payment-provider"}, ("way", "", "address: missing")),
        (
            {**WAY, "address": "makers@example.org"},
            ("liberapay", "makers@example.org", "no address on the web"),
        ),
        ({**WAY, "address": ["x"]}, ("liberapay", "", "address: not text")),
        ({**WAY, "address": "x" * 5000}, ("liberapay", "x" * 80, "address: longer than 300 characters")),
        ({**WAY, "description": "x" * 501}, ("liberapay", WAY["address"], "description: longer than 500")),
        ({**WAY, "guid": "a\x00b"}, ("[0]", WAY["address"], "guid: holds a control character")),
    ],
)
def test_a_channel_that_is_refused_is_named_and_the_others_stay(
    channel: dict[str, Any], said: tuple[str, str, str]
) -> None:
    other = {**WAY, "guid": "ko-fi", "address": "https://ko-fi.com/makers"}
    found = with_channels(channel, other)
    assert [each.address for each in found.channels] == ["https://ko-fi.com/makers"]
    [refused] = found.refused
    assert refused[:2] == said[:2]
    assert said[2] in refused.reason


def test_a_record_holds_ten() -> None:
    found = with_channels(*({**WAY, "address": "https://ko-fi.com/makers%d" % each} for each in range(12)))
    assert len(found.channels) == 10
    assert [each.reason for each in found.refused] == ["address: more than 10 of them"] * 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not JSON"),
        (b"<!DOCTYPE html>", "not JSON"),
        (b" " * (256 << 10) + b"{}", "more than 262144 bytes"),
        (b"[" * 200_000, "not JSON"),
        (b"[]", "not an object"),
        ({}, "entity: missing"),
        ({**FILE, "version": "v2.0.0"}, "version: malformed"),
        ({**FILE, "entity": []}, "entity: not an object"),
        ({**FILE, "entity": {**ENTITY, "type": "robot"}}, "entity.type: not one of"),
        ({**FILE, "entity": {**ENTITY, "role": "fan"}}, "entity.role: not one of"),
        ({**FILE, "entity": {**ENTITY, "name": " "}}, "entity.name: blank"),
        ({**FILE, "funding": None}, "funding: not an object"),
        ({**FILE, "funding": {}}, "funding.channels: missing"),
        ({**FILE, "funding": {"channels": []}}, "funding.channels: 0 entries"),
        ({**FILE, "funding": {"channels": ["x"]}}, "funding.channels[0]: not an object"),
        ({**FILE, "funding": {"channels": [WAY] * 101}}, "funding.channels: 101 entries"),
    ],
)
def test_what_is_none_is_refused(body: object, reason: str) -> None:
    with pytest.raises(RecordInvalid) as refused:
        funding_json.read(body if isinstance(body, bytes) else json.dumps(body).encode())
    assert reason in refused.value.detail


# Writing


HOST = "makers.example.org"
ASKER = Asker(HOST, "makers@example.org")


def work(number: int, *addresses: str, **facts: Any) -> Work:
    given = tuple(Channel("payment-provider", address) for address in addresses)
    page = "https://%s/film%d" % (HOST, number)
    made = OPEN._replace(id="t:film%d" % number, funding=given, source=Source("us", page))
    return made._replace(**facts)


def written(*works: Work, asker: Asker = ASKER) -> tuple[Any, tuple[str, ...]]:
    manifest, left_out = funding_json.write(works, asker)
    jsonschema.validate(manifest, WRITTEN)
    read = funding_json.read(json.dumps(manifest).encode())
    assert read.refused == ()
    assert list(read.channels) == list(dict.fromkeys(one for work in works for one in work.funding))
    return manifest, left_out


def test_what_is_written_is_valid_and_read_again() -> None:
    manifest, left_out = written(
        work(1, "https://liberapay.com/makers", "https://www.ko-fi.com/makers"),
        work(
            2, "https://ko-fi.com/makers", "https://liberapay.com/makers", genre=("Science Fiction", "film")
        ),
    )
    assert left_out == ()
    assert manifest["entity"]["name"] == "A Foundation"
    assert manifest["entity"]["webpageUrl"] == {"url": "https://makers.example.org/"}
    channels = manifest["funding"]["channels"]
    assert [each["guid"] for each in channels] == [
        "liberapay-com-makers",
        "ko-fi-com-makers",
        "ko-fi-com-makers-2",
    ]
    assert manifest["funding"]["plans"][0]["channels"] == [each["guid"] for each in channels]
    first, second = manifest["projects"]
    assert first["licenses"] == ["spdx:CC-BY-3.0"]
    assert second["tags"] == ["film", "science-fiction"]


def test_a_page_elsewhere_could_not_be_proven_and_makes_no_project() -> None:
    there = Source("Internet Archive", "https://archive.org/details/film")
    manifest, left_out = written(work(1, "https://ko-fi.com/makers", source=there))
    assert manifest["projects"] == []
    assert left_out == (
        "t:film1: no project: its page is not at makers.example.org: https://archive.org/details/film",
    )


def test_works_without_a_way_to_give_and_episodes_are_none() -> None:
    way = "https://ko-fi.com/makers"
    manifest, left_out = written(work(1), work(2, way, type="TVEpisode"), work(3, way, type="TVSeries"))
    assert [each["guid"] for each in manifest["projects"]] == ["t-film3"]
    assert left_out == ()


def test_long_names_are_made_short_and_none_is_there_twice() -> None:
    long = "https://opencollective.com/" + "makers-" * 9
    guids = [work(number, long + "%d" % number, id="t:" + "x" * 90 + "%d" % number) for number in range(10)]
    manifest, _ = written(*guids)
    for named in (manifest["projects"], manifest["funding"]["channels"]):
        assert len({each["guid"] for each in named}) == 10


def test_other_scripts() -> None:
    manifest, _ = written(
        work(1, "https://ko-fi.com/makers", name={"ja": "東京"}, description={}, genre=("映画", "Drama")),
        asker=ASKER._replace(name="東京映画"),
    )
    assert manifest["projects"][0]["tags"] == ["film", "drama"]


def test_what_is_too_long_for_such_a_file_is_left_out() -> None:
    long = "https://liberapay.com/" + "x" * 240
    manifest, left_out = funding_json.write([work(1, long, "https://ko-fi.com/makers")], ASKER)
    jsonschema.validate(manifest, WRITTEN)
    assert left_out == ("t:film1: %s: longer than 250 characters" % long,)


@pytest.mark.parametrize(
    "asker",
    [
        ASKER._replace(host=host)
        for host in (
            "",
            "localhost",
            "evil.example/x",
            "u@evil.example",
            "127.0.0.1",
            "evil.example:8443",
            "é.example",
        )
    ]
    + [ASKER._replace(email=mail) for mail in ("", "makers", "a@b", "mailto:a@b.example", "a b@c.example")]
    + [ASKER._replace(name=name) for name in ("x", "x" * 251)]
    + [ASKER._replace(currency=currency) for currency in ("", "eur", "EURO", "€")],
)
def test_who_asks_has_to_be_somebody(asker: Asker) -> None:
    with pytest.raises(ValueError, match=r"no host|no mail|a name of|no currency"):
        funding_json.write([work(1, "https://ko-fi.com/makers")], asker)


def test_without_a_way_to_give_there_is_nothing_to_write() -> None:
    with pytest.raises(ValueError, match="no record states a way to give"):
        funding_json.write([work(1)], ASKER)
