# SPDX-License-Identifier: GPL-3.0-or-later
"""Subtitles on their way to Kodi's player."""

from __future__ import annotations

import json

import pytest

from commonreel.kodi.api import xbmc, xbmcgui
from commonreel.kodi.playing import subtitles
from commonreel.works.errors import UnknownWork
from lab.kodi_api import Double, texts

PLAYER = xbmc.Player  # its class, before a Kodi for tests is in its place
FILM = "http://127.0.0.1:1/v1/media/s/Film.mp4"
BASE = "http://127.0.0.1:1/v1/subtitles/s/"
FRENCH = {"url": BASE + "0/Film.fr.srt", "lang": "fr"}
GERMAN = {"url": BASE + "1/Film.machine-made.de.ass", "lang": "de"}
ENGLISH = {"url": BASE + "2/Film.en.vtt", "lang": "en"}


@pytest.fixture
def ask(kodi):
    """What Kodi's JSON-RPC answers, by method or setting."""
    answers = {"Player.GetActivePlayers": [{"playerid": 1, "type": "video"}]}

    def answer(text):
        asked = json.loads(text)
        name = asked["params"].get("setting", asked["method"])
        return json.dumps({"result": answers[name]} if name in answers else {"error": {"code": 1}})

    kodi.rpc.side_effect = answer
    return answers


@pytest.fixture
def codes(monkeypatch):
    known = {"French": "fr", "German": "de", "English": "en"}
    monkeypatch.setattr(xbmc, "convertLanguage", lambda name, form: known.get(name, ""))


def test_languages_are_those_of_kodis_settings_then_of_its_screens(kodi, ask, codes):
    ask["locale.subtitlelanguage"] = {"value": "French"}
    ask["subtitles.languages"] = {"value": ["German", "French"]}
    assert subtitles.languages() == ["fr", "de", "en"]


@pytest.mark.parametrize("setting", ["original", "default", "none", ""])
def test_what_is_no_language_counts_for_nothing(kodi, ask, codes, setting):
    ask["locale.subtitlelanguage"] = {"value": setting}
    assert subtitles.languages() == ["en"]


def test_the_mark_of_a_machine_is_in_the_viewers_language(kodi):
    kodi.texts = texts("fr_fr")
    assert subtitles.addresses({"subtitles": [FRENCH, GERMAN]}) == [
        FRENCH["url"],
        BASE + "1/Film.automatique.de.ass",
    ]


@pytest.mark.parametrize("word", ["машинный", "par une machine", "a/../b", ""])
def test_a_mark_that_kodi_would_not_show_stays_english(kodi, word):
    kodi.texts = {**texts(), 30860: word}
    assert subtitles.addresses({"subtitles": [GERMAN]}) == [GERMAN["url"]]


def test_an_engine_that_tells_of_none_gives_none(kodi):
    assert subtitles.addresses({"state": "ready"}) == []


class Playing:
    """A player with the film, and what it was given with that."""

    def __init__(self, ask, given, now):
        self.ask = ask
        self.player = Double(PLAYER)
        item = xbmcgui.ListItem()
        here = {"subtitle:%d" % number: each["url"] for number, each in enumerate(given, 1)}
        item.getProperty.side_effect = lambda name: here.get(name, "")
        self.player.getPlayingFile.return_value = FILM
        self.player.getPlayingItem.return_value = item
        ask["Player.GetProperties"] = {"subtitles": [{"index": n} for n, _ in enumerate(given)], **now}
        self.late = subtitles.Late(self.player)
        self.late.playing(FILM)
        self.status = {"subtitles": [], "subtitlesComing": True}
        self.asked = []

    def tick(self, *here, coming=True):
        self.status = {"subtitles": [*here], "subtitlesComing": coming}
        self.late.tick(lambda address: self.asked.append(address) or self.status)

    @property
    def added(self):
        return [call[0][0] for call in self.player.setSubtitles.call_args_list]


def test_what_came_with_the_film_is_not_given_again(kodi, ask, codes):
    playing = Playing(ask, [FRENCH], {"currentsubtitle": {"index": 0}, "subtitleenabled": True})
    playing.tick(FRENCH)
    assert playing.added == []


def test_late_ones_are_given_once_and_what_was_on_stays_on(kodi, ask, codes):
    playing = Playing(ask, [FRENCH], {"currentsubtitle": {"index": 0}, "subtitleenabled": True})
    playing.tick(FRENCH, ENGLISH)
    playing.tick(FRENCH, ENGLISH)
    assert playing.added == [ENGLISH["url"]]
    playing.player.setSubtitleStream.assert_called_once_with(0)
    playing.player.showSubtitles.assert_called_once_with(True)


def test_what_was_off_stays_off(kodi, ask, codes):
    playing = Playing(ask, [FRENCH], {"currentsubtitle": {"index": 0}, "subtitleenabled": False})
    playing.tick(FRENCH, ENGLISH)
    playing.player.showSubtitles.assert_called_once_with(False)


@pytest.mark.parametrize(("late", "on"), [(ENGLISH, True), (GERMAN, False)])
def test_where_there_were_none_only_the_viewers_language_goes_on(kodi, ask, codes, late, on):
    playing = Playing(ask, [], {"currentsubtitle": {}, "subtitleenabled": True})
    playing.tick(late)
    assert playing.added == [late["url"]]
    playing.player.showSubtitles.assert_called_once_with(on)


def test_without_a_language_they_do_not_go_on(kodi, ask, codes):
    """Another machine's engine may leave out what it likes."""
    playing = Playing(ask, [], {"currentsubtitle": {}, "subtitleenabled": True})
    playing.tick({"url": ENGLISH["url"]})
    playing.player.showSubtitles.assert_called_once_with(False)


def test_once_all_are_here_nobody_is_asked_any_more_until_the_next_film(kodi, ask, codes):
    playing = Playing(ask, [FRENCH], {"currentsubtitle": {"index": 0}, "subtitleenabled": True})
    playing.tick(FRENCH, coming=False)
    playing.tick(FRENCH, ENGLISH)
    assert playing.asked == [FILM]
    playing.late.playing("")
    playing.tick(FRENCH)
    assert playing.asked == [FILM]
    playing.late.playing(FILM + "2")
    playing.tick(FRENCH)
    assert playing.asked == [FILM, FILM + "2"]


def test_another_film_gets_none_of_them(kodi, ask, codes):
    playing = Playing(ask, [], {"currentsubtitle": {}, "subtitleenabled": True})
    playing.player.getPlayingFile.return_value = "/home/films/other.mkv"
    playing.tick(ENGLISH)
    assert playing.added == []


@pytest.mark.parametrize("error", [UnknownWork("s"), RuntimeError("it has stopped")])
def test_a_stream_that_has_gone_is_left_alone(kodi, ask, codes, error):
    playing = Playing(ask, [], {})

    def gone(address):
        playing.asked.append(address)
        raise error

    playing.late.tick(gone)
    playing.late.tick(gone)
    assert playing.asked == [FILM]
