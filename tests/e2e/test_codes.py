# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes to scan: giving to a film's makers, and reporting a problem, by remote and by camera."""

from __future__ import annotations

import pytest

from commonreel.catalog import following
from lab import codes
from lab.codes import scanned
from lab.commonreel import ADDON_ID, ROOT, open_addon, open_films, wait_listed
from lab.curator import Curator, Host
from lab.kodi_lab import CONTEXT_MENU
from lab.records import free

WAYS = ["https://liberapay.com/makers", "https://ko-fi.com/makers"]
LONG_TITLE = "The very long title of a film" + " about titles" * 10
LONG_NAME = "東京映画制作委員会 and the very many friends of مؤسسة الأفلام الحرة " * 8


def channels(*addresses):
    return {"channels": [{"type": "payment-provider", "address": address} for address in addresses]}


def choose(kodi, film, entry):
    """From a list of films, an entry of one film's context menu."""
    kodi.focus_label(film)
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    kodi.select_label(entry)


def closed(kodi, key):
    codes.put_away(kodi, key)
    kodi.wait_listing(ROOT + "films/")


@pytest.mark.parametrize("screen_size", [(1280, 720), (1920, 1080)])
def test_giving_to_the_makers(premiere, kodi, picture):
    premiere.show("Clock", "demo.mp4", peers=0, funding=channels(*WAYS))
    licence = {"url": "https://creativecommons.org/licenses/by/4.0/", "credit": LONG_NAME[:500]}
    premiere.show(LONG_TITLE, "demo.mp4", peers=0, license=licence, funding=channels(WAYS[0]))
    wait_listed(kodi, "Clock")
    open_addon(kodi)
    assert "Makers to support (5)" in kodi.rows()
    open_films(kodi)

    choose(kodi, "Clock", "Support the makers")
    assert scanned(kodi, picture, "first") == WAYS[0]
    kodi.press("Right")
    assert scanned(kodi, picture, "second") == WAYS[1]
    kodi.press("Right")
    assert scanned(kodi, picture, "first") == WAYS[0]
    closed(kodi, "Back")

    choose(kodi, LONG_TITLE, "Support the makers")
    assert scanned(kodi, picture, "long") == WAYS[0]
    closed(kodi, "Select")

    choose(kodi, "Big Buck Bunny", "Support the makers")
    assert scanned(kodi, picture, "foundation") == "https://fund.blender.org/"
    closed(kodi, "Select")
    assert not (kodi.userdata / "addon_data" / ADDON_ID / "codes").exists()


def test_reporting_a_problem(kodi, tmp_path, picture):
    curator = Curator(tmp_path / "curator")
    curator.about = {"name": "Festival of Tests", "contact": "films@example.org"}
    curator.build(free("t:one"), window=0)
    catalogues = kodi.userdata / "addon_data" / ADDON_ID / "catalogues"
    with Host(curator.out) as host:
        following.follow(catalogues, following.offered(host.address, "tests"))
        wait_listed(kodi, "Film t:one", timeout=40)
    open_addon(kodi)
    open_films(kodi)

    choose(kodi, "Big Buck Bunny", "Report a problem")
    assert scanned(kodi, picture, "source") == "https://peach.blender.org/"
    closed(kodi, "Select")

    choose(kodi, "Film t:one", "Report a problem")
    assert scanned(kodi, picture, "mail") == "mailto:films@example.org?subject=Common%20Reel%3A%20t%3Aone"
    # Kodi quits with the window open, too
