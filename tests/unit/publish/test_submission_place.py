# SPDX-License-Identifier: GPL-3.0-or-later
"""Where films are put: the addresses that makers give, and those that are none."""

from __future__ import annotations

import pytest

from commonreel.publish.sources.peertube import ID as PEERTUBE
from commonreel.publish.submission import place
from commonreel.publish.submission.place import of
from commonreel.works.record import ID

SHORT = "uQY1GcvymqyyLJvXnZU2Qx"
UUID = "e9961a1e-a4f6-4ec1-8e55-500558e4c133"  # the same, as a PeerTube host tells both


@pytest.mark.parametrize(
    "address", ["https://archive.org/details/TheLongWay", "https://archive.org/download/TheLongWay/"]
)
def test_an_item_of_the_archive(address):
    at = of(address)
    assert (at.id, at.proof) == ("ia:TheLongWay", "https://archive.org/details/TheLongWay")
    assert at.file("long way.mp4") == "https://archive.org/download/TheLongWay/long%20way.mp4"
    assert at.torrent_name("film") == "film-torrent.bin"


@pytest.mark.parametrize("path", ["w/" + SHORT, "w/" + UUID, "videos/watch/" + UUID])
def test_a_video_at_peertube_however_it_is_spelled(path):
    at = of("https://tube.example/" + path, "https://tube.example/c/makers/videos")
    assert at.id == "pt:tube.example:" + UUID
    assert PEERTUBE.fullmatch(at.id)
    assert at.proof == "https://tube.example/c/makers"
    assert not at.folder
    assert not at.torrent_name("film")


def test_a_series_at_peertube_is_a_playlist():
    assert of("https://tube.example/w/p/" + SHORT).id == "pt:tube.example:playlist:" + UUID


def test_a_folder_of_an_own_site():
    at = of("https://Makers.example/films/the-long-way/")
    assert at.id == "web:makers.example:the-long-way"
    assert at.proof == "https://makers.example/.well-known/commonreel.json"
    assert at.file("film.mp4") == "https://makers.example/films/the-long-way/film.mp4"


def test_an_episode_has_an_id_of_its_own():
    series = of("https://archive.org/details/TheLongWay")
    assert series.episode(1, 2).id == "ia:TheLongWay:s01e02"
    assert ID.fullmatch(series.episode(1, 2).id)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "film.mp4",
        "http://makers.example/film/",
        "https://makers.example/",
        "https://makers.example/film",
        "https://makers.example/../film/..//",
        "https://makers.example/a%20b/",
        "https://makers.example/film/?a=b",
        "https://me@makers.example/film/",
        "https://192.0.2.1/film/",
        "https://makers.example:8443/film/",
        "https://mäkers.example/film/",
        "https://archive.org/",
        "https://archive.org/details/",
        "https://archive.org/details/a/b",
        "https://archive.org/details/..",
        "https://archive.org.example.com",
        "https://tube.example/w/" + "0" * 22,
        "https://tube.example/w/" + "Z" * 22,
        "https://tube.example/w/" + "-" * 36,
    ],
)
def test_what_is_no_place_is_refused(address):
    with pytest.raises(ValueError, match=r"not|badly"):
        of(address)


@pytest.mark.parametrize("channel", ["https://other.example/c/ada", "http://tube.example/c/ada", "ada"])
def test_a_channel_is_one_of_the_same_host(channel):
    with pytest.raises(ValueError, match="channel"):
        of("https://tube.example/w/" + SHORT, channel)


def test_only_peertube_is_peertube():
    assert place.is_peertube("https://tube.example/w/" + SHORT)
    assert not place.is_peertube("https://makers.example/film/")
    assert not place.is_peertube("nowhere")
