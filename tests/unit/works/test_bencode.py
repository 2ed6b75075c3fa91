# SPDX-License-Identifier: GPL-3.0-or-later
"""Bencoding is read strictly, within bounds, and with the exact bytes of each field."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.works import bencode
from commonreel.works.errors import TorrentInvalid

values = st.recursive(
    st.integers(-(2**63), 2**63 - 1) | st.binary(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.binary(max_size=8), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b"i0e", 0),
        (b"i-42e", -42),
        (b"i9223372036854775807e", 2**63 - 1),
        (b"0:", b""),
        (b"4:spam", b"spam"),
        (b"le", []),
        (b"l4:spami7ee", [b"spam", 7]),
        (b"d3:cow3:moo4:spaml1:aee", {b"cow": b"moo", b"spam": [b"a"]}),
        (b"d1:b0:1:a0:e", {b"b": b"", b"a": b""}),  # keys out of order are met in the wild
    ],
)
def test_reads(data: bytes, value: bencode.Value) -> None:
    assert bencode.decode(data) == value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"e",
        b"i-0e",
        b"i00e",
        b"i01e",
        b"i+1e",
        b"i1_0e",
        b"i 1e",
        b"ie",
        b"i--1e",
        b"i5",
        b"i99999999999999999999e",
        b"01:a",
        b"-1:a",
        b"3:ab",
        b"99999999999:a",
        b"4spam",
        b"l",
        b"li1e",
        b"d",
        b"d1:a",
        b"d1:ae",
        b"di1ei2ee",
        b"d1:a0:1:a1:be",  # the same key twice
        b"i1ei2e",
        b"le\n",
    ],
)
def test_refuses(data: bytes) -> None:
    with pytest.raises(TorrentInvalid):
        bencode.decode(data)


@pytest.mark.parametrize("opening", [b"l", b"d1:a"])
def test_hostile_depth_is_an_ordinary_error(opening: bytes) -> None:
    with pytest.raises(TorrentInvalid, match="too deep"):
        bencode.decode(opening * 100_000)
    with pytest.raises(TorrentInvalid, match="too deep"):
        bencode.fields(b"d1:x" + opening * 100_000)


def test_the_number_of_values_is_bounded() -> None:
    assert len(bencode.decode(b"l" + b"le" * 1000 + b"e")) == 1000  # type: ignore[arg-type]
    with pytest.raises(TorrentInvalid, match="too many"):
        bencode.decode(b"l" + b"le" * bencode.MAX_VALUES + b"e")


def test_fields_come_with_their_bytes_as_they_stand() -> None:
    info = b"d4:name1:x1:ai3ee"  # keys out of order: encoding it anew would change its hash
    found = bencode.fields(b"d8:announce3:udp4:info" + info + b"e")
    assert found[b"info"] == ({b"name": b"x", b"a": 3}, info)
    assert found[b"announce"] == (b"udp", b"3:udp")


@pytest.mark.parametrize("data", [b"", b"le", b"i1e", b"d1:ai1e", b"d1:ai1ee ", b"d1:ai1e1:ai1ee"])
def test_fields_refuses(data: bytes) -> None:
    with pytest.raises(TorrentInvalid):
        bencode.fields(data)


@given(values)
@settings(derandomize=True, max_examples=150, deadline=None)
def test_what_is_encoded_is_read_back(value: bencode.Value) -> None:
    assert bencode.decode(bencode.encode(value)) == value


@given(st.text(alphabet="ilde0123456789:-a", max_size=60))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_garbage_is_refused_or_means_what_it_says(garbage: str) -> None:
    data = garbage.encode("ascii")
    try:
        value = bencode.decode(data)
    except TorrentInvalid:
        return
    assert len(bencode.encode(value)) == len(data)  # nothing skipped, nothing read twice


def test_text_is_utf8_or_else_latin1() -> None:
    assert bencode.text("Méliès".encode()) == "Méliès"
    assert bencode.text("Méliès".encode("latin-1")) == "Méliès"
