# SPDX-License-Identifier: GPL-3.0-or-later
"""Pieces are verified as they lie on disk, with what their neighbours hold of them."""

from __future__ import annotations

import hashlib
import os

import pytest

from commonreel.streaming.pieces import Pieces
from commonreel.works.errors import TorrentInvalid
from commonreel.works.metainfo import Metainfo, TorrentFile

PIECE = 64 << 10
BLOCK = 16 << 10


def metainfo(files, pieces=b"", total=None):
    return Metainfo(
        info_hash="0" * 40,
        info_hash_v2="",
        name="item",
        single=False,
        piece_length=PIECE,
        pieces=pieces,
        files=tuple(files),
        total_length=total or max(file.offset + file.length for file in files),
        trackers=(),
        web_seeds=(),
        private=False,
    )


def sha1s(stream):
    cut = [stream[at : at + PIECE] for at in range(0, len(stream), PIECE)]
    return b"".join(hashlib.sha1(piece).digest() for piece in cut)


@pytest.fixture
def three(tmp_path):
    """Files whose pieces cross their borders: the pieces, the film, its bytes."""
    contents = [os.urandom(length) for length in (10_001, 3 * PIECE + 77, 20_000)]
    files, offset = [], 0
    for index, content in enumerate(contents):
        files.append(TorrentFile(index, "f%d" % index, len(content), offset))
        (tmp_path / str(index)).write_bytes(content)
        offset += len(content)
    return Pieces(metainfo(files, sha1s(b"".join(contents))), tmp_path), files[1], contents[1]


def verified(pieces):
    return [pieces.verify(piece) for piece in range(pieces.count)]


def test_pieces_across_files(three):
    pieces, _, _ = three
    assert verified(pieces) == [True] * 4


def test_where_a_film_lies(three):
    pieces, film, content = three
    assert pieces.at(film, 0) == 0
    assert pieces.at(film, len(content) - 1) == 3
    assert pieces.end(film, 0) == PIECE - 10_001
    assert pieces.end(film, 3) == len(content)
    assert pieces.path(film).read_bytes() == content


@pytest.mark.parametrize(("file", "wrong"), [("0", [0]), ("1", [1]), ("2", [3])])
def test_one_wrong_byte(three, tmp_path, file, wrong):
    pieces, _, _ = three
    content = bytearray((tmp_path / file).read_bytes())
    content[PIECE if file == "1" else 5] ^= 1
    (tmp_path / file).write_bytes(content)
    assert verified(pieces) == [piece not in wrong for piece in range(4)]


def test_a_file_cut_short(three, tmp_path):
    pieces, _, content = three
    (tmp_path / "1").write_bytes(content[:-1])
    assert verified(pieces) == [True, True, True, False]


def test_a_neighbour_that_is_not_there(three, tmp_path):
    (tmp_path / "0").unlink()
    assert verified(three[0]) == [False, True, True, True]


def test_a_folder_in_place_of_a_file(three, tmp_path):
    (tmp_path / "2").unlink()
    (tmp_path / "2").mkdir()
    assert verified(three[0]) == [True, True, True, False]


def test_padding_counts_as_zeros(tmp_path):
    first, second = os.urandom(1000), os.urandom(PIECE + 5)
    (tmp_path / "0").write_bytes(first)
    (tmp_path / "2").write_bytes(second)
    files = [TorrentFile(0, "a", 1000, 0), TorrentFile(2, "b", PIECE + 5, PIECE)]
    stream = first + bytes(PIECE - 1000) + second + bytes(PIECE - 5)
    assert verified(Pieces(metainfo(files, sha1s(stream), total=3 * PIECE), tmp_path)) == [True] * 3


def tree(hashes):
    """The root of a full tree, by the definition of BEP 52."""
    while len(hashes) > 1:
        hashes = [hashlib.sha256(a + b).digest() for a, b in zip(hashes[::2], hashes[1::2])]
    return hashes[0]


def leaves(content, width):
    blocks = [content[at : at + BLOCK] for at in range(0, len(content), BLOCK)]
    return [hashlib.sha256(block).digest() for block in blocks] + [bytes(32)] * (width - len(blocks))


def test_a_v2_file_of_several_pieces(tmp_path):
    content = os.urandom(2 * PIECE + BLOCK + 3)
    (tmp_path / "0").write_bytes(content)
    layer = b"".join(tree(leaves(content[at : at + PIECE], 4)) for at in range(0, len(content), PIECE))
    file = TorrentFile(0, "a", len(content), 0, root="00" * 32, layer=layer)
    pieces = Pieces(metainfo([file]), tmp_path)
    assert verified(pieces) == [True] * 3
    (tmp_path / "0").write_bytes(content[:PIECE] + b"x" + content[PIECE + 1 :])
    assert verified(pieces) == [True, content[PIECE : PIECE + 1] == b"x", True]


@pytest.mark.parametrize(("length", "width"), [(1, 1), (BLOCK, 1), (BLOCK + 1, 2), (2 * BLOCK + 9, 4)])
def test_a_v2_file_within_one_piece(tmp_path, length, width):
    content = os.urandom(length)
    (tmp_path / "0").write_bytes(content)
    file = TorrentFile(0, "a", length, 0, root=tree(leaves(content, width)).hex())
    assert Pieces(metainfo([file]), tmp_path).verify(0)
    (tmp_path / "0").write_bytes(content[:-1])
    assert not Pieces(metainfo([file]), tmp_path).verify(0)


def test_v2_files_start_with_a_piece(tmp_path):
    contents = [os.urandom(100), os.urandom(200)]
    files = []
    for index, content in enumerate(contents):
        (tmp_path / str(index)).write_bytes(content)
        root = hashlib.sha256(content).hexdigest()
        files.append(TorrentFile(index, str(index), len(content), index * PIECE, root=root))
    assert verified(Pieces(metainfo(files), tmp_path)) == [True, True]


def test_no_such_file(three):
    with pytest.raises(TorrentInvalid):
        three[0].file(7)
