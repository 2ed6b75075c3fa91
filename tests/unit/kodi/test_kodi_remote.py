# SPDX-License-Identifier: GPL-3.0-or-later
"""Films that an engine on another machine fetches: how they are played, kept open, and closed."""

from __future__ import annotations

import threading
from unittest.mock import Mock, create_autospec

import pytest

from commonreel.kodi import remote
from commonreel.kodi import service as kodi_service
from commonreel.proxy import client as proxy_client
from commonreel.works.errors import (
    NotOnRemote,
    RemoteUnavailable,
    UnknownWork,
    VersionMismatch,
    WrongToken,
)

URL = "http://192.168.1.10:8090/v1/media/s1-secret/Cops.mp4"
OTHER = "http://192.168.1.10:8090/v1/media/s2-secret/Moon.mp4"
READY = {"state": "ready", "url": URL, "mime": "video/mp4"}


@pytest.fixture
def engine(monkeypatch, kodi):
    """The engine's end, with the settings that lead to it."""
    kodi.settings.update(country="US", remote=True, remote_address="192.168.1.10:8090", remote_token="t" * 20)
    made = create_autospec(proxy_client.RemoteClient)
    failure = proxy_client.RemoteClient("192.168.1.10:8090", "t" * 20, "0.1.0").failure
    monkeypatch.setattr(proxy_client, "RemoteClient", made)
    engine = made.return_value
    engine.failure.side_effect = failure
    engine.made = made
    engine.open.return_value = "s1"
    engine.status.return_value = READY
    engine.stream_at.side_effect = lambda url: url.split("/")[5][:2] if "192.168.1.10" in url else ""
    return engine


@pytest.fixture
def press(call):
    return lambda: call("/play/", "?id=ia%3ACops")


@pytest.fixture
def watch(kodi):
    return remote.Watch()


# The plugin


def test_a_film_comes_from_there_whatever_the_service_here_says(press, kodi, engine):
    kodi.state = {"status": "error", "port": 0, "secret": "", "reason": "no-engine", "version": "1"}
    press()
    [(_, succeeded, item)] = kodi.ends
    assert succeeded
    item.setPath.assert_called_once_with(URL)
    engine.made.assert_called_once_with("192.168.1.10:8090", "t" * 20, "0.1.0", remote.ANSWER_SECONDS)
    engine.open.assert_called_once_with(
        "ia:Cops", "https://archive.org/download/Cops/Cops_archive.torrent", 0.0, ["en"], ""
    )


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (RemoteUnavailable("192.168.1.10:8090: timed out"), "192.168.1.10:8090: timed out"),
        (VersionMismatch("add-on 0.1.0, engine 0.2.0"), "add-on 0.1.0, engine 0.2.0"),
        (WrongToken(), "token"),
        (NotOnRemote(), "catalogue"),
    ],
)
def test_what_goes_wrong_there_is_explained_once(press, kodi, engine, error, said):
    engine.open.side_effect = error
    press()
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    kodi.dialog.ok.assert_called_once()
    assert said in kodi.dialog.ok.call_args[0][1]


def test_what_the_other_machine_lacks_is_said_to_be_lacking_there(press, kodi, engine):
    engine.status.return_value = {"state": "failed", "error": "disk-full", "detail": "x"}
    press()
    assert kodi.dialog.ok.call_args[0][1] == "The engine on the other machine says: " + kodi.texts[30415]
    assert "{" not in kodi.dialog.ok.call_args[0][1]


def test_settings_that_lead_nowhere_are_explained(press, kodi):
    kodi.settings.update(country="US", remote=True, remote_address="nas", remote_token="t" * 20)
    press()
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    assert "not ADDRESS:PORT: 'nas'" in kodi.dialog.ok.call_args[0][1]


def test_switched_off_the_address_counts_for_nothing(press, kodi, engine):
    kodi.settings["remote"] = False
    kodi.state = {"status": "error", "port": 0, "secret": "", "reason": "no-engine", "version": "1"}
    press()
    engine.made.assert_not_called()


# The service


def test_the_service_here_starts_no_engine(kodi, engine):
    assert kodi_service._config().engine is False
    kodi.settings["remote"] = False
    assert kodi_service._config().engine is True


