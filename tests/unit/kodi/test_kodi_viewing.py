# SPDX-License-Identifier: GPL-3.0-or-later
"""A film in the player: what is remembered of it, and what comes after it."""

from __future__ import annotations

import json
from base64 import b64decode
from unittest.mock import create_autospec

import pytest

from commonreel.catalog.history import History
from commonreel.catalog.store import Store
from commonreel.kodi import service as kodi_service
from commonreel.kodi.api import xbmc, xbmcgui
from commonreel.kodi.playing import countdown, next_episode, overlay, viewing
from commonreel.works.work import PartOf
from lab.few_works import COPS, OPEN

LONG = 3600.0
TWO_ADDRESS = "plugin://plugin.video.commonreel/play/?id=open%3Atwo"


def episode(name, number):
    return OPEN._replace(
        id="open:" + name, name={"en": name}, type="TVEpisode", part_of=PartOf("open:series", 1, number)
    )


ONE, TWO = episode("one", 1), episode("two", 2)
SERIES = OPEN._replace(id="open:series", name={"en": "Rabbits"}, type="TVSeries", encoding=())


class Window:
    """In place of the window over the picture."""

    def __init__(self):
        self.properties, self.shown = {}, False

    def setProperty(self, name, value):
        self.properties[name] = value

    def show(self):
        self.shown = True

    def close(self):
        self.shown = False


@pytest.fixture
def history(kodi):
    return History(kodi.profile / "history.db")


@pytest.fixture
def conditions(monkeypatch):
    """What Kodi says of itself."""
    conditions = {next_episode.QUIET: True}
    monkeypatch.setattr(xbmc, "getCondVisibility", lambda name: conditions.get(name, False))
    return conditions


@pytest.fixture
def queue(monkeypatch):
    """(position, size) of Kodi's own queue."""
    queue = [-1, 0]
    monkeypatch.setattr(xbmc.PlayList, "getposition", lambda _: queue[0])
    monkeypatch.setattr(xbmc.PlayList, "size", lambda _: queue[1])
    return queue


@pytest.fixture
def windows(monkeypatch, conditions, queue):
    windows = []

    def made(work, decide):
        windows.append(Window())
        windows[-1].decide, windows[-1].work = decide, work
        windows[-1].tell = lambda seconds: windows[-1].setProperty("starts", round(seconds))
        return windows[-1]

    monkeypatch.setattr(next_episode, "countdown", made)
    return windows


@pytest.fixture
def series(kodi, windows):
    """The first of two episodes begins."""
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [TWO, ONE, SERIES])
    return viewing.begin(ONE.id)


# What is remembered


@pytest.mark.parametrize("position", [0, 179, LONG * 0.92, LONG])
def test_what_is_hardly_begun_or_seen_is_not_to_be_continued(kodi, history, position):
    viewing.begin(COPS.id).at(position, LONG)
    assert history.begun() == []


@pytest.mark.parametrize("position", [180, LONG * 0.91])
def test_what_is_begun_is_to_be_continued(kodi, history, position):
    viewing.begin(COPS.id).at(position, LONG)
    assert history.begun() == [COPS.id]


def test_what_is_seen_is_so_no_more_and_may_be_begun_again(kodi, history):
    film = viewing.begin(COPS.id)
    film.at(1000, LONG)
    assert history.seen() == []
    film.at(LONG - 10, LONG)
    assert (history.begun(), history.seen()) == ([], [COPS.id])
    film.at(1000, LONG)
    assert (history.begun(), history.seen()) == ([COPS.id], [COPS.id])


def test_a_short_film_is_seen_as_well(kodi, history):
    history.began(COPS.id)
    viewing.begin(COPS.id).at(150, 160)
    assert history.begun() == []


def test_it_is_written_down_once(kodi, history):
    film = viewing.begin(COPS.id)
    film.at(200, LONG)
    history.ended(COPS.id)
    film.at(201, LONG)
    assert history.begun() == []


def test_while_its_duration_is_unknown_nothing_is(kodi, history):
    viewing.begin(COPS.id).at(200, 0)
    assert history.begun() == []


@pytest.mark.parametrize("work", ["", "ia:nobody", "x" * 5000, "a\udc80"])
def test_what_is_no_work_of_the_catalogue_is_no_concern_of_ours(kodi, work):
    assert viewing.begin(work) is None


def test_after_an_episode_the_next_takes_its_place(series, history):
    series.at(200, LONG)
    assert history.begun() == [ONE.id]
    series.at(LONG - 100, LONG)
    assert history.begun() == [TWO.id]


# What comes next


