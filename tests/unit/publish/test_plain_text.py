# SPDX-License-Identifier: GPL-3.0-or-later
"""What people wrote for a web page, as plain text."""

from __future__ import annotations

import time

import pytest

from commonreel.publish.plain_text import one_line, plain


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A film.", "A film."),
        ("", ""),
        ("  spaced \t out\xa0 ", "spaced out"),
        ('<a href="//x.org/A" title="A">Ann</a> &amp; <b>Bob</b>', "Ann & Bob"),
        ("<p>One</p><p>Two<br/>Three</p>", "One\nTwo\nThree"),
        ("One\r\n\r\n\r\nTwo", "One\nTwo"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("<tr><td>Year</td><td>1925</td></tr>", "Year 1925"),
        ("[b]Bold[/b] and [url=https://x.org]a link[/url]", "Bold and a link"),
        ("see [1] and [sic]", "see [1] and [sic]"),
        ("1 < 2 and 3 > 2, <3", "1 < 2 and 3 > 2, <3"),
        ("a<!-- hidden <b>too</b> -->b", "ab"),
        ("a<!-- never closed", "a"),
        ("a<script>alert('x < y')</script>b", "ab"),
        ("a<style type='text/css'>p { color: red }</style>b", "ab"),
        ('1925<div style="display: none;">date <div>QS</div>:P571</div>!', "1925!"),
        ('<img style="display:none" src="x">after', "after"),
        ("a<script>never closed", "a"),
        ("&lt;p&gt;escaped&lt;/p&gt;", "escaped"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "x"),
        ("caf&eacute; &#233; &#x2F; &unknown;", "café é / &unknown;"),
        ("nul\0 bell\x07 esc\x1b[31m", "nul bell esc[31m"),
        ("&#0;&#7;x", "\ufffdx"),
        ("lone \ud800 half", "lone half"),
        ("\u202eturned\u202c", "turned"),
        ("שלום 👩‍👩‍👧", "שלום 👩‍👩‍👧"),
        ("unclosed <a href=", "unclosed <a href="),
    ],
)
def test_only_what_a_reader_sees_is_left(written: str, shown: str) -> None:
    assert plain(written, 1000) == shown


@pytest.mark.parametrize("limit", [1, 2, 5, 11, 12, 13])
def test_it_is_never_longer_than_its_bound(limit: int) -> None:
    assert len(plain("Twelve signs", limit)) <= limit
    assert (plain("Twelve signs", limit) == "Twelve signs") is (limit >= 12)


def test_it_is_cut_between_words() -> None:
    assert plain("The General, a film", 16) == "The General, a…"
    assert plain("x" * 50, 10) == "x" * 9 + "…"


def test_a_title_is_one_line() -> None:
    assert one_line("<p>The</p>\n<p>General</p>", 100) == "The General"
    assert one_line("The<br>General of the army", 12) == "The General…"


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<script>", "[b", "[url=", "&", "&#", "<b><i>", "\0", "style="]
)
def test_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    much = piece * (1_000_000 // len(piece))
    begun = time.monotonic()
    plain(much, 2000)
    plain("<p %s>" % much, 2000)
    assert time.monotonic() - begun < 10
