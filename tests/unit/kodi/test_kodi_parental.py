# SPDX-License-Identifier: GPL-3.0-or-later
"""The parental level, and the PIN before it."""

from __future__ import annotations

import errno
import json
import threading
import time
from pathlib import Path
from unittest.mock import create_autospec

import pytest

from commonreel.catalog.holdings import Holdings
from commonreel.catalog.patronage import Patronage
from commonreel.catalog.store import Store
from commonreel.kodi.api import xbmcvfs
from commonreel.kodi.playing import play
from commonreel.kodi.screens import parental
from commonreel.proxy import client as proxy_client
from commonreel.works.errors import AboveLevel, WrongPin
from commonreel.works.parental import Level
from commonreel.works.work import ContentRating
from lab.few_works import COPS, WORKS

RATED = COPS._replace(content_rating=ContentRating(age=16, by="FSK"))
AGE, SEXUAL, UNRATED, CHANGE, REMOVE, BACK = 0, 1, 2, 3, 4, -1
UP_TO_12 = 2


@pytest.fixture
def types(kodi):
    """What is typed in turn."""

    def types(*pins):
        kodi.dialog.numeric.side_effect = pins

    return types


@pytest.fixture
def picks(kodi):
    """What is picked in turn in the lists that come up."""

    def picks(*rows):
        kodi.dialog.select.side_effect = rows

    return picks


@pytest.fixture
def locked(kodi, call, types, picks):
    """A PIN, 1234, and works up to 12."""
    types("1234", "1234")
    picks(AGE, UP_TO_12, BACK)
    call("/parental/", handle=-1)
    kodi.dialog.numeric.reset_mock()
    return kodi.profile / "parental.json"


def rows(kodi):
    return kodi.dialog.select.call_args[0][1]


def said(kodi):
    return kodi.dialog.ok.call_args[0][1]


def test_without_a_pin_everything_is_shown(kodi):
    assert parental.level() == Level()
    parental.admit(RATED)
    kodi.dialog.numeric.assert_not_called()


def test_a_pin_and_a_level_are_chosen(locked, kodi):
    assert parental.level() == Level(12)
    assert kodi.dialog.select.call_args[0][0] == "Parental level"
    assert rows(kodi)[0] == "Show works up to age 12"
    assert "1234" not in locked.read_text()
    kodi.builtin.assert_called_with("Container.Refresh")


@pytest.mark.parametrize(("typed", "told"), [(["123"], True), (["1234", "1243"], True), ([""], False)])
def test_no_pin_is_no_level(call, kodi, types, typed, told):
    types(*typed)
    call("/parental/", handle=-1)
    assert kodi.dialog.ok.called == told
    kodi.dialog.select.assert_not_called()
    assert not (kodi.profile / "parental.json").exists()


def test_everything_about_it_can_be_changed_with_the_pin(locked, call, kodi, types, picks):
    types("1234", "777777", "777777")
    picks(SEXUAL, UNRATED, CHANGE, AGE, 0, BACK)
    call("/parental/", handle=-1)
    assert parental.level() == Level(None, sexual=False, unrated=False)
    assert kodi.dialog.numeric.call_args_list[0][0][3] is True  # not to be read by who sits beside
    types("777777")
    picks(REMOVE)
    call("/parental/", handle=-1)
    assert parental.level() == Level()
    assert not locked.exists()


def test_a_new_pin_that_is_none_leaves_the_old_one(locked, call, types, picks):
    types("1234", "12")
    picks(CHANGE, BACK)
    call("/parental/", handle=-1)
    types("1234")
    parental.admit(RATED)


