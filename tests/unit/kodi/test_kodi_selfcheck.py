# SPDX-License-Identifier: GPL-3.0-or-later
"""The self-check and its report, with everything as it should be and with each thing amiss."""

from __future__ import annotations

import contextlib
import errno
import json
import socket
import time
from unittest.mock import create_autospec

import pytest

from commonreel.catalog import following
from commonreel.catalog.following import Offer
from commonreel.catalog.patronage import Patronage
from commonreel.catalog.store import Store
from commonreel.kodi import state
from commonreel.kodi.api import xbmcgui, xbmcvfs
from commonreel.kodi.check import checks, report, selfcheck
from commonreel.kodi.check.checks import Check
from commonreel.proxy import client as proxy_client
from commonreel.streaming.cache import Cache
from commonreel.works.errors import RemoteUnavailable, ServiceUnavailable
from lab.few_works import OPEN

HEALTH = {
    "version": "0.1.0", "engine": "libtorrent 2.0.8", "webOnly": "",
    "port": 6881, "mapped": True, "incoming": False,
}  # fmt: skip
NAMES = ["service", "engine", "reach", "proxy", "disk", "catalogue", "clock", "versions", "country"]
HASH = "a1" * 20


@pytest.fixture
def health(monkeypatch, kodi):
    """What the service says of itself."""
    kodi.settings["country"] = "US"
    said = dict(HEALTH)
    for name in ("Client", "RemoteClient"):
        made = create_autospec(getattr(proxy_client, name))
        made.return_value.health.side_effect = lambda: said
        monkeypatch.setattr(proxy_client, name, made)
    return said


@pytest.fixture
def dead(health, monkeypatch):
    proxy_client.Client.return_value.health.side_effect = ServiceUnavailable("nobody listens")


def found(name) -> Check:
    return next(check for check in checks.every() if check.name == name)


def test_films_are_counted_and_series_are_not(health, kodi):
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [OPEN._replace(id="house:soap", type="TVSeries", encoding=())])
    assert found("catalogue").found == "4"


def test_all_is_well(health, call, kodi):
    call("/check/")
    assert [check.name for check in checks.every()] == NAMES
    assert not [check for check in checks.every() if check.amiss]
    assert kodi.labels[:4] == [
        "Background service: works",
        "Engine: libtorrent 2.0.8",
        "Way in for other viewers: works",
        "Proxy for BitTorrent: Off",
    ]
    assert kodi.labels[5] == "Films: 4"
    assert kodi.labels[-1] == "Save a report as a text file…"
    assert kodi.plugin.endOfDirectory.call_args[1]["cacheToDisc"] is False


def test_a_row_is_pressed_and_says_all(health, call, kodi):
    call("/check/words/", "?name=versions", handle=-1)
    title, words = kodi.dialog.textviewer.call_args[0]
    assert title.startswith("Versions: 0.1.0 · Kodi 20.1")
    assert "SQLite" in words


@pytest.fixture
def properties(monkeypatch, kodi):
    """Of Kodi's home window."""
    window = xbmcgui.Window(10000)
    properties = {state.STATE_PROPERTY: json.dumps(kodi.state)}
    window.getProperty.side_effect = lambda name: properties.get(name, "")
    window.setProperty.side_effect = properties.__setitem__
    return properties


def test_the_words_are_those_of_what_was_found(health, properties, call, kodi, monkeypatch):
    call("/check/")
    asked = proxy_client.Client.return_value.health.call_count
    health.update(engine="another")
    call("/check/words/", "?name=engine", handle=-1)
    title, words = kodi.dialog.textviewer.call_args[0]
    assert title == "Engine: libtorrent 2.0.8"
    assert words == kodi.texts[30927]
    assert proxy_client.Client.return_value.health.call_count == asked
    call("/check/")
    call("/check/words/", "?name=engine", handle=-1)
    assert kodi.dialog.textviewer.call_args[0][0] == "Engine: another"


