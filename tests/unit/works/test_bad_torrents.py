# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrents of the worst kind, and odd ones that must play all the same."""

from __future__ import annotations

import pytest
from test_metainfo import EXTRA, FILM, SAMPLES

from commonreel.works import choose
from commonreel.works.errors import NothingPlayable, TorrentInvalid
from commonreel.works.metainfo import parse, web_address
from lab import torrents

FILES = {"film.mp4": FILM, "film.asr.srt": b"", "notes.txt": EXTRA}


@pytest.mark.parametrize(
    "outside",
    [
        {"url_list": []},
        {"url_list": ["/12/items/"]},
        {"announce": "wss://tracker.example/socket"},
        {"announce": "", "announce_list": [["wss://a.example"], []]},
        {},
        {"creation date": 1 << 40},
        {"creation date": -1},
        {"creation date": "tomorrow"},
        {"created by": b"\xff\x00", "comment": "<script>", "nodes": [["127.0.0.1", 1]], "httpseeds": []},
    ],
)
def test_what_a_torrent_says_beside_its_film_does_not_keep_it_from_playing(outside):
    torrent = parse(torrents.make("item", FILES, **outside))
    assert torrent.web_seeds == ()
    assert all(tracker.startswith("wss://") for tracker in torrent.trackers)
    assert len(torrent.trackers) == str(outside).count("wss")
    film = choose.film(torrent)
    assert (film.path, film.length) == ("film.mp4", len(FILM))


@pytest.mark.parametrize("seed", ["https://ia1.example/8/items", "https://ia1.example/8/items/"])
def test_a_web_seed_of_several_files_needs_no_slash(seed):
    torrent = parse(torrents.make("item", FILES, url_list=seed))
    [place] = torrent.web_seeds
    assert web_address(place, torrent, torrent.files[0]) == "https://ia1.example/8/items/item/film.mp4"


@pytest.mark.parametrize("version", [torrents.V1, torrents.V2, torrents.HYBRID])
@pytest.mark.parametrize("files", [{"film.srt": b"x"}, {"film.mp4": b"", "x.txt": b"x"}, {"mp4": b"x"}])
def test_a_torrent_without_a_film_says_so(files, version):
    with pytest.raises(NothingPlayable, match="no video among %d files" % len(files)):
        choose.film(parse(torrents.make("item", files, version=version)))


def test_a_torrent_of_v2_alone_plays_and_has_no_hash_of_v1():
    torrent = parse(torrents.make("item", FILES, version=torrents.V2))
    assert (torrent.info_hash, len(torrent.info_hash_v2)) == ("", 64)
    assert choose.film(torrent).path == "film.mp4"


# Those collected elsewhere: without the collection there are no tests of them, and none to leave out

HOSTILE = [sample for sample in SAMPLES if sample.parent.name == "torrents-hostile"]
REAL = {
    "AdCouncil-Adoption-DangerDad-30_CLSD_archive.torrent": "no video among 2 files",
    "Killers_from_space_archive.PIECES-STRIPPED.torrent": "pieces: their number does not fit the size",
    "npm-corrupt-no-name.torrent": "name missing or too long",
    "npm-leaves.torrent": "no video among 1 files",
    "pac-man-championship-edition-1_archive.torrent": "no video among 79 files",
    "webtorrent.io-wired-cd.torrent": "no video among 18 files",
}
if SAMPLES:

    @pytest.mark.parametrize("sample", HOSTILE, ids=lambda path: str(path.name))
    def test_a_hostile_torrent_plays_nothing_and_says_why(sample):
        with pytest.raises(TorrentInvalid) as caught:
            choose.film(parse(sample.read_bytes()))
        assert caught.value.detail.isprintable()
        assert 0 < len(caught.value.detail) < 200

    def test_a_real_torrent_plays_or_says_why():
        said, private = {}, []
        for sample in SAMPLES:
            if sample not in HOSTILE:
                try:
                    torrent = parse(sample.read_bytes())
                    private += [sample.name] if torrent.private else []
                    choose.film(torrent)
                except TorrentInvalid as error:
                    said[sample.name] = error.detail
        assert said == REAL
        assert private == ["npm-bunny-PRIVATE.torrent"]
