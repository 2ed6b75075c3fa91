# SPDX-License-Identifier: GPL-3.0-or-later
"""A play, from the call to what Kodi's player is given."""

from __future__ import annotations

import json
from itertools import chain, repeat
from unittest.mock import create_autospec

import pytest

from commonreel.catalog.store import Store
from commonreel.proxy import client as proxy_client
from commonreel.works.errors import NoSource, ServiceUnavailable
from commonreel.works.work import Tombstone

URL = "http://127.0.0.1:1234/v1/media/s3cret/Cops.mp4"
FETCHING = {"state": "fetching"}
BUFFERING = {
    "state": "buffering", "secondsReady": 3.2, "secondsWanted": 8.0, "peers": 4, "webSeeds": 1,
    "rate": 2_300_000, "fromPeers": 100, "fromWeb": 0, "complete": False,
}  # fmt: skip
READY = {**BUFFERING, "state": "ready", "url": URL, "mime": "video/mp4", "name": "Cops.mp4", "length": 5}


@pytest.fixture
def service(monkeypatch):
    """The service's end: says `status` in turn, the last one for ever."""
    made = create_autospec(proxy_client.Client)
    monkeypatch.setattr(proxy_client, "Client", made)
    service = made.return_value
    service.made = made
    service.open.return_value = "s1"

    def says(*statuses):
        left = list(statuses)
        service.status.side_effect = lambda stream: left.pop(0) if len(left) > 1 else left[0]

    service.failure.side_effect = lambda error: error
    service.says = says
    says(READY)
    return service


@pytest.fixture
def press(call, kodi, service):
    """Presses OK on a film."""
    kodi.settings["country"] = "US"

    def press(work="ia%3ACops", **options):
        return call("/play/", "?id=" + work, **options)

    return press


def said(kodi):
    return [called[0][1] for called in kodi.progress.update.call_args_list]


def test_a_film_that_is_there_plays_at_once(press, kodi, service):
    press()
    [(_, succeeded, item)] = kodi.ends
    assert succeeded
    item.setPath.assert_called_once_with(URL)
    item.setMimeType.assert_called_once_with("video/mp4")
    item.setContentLookup.assert_called_once_with(False)
    assert "ForceResolvePlugin" not in item.properties  # Kodi would ask for it twice in a row
    kodi.progress.create.assert_not_called()
    service.made.assert_called_once_with(1234, "hush")
    service.open.assert_called_once_with(
        "ia:Cops", "https://archive.org/download/Cops/Cops_archive.torrent", 0.0, ["en"], ""
    )
    service.close.assert_not_called()


def test_what_kodi_plays_is_called_as_in_the_list(press, kodi):
    press()
    item = kodi.ends[0][2]
    assert item.label == "Cops"
    item.getVideoInfoTag().setTitle.assert_called_once_with("Cops")
    item.getVideoInfoTag().setYear.assert_called_once_with(1922)


@pytest.mark.parametrize("spelling", ["ia%3ACops", "ia:Cops"])
def test_both_spellings_of_a_colon_play(press, kodi, spelling):
    press(spelling)
    assert kodi.ends[0][1]


def test_a_favourite_of_a_withdrawn_work_says_the_catalogues_reason(press, kodi):
    why = "Its maker asked for it.[CR]$INFO[Network.MacAddress]\n\u202eReally"
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", [Tombstone("ia:Cops", why)])
    press()
    assert [end[1] for end in kodi.ends] == [False]
    [told] = [called[0][1] for called in kodi.dialog.ok.call_args_list]
    assert "rights" not in told
    assert told.endswith("The reason given: Its maker asked for it.INFO[Network.MacAddress] Really")


def test_a_slow_film_shows_how_it_is_coming(press, kodi, service):
    service.says(*[FETCHING] * 16, BUFFERING, READY)
    press()
    assert kodi.ends[0][1]
    kodi.progress.create.assert_called_once_with("Cops", "Fetching the film's torrent…")
    kodi.progress.close.assert_called_once_with()
    assert said(kodi) == [
        "Fetching the film's torrent…",
        "Loading the beginning…\n3 of 8 seconds ready\nViewers: 4 · Web sources: 1 · Speed: 2.3 MB/s",
    ]
    assert kodi.progress.update.call_args[0][0] == 40