@pytest.mark.parametrize(
    "said", ["", "{", "[]", '{"engine": 3}', '{"engine": ["a"]}', '{"other": ["a", "b"]}']
)
def test_a_favourite_of_a_row_looks_anew(health, properties, call, kodi, said):
    properties[selfcheck.FOUND] = said
    call("/check/words/", "?name=engine", handle=-1)
    assert kodi.dialog.textviewer.call_args[0][0] == "Engine: libtorrent 2.0.8"


def test_a_row_that_is_not_there_says_nothing(health, properties, call, kodi):
    call("/check/words/", "?name=none", handle=-1)
    kodi.dialog.textviewer.assert_not_called()


def test_it_opens_when_the_service_is_dead(dead, call, kodi):
    call("/check/")
    assert kodi.ends == [("list", True)]
    assert kodi.labels[0] == "Background service: does not work – OK shows what to do"
    assert found("service").words == kodi.texts[30934]
    assert found("engine").words == kodi.texts[30417]
    assert found("disk").amiss is False


def test_a_service_that_has_failed_says_why(health, kodi):
    kodi.state = {"status": "error", "port": 0, "secret": "", "reason": "disk-full"}
    assert found("service").words.startswith(kodi.texts[30415])
    assert found("engine").words == kodi.texts[30415]


def test_a_service_that_says_nothing_is_not_taken_for_one(dead, kodi):
    kodi.state = None
    assert found("service").amiss


@pytest.mark.parametrize(("lack", "number"), [("no-engine", 30412), ("restart-needed", 30413)])
def test_an_engine_for_the_web_alone_says_why(health, kodi, lack, number):
    health.update(engine="web servers", webOnly=lack)
    assert (found("engine").found, found("engine").words) == ("web servers", kodi.texts[number])
    assert "reach" not in [check.name for check in checks.every()]


@pytest.mark.parametrize(
    ("says", "chosen", "number"),
    [
        ({"mapped": False, "incoming": True}, {}, 30928),
        ({"mapped": False}, {}, 30932),
        ({"mapped": False, "port": 0}, {}, 30931),
        ({"mapped": False}, {"proxy_type": "http", "proxy_host": "127.0.0.1"}, 30929),
    ],
)
def test_the_way_in_is_told_honestly(health, kodi, says, chosen, number):
    health.update(says)
    kodi.settings.update(chosen)
    assert found("reach").found == kodi.texts[number]


@pytest.fixture
def listener():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def test_a_proxy_that_is_there(health, kodi, listener):
    kodi.settings.update(proxy_type="socks5", proxy_host="127.0.0.1", proxy_port=listener)
    assert not found("proxy").amiss


def test_a_proxy_to_nowhere(health, kodi):
    kodi.settings.update(proxy_type="socks5", proxy_host="127.0.0.1", proxy_port=1)
    assert (found("proxy").found, found("proxy").words) == (kodi.texts[30930], kodi.texts[30939])


@pytest.mark.parametrize(
    ("chosen", "number"), [({"interface": "none9"}, 30423), ({"proxy_type": "http"}, 30424)]
)
def test_a_way_that_is_not_there(health, kodi, chosen, number):
    kodi.settings.update(chosen)
    assert found("network").words == kodi.texts[number].format(detail=chosen.get("interface", ""))


def test_an_engine_elsewhere_is_asked_and_this_network_left_alone(health, kodi):
    kodi.settings.update(remote=True, remote_address="nas:8090", remote_token="t", interface="none9")
    assert [check.name for check in checks.every()] == [name for name in NAMES if name != "proxy"]
    proxy_client.RemoteClient.return_value.health.side_effect = RemoteUnavailable("nas:8090: refused")
    assert not found("service").amiss
    assert "nas:8090" in found("engine").words


def test_a_disk_that_is_nearly_full_offers_to_make_room(health, kodi, monkeypatch):
    monkeypatch.setattr(Cache, "free", lambda _: 10 << 20)
    check = found("disk")
    assert check.found == "0.0 GB free; films take 0.0 of 10 GB"
    assert (check.amiss, check.url) == (True, "plugin://plugin.video.commonreel/cache/clear/")