def test_it_is_announced_in_the_last_seconds(series, windows):
    series.at(LONG - 26, LONG)
    assert windows == []
    series.at(LONG - 25, LONG)
    series.at(LONG - 24, LONG)
    [window] = windows
    assert window.shown
    assert window.work.id == TWO.id
    assert window.properties["starts"] == 24


def test_of_a_short_episode_in_its_last_part(series, windows):
    series.at(91, 100)
    assert windows == []
    series.at(93, 100)
    assert windows


def test_it_begins_at_the_end(series, windows, kodi):
    series.at(LONG - 5, LONG)
    kodi.builtin.assert_not_called()
    series.ended()
    series.close()
    kodi.builtin.assert_called_once_with("PlayMedia(%s,resume)" % TWO_ADDRESS)
    assert not windows[0].shown


def test_it_begins_now(series, windows, kodi):
    series.at(LONG - 5, LONG)
    windows[0].decide(True)
    series.at(LONG - 4, LONG)
    series.close()
    kodi.builtin.assert_called_once_with("PlayMedia(%s,resume)" % TWO_ADDRESS)
    assert len(windows) == 1


def test_it_does_not_begin(series, windows, kodi):
    series.at(LONG - 5, LONG)
    windows[0].decide(False)
    assert not windows[0].shown
    series.at(LONG - 4, LONG)
    series.ended()
    assert len(windows) == 1
    kodi.builtin.assert_not_called()


def test_a_viewer_who_goes_back_is_asked_again(series, windows, kodi):
    series.at(LONG - 5, LONG)
    series.at(LONG - 500, LONG)
    assert not windows[0].shown
    series.at(LONG - 5, LONG)
    assert len(windows) == 2


def test_a_film_that_is_stopped_is_followed_by_nothing(series, windows, kodi):
    series.at(LONG - 5, LONG)
    series.close()
    assert not windows[0].shown
    kodi.builtin.assert_not_called()


def test_what_was_not_announced_does_not_begin(series, windows, conditions, kodi):
    conditions[next_episode.QUIET] = False
    series.at(LONG - 5, LONG)
    series.ended()
    assert windows == []
    kodi.builtin.assert_not_called()


def test_what_kodi_has_in_its_queue_comes_first(series, windows, queue, kodi):
    queue[:] = [0, 2]
    series.at(LONG - 5, LONG)
    assert windows == []
    queue[:] = [1, 2]
    series.at(LONG - 4, LONG)
    assert windows


def test_switched_off(series, windows, kodi, history):
    kodi.settings["next_episode"] = False
    film = viewing.begin(ONE.id)
    film.at(LONG - 5, LONG)
    film.ended()
    assert windows == []
    assert film.announced is None
    assert history.begun() == [TWO.id]


def test_the_last_episode_is_followed_by_nothing(series, windows, kodi):
    last = viewing.begin(TWO.id)
    last.at(LONG - 5, LONG)
    last.ended()
    assert windows == []
    assert last.announced is None


# Up Next


def test_up_next_is_told_and_nothing_is_shown(series, windows, conditions, kodi):
    conditions["System.AddonIsEnabled(service.upnext)"] = True
    film = viewing.begin(ONE.id)
    asked = json.loads(kodi.rpc.call_args[0][0])
    assert asked["method"] == "JSONRPC.NotifyAll"
    parameters = asked["params"]
    assert (parameters["sender"], parameters["message"]) == ("plugin.video.commonreel.SIGNAL", "upnext_data")
    [packed] = parameters["data"]
    told = json.loads(b64decode(packed))
    assert told["play_url"] == TWO_ADDRESS
    assert (told["current_episode"]["title"], told["next_episode"]["title"]) == ("one", "two")
    assert told["next_episode"]["showtitle"] == "Rabbits"
    assert (told["next_episode"]["season"], told["next_episode"]["episode"]) == (1, 2)
    film.at(LONG - 5, LONG)
    film.ended()
    assert windows == []
    kodi.builtin.assert_not_called()


def test_up_next_hears_of_no_film(kodi, conditions):
    conditions["System.AddonIsEnabled(service.upnext)"] = True
    viewing.begin(COPS.id)
    kodi.rpc.assert_not_called()


# The window


@pytest.fixture
def window(kodi, monkeypatch):
    found, decided = {}, []
    monkeypatch.setattr(
        countdown.Countdown, "setProperty", lambda _, name, value: found.update({name: value})
    )
    window = countdown.countdown(TWO, decided.append)
    window.found, window.decided = found, decided
    return window


def test_the_window_says_what_comes_when(window):
    window.tell(4.6)
    assert window.found == {
        "heading": "Next episode",
        "title": "1x02. two",
        "play": "Play now",
        "stop": "Stop after this",
        "starts": "Starts in 5 s",
    }
    window.tell(-0.7)
    assert window.found["starts"] == "Starts in 0 s"