def test_a_film_that_takes_a_moment_shows_nothing(press, kodi, service):
    service.says(FETCHING, BUFFERING, READY)
    press()
    kodi.progress.create.assert_not_called()


def test_cancel_closes_the_stream(press, kodi, service):
    service.says(BUFFERING)
    kodi.progress.iscanceled.side_effect = [False, True]
    press()
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    service.close.assert_called_once_with("s1")
    kodi.progress.close.assert_called_once_with()
    kodi.dialog.ok.assert_not_called()


def test_kodi_quitting_is_a_cancel(press, kodi, service):
    service.says(BUFFERING)
    kodi.monitor.waitForAbort.return_value = True
    press()
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    service.close.assert_called_once_with("s1")


def test_a_failure_is_explained_after_the_end(press, kodi, service):
    service.says(FETCHING, {"state": "failed", "error": "torrent-private", "detail": "x"})
    kodi.dialog.ok.side_effect = lambda *_: len(kodi.ends) == 1 or pytest.fail("Kodi still waits")
    press()
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30406]
    service.close.assert_called_once_with("s1")


@pytest.mark.parametrize(
    ("lack", "line"),
    [
        ("no-engine", "From web servers only: libtorrent is missing."),
        ("restart-needed", "From web servers only, until Kodi is restarted."),
    ],
)
def test_an_engine_for_the_web_alone_says_so_and_why(press, kodi, service, lack, line):
    service.says(*[{**BUFFERING, "peers": 0, "webOnly": lack}] * 17, READY)
    press()
    assert said(kodi)[0].splitlines()[2:] == ["Web sources: 1 · Speed: 2.3 MB/s", line]
    kodi.dialog.ok.assert_not_called()


@pytest.mark.parametrize(("lack", "text"), [("no-engine", 30412), ("restart-needed", 30413)])
def test_where_the_web_has_nothing_it_says_why_nobody_else_is_asked(press, kodi, service, lack, text):
    service.says({"state": "failed", "error": "no-source", "detail": "x", "webOnly": lack})
    press()
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[text]


def test_an_engine_for_the_web_alone_fails_of_other_things_as_any(press, kodi, service):
    service.says({"state": "failed", "error": "disk-full", "detail": "x", "webOnly": "no-engine"})
    press()
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30415]


def test_silence_ends_with_a_clear_message(press, kodi, service):
    service.says({**BUFFERING, "state": "connecting", "peers": 0, "webSeeds": 0, "fromPeers": 0})
    press()
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30414]
    assert sum(wait[0][0] for wait in kodi.monitor.waitForAbort.call_args_list) == pytest.approx(45, abs=0.5)
    assert kodi.texts[30312] in said(kodi)[-1]
    assert kodi.texts[30312] not in said(kodi)[0]


def test_there_is_no_limit_while_bytes_come(press, kodi, service):
    service.says(*({**BUFFERING, "fromPeers": n // 100} for n in range(600)), READY)
    press()
    service.close.assert_not_called()


def test_a_film_that_takes_long_is_played_anew_once_it_is_there(press, kodi, service):
    service.says(*({**BUFFERING, "fromPeers": n} for n in range(200)), READY)
    press(resume="resume:true")
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    kodi.builtin.assert_called_once_with(
        "PlayMedia(plugin://plugin.video.commonreel/play/?id=ia%3ACops,resume)"
    )
    service.close.assert_not_called()


def test_an_answer_of_the_service_is_heard(press, kodi, service):
    service.open.side_effect = NoSource()
    press()
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30414]


def test_a_service_that_goes_away_is_told(press, kodi, service):
    service.status.side_effect = ServiceUnavailable("gone")
    service.close.side_effect = ServiceUnavailable("gone")
    press()
    assert len(kodi.ends) == 1
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30417]


# The service is not there yet


def test_a_starting_service_is_waited_for(press, kodi):
    kodi.state = None
    turns = []

    def starts(_seconds):
        turns.append(1)
        if len(turns) == 18:
            kodi.state = {"status": "ready", "port": 9, "secret": "s", "reason": "", "version": "1"}
        return False

    kodi.monitor.waitForAbort.side_effect = starts
    press()
    assert kodi.ends[0][1]
    assert said(kodi) == ["Getting ready…"] * 3


def test_a_service_that_does_not_come_is_not_waited_for_long(press, kodi, service):
    kodi.state = {"status": "starting", "port": 0, "secret": "", "reason": "", "version": "1"}
    press()
    assert sum(wait[0][0] for wait in kodi.monitor.waitForAbort.call_args_list) == pytest.approx(8, abs=0.5)
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30417]
    service.open.assert_not_called()


