# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrents of films: hybrid, and read alike by works.metainfo. libtorrent reads and checks them in
tests/integration/test_submit.py."""

from __future__ import annotations

import hashlib
import os

import pytest

from commonreel.publish.submission import torrent
from commonreel.works import metainfo

PIECE = 64 << 10


@pytest.fixture
def hashed(tmp_path):
    def hashed(name, length):
        file = tmp_path / name
        file.write_bytes(os.urandom(length))
        return torrent.hashed(name, file, PIECE)

    return hashed


@pytest.mark.parametrize("length", [1, PIECE - 1, PIECE, PIECE + 1, 5 * PIECE + 7])
def test_a_film_alone(hashed, length, tmp_path):
    film = hashed("film.mp4", length)
    meta = metainfo.parse(
        torrent.make("unused", [film], PIECE, ["udp://a.example:1/announce"], ["https://b.example/film.mp4"])
    )
    assert meta.single
    assert meta.info_hash
    assert meta.info_hash_v2
    assert [(file.path, file.length) for file in meta.files] == [("film.mp4", length)]
    assert metainfo.web_address(meta.web_seeds[0], meta, meta.files[0]) == "https://b.example/film.mp4"
    assert film.sha256 == hashlib.sha256((tmp_path / "film.mp4").read_bytes()).hexdigest()


def test_a_film_and_its_subtitles_each_begin_at_a_piece(hashed):
    files = [hashed("film.mp4", 3 * PIECE + 5), hashed("film.fr.srt", 40), hashed("film.en.srt", 50)]
    meta = metainfo.parse(torrent.make("Item", files, PIECE, [], ["https://b.example/download/"]))
    assert [file.path for file in meta.files] == ["film.en.srt", "film.fr.srt", "film.mp4"]
    assert all(file.offset % PIECE == 0 for file in meta.files)
    assert (
        metainfo.web_address(meta.web_seeds[0], meta, meta.files[2])
        == "https://b.example/download/Item/film.mp4"
    )


def test_an_empty_file_is_refused(hashed):
    with pytest.raises(ValueError, match="empty"):
        hashed("film.mp4", 0)


@pytest.mark.parametrize(
    ("length", "seconds", "piece"),
    [
        (10_000_000, 600, 64 << 10),  # a small film: the least
        (150_000_000, 300, 128 << 10),  # 4 Mbit/s: half a second of it
        (2_700_000_000, 5400, 512 << 10),  # longer: no more pieces than 8192
        (100_000_000_000, 7200, 16 << 20),
        (1_000_000, 0, 64 << 10),
    ],
)
def test_pieces_are_small_enough_to_start_at_once_and_few_enough_to_be_told(length, seconds, piece):
    assert torrent.piece_length(length, seconds) == piece
