# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said once a film has ended: by remote, and by camera."""

from __future__ import annotations

from lab import codes
from lab.commonreel import open_addon, open_films, wait_listed
from lab.films import SECONDS
from lab.jsonrpc import wait_for
from lab.kodi_lab import VIDEOS

APPEAL = "Window.IsVisible(commonreel-appeal.xml)"
WAY = "https://liberapay.com/makers"
FUNDING = {"channels": [{"type": "payment-provider", "address": WAY}]}


def go_to_film(kodi):
    wait_listed(kodi, "Clock")
    open_addon(kodi)
    open_films(kodi)
    kodi.focus_label("Clock")


def see_to_the_end(kodi):
    """Play the film in focus, and wait until its makers may be given to."""
    kodi.press("Select")
    kodi.wait_playing(1)
    kodi.seek(SECONDS - 4)
    kodi.wait_condition(APPEAL, 30)


def gone(kodi):
    wait_for(lambda: not kodi.condition(APPEAL), 25, "it to be gone")


def test_after_a_film(premiere, kodi, picture):
    premiere.show("Clock", "demo.mkv", funding=FUNDING)
    go_to_film(kodi)

    see_to_the_end(kodi)
    kodi.wait_still()
    picture(kodi, "said")
    kodi.press("Down")
    gone(kodi)
    assert kodi.window() == VIDEOS
    assert kodi.focused() != "Clock"
    kodi.focus_label("Clock", down="Up")

    see_to_the_end(kodi)
    gone(kodi)
    assert kodi.window() == VIDEOS
    assert kodi.focused() == "Clock"

    see_to_the_end(kodi)
    kodi.press("Select")
    assert codes.scanned(kodi, picture, "code") == WAY
    codes.put_away(kodi)
    assert kodi.focused() == "Clock"


def test_after_a_film_whose_maker_has_ways(premiere, kodi, picture):
    premiere.catalogue.introduce("local:ada", "Person", "Ada Lund", funding=FUNDING)
    premiere.show("Clock", "demo.mkv", maker=["local:ada"])
    go_to_film(kodi)

    see_to_the_end(kodi)
    kodi.wait_still()
    picture(kodi, "maker")
    kodi.press("Select")
    assert codes.scanned(kodi, picture, "code of the maker") == WAY
