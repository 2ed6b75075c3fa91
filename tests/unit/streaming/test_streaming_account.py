# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of the pieces that are here, which both engines read and write."""

from __future__ import annotations

import pytest

from commonreel.streaming import account
from commonreel.works import metainfo
from lab.torrents import bencode, make

HAVE = [True, False, True, True, False, False, False, True, True]


@pytest.mark.parametrize("version", ["v1", "v2", "hybrid"])
def test_what_is_written_is_read(version):
    meta = metainfo.parse(make("film.mp4", bytes(16384 * 9), version=version))
    assert account.read(account.write(meta, HAVE), 9) == HAVE


def test_a_bit_a_piece():
    kept = bencode({"file-format": "libtorrent resume file", "file-version": 2, "pieces": b"\xb1\x80"})
    assert account.read(kept, 9) == HAVE


@pytest.mark.parametrize(
    "kept",
    [
        *(None, b"", b"de", b"i1e", b"le", b"d6:pieces", b"\xff" * 40),
        bencode({"file-version": 1, "pieces": 7}),
        bencode({"file-version": 1, "pieces": b"\x01" * 8}),
        bencode({"file-version": 2, "pieces": b"\xff"}),
    ],
)
def test_what_is_no_account_says_nothing(kept):
    assert account.read(kept, 9) == []
