# SPDX-License-Identifier: GPL-3.0-or-later
"""The film is found among an item's files, and the encoding among a work's."""

from __future__ import annotations

import pytest

from commonreel.works import choose
from commonreel.works.errors import NothingPlayable
from commonreel.works.metainfo import Metainfo, TorrentFile
from commonreel.works.work import Encoding, FilmFile, License, Rights, Source, Work

MB, GB = 10**6, 10**9


def torrent(**files: int) -> Metainfo:
    """Names with `_` for the dot before the suffix → length; sha1 is the place, in hex digits."""
    return item({"%s.%s" % tuple(name.rsplit("_", 1)): length for name, length in files.items()})


def item(files: dict[str, int]) -> Metainfo:
    listed, offset = [], 0
    for index, (path, length) in enumerate(files.items()):
        listed.append(TorrentFile(index, path, length, offset, sha1="%040x" % index))
        offset += length
    return Metainfo("0" * 40, "", "item", False, 1 << 20, b"", tuple(listed), offset, (), (), False)


def names(metainfo: Metainfo) -> list[str]:
    return [file.path for file in choose.playable(metainfo)]


def test_a_good_container_goes_before_a_larger_file_in_another() -> None:
    found = names(torrent(film_mpeg=4 * GB, film_512kb_mp4=300 * MB, film_ogv=400 * MB, film_mp4=700 * MB))
    assert found == ["film.mp4", "film_512kb.mp4", "film.mpeg", "film.ogv"]


def test_an_archive_item_with_small_copies_gives_the_upload() -> None:
    assert names(torrent(film_mkv=2 * GB, film_ia_mp4=600 * MB, film_512kb_mp4=200 * MB))[0] == "film.mkv"


def test_over_8_gb_loses_to_anything_smaller_that_is_a_film() -> None:
    assert names(torrent(film_mkv=9 * GB, film_avi=700 * MB)) == ["film.avi", "film.mkv"]
    assert names(torrent(film_mkv=20 * GB, film_mp4=9 * GB)) == ["film.mp4", "film.mkv"]
    assert names(torrent(film_mov=60 * GB, film_512kb_mp4=345 * MB))[0] == "film_512kb.mp4"


def test_tiny_files_and_what_lies_beside_a_film_are_left_out() -> None:
    found = names(
        item(
            {
                "film.avi": 700 * MB,
                "logo.mp4": 2 * MB,
                "film-trailer.mp4": 60 * MB,
                "Sample/film.mkv": 50 * MB,
                "TEASERS/one.mp4": 50 * MB,
                "empty.mp4": 0,
                "film.srt": 4,
                "film.mp3": 90 * MB,
            }
        )
    )
    assert found == ["film.avi"]


def test_a_film_called_trailer_is_still_a_film() -> None:
    assert names(torrent(the_trailer_mp4=90 * MB)) == ["the_trailer.mp4"]
    assert names(torrent(trailerpark_mp4=90 * MB, film_mp4=80 * MB))[0] == "trailerpark.mp4"


def test_a_tie_is_broken_the_same_way_every_time() -> None:
    assert names(torrent(b_mp4=5, a_mp4=5)) == ["a.mp4", "b.mp4"]


def test_film_is_the_best_when_none_is_wanted() -> None:
    assert choose.film(torrent(film_ogv=9 * MB, film_mp4=5 * MB)).path == "film.mp4"


def test_nothing_playable() -> None:
    with pytest.raises(NothingPlayable, match="1 files"):
        choose.film(torrent(meta_xml=700))
    assert choose.playable(torrent(meta_xml=700)) == []


def test_the_wanted_film_is_found_by_hash_before_path() -> None:
    metainfo = item({"a.mp4": 10, "b.mp4": 10})
    assert choose.film(metainfo, FilmFile("a.mp4", 10, sha1="%040X" % 1)).path == "b.mp4"
    assert choose.film(metainfo, FilmFile("a.mp4", 10)).path == "a.mp4"
    assert choose.film(metainfo, FilmFile("a.mp4", 10, sha1="f" * 40)).path == "a.mp4"


def test_a_wanted_film_of_another_length_is_not_there() -> None:
    for wanted in (FilmFile("a.mp4", 11), FilmFile("a.mp4", 11, sha1="%040x" % 0), FilmFile("c.mp4", 10)):
        with pytest.raises(NothingPlayable, match=wanted.path):
            choose.film(item({"a.mp4": 10, "b.mp4": 10}), wanted)


