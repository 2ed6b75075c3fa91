# SPDX-License-Identifier: GPL-3.0-or-later
"""What is packed in a catalogue's files, with a bound."""

from __future__ import annotations

import gzip

import pytest

from commonreel.works.folder import unpacked

PACKED = gzip.compress(b"hello ", mtime=0) + gzip.compress(b"world", mtime=0)


def test_all_of_it_comes_out_of_several_members_too() -> None:
    assert unpacked(PACKED, 11) == b"hello world"
    assert unpacked(b"", 11) == b""


@pytest.mark.parametrize(
    ("content", "limit", "why"),
    [
        (PACKED, 10, "over 10 bytes"),
        (gzip.compress(bytes(1 << 20), mtime=0), 1000, "over 1000 bytes"),
        (PACKED[:-3], 11, "cut short"),
        (PACKED + b"more", 11, "header"),
        (b"no gzip", 11, "header"),
    ],
)
def test_what_is_none_or_too_much(content: bytes, limit: int, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        unpacked(content, limit)
