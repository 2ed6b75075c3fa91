# SPDX-License-Identifier: GPL-3.0-or-later
"""Range headers: which bytes they mean."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.proxy.ranges import Unsatisfiable, parse


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-99", (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=99-", (99, 100)),
        ("bytes=10-19", (10, 20)),
        ("bytes=10-1000000000000000000000", (10, 100)),
        ("bytes=-1", (99, 100)),
        ("bytes=-100", (0, 100)),
        ("bytes=-101", (0, 100)),
        ("Bytes = 5-6 ", (5, 7)),
        ("bytes=0005-06", (5, 7)),
    ],
)
def test_one_range(header: str, expected: tuple[int, int]) -> None:
    assert parse(header, 100) == expected


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5",
        "bytes=6-5",
        "bytes=a-b",
        "bytes=+1-2",
        "bytes=1_0-20",
        "bytes=-1-2",
        "bytes=٣-٤",
        "bytes=1-2\n",
        "bytes=0-1,3-4",
        "items=0-1",
        "bytes=0-" + "9" * 5000,
    ],
)
def test_the_whole_film_for_a_header_that_is_malformed_or_has_several_ranges(header: str) -> None:
    assert parse(header, 100) is None


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=100-200", "bytes=%d-" % 10**30, "bytes=-0"])
def test_no_byte_in_range(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse(header, 100)


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-0", "bytes=-1"])
def test_an_empty_film_has_no_byte(header: str) -> None:
    with pytest.raises(Unsatisfiable):
        parse(header, 0)


@settings(deadline=None)
@given(st.text(alphabet="bytes=-0123456789, ", max_size=30), st.integers(0, 10**6))
def test_never_outside_the_film(header: str, length: int) -> None:
    try:
        found = parse(header, length)
    except Unsatisfiable:
        return
    assert found is None or 0 <= found[0] < found[1] <= length


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_like_a_slice_of_the_film(first: int, last: int, length: int) -> None:
    film = range(length)
    header = "bytes=%d-%d" % (first, last)
    wanted = film[first : last + 1]
    if first >= length and last >= first:
        with pytest.raises(Unsatisfiable):
            parse(header, length)
    elif last < first:
        assert parse(header, length) is None
    else:
        assert parse(header, length) == (wanted.start, wanted.stop)
