# SPDX-License-Identifier: GPL-3.0-or-later
"""A film is chosen with OK and comes out of a swarm of three."""

from __future__ import annotations

import pytest

from lab.commonreel import (
    ADDON_ID,
    ROOT,
    open_addon,
    open_films,
    play_address,
    press_ok_watching,
    wait_listed,
)
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU

LENGTH = 600


@pytest.mark.parametrize("kind", ["mp4", "mkv"])
def test_play_seek_stop_resume(kind, premiere, kodi, picture):
    film = premiere.show("Ten minutes", "demo.%s" % kind)
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)

    kodi.select_label("Ten minutes")
    kodi.wait_playing(3)
    assert kodi.player_length() == pytest.approx(LENGTH, abs=2)
    picture(kodi, "playing")

    kodi.seek(LENGTH * 0.7)
    kodi.wait_playing(LENGTH * 0.7 + 2)
    picture(kodi, "at-70-percent")
    kodi.seek(60)
    kodi.wait_playing(62)
    assert kodi.player_time() < 90
    kodi.seek(300)
    kodi.wait_playing(302)
    left_at = kodi.player_time()
    kodi.stop_playing()
    assert premiere.given() > film.stat().st_size / 10

    kodi.wait_listing(ROOT + "films/")
    kodi.select_label("Ten minutes")
    kodi.wait_window(CONTEXT_MENU)
    picture(kodi, "resume-or-not")
    kodi.press("Select")
    kodi.wait_playing(left_at - 10)
    assert kodi.player_time() < left_at + 30
    kodi.stop_playing()


def test_a_finished_film_starts_without_a_dialog(premiere, kodi):
    film = premiere.show("Ten minutes", "demo.mp4")
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    kodi.select_label("Ten minutes")
    kodi.wait_playing(2)
    wait_for(lambda: premiere.given() >= film.stat().st_size, 60, "the whole film to come")
    kodi.stop_playing()
    before = premiere.given()
    kodi.wait_listing(ROOT + "films/")
    assert press_ok_watching(kodi, "Ten minutes") == []
    kodi.wait_playing(2)
    assert premiere.given() == before


def test_play_by_address_as_a_favourite_or_library_file_does(premiere, kodi):
    premiere.show("Ten minutes", "demo.mp4")
    wait_listed(kodi, "Ten minutes")
    for address in (play_address("local:ten-minutes"), ROOT + "play?id=local:ten-minutes"):
        kodi.play(file=address)
        kodi.wait_playing(1)
        kodi.stop_playing()
    assert kodi.addon(ADDON_ID)["enabled"]


def wait_film(kodi, title):
    wait_for(lambda: kodi.label("VideoPlayer.Title") == title, 30, "%r to play" % title)
    kodi.wait_playing(0.5)


def test_films_in_the_queue_and_in_a_playlist_follow_each_other(premiere, kodi, tmp_path):
    for title, kind in (("First", "mp4"), ("Second", "mkv")):
        premiere.show(title, "demo.%s" % kind)
        wait_listed(kodi, title)
    open_addon(kodi)
    open_films(kodi)
    for title in ("First", "Second"):
        kodi.focus_label(title)
        kodi.press("ContextMenu")
        kodi.wait_window(CONTEXT_MENU)
        kodi.select_label("Queue item")
        kodi.wait_listing(ROOT + "films/")
    kodi.play(playlistid=1, position=0)
    wait_film(kodi, "First")
    kodi.seek(LENGTH - 3)
    wait_film(kodi, "Second")
    kodi.stop_playing()

    file = tmp_path / "evening.m3u"
    file.write_text("".join("%s\n" % play_address("local:" + name) for name in ("second", "first")), "utf-8")
    kodi.play(file=str(file))
    wait_film(kodi, "Second")
    before = len(kodi.log())
    kodi.rpc("Player.GoTo", playerid=1, to="next")
    # Kodi 20.1 may go on showing the first one's title: it knows both by the playlist's name
    wait_for(lambda: "?id=local%3Afirst" in kodi.log()[before:], 20, "the next one to be asked for")
    place = {"playerid": 1, "properties": ["position"]}
    wait_for(lambda: kodi.rpc("Player.GetProperties", **place)["position"] == 1, 20, "it to begin")
    kodi.wait_playing(0.5)


def test_favourites_outlive_a_restart(premiere, kodi, picture):
    premiere.show("Ten minutes", "demo.mp4")
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    kodi.focus_label("Ten minutes")
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    kodi.wait_still()
    picture(kodi, "context-menu")
    kodi.select_label("Add to favourites")
    wait_for(lambda: kodi.rpc("Favourites.GetFavourites")["favourites"], 10, "the favourite")
    kodi.restart()
    kodi.wait_service(ADDON_ID)
    kodi.rpc("GUI.ActivateWindow", window="favourites")
    kodi.select_label("Ten minutes", limit=5)
    kodi.wait_playing(2)
    picture(kodi, "playing")
