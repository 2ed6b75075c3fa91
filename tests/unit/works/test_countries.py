# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of countries."""

from __future__ import annotations

from commonreel.works.countries import CODES
from commonreel.works.rights import LIFE_70


def test_codes_are_the_249_of_iso_3166_1_sorted_and_unique() -> None:
    assert len(CODES) == 249
    assert list(CODES) == sorted(set(CODES))
    assert all(len(code) == 2 and code.isascii() and code.isupper() for code in CODES)


def test_codes_hold_countries_and_no_bodies() -> None:
    assert {"US", "FR", "GB", "DE", "JP", "ZW", "AX", "SS"} <= set(CODES)
    assert not {"UK", "EU", "XK", "SU", "*"} & set(CODES)


def test_life_70_countries_are_countries_and_spain_keeps_80_years() -> None:
    assert set(LIFE_70) <= set(CODES)
    assert {"FR", "DE", "GB", "NO", "IS", "LI"} <= set(LIFE_70)
    assert not {"ES", "US", "CH", "MX"} & set(LIFE_70)
    assert len(LIFE_70) == 30
