# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows are small and come back as they were; what is no row is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commonreel.catalog import codec, squeezed
from commonreel.catalog.admission import admit

WRONG = r"unpacked|cut short"
STARTER = Path(__file__).resolve().parents[3] / "resources" / "catalogue.json"


@pytest.mark.parametrize(
    "content", [b"", b"x", b'{"id":"ia:Cops"}', bytes(range(256)) * 50, b"a" * 1_000_000]
)
def test_whatever_it_is_comes_back(content):
    assert squeezed.unsqueezed(squeezed.squeezed(content)) == content


def test_a_row_of_the_starter_takes_a_quarter_of_its_json():
    works = list(admit(STARTER.read_text("utf-8"), 2026).entries)
    rows = [codec.encode(work) for work in works]
    assert [codec.decode(row) for row in rows] == works
    plain = [squeezed.unsqueezed(row) for row in rows]
    assert all(isinstance(json.loads(each), dict) for each in plain)
    assert sum(map(len, rows)) < sum(map(len, plain)) / 4


def test_what_was_cut_or_goes_on_is_refused():
    row = squeezed.squeezed(b'{"id":"ia:Cops","name":{"en":"Cops"}}')
    for at in range(len(row)):
        with pytest.raises(ValueError, match=WRONG):
            squeezed.unsqueezed(row[:at])
    with pytest.raises(ValueError, match="behind"):
        squeezed.unsqueezed(row + b"x")


@pytest.mark.parametrize("row", [b"", b'{"id":"ia:Cops"}', b"\x00" * 40, b"\xff" * 40])
def test_what_was_not_made_by_it_is_refused(row):
    with pytest.raises(ValueError, match=WRONG):
        squeezed.unsqueezed(row)


def test_what_would_become_too_much_is_refused():
    with pytest.raises(ValueError, match="too long"):
        squeezed.unsqueezed(squeezed.squeezed(bytes(squeezed.MAX_LENGTH + 1)))
