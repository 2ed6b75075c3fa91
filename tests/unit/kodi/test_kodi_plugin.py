# SPDX-License-Identifier: GPL-3.0-or-later
"""Every call ends exactly once, whatever happens."""

from __future__ import annotations

import pytest

from commonreel.kodi import plugin, router
from commonreel.works import errors
from lab.kodi_api import xbmc

PATHS = [
    "/", "/films/", "/decades/", "/decade/", "/genres/", "/genre/", "/open/", "/search/", "/search/new/",
    "/maker/", "/maker/words/", "/maker/links/", "/lists/", "/list/", "/list/words/",
    "/search/results/", "/search/forget/", "/work/", "/country/", "/play/",
    "/library/", "/library/films/", "/library/add/", "/library/remove/", "/library/all/", "/library/update/",
    "/library/guide/", "/library/open/", "/library/movies/", "/library/clear/",
]  # fmt: skip
QUERIES = ["", "?", "?page=2", "?page=x&year=x", "?page=-1", "?id=", "?id=no:such", "?q=&name=", "?%%%=&&"]


@pytest.fixture(autouse=True)
def answers(kodi):
    kodi.dialog.input.return_value = ""
    kodi.dialog.select.return_value = -1
    kodi.dialog.yesno.return_value = True


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("path", PATHS)
def test_every_address_ends_once(call, path, query):
    assert len(call(path, query).ends) == 1


@pytest.mark.parametrize("path", PATHS)
def test_nothing_ends_where_nobody_waits(call, path):
    assert call(path, handle=-1).ends == []


@pytest.mark.parametrize("path", ["", "/films", "/films/", "/decades", "/search/results"])
def test_a_slash_at_the_end_makes_no_difference(call, path):
    assert call(path).ends == [("list", True)]


@pytest.mark.parametrize("path", ["/nowhere/", "/films/2/", "/play/x", "/../etc"])
def test_an_unknown_address_ends_quietly(call, path):
    kodi = call(path)
    assert kodi.ends == [("list", False)]
    kodi.dialog.notification.assert_not_called()
    assert any(called[0][1] == xbmc.LOGWARNING for called in kodi.log.call_args_list)


def test_kodi_may_leave_the_last_arguments_out(kodi):
    plugin.run(["plugin://plugin.video.commonreel/films/", "3"])
    assert kodi.ends == [("list", True)]


def test_each_call_has_its_own_handle(call, kodi):
    call("/films/", handle=1)
    call("/films/", handle=2)
    assert [called[0][0] for called in kodi.plugin.endOfDirectory.call_args_list] == [1, 2]


def test_a_list_that_fails_ends_and_says_why(call, kodi):
    (kodi.profile / "catalogue.db").unlink()
    call("/films/")
    assert kodi.ends == [("list", False)]
    assert kodi.dialog.notification.call_args[0][1] == kodi.texts[30417]


def test_what_comes_of_a_key_that_was_pressed_stays_until_it_was_read(call, kodi):
    call("/support/", "?id=ia%3Anobody", handle=-1)
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30401]
    kodi.dialog.notification.assert_not_called()


def test_a_long_notice_stays_until_it_has_moved_past(call, kodi):
    (kodi.profile / "catalogue.db").unlink()
    call("/films/")
    _, said, _, shown_ms = kodi.dialog.notification.call_args[0]
    letters_per_second = 60 / 13  # pixels of Kodi's skin
    assert shown_ms / 1000 > len(said) / letters_per_second - 3


def test_a_list_waits_for_the_first_filling(call, kodi):
    hidden = kodi.profile / "later.db"
    (kodi.profile / "catalogue.db").rename(hidden)
    kodi.state = None

    def filled(_seconds):
        hidden.rename(kodi.profile / "catalogue.db")
        kodi.state = {"status": "ready", "port": 1, "secret": "s", "reason": "", "version": "1"}
        return False

    kodi.monitor.waitForAbort.side_effect = filled
    call("/films/")
    assert kodi.ends == [("list", True)]


def test_a_service_that_failed_says_of_what(call, kodi):
    (kodi.profile / "catalogue.db").unlink()
    kodi.state = {"status": "error", "port": 0, "secret": "", "reason": "disk-full", "version": "1"}
    call("/")
    assert kodi.dialog.notification.call_args[0][1] == kodi.texts[30415]


@pytest.mark.parametrize(("path", "kind"), [("/films/", "list"), ("/play/?id=ia:Cops", "film")])
def test_a_fault_of_ours_ends_too_and_reaches_kodis_log(call, kodi, monkeypatch, path, kind):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("commonreel.kodi.catalogue.store", broken)
    path, _, query = path.partition("?")
    with pytest.raises(ZeroDivisionError):
        call(path, "?" + query)
    assert [end[:2] for end in kodi.ends] == [(kind, False)]


def test_logging_goes_to_kodi_once(call, kodi):
    call("/nowhere/")
    call("/nowhere/")
    assert len(kodi.log.call_args_list) == 2


def test_errors_have_words(kodi):
    from commonreel.kodi.words.strings import error_text

    assert error_text(errors.NotFreeHere()) == kodi.texts[30403]
    assert error_text(errors.CommonReelError()) == kodi.texts[30400]


@pytest.mark.parametrize("path", router.SCREENS)
def test_every_screen_is_there(path):
    assert callable(router.screen(path))
