# SPDX-License-Identifier: GPL-3.0-or-later
"""How long it will take, the offer of the web copy, how well a film starts, and the line on the picture."""

from __future__ import annotations

from unittest.mock import create_autospec

import pytest

from commonreel.kodi.api import xbmcgui
from commonreel.kodi.playing import overlay, webcopy
from commonreel.kodi.playing.overlay import Overlay
from commonreel.kodi.words import duration
from commonreel.proxy import client as proxy_client
from lab.kodi_api import Double

WINDOW, LABEL = xbmcgui.Window, xbmcgui.ControlLabel
URL = "http://127.0.0.1:1234/v1/media/s3cret/Cops.mp4"
SLOW = {
    "state": "buffering", "secondsReady": 1.2, "secondsWanted": 5.0, "peers": 4, "webSeeds": 1,
    "rate": 12_000, "fromPeers": 100, "fromWeb": 0, "complete": False, "secondsLeft": 42.0,
    "since": 0, "secondsAhead": 0.0, "seeds": 12, "webCopy": True,
}  # fmt: skip
READY = {**SLOW, "state": "ready", "url": URL, "mime": "video/mp4", "name": "Cops.mp4", "length": 5}
NO, YES, CUSTOM, BACK = 0, 1, 2, -1


@pytest.fixture
def service(monkeypatch):
    """The service's end: the stream s1 crawls, s2 is the web copy."""
    made = create_autospec(proxy_client.Client)
    monkeypatch.setattr(proxy_client, "Client", made)
    service = made.return_value
    service.open.side_effect = ["s1", "s2"]
    service.looks = 0
    service.ready_after = 1000

    def status(stream):
        service.looks += 1
        return READY if stream == "s2" or service.looks > service.ready_after else service.now

    service.now = dict(SLOW)
    service.status.side_effect = status
    service.failure.side_effect = lambda error: error
    return service


@pytest.fixture
def press(call, kodi, service):
    kodi.settings["country"] = "US"
    return lambda path="/play/", **options: call(path, "?id=ia%3ACops", **options)


def ways(service):
    return [called[0][4] for called in service.open.call_args_list]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "about 1 s"),
        (4.4, "about 4 s"),
        (9.9, "about 10 s"),
        (23, "about 25 s"),
        (49, "about 50 s"),
        (50, "about a minute"),
        (89, "about a minute"),
        (91, "about 2 minutes"),
        (1500, "about 25 minutes"),
    ],
)
def test_the_longer_the_coarser(kodi, seconds, words):
    assert duration.about(seconds) == words


def test_the_dialog_says_when_it_starts_where_that_is_known(press, kodi, service):
    kodi.dialog.yesnocustom.return_value = BACK
    press()
    said = [called[0][1] for called in kodi.progress.update.call_args_list]
    assert said[0].splitlines()[1] == "1 of 5 seconds ready · starts in about 40 s"


def test_nothing_is_said_where_it_is_not_known(press, kodi, service):
    service.now["secondsLeft"] = None
    kodi.dialog.yesnocustom.return_value = BACK
    press()
    said = [called[0][1] for called in kodi.progress.update.call_args_list]
    assert said[0].splitlines()[1] == "1 of 5 seconds ready"


def test_the_web_copy_takes_the_place_of_a_slow_film(press, kodi, service):
    kodi.dialog.yesnocustom.return_value = YES
    press()
    kodi.dialog.yesnocustom.assert_called_once()
    assert ways(service) == ["", "web"]
    service.close.assert_called_once_with("s1")
    assert [end[:2] for end in kodi.ends] == [("film", False)]  # Kodi would not wait for an answer
    kodi.builtin.assert_called_with("PlayMedia(plugin://plugin.video.commonreel/play/?id=ia%3ACops)")


@pytest.mark.parametrize("answer", [CUSTOM, BACK])
def test_cancel_at_the_question_is_a_cancel(press, kodi, service, answer):
    kodi.dialog.yesnocustom.return_value = answer
    press()
    assert ways(service) == [""]
    service.close.assert_called_once_with("s1")
    kodi.builtin.assert_not_called()
    kodi.dialog.ok.assert_not_called()


