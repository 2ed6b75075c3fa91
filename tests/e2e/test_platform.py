# SPDX-License-Identifier: GPL-3.0-or-later
"""The zip for this platform streams from peers where the system has no libtorrent."""

from __future__ import annotations

import pytest

from lab.commonreel import ADDON_ID, open_addon, open_films, wait_listed
from lab.jsonrpc import wait_for

VENDORED = "/addons/%s/lib/vendor/linux-x86_64/" % ADDON_ID


@pytest.fixture
def kodi_env(without_libtorrent):
    return without_libtorrent


def loaded(kodi):
    """Paths of every libtorrent that Kodi has loaded."""
    return [path for path in kodi.mapped_files() if "libtorrent" in path]


def test_a_film_comes_from_the_swarm_with_the_libtorrent_of_the_zip(
    premiere, bare_kodi, addon_zip, platform_zip, picture
):
    kodi = bare_kodi
    film = premiere.show("Ten minutes", "demo.mp4")
    kodi.install_zip(addon_zip)
    kodi.wait_service(ADDON_ID)
    assert "No module named 'libtorrent'" in kodi.log()
    assert not loaded(kodi)

    kodi.install_zip(platform_zip, timeout=120)
    wait_for(lambda: kodi.wait_service(ADDON_ID)["version"] == "99.0.0", 30, "the service with libtorrent")
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    kodi.select_label("Ten minutes")
    kodi.wait_playing(3)
    kodi.seek(300)
    kodi.wait_playing(302)
    picture(kodi, "playing")
    assert premiere.given() > film.stat().st_size / 20

    (path,) = loaded(kodi)
    assert VENDORED in path
    assert "libtorrent 2.1.1.0 from %s" % path in kodi.log()
    kodi.stop_playing()
