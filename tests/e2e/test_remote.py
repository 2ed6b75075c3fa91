# SPDX-License-Identifier: GPL-3.0-or-later
"""A weak box under the TV: the film comes from an engine on another address, and Kodi only plays it."""

from __future__ import annotations

import http.client
import re
from pathlib import Path

import pytest

from commonreel import __version__
from lab.commonreel import ADDON_ID, open_addon, open_films, wait_listed, wait_refused
from lab.films import SECONDS
from lab.jsonrpc import wait_for
from lab.serve import Serve

ADDON_SETTINGS = 10140  # a dialog of Kodi's
TELL_SECONDS = 10  # in which an engine hears that its film is no longer wanted


@pytest.fixture
def engine(premiere, tmp_path):
    folder = tmp_path / "nas"
    folder.mkdir()
    with Serve(folder, premiere.folder) as engine:
        yield engine


@pytest.fixture
def addon_settings(premiere, engine):
    mine = {"local_folder": "%s/" % premiere.folder, "remote": "true"}
    return {ADDON_ID: {**mine, "remote_address": engine.address, "remote_token": engine.token}}


def held(folder):
    """The bytes of films in a profile's cache."""
    return sum(path.stat().st_blocks * 512 for path in (Path(folder) / "cache").rglob("*") if path.is_file())


def played(kodi):
    """The address that Kodi's player was given last; only its log tells."""
    return re.findall(r"http://[0-9.]+:[0-9]+/v1/media/[0-9A-Za-z_-]+/[^\s'\"]+", kodi.log())[-1]


def status(engine, address):
    """What the engine says of the stream behind a film's address."""
    host, _, port = engine.address.rpartition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=10)
    try:
        connection.request("HEAD", "/" + address.partition("//")[2].partition("/")[2])
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_film_comes_from_the_engine_on_another_machine(premiere, engine, kodi, picture):
    film = premiere.show("Ten minutes", "demo.mp4")
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    kodi.select_label("Ten minutes")
    kodi.wait_playing(3)
    picture(kodi, "playing")

    address = played(kodi)
    assert address.startswith("http://%s/v1/media/" % engine.address)
    kodi.seek(SECONDS * 0.7)
    kodi.wait_playing(SECONDS * 0.7 + 2)
    assert premiere.given() > film.stat().st_size / 10

    here = kodi.userdata / "addon_data" / ADDON_ID
    assert held(engine.profile) > film.stat().st_size / 10
    assert held(here) == 0
    assert "commonreel.streaming" not in kodi.log()  # no engine was started

    assert status(engine, address) == 200
    kodi.stop_playing()
    wait_for(lambda: status(engine, address) == 404, TELL_SECONDS, "the engine to close the film")


def test_an_engine_that_is_down_is_told_at_once_and_its_return_needs_nothing(premiere, engine, kodi, picture):
    premiere.show("Ten minutes", "demo.mp4")
    wait_listed(kodi, "Ten minutes")
    address = engine.address
    engine.stop()
    open_addon(kodi)
    open_films(kodi)
    kodi.select_label("Ten minutes")
    said = wait_refused(kodi, 10)
    assert address in said
    picture(kodi, "engine-down")
    kodi.press("Select")
    wait_for(lambda: kodi.focused() == "Ten minutes", 10, "the list again")

    with Serve(engine.folder, premiere.folder, listen=address):
        kodi.select_label("Ten minutes")
        kodi.wait_playing(2)
        kodi.stop_playing()


def test_another_version_is_told_with_both(premiere, engine, bare_kodi, newer_zip):
    kodi = bare_kodi
    kodi.install_zip(newer_zip)
    kodi.wait_service(ADDON_ID)
    premiere.show("Ten minutes", "demo.mp4")
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    kodi.select_label("Ten minutes")
    said = wait_refused(kodi, 10)
    assert "99.0.0" in said
    assert __version__ in said
    kodi.press("Select")


def test_the_settings_are_reached_with_the_remote(kodi, picture):
    kodi.builtin("Addon.OpenSettings(%s)" % ADDON_ID)
    kodi.wait_window(ADDON_SETTINGS)
    kodi.press("Left")
    kodi.focus_label("Engine", limit=8)
    kodi.press("Right")
    assert kodi.focused() == "Use an engine on another machine (*)"
    kodi.press("Down")
    assert kodi.focused() == "Address of that machine"
    kodi.press("Down")
    assert kodi.focused() == "Its token"
    picture(kodi, "engine")
    kodi.press("Back")
