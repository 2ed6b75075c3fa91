# SPDX-License-Identifier: GPL-3.0-or-later
"""What was begun is continued, what was put aside is found, and episodes follow each other."""

from __future__ import annotations

from lab.commonreel import ROOT, open_addon, open_films, play_address, wait_listed
from lab.films import SECONDS
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU, FULLSCREEN_VIDEO

CONTINUE, MY_LIST = ROOT + "continue/", ROOT + "mylist/"
PLAY_NOW, STOP_AFTER = "Play now", "Stop after this"
LEFT_AT = 300


def episode(number):
    return {
        "type": "TVEpisode",
        "partOf": {"series": "local:clocks", "season": 1, "episode": number},
    }


def choose(kodi, title, entry):
    """An entry of a row's context menu."""
    kodi.focus_label(title)
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    kodi.select_label(entry, limit=12)


def titles(kodi, path):
    return [row["label"] for row in kodi.files(path)]


def test_what_was_begun_is_continued_and_what_was_put_aside_is_found(premiere, kodi, picture):
    premiere.show("Ten minutes", "demo.mp4")
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    assert titles(kodi, CONTINUE) == titles(kodi, MY_LIST) == []

    choose(kodi, "Ten minutes", "Add to my list")
    wait_for(lambda: titles(kodi, MY_LIST) == ["Ten minutes"], 10, "the film to be on the list")
    picture(kodi, "added")

    kodi.select_label("Ten minutes")
    kodi.wait_playing(1)
    kodi.seek(LEFT_AT)
    wait_for(lambda: titles(kodi, CONTINUE) == ["Ten minutes"], 10, "it to count as begun")
    left_at = kodi.player_time()
    kodi.stop_playing()
    kodi.wait_listing(ROOT + "films/")

    kodi.open_videos(CONTINUE)
    kodi.focus_label("Ten minutes")
    assert kodi.condition("ListItem.IsResumable")
    picture(kodi, "continue")
    kodi.select_label("Ten minutes")
    kodi.wait_window(CONTEXT_MENU)  # resume from …
    kodi.press("Select")
    kodi.wait_playing(left_at - 10)
    kodi.seek(SECONDS * 0.95)
    wait_for(lambda: titles(kodi, CONTINUE) == [], 10, "it to count as seen")
    kodi.stop_playing()

    kodi.open_videos(MY_LIST)
    choose(kodi, "Ten minutes", "Remove from my list")
    wait_for(lambda: titles(kodi, MY_LIST) == [], 10, "the film to be off the list")
    kodi.wait_listing(MY_LIST)
    wait_for(lambda: kodi.rows() == [], 10, "the list on the screen to be empty")


def play_to_the_end(kodi, left):
    """Play the first episode's last seconds; returns once the next one is announced."""
    kodi.play(file=play_address("local:one"))
    wait_for(lambda: kodi.label("VideoPlayer.Title") == "One", 20, "the first episode")
    kodi.wait_playing(0.5)
    kodi.seek(SECONDS - left)
    wait_for(lambda: kodi.focused() == PLAY_NOW, 20, "the announcement")


def test_episodes_follow_each_other(premiere, kodi, picture):
    premiere.show("One", "demo.mp4", **episode(1))
    premiere.show("Two", "demo.mkv", **episode(2))
    wait_listed(kodi, "Two")

    play_to_the_end(kodi, left=20)
    picture(kodi, "announced")
    assert titles(kodi, CONTINUE) == ["Two"]
    wait_for(lambda: "what comes next is ready" in kodi.log(), 15, "its beginning to be here")
    kodi.press("Select")
    wait_for(lambda: kodi.label("VideoPlayer.Title") == "Two", 20, "the next episode, at once")
    kodi.wait_playing(0.5)
    kodi.stop_playing()

    play_to_the_end(kodi, left=8)
    wait_for(lambda: kodi.label("VideoPlayer.Title") == "Two", 30, "the next episode, by itself")
    kodi.wait_playing(0.5)
    assert kodi.window() == FULLSCREEN_VIDEO
    picture(kodi, "next")
    kodi.stop_playing()

    play_to_the_end(kodi, left=8)
    kodi.press("Right")
    assert kodi.focused() == STOP_AFTER
    kodi.press("Select")
    wait_for(lambda: kodi.window() == FULLSCREEN_VIDEO, 5, "the announcement to go")
    wait_for(lambda: kodi.player_time() is None, 30, "the end")
    kodi.wait_still()
    assert kodi.player_time() is None

    play_to_the_end(kodi, left=20)  # and with the announcement on the screen Kodi quits
