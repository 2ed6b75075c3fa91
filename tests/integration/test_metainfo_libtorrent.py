# SPDX-License-Identifier: GPL-3.0-or-later
"""What works.metainfo reads is what libtorrent reads: hashes, indexes, places, names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator

import libtorrent
import pytest

from commonreel.works.errors import TorrentInvalid
from commonreel.works.metainfo import Metainfo, parse
from lab import torrents

PIECE = 32768
V1, V2, HYBRID = libtorrent.create_torrent.v1_only, libtorrent.create_torrent.v2_only, 0
FOLDERS = [
    {"film.mp4": 100_000},
    {"a.mp4": 100_000, "b.txt": 0, "sub/c.bin": 70_000, "z.srt": 5},
    {"a": 5, "b": 0, "c": 0, "d/e/f": 3 * PIECE, "g": PIECE, "h": 0},
]


def agree(found: Metainfo, theirs: libtorrent.torrent_info) -> None:
    hashes = theirs.info_hashes()
    assert found.info_hash == (str(hashes.v1) if hashes.has_v1() else "")
    assert found.info_hash_v2 == (str(hashes.v2) if hashes.has_v2() else "")
    # Of a v2 folder with one file libtorrent forgets the folder's name.
    assert theirs.name() == found.name or (found.single and theirs.name() == found.files[0].path)
    assert found.piece_length == theirs.piece_length()
    assert found.private == theirs.priv()
    files = theirs.layout()
    assert found.total_length == files.total_size()
    padding = libtorrent.file_storage.flag_pad_file
    listed = [index for index in range(files.num_files()) if not files.file_flags(index) & padding]
    assert [file.index for file in found.files] == listed
    for file in found.files:
        assert (file.length, file.offset) == (files.file_size(file.index), files.file_offset(file.index))
        path = files.file_path(file.index)
        assert file.path in (path, path.partition("/")[2])
        if hashes.has_v2() and file.length:
            assert file.root == str(files.root(file.index))
    for piece in range(len(found.pieces) // 20):
        assert found.pieces[20 * piece : 20 * piece + 20] == theirs.hash_for_piece(piece)


@pytest.mark.parametrize("flags", [V1, V2, HYBRID], ids=["v1", "v2", "hybrid"])
@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("single", [False, True], ids=["folder", "single"])
def test_torrents_that_libtorrent_makes(
    tmp_path: Path, flags: int, folder: dict[str, int], single: bool
) -> None:
    top = tmp_path / "A film"
    for place, (path, length) in enumerate(folder.items()):
        (top / path).parent.mkdir(parents=True, exist_ok=True)
        (top / path).write_bytes(bytes([place + 1]) * length)
    made = top / next(iter(folder)) if single else top
    maker = libtorrent.create_torrent(libtorrent.list_files(str(made)), PIECE, flags)
    maker.add_tracker("udp://tracker.example:80/announce")
    maker.add_url_seed("https://example.org/download/")
    libtorrent.set_piece_hashes(maker, str(made.parent))
    data = libtorrent.bencode(maker.generate())
    found = parse(data)
    agree(found, libtorrent.load_torrent_buffer(data).ti)
    assert found.trackers == ("udp://tracker.example:80/announce",)
    assert found.web_seeds == ("https://example.org/download/",)


@pytest.mark.parametrize("version", [torrents.V1, torrents.V2, torrents.HYBRID])
@pytest.mark.parametrize("sizes", [(5, 0, 0, 40000), (0, 5, 0, 6), (5, 0, 5, 0), (65536, 0), (40000,)])
def test_torrents_made_for_tests(version: str, sizes: tuple[int, ...]) -> None:
    files = {"f%d" % place: bytes([place]) * size for place, size in enumerate(sizes)}
    data = torrents.make("item", files, version=version, private=True)
    agree(parse(data), libtorrent.load_torrent_buffer(data).ti)


def test_a_hybrid_whose_padding_follows_the_empty_files() -> None:
    info, layers = torrents.parts("item", {"a": b"12345", "b": b"", "c": bytes(9)}, version=torrents.HYBRID)
    a, padding, b, c = info["files"]
    info["files"] = [a, b, padding, c]
    data = torrents.bencode({"info": dict(sorted(info.items())), "piece layers": layers})
    agree(parse(data), libtorrent.load_torrent_buffer(data).ti)


def test_what_libtorrent_refuses_is_refused() -> None:
    film = bytes(range(256)) * 400
    bent = [
        torrents.make("film.mp4", film, info={"pieces": b"x" * 21}),
        torrents.make("film.mp4", film, info={"length": -1}),
        torrents.make("film.mp4", film, info={"name": None}),
        torrents.make("film.mp4", film, version=torrents.V2, info={"piece length": 3 * 16384}),
        torrents.make("film.mp4", film, version=torrents.V2, piece_layers={bytes(32): bytes(32)}),
        torrents.make("film.mp4", film, version=torrents.HYBRID, info={"length": 5, "pieces": bytes(20)}),
    ]
    for data in bent:
        with pytest.raises(RuntimeError):
            libtorrent.load_torrent_buffer(data)
        with pytest.raises(TorrentInvalid):
            parse(data)


def collected() -> Iterator[Path]:
    """Real torrents kept outside the repository, where they are at hand."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "samples"
    folder = Path(os.environ.get("COMMONREEL_SAMPLES") or beside)
    for kind in ("ia-torrents", "open-movie-torrents"):
        yield from sorted((folder / kind).glob("*.torrent"))


SAMPLES = list(collected())
if SAMPLES:  # without the collection there are no tests of it, and none to leave out

    @pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: str(path.name))
    def test_collected_torrents(sample: Path) -> None:
        data = sample.read_bytes()
        try:
            theirs = libtorrent.load_torrent_buffer(data).ti
        except RuntimeError:
            with pytest.raises(TorrentInvalid):
                parse(data)
        else:
            agree(parse(data), theirs)
