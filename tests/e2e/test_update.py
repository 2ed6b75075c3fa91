# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on is installed from our repository, and Kodi updates it from there by itself."""

from __future__ import annotations

import pytest

from lab.commonreel import ADDON_ID, open_addon, open_films, wait_listed
from lab.jsonrpc import KodiError, wait_for
from lab.kodi_lab import ADDON_BROWSER, ADDON_INFO, HOME_WINDOW
from lab.repository import Repository

NEXT = "99.0.0"


@pytest.fixture
def kodi_settings():
    return {"general.addonupdates": "0"}  # by itself: Kodi's default, which the lab turns off


def install_from(kodi, repository):
    """Add-ons → Install from repository → ours → Video add-ons → Common Reel → Install."""
    folder = "addons://%s/xbmc.addon.video" % repository
    kodi.rpc("GUI.ActivateWindow", window="addonbrowser", parameters=[folder])
    kodi.wait_window(ADDON_BROWSER)
    kodi.select_label("Common Reel")
    kodi.wait_window(ADDON_INFO)
    wait_for(lambda: kodi.focused().startswith("Install"), 10, "the button Install")
    kodi.press("Select")
    wait_for(lambda: version(kodi), 60, "the add-on to be installed")


def version(kodi):
    try:
        addon = kodi.addon(ADDON_ID)
    except KodiError:
        return None
    return addon["version"] if addon["enabled"] else None


def test_it_updates_itself_from_the_repository(tmp_path, premiere, bare_kodi, addon_zip, picture):
    premiere.show("Ten minutes", "demo.mp4")
    kodi = bare_kodi
    with Repository(tmp_path / "repo") as repository:
        kodi.supply_dependencies(addon_zip)
        kodi.install_zip(repository.publish())
        install_from(kodi, "repository.commonreel")
        kodi.wait_service(ADDON_ID)
        before = version(kodi)
        picture(kodi, "installed")

        repository.publish(NEXT)
        kodi.builtin("UpdateAddonRepos")
        wait_for(lambda: version(kodi) == NEXT, 60, "the update of %s" % before)
        newest = "/%s/%s-%s.zip" % (ADDON_ID, ADDON_ID, NEXT)
        assert any(newest in line for line in repository.asked)

    wait_for(lambda: kodi.wait_service(ADDON_ID)["version"] == NEXT, 30, "the new service")
    wait_listed(kodi, "Ten minutes")
    kodi.rpc("GUI.ActivateWindow", window="home")
    kodi.wait_window(HOME_WINDOW)
    open_addon(kodi)
    open_films(kodi)
    picture(kodi, "updated")
    kodi.select_label("Ten minutes")
    kodi.wait_playing(2)
    kodi.stop_playing()
