# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on comes and goes while Kodi runs, and Kodi goes while a film plays."""

from __future__ import annotations

import socket
import statistics

from lab.commonreel import ADDON_ID, play_address, wait_listed
from lab.jsonrpc import KodiError, wait_for
from lab.kodi_lab import KodiLab

# Every thread that an add-on's script starts has the name of the one Kodi runs it in. One may stay:
# Kodi keeps the interpreter of the latest plugin call for the next one (reuselanguageinvoker).
SCRIPT_THREADS = "LanguageInvoker"
MORE_TO_QUIT = 1.5  # seconds more than Kodi takes to quit in the middle of the same film from its file
RUNS = 5


def play(kodi):
    wait_listed(kodi, "Ten minutes")
    kodi.play(file=play_address("local:ten-minutes"))
    kodi.wait_playing(2)


def refused(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except ConnectionRefusedError:
        return True
    return False


def test_disable_and_enable(premiere, kodi):
    premiere.show("Ten minutes", "demo.mp4")
    play(kodi)
    kodi.stop_playing()
    port = kodi.wait_service(ADDON_ID)["port"]
    assert len(kodi.threads(SCRIPT_THREADS)) > 3

    kodi.enable(ADDON_ID, enabled=False)
    wait_for(lambda: not kodi.home_property(ADDON_ID), 10, "the service to be gone")
    wait_for(lambda: len(kodi.threads(SCRIPT_THREADS)) <= 1, 10, "its threads to be gone")
    assert refused(port)

    kodi.enable(ADDON_ID)
    kodi.wait_service(ADDON_ID)
    play(kodi)


def test_disabled_while_a_film_plays(premiere, kodi):
    premiere.show("Ten minutes", "demo.mp4")
    play(kodi)
    port = kodi.wait_service(ADDON_ID)["port"]
    kodi.enable(ADDON_ID, enabled=False)
    wait_for(lambda: len(kodi.threads(SCRIPT_THREADS)) <= 1, 10, "its threads to be gone")
    assert refused(port)
    kodi.stop_playing()


def test_update_while_a_film_plays(premiere, kodi, newer_zip, picture):
    premiere.show("Ten minutes", "demo.mp4")
    play(kodi)
    kodi.install_zip(newer_zip)
    assert kodi.addon(ADDON_ID)["version"] == "99.0.0"
    state = wait_for(lambda: _ready_as(kodi, "99.0.0"), 30, "the new service")
    assert state["port"]
    picture(kodi, "after")
    if kodi.rpc("Player.GetActivePlayers"):
        kodi.stop_playing()
    play(kodi)
    kodi.seek(300)
    kodi.wait_playing(302)


def _ready_as(kodi, version):
    try:
        state = kodi.wait_service(ADDON_ID, timeout=1)
    except KodiError:
        return None
    return state if state["version"] == version else None


def quit_seconds(play_film, addon_settings, like=None):
    """How long Kodi takes to quit in the middle of a film. `like`: a home in which the add-on is."""
    with KodiLab(addon_settings=addon_settings, like=like) as kodi:
        if like:
            kodi.wait_service(ADDON_ID)
        play_film(kodi)
        kodi.quit()
        assert kodi.tracebacks() == []
        assert kodi.processes_left == []
        assert kodi.quit_seconds is not None, "Kodi had to be killed"
        return kodi.quit_seconds


def test_quit_in_mid_stream(premiere, addon_settings, installed):
    path = premiere.show("Ten minutes", "demo.mp4")

    def play_file(kodi):
        kodi.play(file=str(path))
        kodi.wait_playing(2)

    without = statistics.median(quit_seconds(play_file, addon_settings) for _ in range(RUNS))
    ours = statistics.median(quit_seconds(play, addon_settings, installed) for _ in range(RUNS))
    assert ours <= without + MORE_TO_QUIT
