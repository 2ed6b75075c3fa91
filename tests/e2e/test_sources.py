# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a film's bytes come from: peers, a web seed, both, nobody."""

from __future__ import annotations

from lab.commonreel import ROOT, open_addon, open_films, wait_progress, wait_refused
from lab.jsonrpc import wait_for
from lab.kodi_lab import OK_DIALOG, PROGRESS_DIALOG


def watch(kodi, title):
    open_addon(kodi)
    open_films(kodi)
    kodi.wait_row(title)
    kodi.select_label(title)
    kodi.wait_playing(2)
    kodi.seek(300)
    kodi.wait_playing(302)
    kodi.stop_playing()


def test_swarm_only(premiere, swarm, kodi):
    film = premiere("Peers", "demo.mkv")
    watch(kodi, "Peers")
    assert swarm.uploaded() > film.stat().st_size / 10


def test_web_seed_only(premiere, swarm, web_seed, kodi):
    film = premiere("Web", "demo.mkv", peers=False, web=True)
    watch(kodi, "Web")
    assert web_seed.sent() > film.stat().st_size / 10
    assert swarm.uploaded() == 0


def test_both(premiere, swarm, web_seed, kodi):
    premiere("Both", "demo.mkv", web=True)
    watch(kodi, "Both")
    assert swarm.uploaded() + web_seed.sent() > 0


def test_nobody_has_it_and_cancel_works(premiere, kodi, picture):
    premiere("Nobody", "demo.mkv", peers=False)
    open_addon(kodi)
    open_films(kodi)
    kodi.wait_row("Nobody")
    kodi.select_label("Nobody")
    assert wait_progress(kodi)
    kodi.wait_still()
    picture(kodi, "progress")
    kodi.press("Back")
    wait_for(lambda: kodi.window() not in (PROGRESS_DIALOG, OK_DIALOG), 10, "the dialog to go")
    assert kodi.player_time() is None
    assert kodi.label("Container.FolderPath") == ROOT + "films/"


def test_nobody_has_it_and_the_viewer_waits(premiere, kodi, picture):
    premiere("Nobody", "demo.mkv", peers=False)
    open_addon(kodi)
    open_films(kodi)
    kodi.wait_row("Nobody")
    kodi.select_label("Nobody")
    message = wait_refused(kodi, timeout=90)
    picture(kodi, "message")
    assert "Nobody is offering this film at present." in message
    kodi.press("Select")
    wait_for(lambda: kodi.window() != OK_DIALOG, 10, "the message to go")
    assert kodi.label("Container.FolderPath") == ROOT + "films/"