def test_a_wrong_pin_changes_nothing_and_waits_longer_each_time(locked, call, kodi, types, monkeypatch):
    clock = [time.time()]
    monkeypatch.setattr(time, "time", lambda: clock[0])
    types(*["9999"] * 5)
    waits, words = [], []
    for _ in range(5):
        call("/parental/", handle=-1)
        words.append(said(kodi).partition(". ")[2].partition(".")[0])
        waits.append(json.loads(locked.read_text())["closed_until"] - clock[0])
        clock[0] += waits[-1]
    assert waits == pytest.approx([0, 0, 10, 20, 40])
    again = "It can be tried again in %d seconds"
    assert words == ["Please try again"] * 2 + [again % wait for wait in (10, 20, 40)]
    kodi.dialog.select.reset_mock()
    clock[0] -= 30
    call("/parental/", handle=-1)  # too soon: it is not even asked
    assert kodi.dialog.numeric.call_count == 5
    assert "in 31 seconds" in said(kodi)
    kodi.dialog.select.assert_not_called()
    clock[0] += 31
    types("1234")
    parental.admit(RATED)
    assert json.loads(locked.read_text())["failures"] == 0


def test_a_clock_that_was_wrong_shuts_nobody_out_for_long(locked, types, monkeypatch):
    types(*["9999"] * 3)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 1e9)
    for _ in range(3):
        with pytest.raises(WrongPin):
            parental.admit(RATED)
    monkeypatch.setattr(time, "time", lambda: now)
    with pytest.raises(WrongPin, match="901"):
        parental.admit(RATED)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"salt": "zz"}', "null", '{"max_age": 12}', '{"x": 1}'])
def test_a_file_that_cannot_be_read_hides_more_not_less(kodi, types, content):
    (kodi.profile / "parental.json").write_text(content)
    types("1234")
    assert not parental.level().unrated
    with pytest.raises(WrongPin):
        parental.admit(RATED)


def test_fields_of_another_kind_are_none_of_ours(locked):
    said = json.loads(locked.read_text())
    for name, value in [
        ("max_age", "99"),
        ("failures", []),
        ("sexual", "no"),
        ("closed_until", {}),
        ("key", ""),
    ]:
        locked.write_text(json.dumps({**said, name: value}))
        assert parental.level() == Level(6, sexual=False, unrated=False), name


# At play


@pytest.fixture
def press(call, kodi, monkeypatch):
    """Presses OK on a film that is from 16 on."""
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", (RATED, *WORKS[1:]))
    kodi.settings["country"] = "US"
    service = create_autospec(proxy_client.Client)
    monkeypatch.setattr(proxy_client, "Client", service)
    service.return_value.open.return_value = "s1"
    ready = {"state": "ready", "url": "http://127.0.0.1:1234/v1/media/x/Cops.mp4", "mime": "video/mp4"}
    service.return_value.status.return_value = ready

    def press():
        kodi.plugin.setResolvedUrl.reset_mock()
        call("/play/", "?id=ia%3ACops")
        [(_, succeeded, _)] = kodi.ends[-1:]
        return succeeded, service.return_value.open.called

    return press


def test_a_film_above_the_level_plays_with_the_pin_and_for_a_while_without(locked, press, kodi, types):
    types("1234")
    assert press() == (True, True)
    assert press() == (True, True)
    assert kodi.dialog.numeric.call_count == 1


def test_what_was_let_through_is_that_film_and_not_for_ever(locked, press, types, monkeypatch):
    types("1234", "", "")
    press()
    with pytest.raises(AboveLevel):
        parental.admit(RATED._replace(id="ia:Other"))
    later = time.time() + parental.PASS_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(AboveLevel):
        parental.admit(RATED)


@pytest.mark.parametrize(("typed", "number"), [("", 30923), ("9999", 30924)])
def test_a_film_above_the_level_does_not_play_without(locked, press, kodi, types, typed, number):
    types(typed)
    assert press() == (False, False)
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[number].format(detail=0)


def test_a_film_below_the_level_is_not_asked_about(locked, kodi):
    parental.admit(RATED._replace(content_rating=ContentRating(age=12, by="FSK")))
    kodi.dialog.numeric.assert_not_called()


