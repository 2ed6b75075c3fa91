# SPDX-License-Identifier: GPL-3.0-or-later
"""The viewer's own lists: what is on them, and how it gets there."""

from __future__ import annotations

import pytest

from commonreel.catalog.history import History
from commonreel.catalog.store import Store
from commonreel.kodi import plugin
from commonreel.kodi.screens import personal
from commonreel.works.work import Tombstone
from lab.few_works import COPS, MOON, OPEN, TRAP, WORKS

PLUGIN = "plugin://plugin.video.commonreel"


@pytest.fixture
def history(kodi):
    kodi.settings["country"] = "US"
    return History(kodi.profile / "history.db")


def entries(kodi, row=0):
    return [label for label, _ in kodi.rows[row][1].menu]


def ways(kodi):
    """What the first screen says of these lists."""
    plugin.run([PLUGIN + "/", "7", "", "resume:false"])
    return [
        label for label in kodi.labels if label.startswith(("Continue watching", "My list", "Seen lately"))
    ]


def test_nothing_is_begun_or_listed_at_first(call, kodi, history):
    assert call("/continue/").rows == []
    assert call("/mylist/").rows == []
    assert ways(kodi) == []


def test_what_was_begun_the_latest_first(call, history):
    for work in (COPS, MOON):
        history.began(work.id)
    history.enlist(COPS.id)
    kodi = call("/continue/")
    assert kodi.labels == ["A Trip to the Moon", "Cops"]
    assert entries(kodi, 0)[:2] == ["Remove from here", "Add to my list"]
    assert entries(kodi, 1)[:2] == ["Remove from here", "Remove from my list"]
    kodi.plugin.setContent.assert_called_with(7, "movies")
    assert kodi.plugin.endOfDirectory.call_args[1]["cacheToDisc"] is False


def test_forgetting_what_was_begun(call, kodi, history):
    history.began(COPS.id)
    call("/continue/forget/", "?id=ia%3ACops", handle=-1)
    assert history.begun() == []
    kodi.builtin.assert_called_once_with("Container.Refresh")
    assert kodi.ends == []


def test_what_was_seen_the_latest_first(call, history):
    for work in (COPS, MOON, COPS):
        history.saw(work.id)
    kodi = call("/seen/")
    assert kodi.labels == ["Cops", "A Trip to the Moon", "Forget what was seen"]
    assert (
        dict(kodi.rows[0][1].menu)["Remove from here"] == "RunPlugin(%s/seen/forget/?id=ia%%3ACops)" % PLUGIN
    )
    call("/seen/forget/", "?id=ia%3ACops", handle=-1)
    assert history.seen() == [MOON.id]
    kodi.dialog.notification.assert_not_called()
    assert ways(kodi) == ["Seen lately (1)"]


def test_what_was_seen_is_forgotten(call, kodi, history):
    for work in (COPS, MOON):
        history.saw(work.id)
    history.enlist(COPS.id)
    call("/seen/forget/", handle=-1)
    assert (history.seen(), history.listed()) == ([], [COPS.id])
    assert kodi.dialog.notification.call_args[0][1] == "What was seen is forgotten."
    kodi.builtin.assert_called_once_with("Container.Refresh")
    assert call("/seen/").rows == []
    assert ways(kodi) == ["My list (1)"]


def test_adding_and_removing(call, kodi, history):
    call("/mylist/add/", "?id=ia%3ACops", handle=-1)
    assert history.listed() == [COPS.id]
    assert kodi.dialog.notification.call_args[0][1] == "It is on your list."
    kodi.builtin.assert_not_called()
    call("/mylist/")
    assert kodi.labels == ["Cops"]
    assert entries(kodi)[0] == "Remove from my list"
    call("/mylist/remove/", "?id=ia%3ACops", handle=-1)
    assert history.listed() == []
    kodi.builtin.assert_called_once_with("Container.Refresh")


@pytest.mark.parametrize("query", ["", "?id=", "?id=ia%3Anobody"])
def test_only_works_of_the_catalogue_are_added(call, kodi, history, query):
    call("/mylist/add/", query, handle=-1)
    assert history.listed() == []
    kodi.dialog.ok.assert_called_once()


def test_what_is_not_free_here_is_left_out_and_kept(call, kodi, history):
    for work in (TRAP, MOON, OPEN):
        history.began(work.id)
        history.enlist(work.id)
    kodi.settings["country"] = "FR"
    for screen in ("/continue/", "/mylist/"):
        assert call(screen).labels == ["A Rabbit", "A Trip to the Moon"]
    kodi.settings["country"] = "US"
    assert call("/mylist/").labels == ["A Rabbit", "A Trip to the Moon", "The Trap"]


def test_what_was_withdrawn_or_is_unknown_is_left_out(call, kodi, history):
    for work in ("ia:nobody", COPS.id, OPEN.id):
        history.began(work)
        history.enlist(work)
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", [OPEN, Tombstone(COPS.id, "an objection")])
    for screen in ("/continue/", "/mylist/"):
        assert call(screen).labels == ["A Rabbit"]


def test_a_long_list_has_pages(call, kodi, history, monkeypatch):
    monkeypatch.setattr(personal, "PAGE_SIZE", 3)
    for work in WORKS:
        history.enlist(work.id)
    assert call("/mylist/").labels == ["A Rabbit", "The Trap", "A Trip to the Moon", "Next page (2)"]
    assert kodi.rows[-1][0] == PLUGIN + "/mylist/?page=2"
    assert call("/mylist/", "?page=2").labels == ["Cops"]
    assert call("/mylist/", "?page=3").labels == []


def test_the_ways_there(kodi, history):
    history.began(COPS.id)
    assert ways(kodi) == ["Continue watching (1)"]
    assert PLUGIN + "/continue/" in [address for address, _, _ in kodi.rows]
    history.enlist(COPS.id)
    history.enlist(OPEN.id)
    assert ways(kodi) == ["Continue watching (1)", "My list (2)"]
    assert PLUGIN + "/mylist/" in [address for address, _, _ in kodi.rows]


def test_what_is_hidden_is_not_counted(kodi, history):
    for work in (TRAP, MOON, OPEN):
        history.began(work.id)
        history.enlist(work.id)
    history.enlist("ia:nobody")
    kodi.settings["country"] = "FR"
    assert ways(kodi) == ["Continue watching (2)", "My list (2)"]
    (kodi.profile / "parental.json").write_text("broken")  # what is not rated is hidden
    assert ways(kodi) == []


def test_a_page_of_my_list_is_full_though_some_are_hidden(call, kodi, history, monkeypatch):
    monkeypatch.setattr(personal, "PAGE_SIZE", 2)
    for work in (OPEN, MOON, TRAP, COPS):
        history.enlist(work.id)
    kodi.settings["country"] = "FR"
    assert call("/mylist/").labels == ["A Trip to the Moon", "A Rabbit"]
