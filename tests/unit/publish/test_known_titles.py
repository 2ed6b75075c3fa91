# SPDX-License-Identifier: GPL-3.0-or-later
"""Titles of works in copyright, however they are written; and titles that only look alike."""

from __future__ import annotations

import pytest

from commonreel.publish.submission import known_titles
from commonreel.works import record
from lab.records import free


def fields(id="web:makers.example:film", **more):
    return [each.field for each in known_titles.problems(record.parse(free(id, **more)))]


@pytest.mark.parametrize(
    "title",
    [
        "Citizenfour",
        "NETWORK",
        "Wizard of Oz",
        "The Wizard of Oz (1939) [1080p] BluRay",
        "Watch free: The Wizard of Oz",
        "Am\u00e9lie",
        "Amelie 2001",
        "Knight.Rider.S01E02.DVDRip",
        "Nazar Ke Samne 1995 xvid",
        "Schindler\u2019s List",
        "Y Tu Mam\u00e1 Tambi\u00e9n",
        "MONSTERS INC",
    ],
)
def test_a_title_of_the_list(title):
    assert fields(name={"xx": title}) == ["name.xx"]


@pytest.mark.parametrize(
    "title",
    ["The Network of Friends", "Up in the Mountains", "Film", "My Big Fat Film", "Aliens of Oz", "1995"],
)
def test_a_title_of_its_own(title):
    assert fields(name={"xx": title}) == []


def test_wherever_a_title_stands():
    assert fields(originalName="Casablanca") == ["originalName"]
    assert fields("ia:nazar-ke-samne-1995-xvi-drip-mp-3-torrent") == ["id"]
    assert fields("ia:TheWizardOfOz1939") == ["id"]
    assert fields(name={"en": "X", "fr": "Casablanca"}) == ["name.fr"]


def test_the_list_holds_titles_and_years():
    kept = known_titles._kept()
    assert len(kept) > 300
    assert all(years and all(1930 < year < 2030 for year in years) for years in kept.values())
