# SPDX-License-Identifier: GPL-3.0-or-later
"""A film that comes slowly: what the viewer is told, and can do about it."""

from __future__ import annotations

import time

import pytest

from lab.commonreel import (
    ADDON_ID,
    ROOT,
    open_addon,
    open_films,
    play_address,
    press_ok_watching,
    wait_listed,
    wait_progress,
    wait_refused,
)
from lab.films import FOLDER
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU, FULLSCREEN_VIDEO, OK_DIALOG, PROGRESS_DIALOG, YES_NO_DIALOG
from lab.webseed import WebSeed

NAME = "demo.mkv"
CRAWL = 6_000  # bytes a second: half a minute and more until it starts
HARDLY = 45_000  # bytes a second: hardly faster than the film


@pytest.fixture
def web_seed():
    with WebSeed(FOLDER) as seed:
        yield seed


def to_films(kodi, title):
    wait_listed(kodi, title)
    open_addon(kodi)
    open_films(kodi)


def dry_up(kodi, web_seed):
    """Nothing more comes, until the player stands still."""
    web_seed.missing = True
    web_seed.hang_up()

    def stands_still():
        before = kodi.player_time()
        time.sleep(1.5)
        return kodi.player_time() == before

    wait_for(stands_still, 90, "the film to stand still")


def test_a_film_that_stands_still_stops_at_once(premiere, web_seed, kodi):
    premiere.show("Web", NAME, peers=0, web_seeds=[web_seed.address + NAME])
    web_seed.rate = HARDLY
    to_films(kodi, "Web")
    kodi.select_label("Web")
    kodi.wait_playing(1)
    dry_up(kodi, web_seed)
    began = time.monotonic()
    kodi.stop_playing(timeout=40)
    assert time.monotonic() - began < 3


@pytest.fixture
def crawling(premiere, web_seed, kodi):
    """A film that has been asked for, and crawls in from a viewer: its web server is busy."""
    premiere.show("Slow", NAME, peers=1, rate=CRAWL, web_seeds=[web_seed.address + NAME])
    web_seed.busy = 1_000_000
    to_films(kodi, "Slow")
    kodi.select_label("Slow")
    wait_progress(kodi, "starts in about")
    return kodi


def test_the_web_copy_of_a_slow_film(crawling, web_seed, picture):
    kodi = crawling
    kodi.wait_still()
    picture(kodi, "progress")
    kodi.wait_window(YES_NO_DIALOG)
    kodi.wait_still()
    picture(kodi, "question")
    kodi.select_label("Use the web copy", down="Left", limit=4)
    wait_progress(kodi, "From the web copy")
    kodi.wait_still()
    picture(kodi, "web-copy")
    web_seed.busy = 0
    kodi.wait_playing(3)
    kodi.stop_playing()
    assert web_seed.given > 0


def test_the_question_goes_when_the_film_comes_after_all(crawling, premiere):
    kodi = crawling
    kodi.wait_window(YES_NO_DIALOG)
    premiere.unlimit()
    kodi.wait_playing(2)
    kodi.stop_playing()


@pytest.mark.parametrize("key", ["Back", "Cancel"])
def test_cancel_at_the_question(crawling, key):
    kodi = crawling
    kodi.wait_window(YES_NO_DIALOG)
    if key == "Back":
        kodi.press("Back")
    else:
        kodi.select_label("Cancel", down="Left", limit=4)
    wait_for(lambda: kodi.window() not in (PROGRESS_DIALOG, YES_NO_DIALOG, OK_DIALOG), 10, "all to go")
    assert kodi.player_time() is None


def test_how_well_it_starts_is_told_and_remembered(premiere, kodi, picture):
    premiere.show("Ten minutes", NAME)
    to_films(kodi, "Ten minutes")
    kodi.focus_label("Ten minutes")
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    kodi.select_label("How well does it start?")
    message = wait_refused(kodi)
    kodi.wait_still()
    picture(kodi, "tried")
    assert "Shared by 3 · starts in about" in message
    kodi.press("Select")
    wait_for(lambda: kodi.window() != OK_DIALOG, 10, "the message to go")
    [row] = [
        row
        for row in kodi.files("plugin://%s/films/" % ADDON_ID, ["tagline"])
        if row["label"] == "Ten minutes"
    ]
    assert "shared by 3 · starts in about" in row["tagline"]
    kodi.press("Back")
    kodi.wait_listing(ROOT)
    open_films(kodi)
    kodi.focus_label("Ten minutes")
    kodi.wait_still()
    picture(kodi, "row")
    assert press_ok_watching(kodi, "Ten minutes") == []
    kodi.stop_playing()


class TestOverlay:
    @pytest.fixture
    def addon_settings(self, premiere):
        return {ADDON_ID: {"local_folder": "%s/" % premiere.folder, "overlay": "true"}}

    def test_a_line_on_the_picture_takes_no_key(self, premiere, kodi, picture):
        premiere.show("Ten minutes", NAME, rate=60_000)
        to_films(kodi, "Ten minutes")
        kodi.select_label("Ten minutes")
        kodi.wait_playing(5)
        picture(kodi, "shown")
        kodi.press("ShowOSD")
        kodi.wait_condition("Window.IsActive(videoosd)")
        picture(kodi, "osd")
        kodi.press("Back")
        kodi.wait_condition("!Window.IsActive(videoosd)")
        kodi.wait_window(FULLSCREEN_VIDEO)
        kodi.stop_playing()
        kodi.play(file=play_address("local:ten-minutes"))
        kodi.wait_playing(3)
        picture(kodi, "again")
