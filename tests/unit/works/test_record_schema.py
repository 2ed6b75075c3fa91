# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/record.schema.json says of records what works/record.py does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from test_guide_record import BAD, LIST, MAKER, changed_in
from test_record import BAD_FIELDS, EPISODE, FULL, changed

from commonreel.works import record

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "docs/record.schema.json").read_text("utf-8"))
CHECK = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    "made",
    [
        FULL,
        EPISODE,
        changed(
            "funding/channels/0", {"type": "payment-provider", "address": "https://Liberapay.com/a?b=c#d"}
        ),
        changed("funding/channels/0", {"type": "bank", "address": "DE02 1203 0000 0000 2020 51"}),
        {"id": "t:x", "withdrawn": "the maker asked", "rev": 2, "at": "2026-11-24"},
        {**{name: value for name, value in EPISODE.items() if name != "encoding"}, "type": "TVSeason"},
        MAKER,
        LIST,
        {"id": "t:jane", "type": "Organization", "name": {"fr": "Chez Jane"}},
    ],
)
def test_what_is_a_record_fits(made: dict[str, Any]) -> None:
    record.parse(made)
    CHECK.validate(made)


def test_the_starter_catalogue_fits() -> None:
    for made in json.loads((ROOT / "resources/catalogue.json").read_text("utf-8")):
        CHECK.validate(made)


# To JSON Schema 5.0 is a whole number, to Python's `$` a last line feed is nothing, and no pattern is asked
# for half a character.
BEYOND = [{"en": "\ud800"}, float("inf"), 1922.0, 5.0, "https://example.org/\n", ["https://example.org/\n"]]


@pytest.mark.parametrize(("path", "value"), BAD_FIELDS)
def test_what_is_none_does_not(path: str, value: object) -> None:
    made = changed(path, value)
    assert not CHECK.is_valid(made) or value in BEYOND


@pytest.mark.parametrize(("made", "path", "value"), BAD)
def test_what_is_no_maker_and_no_list_does_not(made: dict[str, Any], path: str, value: object) -> None:
    assert not CHECK.is_valid(changed_in(made, path, value)) or value in BEYOND


@pytest.mark.parametrize(("kind", "full"), [("maker", MAKER), ("list", LIST)])
def test_every_field_of_makers_and_lists_is_in_it(kind: str, full: dict[str, Any]) -> None:
    assert set(SCHEMA["$defs"][kind]["properties"]) | {"id", "type"} == set(full)


def test_every_field_of_a_record_is_in_it() -> None:
    """Taking the schema's fields away one by one from FULL: each of them has a meaning here."""
    named = set(SCHEMA["$defs"]["work"]["properties"]) | {"id", "partOf"}
    assert set(FULL) | {"partOf"} == named
