# SPDX-License-Identifier: GPL-3.0-or-later
"""In which quality a film plays: by the settings, or as it was chosen in its menu."""

from __future__ import annotations

import time

import pytest

from commonreel.catalog.health import Health, HealthBook
from commonreel.catalog.history import History
from commonreel.catalog.store import Store
from commonreel.kodi.screens import quality
from commonreel.works.work import Encoding, FilmFile
from lab.few_works import COPS, OPEN

PLUGIN = "plugin://plugin.video.commonreel"
HIGH = Encoding("t", "a" * 40, file=FilmFile("r.mp4", 1_400_000_000), codec="h264/aac", height=1080)
LOW = Encoding("t", "a" * 40, file=FilmFile("r_512kb.mp4", 90_000_000), container="mp4", height=240)
BARE = Encoding(info_hash="b" * 40)
RABBIT = OPEN._replace(encoding=(LOW, HIGH, BARE), duration=4800)


@pytest.fixture
def history(kodi):
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", [COPS, RABBIT])
    kodi.settings["country"] = "US"
    return History(kodi.profile / "history.db")


@pytest.mark.parametrize(
    ("chosen", "screen", "best"),
    [
        ("screen", 1080, HIGH),
        ("screen", 2160, HIGH),
        ("screen", 720, LOW),
        ("screen", 0, HIGH),
        ("1080", 720, HIGH),
        ("720", 2160, LOW),
        ("480", 1080, LOW),
        ("smallest", 1080, LOW),
    ],
)
def test_by_the_settings(kodi, history, monkeypatch, chosen, screen, best):
    monkeypatch.setattr(quality.xbmcgui, "getScreenHeight", lambda: screen)
    kodi.settings["quality"] = chosen
    assert quality.encoding(RABBIT) == best


def test_what_was_chosen_for_a_film_goes_before_the_settings(history):
    history.choose(RABBIT.id, BARE.key)
    assert quality.encoding(RABBIT) == BARE
    assert quality.encoding(RABBIT._replace(id="open:other")) == HIGH


def test_what_was_chosen_and_is_there_no_more(history):
    history.choose(RABBIT.id, "c" * 40)
    assert quality.encoding(RABBIT) == HIGH


def test_where_there_is_one_nothing_is_looked_up(kodi, history, monkeypatch):
    monkeypatch.setattr(quality.catalogue, "history", None)
    assert quality.encoding(COPS) == COPS.encoding[0]


def test_only_a_film_of_several_encodings_offers_them(call, history):
    menus = {item.label: dict(item.menu) for _, item, _ in call("/films/").rows}
    assert menus["A Rabbit"]["Play in another quality…"] == "RunPlugin(%s/quality/?id=open%%3Abunny)" % PLUGIN
    assert "Play in another quality…" not in menus["Cops"]


def test_the_list_says_what_is_known(call, kodi, history):
    HealthBook(kodi.profile / "health.db").note(HIGH.key, Health(0, 4.2), time.time())
    kodi.dialog.select.return_value = -1
    call("/quality/", "?id=open%3Abunny", handle=-1)
    (heading, offers), options = kodi.dialog.select.call_args
    assert heading == "Play in another quality"
    assert [(offer.label, offer.label2) for offer in offers] == [
        ("As in the settings", "1080p, H.264"),
        ("240p, MP4", "90 MB, 0.1 Mbit/s"),
        ("1080p, H.264", "1.4 GB, 2.3 Mbit/s, starts in about 4 s"),
        ("Version 3", ""),
    ]
    assert options == {"preselect": 0, "useDetails": True}
    kodi.builtin.assert_not_called()
    assert history.chosen() == {}


def test_a_choice_plays_at_the_films_own_address_and_stays(call, kodi, history):
    kodi.dialog.select.return_value = 1
    call("/quality/", "?id=open%3Abunny", handle=-1)
    kodi.builtin.assert_called_once_with("PlayMedia(%s/play/?id=open%%3Abunny)" % PLUGIN)
    assert history.chosen() == {RABBIT.id: LOW.key}
    assert quality.encoding(RABBIT) == LOW
    kodi.dialog.select.return_value = 0
    call("/quality/", "?id=open%3Abunny", handle=-1)
    assert kodi.dialog.select.call_args[1]["preselect"] == 1
    assert history.chosen() == {}


def test_a_film_that_is_not_there_says_so(call, kodi, history):
    call("/quality/", "?id=open%3Anone", handle=-1)
    kodi.dialog.select.assert_not_called()
    kodi.dialog.ok.assert_called_once()


# Trailers


def with_trailer(kodi, **facts):
    made = OPEN._replace(trailer="https://example.org/rabbit.mp4", **facts)
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "3", [COPS, made])


def test_a_trailer_is_in_the_menu_and_in_kodis_own_window(call, kodi, history):
    with_trailer(kodi)
    rows = {item.label: item for _, item, _ in call("/films/").rows}
    assert dict(rows["A Rabbit"].menu)["Trailer"] == "RunPlugin(%s/trailer/?id=open%%3Abunny)" % PLUGIN
    assert "Trailer" not in dict(rows["Cops"].menu)
    rows["A Rabbit"].getVideoInfoTag().setTrailer.assert_called_once_with("https://example.org/rabbit.mp4")


def test_a_trailer_plays(call, kodi, history):
    with_trailer(kodi)
    call("/trailer/", "?id=open%3Abunny", handle=-1)
    address, item = kodi.player.play.call_args[0]
    assert (address, item.label) == ("https://example.org/rabbit.mp4", "Trailer: A Rabbit")
    item.getVideoInfoTag().setUniqueIDs.assert_not_called()  # nothing of it is remembered as the film's


def test_no_trailer_plays_nothing(call, kodi, history):
    call("/trailer/", "?id=ia%3ACops", handle=-1)
    kodi.player.play.assert_not_called()
