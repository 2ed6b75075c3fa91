# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that are kept: shown again as they were for as long as nothing has changed, and no longer."""

from __future__ import annotations

import os
import time

import pytest

from commonreel.catalog.health import Health, HealthBook
from commonreel.catalog.history import History
from commonreel.catalog.store import Store
from commonreel.kodi import router
from commonreel.kodi.lists import ahead, kept
from commonreel.works.work import PartOf, Rating
from lab.few_works import COPS, OPEN
from lab.kodi_api import xbmc, xbmcgui

PLUGIN = "plugin://plugin.video.commonreel"
MINUTE = 60.0
SOAP = OPEN._replace(id="house:soap", type="TVSeries", name={"en": "Soap"}, encoding=())
EPISODE = OPEN._replace(id="house:soap1", type="TVEpisode", part_of=PartOf(SOAP.id, 1, 1))
TALKED_OF = COPS._replace(
    id="ia:talked-of",
    original_name="Les Flics",
    trailer="https://example.org/t.mp4",
    rating=Rating(8.0, 9, "X"),
)
LISTS = [  # at least one of every kind that is kept
    ("/", ""),
    ("/films/", ""),
    ("/films/", "?genre=comedy&decade=1920"),
    ("/films/", "?order=new"),
    ("/open/", ""),
    ("/decades/", ""),
    ("/genres/", ""),
    ("/shelves/", "?kind=maker"),
    ("/places/", ""),
    ("/series/", ""),
    ("/series/", "?id=house%3Asoap"),
    ("/maker/", "?name=buster+keaton"),
    ("/lists/", ""),
]


@pytest.fixture
def settle(kodi):
    """Has all files of the profile be as old as they are when nothing has changed for a while."""
    kodi.settings["country"] = "US"
    with History(kodi.profile / "history.db") as history:
        history.begun()
    HealthBook(kodi.profile / "health.db").note("ia:other", Health(1, 1.0), time.time())
    kept._here.clear()

    def settle(seconds=MINUTE):
        then = time.time() - seconds
        for path in kodi.profile.iterdir():
            os.utime(path, (then, then))

    settle()
    return settle


@pytest.fixture
def made(monkeypatch):
    """The addresses that were answered by a screen."""
    found = []

    def answer(call, argv, basis, real=router.answer):
        found.append(call.address)
        real(call, argv, basis)

    monkeypatch.setattr(router, "answer", answer)
    return found


def fill(kodi, *works):
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", works)


def plain(value):
    """What can be compared: Kodi's own objects cannot."""
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return type(value).__name__ if type(value).__module__ == xbmc.__name__ else value


def told(kodi):
    """All that Kodi was told of the one list there was, but the list's handle."""
    rows = [(url, said(item), is_folder) for url, item, is_folder in kodi.rows]
    names = ("setPluginCategory", "setContent", "addSortMethod", "endOfDirectory")
    calls = {name: [(c[0][1:], c[1]) for c in getattr(kodi.plugin, name).call_args_list] for name in names}
    for name in (*names, "addDirectoryItems"):
        getattr(kodi.plugin, name).reset_mock()
    return rows, calls


def said(item):
    tag = vars(item.getVideoInfoTag())
    facts = {name: [plain(c[0]) for c in told.call_args_list] for name, told in tag.items() if name[0] != "_"}
    return item.label, item.art, item.menu, item.properties, facts


@pytest.mark.parametrize(("path", "query"), LISTS)
def test_a_list_that_was_kept_is_the_one_that_was_made(call, kodi, settle, made, path, query):
    fill(kodi, SOAP, EPISODE, TALKED_OF)
    settle()
    first = told(call(path, query))
    assert told(call(path, query)) == first
    assert made == [PLUGIN + path + query]
    kept._here.clear()  # as in an interpreter that Kodi has started anew
    assert told(call(path, query)) == first
    assert made == [PLUGIN + path + query]


def test_every_kind_of_list_that_is_kept_is_tried_here():
    tried = {path.rstrip("/") or "/" for path, _ in LISTS}
    assert router.KEPT - tried == {"/list"}  # the works of a selection


