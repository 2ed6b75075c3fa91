# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes to scan: which window shows what, and that a camera reads what it says."""

from __future__ import annotations

import pytest

from commonreel.catalog import following
from commonreel.catalog.following import Offer, State
from commonreel.catalog.store import LOCAL, Store
from commonreel.works.work import Channel
from lab import codes
from lab.few_works import OPEN
from lab.kodi_api import Double, xbmcgui

LIBERAPAY, KOFI = "https://liberapay.com/makers", "https://ko-fi.com/makers"
GIVEN = OPEN._replace(
    id="t:given",
    name={"en": "Given"},
    funding=(
        Channel("payment-provider", LIBERAPAY, "For the next one."),
        Channel("payment-provider", "https://evil.example/makers"),
        Channel("payment-provider", KOFI),
    ),
)
CURATOR = State(name="Festival", contact="films@example.org", legal="https://example.org/legal")
SUPPORT = ("Support the makers", "RunPlugin(plugin://plugin.video.commonreel/support/?id=t%3Agiven)")
REPORT = ("Report a problem", "RunPlugin(plugin://plugin.video.commonreel/report/?id=t%3Agiven)")


class Remote:
    """In front of the window: what it shows after each key. `keys`: pressed one after the other."""

    def __init__(self, monkeypatch):
        from commonreel.kodi.codes import scan

        self.keys, self.seen = [], []
        self._controls = {}
        monkeypatch.setattr(scan.Window, "getControl", lambda _, number: self._control(number))
        monkeypatch.setattr(scan.Window, "doModal", lambda window: self._modal(window))

    def _control(self, number):
        kinds = {6: xbmcgui.ControlImage, 7: xbmcgui.ControlButton}
        return self._controls.setdefault(number, Double(kinds.get(number, xbmcgui.ControlTextBox)))

    def _modal(self, window):
        window.onInit()
        self._look()
        for key in self.keys:
            action = Double(xbmcgui.Action)
            action.getId.return_value = key
            window.onAction(action)
            self._look()

    def _look(self):
        heading, name, address, about, note, hint = (
            self._controls[number].setText.call_args[0][0] for number in (1, 2, 3, 4, 5, 8)
        )
        [code] = codes.read(self._controls[6].setImage.call_args[0][0])
        self.seen.append((code, heading, name, address, about, note, hint))


@pytest.fixture
def remote(kodi, monkeypatch):
    return Remote(monkeypatch)


@pytest.fixture
def fill(kodi):
    def fill(*works, origin="starter"):
        with Store(kodi.profile / "catalogue.db", writable=True) as store:
            store.fill(origin, "2", works)

    return fill


@pytest.fixture
def curator(kodi, fill):
    """Whose catalogue GIVEN is from."""

    def curator(state):
        followed = following.follow(kodi.profile / "catalogues", Offer("https://example.org/", b"root"))
        followed.keep(state)
        fill(GIVEN, origin=followed.origin)

    return curator


def test_a_work_with_ways_to_give_offers_them(call, fill):
    fill(GIVEN, OPEN)
    kodi = call("/open/")
    menus = {item.label: item.menu for _, item, _ in kodi.rows}
    assert {SUPPORT, REPORT} <= set(menus["Given"])
    labels = [label for label, _ in menus["A Rabbit"]]
    assert "Report a problem" in labels
    assert SUPPORT[0] not in labels


def test_home_leads_to_the_films_whose_makers_can_be_given_to(call, fill):
    hidden = GIVEN._replace(id="t:hidden", name={"en": "Hidden"}, funding=GIVEN.funding[1:2])
    fill(GIVEN, OPEN, hidden)
    kodi = call("/")
    [address] = [url for url, item, _ in kodi.rows if item.label == "Makers to support (1)"]
    call("/films/", address.partition("/films/")[2])
    assert "Given" in kodi.labels
    assert not {"A Rabbit", "Hidden"} & set(kodi.labels)


def test_the_codes_lead_to_the_makers_and_nowhere_else(call, kodi, fill, remote):
    fill(GIVEN)
    remote.keys = [xbmcgui.ACTION_MOVE_RIGHT, xbmcgui.ACTION_MOVE_RIGHT, xbmcgui.ACTION_MOVE_LEFT]
    call("/support/", "?id=t%3Agiven", handle=-1)
    assert [shown[0] for shown in remote.seen] == [LIBERAPAY, KOFI, LIBERAPAY, KOFI]
    _, heading, name, address, about, note, hint = remote.seen[0]
    assert (heading, name, address) == ("Support the makers", "A Foundation", "liberapay.com/makers")
    assert about == "Given (2008)"
    assert note.startswith("What you give goes straight to them. Common Reel takes nothing")
    assert note.endswith("\nFor the next one.")
    assert hint.endswith("(1 of 2).")
    assert not (kodi.profile / "codes").exists()


def test_a_long_address_is_broken_between_its_steps(call, fill, remote):
    house = "https://www.helloasso.com/associations/a-house-of-films"
    fill(GIVEN._replace(funding=(Channel("payment-provider", house),)))
    call("/support/", "?id=t%3Agiven", handle=-1)
    [shown] = remote.seen
    assert (shown[0], shown[3]) == (house, "www.helloasso.com/associations/\na-house-of-films")


