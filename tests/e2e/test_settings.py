# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings, the self-check and the parental level, by remote."""

from __future__ import annotations

import json
import time

import pytest

from lab.commonreel import (
    ADDON_ID,
    ROOT,
    open_addon,
    open_films,
    play_address,
    wait_listed,
    wait_refused,
)
from lab.jsonrpc import wait_for
from lab.kodi_lab import FILE_BROWSER, OK_DIALOG, SELECT_DIALOG, TEXT_VIEWER, VIDEOS, YES_NO_DIALOG
from lab.premiere import work_id

ADDON_SETTINGS, NUMERIC = 10140, 10109  # dialogs of Kodi's
CATEGORIES = ("General", "Engine", "Network", "Help and privacy")
KODI_PATIENCE = 22  # seconds
SAVE = "Save a report as a text file…"
NOWHERE = {"proxy_type": "socks5", "proxy_host": "127.0.0.1", "proxy_port": "1", "proxy_password": "hush"}


def open_settings(kodi):
    kodi.builtin("Addon.OpenSettings(%s)" % ADDON_ID)
    kodi.wait_window(ADDON_SETTINGS)
    kodi.press("Left")


def press_setting(kodi, category, label):
    open_settings(kodi)
    kodi.focus_label(category, limit=8)
    kodi.press("Right")
    kodi.select_label(label)


def row(kodi, name):
    return next(label for label in kodi.rows() if label.startswith(name + ":"))


class TestWithAProxyToNowhere:
    @pytest.fixture
    def addon_settings(self, premiere):
        return {ADDON_ID: {"local_folder": "%s/" % premiere.folder, **NOWHERE}}

    def test_settings_lead_to_what_is_amiss_and_what_to_do(self, kodi, picture, tmp_path):
        open_settings(kodi)
        for category in CATEGORIES:
            kodi.focus_label(category, limit=8)
            kodi.wait_still()
            picture(kodi, category.split()[0].lower())
        kodi.press("Right")
        kodi.select_label("Check that all is well")
        kodi.wait_listing(ROOT + "check/")
        kodi.wait_row(SAVE)
        kodi.wait_still()
        picture(kodi, "check")
        assert row(kodi, "Background service") == "Background service: works"
        assert row(kodi, "Engine").startswith("Engine: libtorrent ")
        proxy = row(kodi, "Proxy for BitTorrent")
        assert proxy == "Proxy for BitTorrent: does not answer – OK shows what to do"
        kodi.select_label(proxy)
        kodi.wait_window(TEXT_VIEWER)
        picture(kodi, "cure")
        kodi.press("Back")

        kodi.select_label(SAVE, down="Up")
        kodi.wait_window(FILE_BROWSER)
        picture(kodi, "folder")
        kodi.select_label("Zips")
        kodi.focus_label("OK", down="Right")
        kodi.press("Select")
        kodi.wait_window(OK_DIALOG)
        picture(kodi, "saved")
        kodi.press("Select")
        [report] = kodi.zips.glob("commonreel-*.txt")
        text = report.read_text("utf-8")
        assert "! Proxy for BitTorrent: does not answer" in text
        assert "commonreel.streaming" in text
        for private in ("hush", "127.0.0.1", str(kodi.userdata), str(tmp_path)):
            assert private not in text


def enter(kodi, heading, pin):
    """Type into Kodi's number pad, that shows nothing of it."""
    kodi.wait_window(NUMERIC)
    wait_for(lambda: kodi.label("Control.GetLabel(1)") == heading, 10, heading)
    for count, digit in enumerate(pin, 1):
        kodi.action("number%s" % digit)
        wait_for(lambda count=count: kodi.label("Control.GetLabel(4)") == "*" * count, 5, "a digit")
    kodi.press("Select")


def let_the_pass_end(profile):
    """A film that was let through asks for no PIN for a while: make that be over."""
    file = profile / "parental.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "let_until": 0.0}))


def test_a_film_above_the_parental_level_asks_for_the_pin(premiere, kodi, picture):
    profile = kodi.userdata / "addon_data" / ADDON_ID
    kept = kodi.userdata.parent / "temp" / "archive_cache" / "10025-12345678.fi"
    premiere.show("For adults", "demo.mp4", contentRating={"age": 16, "by": "FSK"})
    wait_listed(kodi, "For adults")
    open_addon(kodi)
    open_films(kodi)
    assert "For adults" in kodi.rows()
    kept.write_bytes(b"a list that took long to come")
    press_setting(kodi, "General", "Parental level…")
    enter(kodi, "Choose a PIN of 4 digits or more", "2468")
    enter(kodi, "The same PIN again", "2468")
    kodi.wait_window(SELECT_DIALOG)
    kodi.select_label("Show works for every age")
    kodi.select_label("Show works up to age 12")
    level = profile / "parental.json"
    wait_for(lambda: json.loads(level.read_text())["max_age"] == 12, 10, "the level to be kept")
    kodi.wait_still()
    picture(kodi, "level")
    kodi.press("Back")
    wait_for(lambda: kodi.window() != SELECT_DIALOG, 10, "the level to be closed")
    wait_for(lambda: not kept.exists(), 10, "the kept list to be gone")
    kodi.press("Back")
    wait_for(lambda: kodi.window() == VIDEOS, 10, "the list again")
    wait_for(lambda: "For adults" not in kodi.rows(), 10, "the film to be hidden")
    favourite = {"title": "For adults", "type": "media", "path": play_address(work_id("For adults"))}
    kodi.rpc("Favourites.AddFavourite", **favourite)
    kodi.rpc("GUI.ActivateWindow", window="favouritesbrowser")
    kodi.select_label("For adults", limit=5)
    enter(kodi, "PIN", "11")
    assert "not the PIN" in wait_refused(kodi)
    picture(kodi, "wrong")
    kodi.press("Select")
    wait_for(lambda: kodi.focused() == "For adults", 10, "the favourites again")
    kodi.select_label("For adults", limit=5)
    enter(kodi, "PIN", "2468")
    kodi.wait_playing(2)
    kodi.stop_playing()
    let_the_pass_end(profile)

    # Of a film that is refused after 20 seconds Kodi would say that playback has failed.
    kodi.select_label("For adults", limit=5)
    kodi.wait_window(NUMERIC)
    began = time.monotonic()
    wait_for(lambda: time.monotonic() - began > KODI_PATIENCE, 60, "Kodi to lose its patience", 1.0)
    kodi.press("Back")
    assert "above the parental level" in wait_refused(kodi)
    picture(kodi, "late")
    kodi.press("Select")
    wait_for(lambda: kodi.focused() == "For adults", 10, "the favourites, and no other word")

    cache = profile / "cache"
    assert list(cache.glob("?" * 40))
    press_setting(kodi, "General", "Remove the films on this device…")
    kodi.wait_window(YES_NO_DIALOG)
    picture(kodi, "clear")
    kodi.focus_label("Yes", down="Left")
    kodi.press("Select")
    wait_for(lambda: not list(cache.glob("?" * 40)), 15, "the cache to be empty")