def test_lists_of_another_page_or_narrowed_otherwise_are_others(call, settle, made):
    call("/films/")
    assert "Cops" in call("/films/", "?genre=comedy").labels
    assert call("/films/", "?genre=fantasy").labels[1:] == ["A Trip to the Moon"]
    assert len(made) == 3


@pytest.mark.parametrize(
    "path", ["/mylist/", "/continue/", "/seen/", "/search/", "/library/", "/catalogues/"]
)
def test_what_else_changes_is_not_kept(call, settle, made, path):
    call(path)
    settle()
    call(path)
    assert made == [PLUGIN + path] * 2


def test_new_works_are_seen(call, kodi, settle):
    before = call("/films/").labels
    fill(kodi, TALKED_OF._replace(name={"en": "Zigzag"}))
    settle(MINUTE / 2)
    assert call("/films/").labels == [*before, "Zigzag"]


def test_withdrawn_works_are_gone(call, kodi, settle):
    fill(kodi, TALKED_OF._replace(name={"en": "Zigzag"}))
    settle()
    assert "Zigzag" in call("/films/").labels
    fill(kodi)
    settle(MINUTE / 2)
    assert "Zigzag" not in call("/films/").labels


def test_what_the_viewer_has_done_is_seen(call, kodi, settle):
    assert not [label for label in call("/").labels if label.startswith("My list")]
    with History(kodi.profile / "history.db") as history:
        history.enlist(COPS.id)
    settle()
    assert "My list (1)" in call("/").labels
    settle()
    assert "My list (1)" in call("/").labels


def test_how_a_film_came_is_seen(call, kodi, settle):
    call("/films/")
    HealthBook(kodi.profile / "health.db").note(COPS.id, Health(12, 4.0), time.time())
    settle()
    lines = [item.getVideoInfoTag().setTagLine.call_args for _, item, _ in call("/films/").rows[1:]]
    assert any("12" in line[0][0] for line in lines)


@pytest.mark.parametrize("name", ["settings.xml", "parental.json", "library.db", "catalogue.db-wal"])
def test_any_file_of_the_profile_counts(call, kodi, settle, made, name):
    call("/")
    (kodi.profile / name).write_bytes(b"{}")
    settle()
    call("/")
    assert len(made) == 2


@pytest.mark.parametrize("name", ["catalogue.db-shm", "patronage.db"])
def test_what_changes_all_the_time_and_is_in_no_list_does_not(call, kodi, settle, made, name):
    call("/")
    (kodi.profile / name).write_bytes(b"whatever")
    call("/")
    assert len(made) == 1


def test_the_log_that_a_reader_makes_does_not_count(call, kodi, settle, made):
    (kodi.profile / "catalogue.db-wal").write_bytes(b"")
    call("/")
    (kodi.profile / "catalogue.db-wal").unlink()
    call("/")
    assert len(made) == 1


def test_while_something_changes_nothing_is_kept(call, kodi, settle, made):
    """What changes again within the file system's next tick looks the same."""
    settle(1.0)
    call("/")
    call("/")
    assert len(made) == 2
    assert not (kodi.profile / "lists").exists()


def test_what_changes_while_a_list_is_made_counts(call, kodi, settle, made, monkeypatch):
    def show(handle, found, real=router.listing.show):
        fill(kodi, TALKED_OF)
        settle()
        real(handle, found)

    with monkeypatch.context() as patched:
        patched.setattr(router.listing, "show", show)
        call("/films/")
    assert TALKED_OF.title("en") in call("/films/").labels
    assert len(made) == 2


def test_another_language(call, kodi, settle, made):
    call("/")
    kodi.region = "fr-FR"
    call("/")
    assert len(made) == 2


def test_another_screen(call, settle, made, monkeypatch):
    call("/films/")
    monkeypatch.setattr(xbmcgui, "getScreenHeight", lambda: 2160)
    call("/films/")
    assert len(made) == 2