@pytest.fixture
def slowly(kodi, monkeypatch):
    """Types a PIN when Kodi has been answered already."""
    monkeypatch.setattr(play, "KODI_SECONDS", 0.05)
    answered = threading.Event()
    kodi.plugin.setResolvedUrl.side_effect = lambda *_: answered.set()

    def typed(pin):
        def numeric(*_):
            assert answered.wait(10)
            return pin

        kodi.dialog.numeric.side_effect = numeric

    return typed


@pytest.mark.parametrize("pin", ["", "9999", "1234"])
def test_who_takes_long_to_type_keeps_kodi_waiting_no_longer_than_it_waits(locked, press, kodi, slowly, pin):
    """Kodi says "Playback failed" of a film that is refused after 20 seconds."""
    slowly(pin)
    press()
    kodi.plugin.setResolvedUrl.assert_called_once()
    assert kodi.ends[-1][1] is False
    played = [called[0][0] for called in kodi.builtin.call_args_list if called[0][0].startswith("PlayMedia")]
    assert played == (
        ["PlayMedia(plugin://plugin.video.commonreel/play/?id=ia%3ACops)"] if pin == "1234" else []
    )


# A new level


@pytest.fixture
def kept_lists(monkeypatch):
    """What Kodi has kept of lists on the disk."""
    kept = {"10025-0a1b2c3d.fi", "10502-0a1b2c3d.fi", "vdb-00000000.fi"}
    monkeypatch.setattr(xbmcvfs, "listdir", lambda _: ([], sorted(kept)))
    monkeypatch.setattr(xbmcvfs, "delete", lambda path: kept.remove(path.rpartition("/")[2]))
    return kept


def asked_of_kodi(kodi):
    return [json.loads(asked[0][0]) for asked in kodi.rpc.call_args_list]


def test_a_new_level_has_every_list_and_widget_asked_for_anew(kept_lists, call, kodi, types, picks):
    types("1234", "1234")
    picks(AGE, UP_TO_12, BACK)
    call("/parental/", handle=-1)
    assert kept_lists == {"10502-0a1b2c3d.fi", "vdb-00000000.fi"}
    kodi.builtin.assert_called_once_with("Container.Refresh")
    [scan] = asked_of_kodi(kodi)
    assert scan["method"] == "VideoLibrary.Scan"
    assert scan["params"]["directory"].endswith("/library/nowhere/")


def test_the_same_level_changes_nothing(locked, kept_lists, call, kodi, types, picks):
    kodi.builtin.reset_mock()
    types("1234")
    picks(BACK)
    call("/parental/", handle=-1)
    kodi.builtin.assert_not_called()
    assert len(kept_lists) == 3


def test_a_full_disk_is_said_and_leaves_the_old_level(locked, call, kodi, types, picks, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    types("1234")
    picks(AGE, 0, BACK)
    monkeypatch.setattr(Path, "write_text", full)
    call("/parental/", handle=-1)
    assert said(kodi) == kodi.texts[30415]
    assert parental.level() == Level(12)


# Lists of what is on this device


@pytest.fixture
def rated(kodi, locked):
    """A film above the level, in the catalogue."""
    kodi.settings["country"] = "US"
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", [RATED])
    return kodi.profile


def test_the_library_lists_nothing_above_the_level(call, rated):
    with Holdings(rated / "library.db") as holdings:
        holdings.written("Movies/Cops/Cops.strm", RATED, "digest")
    assert call("/library/films/").labels == []


def test_the_self_check_counts_nothing_above_the_level(call, rated):
    assert "Films: 0" in call("/check/").labels


def test_what_is_given_to_others_is_not_named_above_the_level(call, kodi, rated):
    kodi.settings["sharing"] = "patron"
    patronage = Patronage(rated / "patronage.db")
    patronage.keep(RATED.id, 1, 3, 1.0)
    patronage.gave({RATED.id: 1}, "2026-01-02")
    assert call("/patron/").labels[2] == "Above the parental level …"
    call("/patron/given/", handle=-1)
    told = kodi.dialog.textviewer.call_args[0][1]
    assert "Above the parental level" in told
    assert "Cops" not in told