def test_a_film_that_has_stopped_is_closed_there(watch, engine):
    watch.playing(URL)
    watch.tick()
    engine.close.assert_not_called()
    watch.playing("")
    engine.close.assert_not_called()  # not on the player's thread
    watch.tick()
    watch.tick()
    engine.close.assert_called_once_with("s1")


def test_it_is_closed_also_by_an_addon_that_can_no_longer_read_its_settings(watch, engine, monkeypatch):
    watch.playing(URL)
    monkeypatch.setattr(remote.settings, "read", Mock(side_effect=RuntimeError("Unknown addon id")))
    monkeypatch.setattr(remote.paths, "version", Mock(side_effect=RuntimeError("Unknown addon id")))
    watch.playing("")
    watch.tick()
    engine.close.assert_called_once_with("s1")


def test_one_after_the_other_each_is_closed(watch, engine):
    for address in (URL, OTHER, OTHER, "/home/me/film.mkv", ""):
        watch.playing(address)
    watch.tick()
    assert [called[0][0] for called in engine.close.call_args_list] == ["s1", "s2"]


def test_a_film_that_plays_is_kept_open(watch, engine, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(remote.time, "monotonic", lambda: now[0])
    watch.playing(URL)
    for _ in range(60):
        watch.tick()
        now[0] += 2
    assert 3 <= engine.status.call_count <= 5
    engine.status.assert_called_with("s1")
    engine.close.assert_not_called()


@pytest.mark.parametrize(
    "address", ["", "/home/me/film.mkv", "http://127.0.0.1:1234/v1/media/s1-secret/x.mp4"]
)
def test_what_does_not_come_from_there_is_left_alone(watch, engine, address):
    for played in (address, ""):
        watch.playing(played)
        watch.tick()
    engine.close.assert_not_called()
    engine.status.assert_not_called()


def test_switched_off_nobody_is_called(watch, kodi, engine):
    kodi.settings["remote"] = False
    watch.playing(URL)
    watch.tick()
    watch.playing("")
    watch.tick()
    engine.made.assert_not_called()


def test_what_comes_next_is_fetched_ahead_there(watch, engine):
    watch.playing(URL)
    watch.comes_next("ia:Moon", "key")
    watch.tick()
    engine.open.assert_not_called()
    engine.status.return_value = {**READY, "settled": True}
    engine.open.return_value = "s2"
    watch.tick()
    engine.open.assert_called_once_with("ia:Moon", "key", 0.0)
    watch.tick()
    engine.close.assert_called_once_with("s2")


def test_what_comes_next_is_of_no_interest_once_the_film_has_stopped(watch, engine):
    watch.comes_next("ia:Moon", "key")
    watch.playing(URL)
    watch.comes_next("ia:Moon", "key")
    watch.playing("")
    engine.status.return_value = {**READY, "settled": True}
    watch.tick()
    engine.open.assert_not_called()


@pytest.mark.parametrize("error", [UnknownWork("s1"), RemoteUnavailable("gone"), WrongToken()])
def test_a_machine_that_is_gone_does_no_harm(watch, engine, error):
    engine.close.side_effect = engine.status.side_effect = error
    watch.playing(URL)
    watch.tick()
    watch.playing("")
    watch.tick()
    watch.tick()
    engine.close.assert_called_once()


def test_the_service_waits_for_it_no_longer_than_kodi_waits_for_the_service(watch, engine):
    watch.playing(URL)
    watch.tick()
    assert engine.made.call_args[0][3] == remote.PATIENCE <= 1.0


def test_the_players_thread_calls_nobody(kodi, engine, monkeypatch):
    player = kodi_service.Player()
    callers = []
    engine.close.side_effect = lambda _: callers.append(threading.current_thread())
    monkeypatch.setattr(player, "getPlayingFile", lambda: URL)
    thread = threading.Thread(target=lambda: (player.onAVStarted(), player.onPlayBackStopped()))
    thread.start()
    thread.join()
    assert callers == []
    player.watch.tick()
    assert callers == [threading.current_thread()]