def test_its_buttons(window):
    window.onClick(countdown.PLAY_NOW)
    window.onClick(countdown.STOP)
    assert window.decided == [True, False]


@pytest.mark.parametrize("action", [xbmcgui.ACTION_NAV_BACK, xbmcgui.ACTION_PREVIOUS_MENU])
def test_back_is_no(window, action, monkeypatch):
    monkeypatch.setattr(xbmcgui.Action, "getId", lambda _: action)
    window.onAction(xbmcgui.Action())
    assert window.decided == [False]


def test_other_keys_are_none_of_its_business(window, monkeypatch):
    monkeypatch.setattr(xbmcgui.Action, "getId", lambda _: xbmcgui.ACTION_MOVE_LEFT)
    window.onAction(xbmcgui.Action())
    assert window.decided == []


# The player


class Service:
    def __init__(self):
        self.heard = []

    def playing(self, address):
        self.heard.append(("playing", address))

    def comes_next(self, work, encoding=""):
        self.heard.append(("next", work, encoding))

    def status(self, address):
        return {"url": address} if address else {}


@pytest.fixture
def player(kodi, series, monkeypatch):
    """Plays the first episode."""
    player = kodi_service.Player()
    player.service = Service()
    monkeypatch.setattr(player, "getPlayingFile", lambda: "http://127.0.0.1:1/v1/media/s-x/one.mp4")
    monkeypatch.setattr(
        xbmc.InfoTagVideo, "getUniqueID", lambda _, key: ONE.id if key == "commonreel" else ""
    )
    monkeypatch.setattr(player, "getTime", lambda: 200.0)
    monkeypatch.setattr(player, "getTotalTime", lambda: LONG)
    return player


def test_the_players_film_is_known_by_its_id(player, history):
    player.onAVStarted()
    assert player.service.heard[-1] == ("next", TWO.id, TWO.encoding[0].key)
    player.tick()
    assert history.begun() == [ONE.id]


def test_what_is_not_announced_is_not_fetched_ahead(player, kodi):
    kodi.settings["next_episode"] = False
    player.onAVStarted()
    assert [heard for heard in player.service.heard if heard[0] == "next"] == [("next", "", "")]


def test_the_line_is_on_the_picture_while_it_is_wanted_and_a_film_of_ours_plays(player, monkeypatch):
    line = create_autospec(overlay.Overlay)
    monkeypatch.setattr(player, "_overlay", line)
    player.onAVStarted()
    player.tick()
    line.show.assert_not_called()
    player.overlaid = True
    player.tick()
    line.show.assert_called_once_with({"url": player.getPlayingFile()}, 200.0)
    player.overlaid = False
    line.hide.reset_mock()
    player.tick()
    line.hide.assert_called_once_with()
    line.hide.reset_mock()
    player.onPlayBackStopped()
    line.hide.assert_called_once_with()
    line.show.assert_called_once()


def test_once_it_has_stopped_nothing_is_noted(player, history):
    player.onAVStarted()
    player.onPlayBackStopped()
    player.tick()
    assert history.begun() == []
    assert player.service.heard[-2:] == [("playing", ""), ("next", "", "")]


def test_a_film_that_stops_between_two_calls(player, history, monkeypatch):
    def stopped():
        raise RuntimeError("Kodi is not playing any media file")

    player.onAVStarted()
    monkeypatch.setattr(player, "getTotalTime", stopped)
    player.tick()
    assert history.begun() == []


def test_the_players_end_begins_the_next(player, kodi, windows, monkeypatch):
    player.onAVStarted()
    monkeypatch.setattr(player, "getTime", lambda: LONG - 3)
    player.tick()
    player.onPlayBackEnded()
    kodi.builtin.assert_called_once_with("PlayMedia(%s,resume)" % TWO_ADDRESS)
    assert not windows[0].shown


def test_the_services_end_takes_the_window_along(player, windows, monkeypatch, kodi):
    player.onAVStarted()
    monkeypatch.setattr(player, "getTime", lambda: LONG - 3)
    player.tick()
    player.close()
    assert not windows[0].shown
    kodi.builtin.assert_not_called()


def test_music_is_no_concern_of_ours(player, monkeypatch):
    def no_video():
        raise RuntimeError("Kodi is not playing any videofile")

    monkeypatch.setattr(player, "getVideoInfoTag", no_video)
    player.onAVStarted()
    player.tick()
    assert ("playing", "http://127.0.0.1:1/v1/media/s-x/one.mp4") in player.service.heard
