# SPDX-License-Identifier: GPL-3.0-or-later
"""How to share is asked, and what is given is told."""

from __future__ import annotations

import time

import pytest

from commonreel.catalog.patronage import Patronage
from commonreel.kodi import viewer
from commonreel.kodi.playing.progress import Progress
from commonreel.kodi.screens import sharing
from commonreel.kodi.words.strings import error_text
from commonreel.works.errors import WebChosen
from lab.kodi_api import texts

PLUGIN = "plugin://plugin.video.commonreel"
QUESTION = "How do you want to share?"
COPS = "ia:Cops"


@pytest.fixture
def patronage(kodi):
    return Patronage(kodi.profile / "patronage.db")


@pytest.mark.parametrize(
    ("choices", "asked"),
    [
        ({"sharing": ""}, True),
        ({"sharing": "web"}, False),
        ({"sharing": "patron"}, False),
        ({"sharing": "", "remote": True}, False),  # the other machine shares, or not
    ],
)
def test_it_is_asked_until_it_is_answered(kodi, choices, asked):
    kodi.settings.update(choices)
    assert [item.label for _, item, _ in sharing.question(viewer.now())] == [QUESTION] * asked


def test_home_and_films_ask_behind_the_country(call, kodi):
    kodi.settings["sharing"] = ""
    for path in ("/", "/films/"):
        call(path)
        assert kodi.labels[0].startswith("Which country")
        assert kodi.labels[1] == QUESTION
        address, item, is_folder = kodi.rows[1]
        assert (address, is_folder) == (PLUGIN + "/sharing/", False)
        assert item.properties == {"SpecialSort": "top"}


@pytest.mark.parametrize(("place", "way"), [(0, "web"), (1, "watching"), (2, "patron")])
def test_choosing(call, kodi, place, way):
    kodi.settings["sharing"] = ""
    kodi.dialog.select.return_value = place
    call("/sharing/", handle=-1)
    assert kodi.settings["sharing"] == way
    kodi.builtin.assert_called_once_with("Container.Refresh")
    (heading, ways), named = kodi.dialog.select.call_args
    assert heading == QUESTION
    assert [item.label for item in ways] == [
        "From web servers only",
        "Share while watching",
        "Be a patron",
    ]
    assert named == {"preselect": 1, "useDetails": True}


def test_no_answer_changes_nothing(call, kodi):
    kodi.settings["sharing"] = ""
    kodi.dialog.select.return_value = -1
    call("/sharing/", handle=-1)
    assert kodi.settings["sharing"] == ""
    kodi.builtin.assert_not_called()


def test_who_gives_nothing_by_choice_finds_none_of_the_ways_preselected(call, kodi):
    kodi.settings["sharing"] = "taking"
    kodi.dialog.select.return_value = -1
    call("/sharing/", handle=-1)
    assert kodi.dialog.select.call_args[1]["preselect"] == -1


# What is given


def test_a_patron_sees_the_tally_and_what_is_kept(call, kodi, patronage):
    kodi.settings["sharing"] = "patron"
    patronage.gave({COPS: 1_500_000_000, "gone": 2_000}, time.strftime("%Y-%m-%d"))
    patronage.keep(COPS, 700_000_000, 3, 1.0)
    patronage.is_whole(COPS)
    patronage.keep("gone", 300_000, -1, 2.0)
    call("/patron/")
    assert kodi.labels[0] == "Given: 1.5 GB today · 1.5 GB this month · 1.5 GB in all"
    assert kodi.labels[1:4] == [QUESTION, "Cops", "gone …"]
    assert len(kodi.rows) == 5
    assert [address[len(PLUGIN) :] for address, _, _ in kodi.rows] == [
        "/patron/given/",
        "/sharing/",
        "/patron/film/?id=ia%3ACops",
        "/patron/film/?id=gone",
        "/settings/",
    ]
    plots = [item.getVideoInfoTag().setPlot.call_args[0][0] for _, item, _ in kodi.rows[2:4]]
    assert plots[0] == "Size: 700 MB[CR]Others who have all of it: 3[CR]Given by you: 1.5 GB"
    assert plots[1].startswith("Size: 0.3 MB[CR]Others who have all of it: ?")
    assert kodi.ends == [("list", True)]


def test_who_is_no_patron_sees_the_tally_alone(call, kodi, patronage):
    patronage.keep(COPS, 1, 3, 1.0)
    call("/patron/")
    assert kodi.labels[0] == "Given: 0 MB today · 0 MB this month · 0 MB in all"
    assert len(kodi.rows) == 3


def test_what_is_given_is_counted_in_the_viewers_language(call, kodi, patronage):
    kodi.texts = texts("fr_fr")
    patronage.gave({COPS: 1_500_000_000}, time.strftime("%Y-%m-%d"))
    assert call("/patron/").labels[0].startswith("Donné : 1.5 Go aujourd'hui")


def test_of_which_works_how_much(call, kodi, patronage):
    patronage.gave({COPS: 1_000_000, "gone": 2_000_000}, "2026-01-02")
    call("/patron/given/", handle=-1)
    page = kodi.dialog.textviewer.call_args[0][1]
    assert [line.split(None, 2) for line in page.splitlines()] == [
        ["2", "MB", "gone"],
        ["1", "MB", "Cops"],
    ]


@pytest.mark.parametrize(("pressed", "kept"), [(0, []), (-1, [COPS])])
def test_stop_keeping(call, kodi, patronage, pressed, kept):
    patronage.keep(COPS, 1, 3, 1.0)
    kodi.dialog.contextmenu.return_value = pressed
    call("/patron/film/", "?id=ia%3ACops", handle=-1)
    assert [each.work for each in patronage.kept()] == kept


def test_settings(call, kodi):
    from commonreel.kodi.api import xbmcaddon

    call("/settings/", handle=-1)
    xbmcaddon.Addon().openSettings.assert_called_once_with()


# Web servers only


def test_that_it_was_chosen_is_said(kodi):
    assert error_text(WebChosen("x")).startswith("You chose films from web servers only")
    with Progress("Film") as progress:
        progress._began -= 5
        progress.wait({"state": "buffering", "peers": 0, "webSeeds": 1, "rate": 0, "webOnly": WebChosen.code})
    message = kodi.progress.update.call_args[0][1]
    assert message.endswith("From web servers only")