def test_a_failed_service_says_why(press, kodi):
    kodi.state = {"status": "error", "port": 0, "secret": "", "reason": "no-engine", "version": "1"}
    press()
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30412]


@pytest.mark.parametrize("nonsense", [[], 3, "x", {"status": "ready"}, {"status": "ready", "port": "x"}])
def test_nonsense_in_the_state_is_no_state(press, kodi, nonsense):
    kodi.state = nonsense
    press()
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30417]


# What may not be played


@pytest.mark.parametrize(("country", "work"), [("", "ia:Cops"), ("FR", "ia:Cops"), ("JP", "ia:Moon")])
def test_what_is_not_free_here_does_not_play(press, kodi, service, country, work):
    kodi.settings["country"] = country
    press(work)
    assert [end[:2] for end in kodi.ends] == [("film", False)]
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30403]
    service.open.assert_not_called()


def test_what_is_not_in_the_catalogue_does_not_play(press, kodi):
    press("ia:None")
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30401]


def test_the_parent_folder_ends_quietly(call, kodi):
    call("/play/")
    assert len(kodi.ends) == 1
    kodi.dialog.ok.assert_not_called()
    kodi.dialog.notification.assert_not_called()


def test_called_as_a_script_it_asks_the_player(press, kodi, service):
    press(handle=-1)
    kodi.builtin.assert_called_once_with("PlayMedia(plugin://plugin.video.commonreel/play/?id=ia%3ACops)")
    service.open.assert_not_called()


# Resuming


def test_resuming_tells_the_service_where(press, kodi, service):
    failed = {"error": {"code": -32602}}
    details = {"result": {"filedetails": {"resume": {"position": 251.0, "total": 600}}}}
    kodi.rpc.side_effect = chain([json.dumps(failed), json.dumps(details)], repeat("{}"))
    press(resume="resume:true")
    assert service.open.call_args[0][2] == 251.0
    forget, ask, *_ = [json.loads(called[0][0]) for called in kodi.rpc.call_args_list]
    assert forget["params"]["directory"] == "plugin://plugin.video.commonreel/?nothing=1"
    assert ask["params"]["file"] == "plugin://plugin.video.commonreel/play/?id=ia%3ACops"


def test_nothing_is_a_list_that_fails(call):
    assert call("/", "?nothing=1").ends == [("list", False)]


@pytest.mark.parametrize("answer", [{"error": {"code": -32602}}, {"result": {"filedetails": {}}}])
def test_an_unknown_resume_point_is_the_beginning(press, kodi, service, answer):
    kodi.rpc.return_value = json.dumps(answer)
    press(resume="resume:true")
    assert service.open.call_args[0][2] == 0.0


# Subtitles

SUBTITLES = [{"url": "http://127.0.0.1:1234/v1/subtitles/s3cret/0/Cops.fr.srt", "lang": "fr"}]


def test_subtitles_that_are_here_go_with_the_film(press, kodi, service):
    service.says({**READY, "subtitles": SUBTITLES})
    press()
    kodi.ends[0][2].setSubtitles.assert_called_once_with([SUBTITLES[0]["url"]])


def test_the_viewers_are_waited_for_a_moment(press, kodi, service):
    service.says(*[{**READY, "subtitlesAwaited": True}] * 3, {**READY, "subtitles": SUBTITLES})
    press()
    kodi.ends[0][2].setSubtitles.assert_called_once_with([SUBTITLES[0]["url"]])
    kodi.progress.create.assert_not_called()


def test_a_film_is_not_held_up_for_subtitles(press, kodi, service):
    service.says({**READY, "subtitlesAwaited": True})
    press()
    assert kodi.ends[0][1]
    assert sum(wait[0][0] for wait in kodi.monitor.waitForAbort.call_args_list) <= 0.75
    kodi.ends[0][2].setSubtitles.assert_called_once_with([])