def test_one_way_to_give_needs_no_keys(call, fill, remote):
    fill(GIVEN._replace(funding=GIVEN.funding[:1]))
    remote.keys = [xbmcgui.ACTION_MOVE_RIGHT]
    call("/support/", "?id=t%3Agiven", handle=-1)
    assert [shown[0] for shown in remote.seen] == [LIBERAPAY, LIBERAPAY]
    assert "Left" not in remote.seen[0][-1]


def test_what_was_drawn_goes_even_if_the_window_fails(call, kodi, fill, remote, monkeypatch):
    fill(GIVEN)
    remote._look = lambda: 1 / 0
    with pytest.raises(ZeroDivisionError):
        call("/support/", "?id=t%3Agiven", handle=-1)
    assert not (kodi.profile / "codes").exists()


def test_a_work_without_ways_to_give_says_so(call, kodi, remote):
    call("/support/", "?id=open%3Abunny", handle=-1)
    assert remote.seen == []
    assert kodi.dialog.notification.call_args[0][1] == "No way to give to its makers is known."


def test_a_work_that_is_gone_says_so(call, kodi, remote):
    call("/support/", "?id=t%3Anothing", handle=-1)
    call("/report/", "?id=t%3Anothing", handle=-1)
    assert remote.seen == []
    assert kodi.dialog.ok.call_count == 2


@pytest.mark.parametrize("back", [xbmcgui.ACTION_NAV_BACK, xbmcgui.ACTION_PREVIOUS_MENU, "ok"])
def test_back_and_ok_close_the_window(kodi, fill, monkeypatch, back):
    from commonreel.kodi.codes import scan

    window, closed = scan.Window("a", "b"), []
    monkeypatch.setattr(window, "close", lambda: closed.append(True), raising=False)
    action = Double(xbmcgui.Action)
    action.getId.return_value = back
    window.onAction(action) if back != "ok" else window.onClick(scan.CLOSE)
    assert closed == [True]


def test_a_problem_goes_to_who_signs_the_catalogue(call, curator, remote):
    curator(CURATOR)
    remote.keys = [xbmcgui.ACTION_MOVE_RIGHT]
    call("/report/", "?id=t%3Agiven", handle=-1)
    mail, notice = remote.seen
    assert mail[:4] == (
        "mailto:films@example.org?subject=Common%20Reel%3A%20t%3Agiven",
        "Report a problem",
        "Festival",
        "films@example.org",
    )
    assert mail[5].endswith("Tell them what is wrong with t:given.")
    assert notice[0] == CURATOR.legal
    assert notice[3] == "example.org/legal"


def test_a_contact_that_is_no_address_is_told_in_words(call, kodi, curator, remote):
    curator(State(name="Festival", contact="the office, second floor"))
    call("/report/", "?id=t%3Agiven", handle=-1)
    assert remote.seen == []
    assert kodi.dialog.ok.call_args[0][1].endswith("write to the office, second floor.")


def test_where_nobody_is_named_the_source_is(call, curator, remote):
    curator(State(name="Festival"))
    call("/report/", "?id=t%3Agiven", handle=-1)
    call("/report/", "?id=open%3Abunny", handle=-1)
    assert [shown[0] for shown in remote.seen] == ["https://example.org/", "https://example.org/"]
    assert all(shown[2] == "A Foundation" for shown in remote.seen)


def test_a_source_that_is_no_plain_address_is_told_in_words(call, kodi, fill, remote):
    source = OPEN.source._replace(url="https://example.org:8080/film")
    fill(GIVEN._replace(source=source))
    call("/report/", "?id=t%3Agiven", handle=-1)
    assert remote.seen == []
    assert kodi.dialog.ok.call_args[0][1].endswith("https://example.org:8080/film")


def test_nobody_answers_for_a_work_of_ones_own(call, kodi, fill, remote):
    fill(GIVEN, origin=LOCAL)
    call("/report/", "?id=t%3Agiven", handle=-1)
    assert remote.seen == []
    assert "your own folder" in kodi.dialog.ok.call_args[0][1]


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("東京映画 مؤسسة Films", "東京映画 مؤسسة Films"),
        ("[REC] 2", "[REC] 2"),
        ("A[CR][COLOR red]B[/COLOR]", "AB"),
        ("[b]A[/b] $INFO[Network.MacAddress]", "A INFO[Network.MacAddress]"),
        ("$5 a film", "$5 a film"),
        ("A\n\n B", "A B"),
        ("\u202eevil\u2069", "evil"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_a_name_is_shown_as_it_is_written(kodi, words, shown):
    from commonreel.kodi.words import strings

    assert strings.literal(words) == shown


@pytest.mark.parametrize("length", [20, 60, 300, 600])
def test_a_camera_reads_the_code_and_its_modules_are_whole_pixels(kodi, tmp_path, length):
    from commonreel.kodi.codes import qr

    address = ("https://example.org/" + "x" * length)[:length]
    path, side = qr.draw(address, tmp_path / "codes")
    assert codes.read(path) == [address]
    assert side <= qr.SIDE
    assert qr.draw(address, tmp_path / "codes") == (path, side)
    assert qr.draw(address + "y", tmp_path / "codes").path != path