def test_another_day(call, settle, made, monkeypatch):
    """What is known of how films came grows old."""
    call("/films/")
    tomorrow = time.time() + kept.DAY
    monkeypatch.setattr(time, "time", lambda: tomorrow)
    call("/films/")
    assert len(made) == 2


def test_another_version(call, settle, made, monkeypatch):
    call("/films/")
    monkeypatch.setattr(kept, "__version__", "99")
    call("/films/")
    assert len(made) == 2


@pytest.mark.parametrize("left", [0, 10, 1000])
def test_a_file_that_was_cut_off(call, kodi, settle, made, left):
    labels = call("/films/").labels
    [file] = (kodi.profile / "lists").iterdir()
    file.write_bytes(file.read_bytes()[:left])
    kept._here.clear()
    assert call("/films/").labels == labels
    assert len(made) == 2
    kept._here.clear()
    assert call("/films/").labels == labels
    assert len(made) == 2


def test_of_two_addresses_with_one_file_each_gets_its_own(call, kodi, settle, monkeypatch):
    monkeypatch.setattr(kept, "crc32", lambda _: 7)
    films, genres = list(call("/films/").labels), list(call("/genres/").labels)
    kept._here.clear()
    assert (call("/films/").labels, call("/genres/").labels) == (films, genres)


def test_where_nothing_can_be_kept_lists_are_shown_all_the_same(call, kodi, settle):
    (kodi.profile / "lists").write_text("no folder")
    settle()
    assert "Cops" in call("/films/").labels
    assert kodi.ends == [("list", True)]


def test_no_profile_yet(call, kodi, made):
    kodi.profile = kodi.profile / "nowhere"
    kodi.state = {"status": "failed", "port": 0, "secret": "", "reason": "disk-full"}
    call("/")
    assert kodi.ends == [("list", False)]
    assert made == [PLUGIN + "/"]


def test_only_so_many_are_kept(call, kodi, settle, made, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 3)
    for page in range(1, 6):
        call("/films/", "?page=%d" % page)
        for file in (kodi.profile / "lists").iterdir():
            os.utime(file, (0, file.stat().st_mtime - 1))
    assert len(list((kodi.profile / "lists").iterdir())) == 3
    kept._here.clear()
    call("/films/", "?page=5")
    assert len(made) == 5
    call("/films/", "?page=1")
    assert len(made) == 6


def test_an_interpreter_that_is_kept_holds_few(call, settle):
    for page in range(1, 10):
        call("/films/", "?page=%d" % page)
        call("/films/", "?page=%d" % page)
    assert len(kept._here) == kept.MOST_HERE


def addresses(kodi):
    return [url for url, *_ in kodi.rows]


def test_the_first_lists_are_made_before_anybody_asks(call, kodi, settle, made):
    service = ahead.Ahead()
    for _ in range(20):
        service.tick()
    first = [url for url in addresses(call("/")) if router.is_kept(url)]
    assert PLUGIN + "/films/" in first
    for url in first:
        path, mark, query = url[len(PLUGIN) :].partition("?")
        call(path, mark + query)
    assert made == []


def test_they_are_made_anew_when_something_has_changed(call, kodi, settle, made):
    service = ahead.Ahead()
    for _ in range(20):
        service.tick()
    fill(kodi, TALKED_OF._replace(name={"en": "Zigzag"}))
    service.tick()  # not yet: it has just changed
    settle(MINUTE / 2)
    for _ in range(20):
        service.tick()
    assert "Zigzag" in call("/films/").labels
    assert made == []


def test_one_list_a_turn(kodi, settle):
    service = ahead.Ahead()
    for turn in range(1, 4):
        service.tick()
        assert len(list((kodi.profile / "lists").iterdir())) == turn


def test_a_list_that_cannot_be_made_stops_no_other(call, kodi, settle, made, monkeypatch):
    def made_or_not(call, real=router.made):
        if "/films/" in call.address:
            raise OSError("no")
        return real(call)

    monkeypatch.setattr(router, "made", made_or_not)
    service = ahead.Ahead()
    for _ in range(20):
        service.tick()
    assert call("/genres/").labels
    assert made == []
