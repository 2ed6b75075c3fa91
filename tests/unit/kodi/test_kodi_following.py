# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen of the catalogues that are followed."""

from __future__ import annotations

import time

import pytest

from commonreel.catalog import asking, following, main
from commonreel.catalog.following import Offer, State
from commonreel.catalog.store import Store
from commonreel.works.errors import CatalogueExpired, CatalogueUnavailable, DhtBehindProxy, DhtOff, NoEngine
from lab.few_works import OPEN

FOLLOW = "Follow another catalogue…"
OWN, OWN_OFF = "Common Reel's own catalogue", "Common Reel's own catalogue (off)"
OFFER = Offer("https://example.org/catalogue/", b'{"signed": {"_type": "root"}}')


@pytest.fixture
def catalogues(kodi):
    return kodi.profile / "catalogues"


@pytest.fixture
def offer(monkeypatch):
    """What is at whatever address is typed."""
    asked = []

    def offered(place, _user_agent):
        asked.append(place)
        return OFFER

    monkeypatch.setattr(following, "offered", offered)
    return asked


def followed(catalogues, **state):
    made = following.follow(catalogues, OFFER)
    made.keep(State(**state))
    return made


@pytest.fixture
def own(monkeypatch):
    """The zip was built with a catalogue of the add-on's own."""
    offer = Offer("https://own.example/", b'{"signed": {"_type": "root", "version": 1}}')
    monkeypatch.setattr(main, "packed", lambda _folder: offer)
    return offer


def plot(kodi, row):
    return kodi.rows[row][1].getVideoInfoTag().setPlot.call_args[0][0]


def test_with_none_there_is_the_way_to_one(call):
    kodi = call("/catalogues/")
    assert kodi.labels == [FOLLOW]


def test_each_says_how_it_is_doing(call, catalogues, kodi):
    followed(catalogues, name="Festival", works=1234, at="2026-11-03", checked=1.0)
    call("/catalogues/")
    assert kodi.labels == ["Festival", FOLLOW]
    said = plot(kodi, 0)
    assert "1234 works, as of 03/11/2026." in said
    assert "https://example.org/catalogue/" in said
    assert " ".join(OFFER.fingerprint[at : at + 4] for at in (0, 4, 8)) in said


def test_a_new_one_is_named_for_its_host(call, catalogues, kodi):
    followed(catalogues)
    call("/catalogues/")
    assert kodi.labels[0] == "example.org"
    assert "Its works are on their way." in plot(kodi, 0)


def test_trouble_is_told(call, catalogues, kodi):
    followed(catalogues, trouble=CatalogueExpired.code, checked=1.0, works=3, at="2026-01-01")
    call("/catalogues/")
    assert "The last look failed. Nobody has renewed the catalogue in time" in plot(kodi, 0)
    assert "3 works, as of 01/01/2026." in plot(kodi, 0)


def test_following_shows_the_fingerprint_first(call, catalogues, kodi, offer):
    kodi.dialog.input.return_value = " example.org/catalogue "
    kodi.dialog.yesno.return_value = True
    call("/catalogues/follow/", handle=-1)
    assert offer == ["example.org/catalogue"]
    shown = kodi.dialog.yesno.call_args[0][1]
    assert OFFER.fingerprint in shown.replace(" ", "")
    assert [each.address for each in following.followed(catalogues)] == [OFFER.address]
    kodi.builtin.assert_called_once_with("Container.Refresh")


def test_who_says_no_follows_nothing(call, catalogues, kodi, offer):
    kodi.dialog.input.return_value = "example.org"
    kodi.dialog.yesno.return_value = False
    call("/catalogues/follow/", handle=-1)
    assert following.followed(catalogues) == []


def test_who_types_nothing_is_asked_nothing(call, kodi, offer):
    kodi.dialog.input.return_value = " "
    call("/catalogues/follow/", handle=-1)
    assert offer == []
    kodi.dialog.yesno.assert_not_called()


def test_an_address_without_a_catalogue_is_told(call, catalogues, kodi, monkeypatch):
    def offered(*_arguments):
        raise CatalogueUnavailable("nothing there")

    monkeypatch.setattr(following, "offered", offered)
    kodi.dialog.input.return_value = "example.org"
    call("/catalogues/follow/", handle=-1)
    assert "No catalogue could be reached" in kodi.dialog.ok.call_args[0][1]
    assert following.followed(catalogues) == []


# By its key in the DHT, of which the service finds out whose it is


KEY = "0123456789abcdef" * 4
LINK = "magnet:?xs=urn:btpk:" + KEY


@pytest.fixture
def service(kodi, catalogues):
    """Whoever waits for its answer gets the one that is `says`, but for the first time."""

    class Service:
        says = OFFER.root
        waits = 0

        def wait(self, _seconds):
            self.waits += 1
            for question in asking.waiting(catalogues, time.time()) if self.waits > 1 else []:
                asking.answer(question, self.says)
            return False

    made = Service()
    kodi.monitor.waitForAbort.side_effect = made.wait
    kodi.dialog.input.return_value = LINK
    kodi.dialog.yesno.return_value = True
    return made


def test_following_by_a_key_shows_the_fingerprint_too(call, catalogues, kodi, service):
    call("/catalogues/follow/", handle=-1)
    question = kodi.dialog.yesno.call_args[0][1]
    assert "DHT key 0123 4567 89ab cdef…" in question
    assert OFFER.fingerprint in question.replace(" ", "")
    [made] = following.followed(catalogues)
    assert (made.address, made.fingerprint) == (LINK, OFFER.fingerprint)
    assert list(catalogues.iterdir()) == [made.folder]
    kodi.progress.close.assert_called_once_with()
    call("/catalogues/")
    assert kodi.labels == ["DHT key 0123 4567 89ab cdef…", FOLLOW]