def test_a_folder_that_cannot_be_written(health, kodi, monkeypatch):
    monkeypatch.setattr(checks, "_writable", lambda _: False)
    assert found("disk").words == kodi.texts[30942]


def test_a_probe_leaves_nothing(kodi):
    before = set(kodi.profile.iterdir())
    assert checks._writable(kodi.profile)
    assert set(kodi.profile.iterdir()) == before
    assert not checks._writable(kodi.profile / "none")


def test_a_catalogue_that_is_not_there_costs_its_row_alone(health, kodi):
    (kodi.profile / "catalogue.db").unlink()
    assert found("catalogue").amiss
    assert len(checks.every()) == len(NAMES)


def followed(kodi, **state):
    offer = Offer("https://festival.example/", json.dumps({"signed": {"_type": "root"}}).encode())
    each = following.follow(kodi.profile / "catalogues", offer)
    each.keep(following.State(name="Festival of Tests", **state))
    return each


def test_a_catalogue_that_is_followed_has_a_row(health, kodi):
    each = followed(kodi, at="2026-11-20T00:00:00Z", checked=1.0, works=3)
    check = found(each.origin)
    assert (check.label, check.found, check.amiss) == ("Festival of Tests", "20/11/2026", False)
    assert check.url.endswith("/catalogue/?id=" + each.origin)
    each.keep(following.State(trouble="catalogue-expired", at="2026-11-20"))
    assert found(each.origin).amiss


@pytest.mark.parametrize("state", [{"at": "2999-01-01T00:00:00Z"}, {"checked": time.time() + 1e6}])
def test_a_clock_that_is_behind_a_catalogue(health, kodi, state):
    followed(kodi, **state)
    assert found("clock").words == kodi.texts[30944]


def test_a_country_that_was_not_answered_asks(health, kodi):
    kodi.settings["country"] = ""
    assert found("country").url.endswith("/country/")


def test_it_is_quick_where_everything_is_amiss(health, kodi):
    kodi.settings.update(proxy_type="socks5", proxy_host="192.0.2.1", proxy_port=9)
    began = time.monotonic()
    checks.every()
    assert time.monotonic() - began < checks.SECONDS + 1


# The cache


@pytest.mark.parametrize("answer", [True, False])
def test_films_go_only_when_asked(call, kodi, answer):
    cache = Cache(kodi.profile / "cache", 0)
    (cache.keep_torrent(HASH, b"x") / "0").write_bytes(b"x" * 200_000_000)
    kodi.dialog.yesno.return_value = answer
    call("/cache/clear/", handle=-1)
    assert "take 0.2 GB" in kodi.dialog.yesno.call_args[0][1]
    assert (cache.unwanted, kodi.dialog.notification.called) == (answer, answer)


@pytest.mark.parametrize("sharing", ["patron", "watching"])
def test_what_is_kept_for_others_is_said_to_stay(call, kodi, sharing):
    kodi.settings["sharing"] = sharing
    cache, other = Cache(kodi.profile / "cache", 0), "b2" * 20
    for name, size in ((HASH, 200_000_000), (other, 300_000_000)):
        (cache.keep_torrent(name, b"x") / "0").write_bytes(b"x" * size)
    patronage = Patronage(kodi.profile / "patronage.db")
    patronage.keep("ia:Cops", 1, 1, 1.0)
    patronage.came("ia:Cops", other, 1)
    call("/cache/clear/", handle=-1)
    asked, told = kodi.dialog.yesno.call_args[0][1], kodi.dialog.notification.call_args[0][1]
    stays = "What you keep for others stays: 0.3 GB."
    assert ("take 0.2 GB" in asked) == (stays in asked) == (stays in told) == (sharing == "patron")


