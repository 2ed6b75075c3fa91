# SPDX-License-Identifier: GPL-3.0-or-later
"""A film with subtitles of three kinds, as a viewer meets them who wants French ones."""

from __future__ import annotations

import pytest

from lab.commonreel import open_addon, open_films, wait_listed
from lab.jsonrpc import wait_for
from lab.webseed import WebSeed

FRENCH = "1\n00:00:00,000 --> 00:09:59,000\nMots français\n".encode("cp1252")
ENGLISH = b"WEBVTT\n\n00:00.000 --> 09:59.000\nEnglish words\n"
GERMAN = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, Alignment
Style: Default,Arial,20,&H00FFFFFF,2

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:00.00,0:09:59.00,Default,,0,0,0,,Deutsche Wörter
""".encode("utf-16")


@pytest.fixture
def kodi_settings():
    return {"locale.subtitlelanguage": "French"}


@pytest.fixture
def web(tmp_path):
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "english.vtt").write_bytes(ENGLISH)
    with WebSeed(tmp_path / "web") as web:
        yield web


def subtitles(kodi):
    return kodi.rpc("Player.GetProperties", playerid=1, properties=["subtitles"])["subtitles"]


def current(kodi):
    wanted = ["currentsubtitle", "subtitleenabled"]
    now = kodi.rpc("Player.GetProperties", playerid=1, properties=wanted)
    return now["currentsubtitle"].get("language") if now["subtitleenabled"] else None


def test_subtitles_of_the_torrent_and_of_the_web(premiere, web, kodi, picture):
    stated = [
        {"lang": "en-GB", "url": web.address + "english.vtt", "format": "vtt"},
        {"lang": "de", "path": "Subs/made.ass", "machine": True},
    ]
    premiere.show(
        "Ten minutes",
        "demo.mp4",
        beside={"demo.fr.srt": FRENCH, "Subs/made.ass": GERMAN},
        encoding=[{"torrent": "ten-minutes.torrent", "subtitles": stated}],
    )
    web.drip = 0.5  # seconds for each byte: they come late
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    kodi.select_label("Ten minutes")
    kodi.wait_playing(3)
    assert [each["language"] for each in subtitles(kodi)] == ["fre", "ger"]
    assert current(kodi) == "fre"
    web.drip = 0.0
    wait_for(lambda: len(subtitles(kodi)) == 3, 10, "those that come late")
    french, german, english = found = subtitles(kodi)
    assert french["name"] == "(External)"
    assert german["name"] == "machine made (External)"
    assert english["language"] == "eng"
    assert "GB" in english["name"]
    # Kodi turns on what it is given: the French ones are on again when it has opened them anew.
    wait_for(lambda: kodi.log().count("/0/demo.fr.srt>") >= 2, 10, "the French ones again")
    wait_for(lambda: current(kodi) == "fre", 10, "the French ones to be on")
    kodi.wait_playing(kodi.player_time() + 1)
    picture(kodi, "french")
    for each in found[1:]:
        kodi.action("nextsubtitle")
        wait_for(lambda each=each: current(kodi) == each["language"], 10, each["language"])
        kodi.wait_playing(kodi.player_time() + 1)
        picture(kodi, each["language"])
    kodi.stop_playing()