def test_who_waits_is_not_asked_again_and_loses_nothing(press, kodi, service):
    kodi.dialog.yesnocustom.return_value = NO
    service.ready_after = 150
    press()
    kodi.dialog.yesnocustom.assert_called_once()
    assert ways(service) == [""]
    service.close.assert_not_called()
    assert kodi.progress.create.call_count == 2  # it comes up again


@pytest.mark.parametrize("change", [{"webCopy": False}, {"secondsLeft": 8.0}])
def test_who_has_no_web_copy_or_need_of_it_is_not_asked(press, kodi, service, change):
    service.now.update(change)
    service.ready_after = 150
    press()
    kodi.dialog.yesnocustom.assert_not_called()


def test_the_question_goes_by_itself_when_all_is_settled(kodi, monkeypatch):
    monkeypatch.setattr(webcopy, "_LOOK", 0.01)
    closed = kodi.monitor  # anything that is not None

    def question(*_args, **_options):
        for _ in range(500):
            if kodi.builtin.called:
                return BACK  # what Kodi answers of a dialog that was closed
            webcopy.time.sleep(0.01)
        return closed

    kodi.dialog.yesnocustom.side_effect = question
    assert webcopy.ask("Cops", lambda: True) is webcopy.Choice.WAIT
    kodi.builtin.assert_called_once_with("Dialog.Close(10100)")


# How well it starts


def test_how_well_a_film_starts_is_said_and_remembered(press, call, kodi, service):
    service.open.side_effect = ["s2"]
    press("/try/", handle=-1)
    message = kodi.dialog.ok.call_args[0][1]
    assert message == "“Cops” is ready to play.\nShared by 12 · starts in about 1 s"
    service.close.assert_not_called()  # it is left ready
    call("/genre/", "?name=Comedy")
    tag = kodi.rows[1][1].getVideoInfoTag()
    assert tag.setTagLine.call_args[0][0].endswith(" · shared by 12 · starts in about 1 s")


def test_a_try_can_be_cancelled(press, kodi, service):
    kodi.progress.iscanceled.return_value = True
    press("/try/", handle=-1)
    service.close.assert_called_once_with("s1")
    kodi.dialog.ok.assert_not_called()


def test_a_row_of_which_nothing_is_known_says_nothing(press, call, kodi):
    kodi.settings["country"] = "US"
    call("/genre/", "?name=Comedy")
    assert " · " not in kodi.rows[1][1].getVideoInfoTag().setTagLine.call_args[0][0]


# The line on the picture


@pytest.fixture
def screen(kodi, monkeypatch):
    window = Double(WINDOW)
    window.getWidth.return_value = 1920
    monkeypatch.setattr(overlay.xbmcgui, "Window", lambda number: window if number == 12005 else None)
    window.labels = []

    def label(*_args, **_options):
        window.labels.append(Double(LABEL))
        return window.labels[-1]

    monkeypatch.setattr(overlay.xbmcgui, "ControlLabel", label)
    return window


def test_the_line_says_how_the_film_is_coming(kodi, screen):
    line = Overlay()
    assert not line.shown
    line.show({**READY, "rate": 1_240_000, "secondsAhead": 33.7}, 0.5)
    line.show({**READY, "rate": 1_240_000, "secondsAhead": 53.7}, 30.5)
    line.show({**READY, "rate": 1_240_000, "since": 9999, "secondsAhead": 5}, 300)
    line.show({**READY, "complete": True}, 301)
    screen.addControls.assert_called_once()
    for label in screen.labels:
        assert [called[0][0] for called in label.setLabel.call_args_list] == [
            "1.2 MB/s · Viewers: 4 · Web: 1 · 34 s ahead",
            "1.2 MB/s · Viewers: 4 · Web: 1 · 24 s ahead",
            "1.2 MB/s · Viewers: 4 · Web: 1 · 5 s ahead",
            "All of the film is here",
        ]


def test_the_line_is_gone_when_the_film_is(kodi, screen):
    line = Overlay()
    line.show(READY, 1.0)
    line.hide()
    line.hide()
    screen.removeControls.assert_called_once_with(screen.labels)
    assert not line.shown


def test_a_window_that_let_it_go_already_is_no_trouble(kodi, screen):
    screen.removeControls.side_effect = RuntimeError("not there")
    line = Overlay()
    line.show(READY, 1.0)
    line.hide()
    assert not line.shown