@pytest.mark.parametrize(
    ("error", "number"),
    [
        (errno.ENOSPC, 30415),
        (errno.EDQUOT, 30415),
        (errno.EROFS, 30942),
        (errno.EACCES, 30942),
        (errno.EIO, 30400),
    ],
)
def test_a_disk_that_takes_nothing_is_said_in_words(call, kodi, monkeypatch, error, number):
    def fails(_):
        raise OSError(error, "no")

    monkeypatch.setattr(Cache, "unwant", fails)
    call("/cache/clear/", handle=-1)
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[number]


def test_forgetting_all_searches_says_so(call, kodi):
    call("/search/forget/", handle=-1)
    assert kodi.dialog.notification.call_args[0][1] == kodi.texts[30905]


# The report

HEAD = "2026-11-25 03:23:36.123 T:42    info <general>: "
OURS = HEAD + "[plugin.video.commonreel] commonreel.kodi.playing.play: "
LOG = [
    OURS + "ia:Cops does not open: no-source: 192.0.2.7:6881",
    HEAD + "skin loaded",
    "    of some other add-on",
    OURS + "it stumbles",
    "                                   Traceback (most recent call last):",
    "                                     File \"%(root)s/lib/commonreel/kodi/playing/play.py\", line 3",
    HEAD + "[plugin.video.other] hush",
]  # fmt: skip


@pytest.fixture
def log(kodi, tmp_path, monkeypatch):
    """Kodi's log."""
    from lab.kodi_api import ROOT

    path = tmp_path / "kodi.log"
    path.write_text("\n".join(LOG) % {"root": ROOT} + "\n")
    xbmcvfs.translatePath.side_effect = lambda given: str(path) if given.endswith("kodi.log") else given
    return path


def test_a_report_tells_what_is_of_use_and_nothing_private(health, log, kodi):
    kodi.settings.update(proxy_type="http", proxy_host="127.0.0.1", proxy_port=1, proxy_password="hush hush")
    kodi.settings.update(local_folder="/home/ann/films", remote_token="topsecret")
    kodi.state["secret"] = "control-secret"
    followed(kodi, at="2026-11-20", checked=1.0)
    made = report.made()
    addresses = ("192.0.2.7", "127.0.0.1")
    for private in (*addresses, "Cops", "hush hush", "ann", "topsecret", "Festival", "video.other"):
        assert private not in made
    assert str(kodi.profile) not in made
    for useful in ("Engine: libtorrent 2.0.8", "proxy_type = http", "proxy_password = set", "no-source"):
        assert useful in made
    assert 'File "<add-on>/lib/commonreel/kodi/playing/play.py", line 3' in made
    assert "skin loaded" not in made


def test_only_the_last_lines_are_kept():
    lines = [OURS + "%d" % number for number in range(report.LINES + 10)]
    assert list(report.own_lines(lines)) == lines[10:]


def test_a_log_that_is_not_there_is_told(health, kodi):
    assert "no log" in report.made()


@pytest.mark.parametrize(
    ("folder", "path"), [("smb://nas/x/", "smb://nas/x/"), ("/tmp/x", "/tmp/x/"), ("C:\\x\\", "C:\\x\\")]
)
@pytest.mark.parametrize("good", [True, False])
def test_a_report_is_saved_where_the_viewer_says(health, call, kodi, monkeypatch, folder, path, good):
    file = create_autospec(xbmcvfs.File)
    file.return_value.__enter__.return_value.write.return_value = good
    monkeypatch.setattr(xbmcvfs, "File", file)
    kodi.dialog.browseSingle.return_value = folder
    call("/check/save/", handle=-1)
    [(name, mode), _] = file.call_args
    assert name.startswith(path + "commonreel-2")
    assert mode == "w"
    said = kodi.dialog.ok.call_args[0][1]
    assert (name[len(path) :] in said) == good
    assert (said == kodi.texts[30910]) != good


def test_no_folder_is_no_report(health, call, kodi):
    kodi.dialog.browseSingle.return_value = ""
    call("/check/save/", handle=-1)
    kodi.dialog.ok.assert_not_called()
