# SPDX-License-Identifier: GPL-3.0-or-later
"""Where Kodi has no libtorrent at all, films still come, from web servers; and the viewer is told."""

from __future__ import annotations

import pytest

from lab.commonreel import open_addon, open_films, wait_listed, wait_progress, wait_refused
from lab.films import FOLDER
from lab.jsonrpc import wait_for
from lab.kodi_lab import OK_DIALOG
from lab.webseed import WebSeed

NAME = "demo.mp4"
SLOW = 30_000  # bytes a second of a connection


@pytest.fixture
def kodi_env(without_libtorrent):
    return without_libtorrent


@pytest.fixture
def web_seed():
    with WebSeed(FOLDER) as seed:
        yield seed


def test_a_film_comes_from_its_web_server_and_one_without_is_refused(premiere, web_seed, kodi, picture):
    film = premiere.show("On the web", NAME, web_seeds=[web_seed.address + NAME])
    premiere.show("Nowhere else", "demo.mkv")
    wait_listed(kodi, "Nowhere else")
    assert not [path for path in kodi.mapped_files() if "libtorrent" in path]
    open_addon(kodi)
    open_films(kodi)

    kodi.select_label("Nowhere else")
    message = wait_refused(kodi)
    kodi.wait_still()
    picture(kodi, "refused")
    assert "films that a web server has still play" in message
    kodi.press("Select")
    wait_for(lambda: kodi.window() != OK_DIALOG, 10, "the message to go")

    web_seed.rate = SLOW  # so that there is time to say how it is coming
    kodi.select_label("On the web")
    wait_progress(kodi, "From web servers only")
    kodi.wait_still()
    picture(kodi, "progress")
    web_seed.rate = 0
    kodi.wait_playing(3)
    kodi.seek(420)
    kodi.wait_playing(422)
    picture(kodi, "at-70-percent")
    kodi.stop_playing()

    assert web_seed.given > film.stat().st_size / 20
    assert premiere.given() == 0
    assert "films come from web servers only" in kodi.log()