@pytest.mark.parametrize(
    ("error", "said"),
    [(CatalogueUnavailable(), "No catalogue could be reached"), (NoEngine(), "libtorrent")],
)
def test_why_nothing_comes_of_a_key_is_told(call, catalogues, kodi, service, error, said):
    service.says = error
    call("/catalogues/follow/", handle=-1)
    assert said in kodi.dialog.ok.call_args[0][1]
    assert following.followed(catalogues) == list(catalogues.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (DhtOff(), "Switch on “Find viewers without a tracker (DHT)”"),
        (DhtBehindProxy(), "switch the proxy off"),
    ],
)
def test_who_has_switched_the_dht_off_is_told_what_to_do(call, catalogues, kodi, service, error, said):
    service.says = error
    call("/catalogues/follow/", handle=-1)
    assert said in kodi.dialog.ok.call_args[0][1]
    assert following.followed(catalogues) == list(catalogues.iterdir()) == []


def test_who_does_not_want_to_wait_for_a_key_follows_nothing(call, catalogues, kodi, service):
    kodi.progress.iscanceled.return_value = True
    call("/catalogues/follow/", handle=-1)
    kodi.dialog.yesno.assert_not_called()
    assert list(catalogues.iterdir()) == []


def test_without_the_service_nobody_asks_the_dht(call, catalogues, kodi, service):
    kodi.state["status"] = "error"
    call("/catalogues/follow/", handle=-1)
    kodi.dialog.ok.assert_called_once()
    assert service.waits == 0


def test_another_magnet_link_is_no_catalogue(call, catalogues, kodi, service):
    kodi.dialog.input.return_value = "magnet:?xt=urn:btih:" + "a" * 40
    call("/catalogues/follow/", handle=-1)
    kodi.dialog.ok.assert_called_once()
    assert not catalogues.exists()


@pytest.mark.parametrize(("answer", "wanted", "left"), [(0, True, 1), (1, False, 0), (-1, False, 1)])
def test_what_can_be_done_with_one(call, catalogues, kodi, answer, wanted, left):
    made = followed(catalogues)
    kodi.dialog.contextmenu.return_value = answer
    call("/catalogue/", "?id=" + made.folder.name, handle=-1)
    assert kodi.dialog.contextmenu.call_args[0][0] == ["Look for new works now", "Stop following"]
    assert made.wanted == wanted
    assert len(following.followed(catalogues)) == left


def test_the_add_ons_own_comes_first_and_asks_for_nothing(call, catalogues, kodi, own):
    followed(catalogues, name="Festival")
    call("/catalogues/")
    assert kodi.labels == [OWN, "Festival", FOLLOW]
    assert "Its works are on their way." in plot(kodi, 0)
    main.settle(catalogues, own)
    following.named(catalogues, "main").keep(State(name="Reel", works=5000, at="2026-11-03", checked=1.0))
    call("/catalogues/")
    assert kodi.labels == [OWN, "Festival", FOLLOW]
    assert "5000 works, as of 03/11/2026." in plot(kodi, 0)
    assert kodi.rows[0][0] == "plugin://plugin.video.commonreel/catalogue/?id=main"
    kodi.dialog.yesno.assert_not_called()
    kodi.dialog.notification.assert_not_called()


def test_the_add_ons_own_is_switched_off_and_on_again(call, catalogues, kodi, own):
    menus = [["Switch off"], ["Switch on"], ["Look for new works now", "Switch off"]]
    for answer, (menu, row) in enumerate(zip(menus, (OWN_OFF, OWN, OWN_OFF))):
        kodi.dialog.contextmenu.return_value = int(answer == 2)
        call("/catalogue/", "?id=main", handle=-1)
        assert kodi.dialog.contextmenu.call_args[0][0] == menu
        main.settle(catalogues, own)
        call("/catalogues/")
        assert kodi.labels == [row, FOLLOW]
        assert kodi.builtin.call_args[0] == ("Container.Refresh",)
    assert following.followed(catalogues) == []


def test_who_thinks_better_of_it_switches_nothing(call, catalogues, kodi, own):
    kodi.dialog.contextmenu.return_value = -1
    call("/catalogue/", "?id=main", handle=-1)
    assert not main.is_off(catalogues)
    kodi.builtin.assert_not_called()


def test_the_add_ons_own_is_looked_at_when_it_is_wanted(call, catalogues, kodi, own):
    main.settle(catalogues, own)
    kodi.dialog.contextmenu.return_value = 0
    call("/catalogue/", "?id=main", handle=-1)
    assert following.named(catalogues, "main").wanted


def test_a_works_page_says_who_answers_for_it(call, catalogues, kodi):
    made = followed(
        catalogues, name="Festival", contact="films@example.org", legal="https://example.org/legal"
    )
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill(made.origin, "1", [OPEN._replace(id="t:theirs")])
    call("/work/", "?id=t%3Atheirs", handle=-1)
    page = kodi.dialog.textviewer.call_args[0][1]
    assert (
        "[B]Who answers for it[/B]\nFestival\nIf it should not be shown here, write to films@example.org."
        in page
    )
    assert "https://example.org/legal" in page
    call("/work/", "?id=open%3Abunny", handle=-1)
    assert "Who answers for it" not in kodi.dialog.textviewer.call_args[0][1]


def test_one_that_is_gone_is_told(call, kodi):
    call("/catalogue/", "?id=0123456789abcdef", handle=-1)
    kodi.dialog.contextmenu.assert_not_called()
    kodi.dialog.ok.assert_called_once()
