# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of files: whatever a title holds, every system takes them, and Kodi sees them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.works import filename

ANYTHING = st.text(st.characters(codec=None)) | st.text(".CONauxSample -trailer(1)/\\", max_size=80)


@pytest.mark.parametrize(
    ("title", "year", "name"),
    [
        ("Cops", 1922, "Cops (1922)"),
        ("Un Noël à l’île", 0, "Un Noël à l’île"),
        ("Who? What: A/B", 1920, "Who What A B (1920)"),
        ("..\\..\\etc/passwd", 0, "etc passwd"),
        ("NUL", 0, "_NUL"),
        ("con.the movie", 1999, "_con.the movie (1999)"),
        ("CON", 1999, "_CON (1999)"),
        ("Lpt¹", 0, "_Lpt¹"),
        ("Etc...", 0, "Etc"),
        ("a\u202egpj.exe\u0000\u200b", 0, "agpj.exe"),
        ("e\u0301", 0, "é"),
        ("Free Sample", 1920, "Free Sample+ (1920)"),
        ("Sampler", 1920, "Sampler (1920)"),
        ("Metropolis-Trailer", 1927, "Metropolis Trailer (1927)"),
        ("Proof", 0, "_Proof"),
        ("日本", 1950, "日本 (1950)"),
    ],
)
def test_names(title, year, name):
    assert filename.of(title, year, "x:1") == name


@pytest.mark.parametrize("title", ["", "???", "...", "\u202e", " / "])
def test_a_title_of_nothing_is_called_by_its_id(title):
    assert filename.of(title, 0, "ia:Cops") == "ia Cops"
    assert filename.of(title, 0, "???") == filename.digest("???")[:8]


def test_two_of_one_name_are_kept_apart_also_where_case_counts_for_nothing():
    names = [filename.of("Cops", 1922, id, apart=True) for id in ("ia:Cops", "ia:COPS", "x:Cops")]
    assert len({name.casefold() for name in names}) == 3
    assert all(name.startswith("Cops (1922) [") for name in names)


@settings(deadline=None)
@given(ANYTHING, st.integers(0, 9999), ANYTHING, st.booleans())
def test_every_system_takes_it(title, year, id, apart):
    name = filename.of(title, year, id, apart)
    assert name
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(sign).startswith("C") for sign in name)
    assert unicodedata.is_normalized("NFC", name)
    assert name == name.strip(" .")
    assert len(name.encode("utf-16-le")) // 2 <= filename.MAX_UNITS
    assert len(name.encode()) + len(".strm") <= 255
    device = r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³]) *(\..*)?"
    assert not re.fullmatch(device, name)


@settings(deadline=None)
@given(ANYTHING, st.integers(0, 9999))
def test_kodi_takes_it_for_a_film(title, year):
    """By the patterns of its advancedsettings that leave something out of a scan."""
    name = filename.of(title, year, "x:1")
    path = "/library/Movies/%s/%s.strm" % (name, name)
    for pattern in (r"-trailer", r"[!-._ \\/]sample[-._ \\/]", r"[\\/](proof|subs)[\\/]"):
        assert not re.search(pattern, path, re.IGNORECASE)


@settings(deadline=None)
@given(ANYTHING)
def test_a_safe_name_is_safe(text):
    once = filename.safe(text)
    assert filename.safe(once) == once