def test_no_hash_is_not_a_hash_in_common() -> None:
    plain = TorrentFile(0, "a.mp4", 10, 0, sha1="")
    metainfo = Metainfo("0" * 40, "", "item", False, 1 << 20, b"", (plain,), 10, (), (), False)
    with pytest.raises(NothingPlayable):
        choose.film(metainfo, FilmFile("b.mp4", 10, sha1=""))


@pytest.mark.parametrize("name", ["b/film.bin", "item/b/film.bin", "film.bin"])
def test_a_file_by_its_path_or_its_name(name: str) -> None:
    found = choose.named(item({"a.mp4": 10, "b/film.bin": 5, "b/film.bin.txt": 5}), name)
    assert found.path == "b/film.bin"


def test_a_path_counts_before_a_name() -> None:
    assert choose.named(item({"b/x.mp4": 10, "x.mp4": 5}), "x.mp4").length == 5


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("x.mp4", "2 files"),
        ("none.mp4", "0 files"),
        ("b", "0 files"),
        ("empty.mp4", "nothing in"),
        ("/x", "0 files"),
    ],
)
def test_a_name_of_no_file_of_several_or_of_an_empty_one(name: str, reason: str) -> None:
    files = {"b/x.mp4": 10, "c/x.mp4": 10, "empty.mp4": 0}
    with pytest.raises(NothingPlayable, match=reason):
        choose.named(item(files), name)


def work(*encodings: Encoding) -> Work:
    return Work("x:1", {"en": "X"}, License(""), Rights("B", ("*",), ()), Source("x", ""), encodings)


def test_encoding_by_key() -> None:
    known, address = Encoding(info_hash="a" * 40), Encoding(torrent="https://example.org/x.torrent")
    assert choose.encoding(work(known, address), "a" * 40) is known
    assert choose.encoding(work(known, address), "https://example.org/x.torrent") is address
    with pytest.raises(NothingPlayable, match="b" * 40):
        choose.encoding(work(known, address), "b" * 40)


@pytest.mark.parametrize(
    ("heights", "best"), [((480, 1080, 2160), 1080), ((2160, 720), 720), ((2160, 4320), 2160), ((0, 0), 0)]
)
def test_the_best_encoding_is_the_highest_a_television_shows(heights: tuple[int, ...], best: int) -> None:
    encodings = [Encoding(info_hash="%040x" % place, height=each) for place, each in enumerate(heights)]
    chosen = choose.encoding(work(*encodings))
    assert chosen.height == best
    assert chosen is encodings[heights.index(best)]


MADE = {
    "upload": Encoding("t", "a" * 40, file=FilmFile("f.mpeg", 4_000 * MB), container="mpeg", height=576),
    "good": Encoding("t", "a" * 40, file=FilmFile("f.mp4", 900 * MB), container="mp4", height=480),
    "ogg": Encoding("t", "a" * 40, file=FilmFile("f.ogv", 300 * MB), container="ogv", height=304),
    "small": Encoding("t", "a" * 40, file=FilmFile("f_512kb.mp4", 400 * MB), container="mp4", height=240),
}


@pytest.mark.parametrize(
    ("lines", "best"),
    [(2160, "good"), (480, "good"), (479, "small"), (200, "small"), (choose.SMALLEST, "ogg")],
)
def test_of_several_files_of_one_torrent(lines: int, best: str) -> None:
    """The upload has more lines, but is in no container that small boxes play."""
    assert choose.encoding(work(*MADE.values()), lines=lines) is MADE[best]
    assert choose.encoding(work(*MADE.values()), MADE[best].key, 1) is MADE[best]
    assert len({each.key for each in MADE.values()}) == len(MADE)


def test_what_is_beyond_8_gb_only_where_there_is_nothing_else() -> None:
    huge = Encoding("a", file=FilmFile("f.mkv", 20_000 * MB), height=1080)
    small = Encoding("b", file=FilmFile("f.mp4", 1_000 * MB), height=720)
    assert choose.encoding(work(huge, small)) is small
    assert choose.encoding(work(huge)) is huge
    assert choose.encoding(work(huge, Encoding("c")), lines=choose.SMALLEST) is huge


def test_a_work_without_encodings() -> None:
    with pytest.raises(NothingPlayable):
        choose.encoding(work())
