# SPDX-License-Identifier: GPL-3.0-or-later
"""The first run asks how to share, in a row that can be let be; and what is answered is what is done."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from lab.commonreel import (
    ADDON_ID,
    ROOT,
    SHARING_QUESTION,
    answer_sharing,
    country_row,
    open_addon,
    open_films,
    wait_listed,
    wait_refused,
)
from lab.jsonrpc import wait_for
from lab.kodi_lab import OK_DIALOG


def chosen(kodi):
    """How to share, as the add-on's settings have it."""
    file = kodi.data / "userdata" / "addon_data" / ADDON_ID / "settings.xml"
    found = ET.parse(file).getroot().find("setting[@id='sharing']")
    return found.text if found is not None else None


def test_two_rows_ask_until_they_are_answered(premiere, kodi, picture):
    premiere.show("From viewers", "demo.mp4")
    premiere.show("Nowhere on the web", "demo.mkv")
    wait_listed(kodi, "Nowhere on the web")
    before = kodi.listening()
    open_addon(kodi)
    assert kodi.rows()[:2] == [country_row(kodi), SHARING_QUESTION]
    kodi.focus_label(SHARING_QUESTION)
    kodi.wait_still()
    picture(kodi, "home")
    open_films(kodi)
    assert kodi.rows()[:2] == [country_row(kodi), SHARING_QUESTION]
    kodi.wait_still()
    kodi.select_label("From viewers")  # nobody has to answer first
    kodi.wait_playing(1)
    kodi.stop_playing()
    assert kodi.listening() > before  # other viewers are let in
    kodi.open_videos(ROOT)
    kodi.wait_row(SHARING_QUESTION)

    answer_sharing(kodi, "From web servers only", picture)
    wait_for(lambda: SHARING_QUESTION not in kodi.rows(), 20, "the question to be gone")
    assert chosen(kodi) == "web"
    wait_for(lambda: kodi.listening() == before, 10, "nobody to be let in any more")
    open_films(kodi)
    assert SHARING_QUESTION not in kodi.rows()
    kodi.select_label("Nowhere on the web")
    assert "You chose films from web servers only" in wait_refused(kodi)
    kodi.wait_still()
    picture(kodi, "refused")
    kodi.press("Select")
    wait_for(lambda: kodi.window() != OK_DIALOG, 10, "the message to go")
    assert kodi.listening() == before
    assert "from web servers only, as the viewer wants it" in kodi.log()

    kodi.open_videos(ROOT + "patron/")
    for way, setting in (("Share while watching", "watching"), ("Be a patron", "patron")):
        kodi.wait_row(SHARING_QUESTION)
        answer_sharing(kodi, way)
        wait_for(lambda setting=setting: chosen(kodi) == setting, 10, "the answer to be kept")
    assert kodi.rows()[0].startswith("Given: ")
    kodi.focus_label(kodi.rows()[0])
    kodi.wait_still()
    picture(kodi, "patron")
    kodi.select_label("Settings")
    kodi.wait_still()
    picture(kodi, "settings")
