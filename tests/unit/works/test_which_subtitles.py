# SPDX-License-Identifier: GPL-3.0-or-later
"""Which subtitles a film has, in which order, and what they are called."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from commonreel.works import choose, languages, metainfo, subtitles
from commonreel.works.filelist import TorrentFile
from commonreel.works.subtitles import AT_MOST, MAX_BYTES, UNKNOWN, Track
from commonreel.works.work import Encoding, Subtitle
from lab.torrents import make

FILM = b"f" * 20_000
TEXT = b"t" * 500


def found(names, stated=(), wanted=("fr", "en"), spoken="", film="Film.mp4"):
    """The tracks of a torrent that holds files of these names beside the film."""
    content = {film: FILM, **{name: FILM if name.endswith(".mp4") else TEXT for name in names}}
    meta = metainfo.parse(make("item", content))
    file = next(each for each in meta.files if each.path == film)
    return subtitles.tracks(Encoding(subtitles=tuple(stated)), meta, file, wanted, spoken)


@pytest.mark.parametrize(
    ("name", "lang"),
    [
        ("Film.en.srt", "en"),
        ("Film_fr.vtt", "fr"),
        ("film.ENG.srt", "eng"),
        ("Film.pt-BR.srt", "pt-br"),
        ("Film.French.ass", "fr"),
        ("Film [German].srt", "de"),
        ("Film.srt", UNKNOWN),
        ("Film.director's cut.srt", UNKNOWN),
        ("Subs/English.srt", "en"),
        ("subtitles/2_English.srt", "en"),
        ("Subs/Film/4_Spanish.srt", "es"),
        ("Subs/Film.it.srt", "it"),
        ("Film.hi.srt", "hi"),
        ("Film.en.hi.srt", "en"),
    ],
)
def test_the_language_is_read_off_the_name(name, lang):
    [track] = found([name])
    assert track.lang == lang


@pytest.mark.parametrize(
    "name",
    ["other.en.srt", "Films.en.srt", "Extras/Film.en.srt", "Film.en.txt", "Film.en.sub", "readme.srt"],
)
def test_what_is_not_beside_the_film_is_not_the_films(name):
    assert found([name]) == []


def test_a_longer_film_name_has_its_own():
    names = ["Film 2.mp4", "Film 2.en.srt", "Film.fr.srt"]
    assert [track.file.path for track in found(names)] == ["Film.fr.srt"]
    assert [track.file.path for track in found(["Film.mp4", *names[1:]], film="Film 2.mp4")] == [names[1]]


def test_with_several_films_a_name_that_tells_nothing_is_nobodys():
    assert found(["Film 2.mp4", "Subs/English.srt"]) == []


def test_a_film_in_a_folder_has_what_is_there():
    names = ["a/Film.de.srt", "b/Film.fr.srt", "a/subs/English.srt", "Film.es.srt"]
    assert [track.lang for track in found(names, film="a/Film.mp4")] == ["en", "de"]


def test_signs_in_the_name():
    [track] = found(["Film.forced.en.sdh.srt"])
    assert (track.lang, track.forced, track.sdh, track.machine) == ("en", True, True, False)
    [track] = found(["Film.asr.srt"], spoken="nl")
    assert (track.lang, track.machine) == ("nl", True)
    [track] = found(["Film.en.hi.srt"])
    assert track.sdh


def test_the_viewers_languages_come_first_then_people_then_whole_ones():
    names = ["Film.de.srt", "Film.en.srt", "Film.en.forced.srt", "Film.en.auto.srt", "Film.fra.auto.srt"]
    assert [track.file.path for track in found(names)] == [
        "Film.fra.auto.srt",
        "Film.en.srt",
        "Film.en.forced.srt",
        "Film.en.auto.srt",
        "Film.de.srt",
    ]
    assert found(names, wanted=["de"])[0].lang == "de"


def test_what_the_record_says_counts_more_than_the_name():
    stated = [
        Subtitle("de", path="Film.en.srt", machine=True),
        Subtitle("nl", url="https://example.org/nl.vtt", format="vtt"),
        Subtitle("ja", path="gone.srt"),
        Subtitle("ko", url="https://example.org/ko.exe", format="exe"),
    ]
    tracks = found(["Film.en.srt"], stated, wanted=["nl"])
    assert [(track.lang, track.machine, track.url) for track in tracks] == [
        ("nl", False, "https://example.org/nl.vtt"),
        ("de", True, ""),
    ]


def test_a_hundred_files_are_not_a_hundred_tracks():
    names = ["Film.%d.de.srt" % number for number in range(100)]
    tracks = found([*names, "Film.fr.srt"])
    assert len(tracks) == AT_MOST
    assert tracks[0].lang == "fr"


def test_empty_and_huge_files_are_left_out():
    content = {"Film.mp4": FILM, "Film.en.srt": b"", "Film.fr.srt": bytes(MAX_BYTES + 1)}
    meta = metainfo.parse(make("item", content, piece_length=1 << 20))
    assert subtitles.tracks(Encoding(), meta, choose.film(meta), ["en"]) == []


@pytest.mark.parametrize(
    ("track", "name"),
    [
        (Track("fr", "srt"), "A film.fr.srt"),
        (Track("de", "ass", machine=True), "A film.machine-made.de.srt"),
        (Track("pt-BR", "srt", forced=True, sdh=True), "A film.SDH.forced.pt.(BR).srt"),
        (Track(UNKNOWN, "srt"), "A film.srt"),
    ],
)
def test_a_name_that_kodi_reads(track, name):
    assert subtitles.file_name("A film.mp4", track, "srt") == name


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("en", "en"),
        ("ENG", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("French", "fr"),
        ("zh_Hant", "zh"),
        ("x", ""),
    ],
)
def test_words_for_languages(word, code):
    assert languages.code(word) == code


def test_no_language_has_another_ones_code():
    rows = [line.split() for line in languages._TABLE.strip().splitlines()]
    words = [word for row in rows for word in row]
    assert len(words) == len(set(words))
    assert languages.same("pt-BR", "por")
    assert not languages.same("und", "en")


def test_a_torrent_of_very_many_files_is_looked_through_at_once():
    names = ["%s%d.%s" % ("x" * 100, number, kind) for number in range(20_000) for kind in ("mp4", "en.srt")]
    files = tuple(TorrentFile(number, name, 1000, 1000 * number) for number, name in enumerate(names))
    meta = replace(metainfo.parse(make("item", {"Film.mp4": FILM})), files=files)
    began = time.monotonic()
    assert len(subtitles.tracks(Encoding(), meta, files[0], ["en"])) == 1
    assert time.monotonic() - began < 5
