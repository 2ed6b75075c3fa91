# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers' pages, festivals and lists: what they show, and how one comes to them."""

from __future__ import annotations

import sqlite3

import pytest
from test_kodi_codes import Remote

from commonreel.catalog import database, following
from commonreel.catalog.following import Offer, State
from commonreel.catalog.guides import Guides
from commonreel.catalog.store import Store
from commonreel.works.guide import Maker, Selection
from commonreel.works.query import PAGE_SIZE
from commonreel.works.work import Channel, ContentRating
from lab.few_works import COPS, OPEN, WORKS
from lab.kodi_api import HOME, VIDEOS

PLUGIN = "plugin://plugin.video.commonreel"
NAME = "Studio Lantern"
PAGE = "/maker/?id=fest%3Alantern"
LANTERN = Maker(
    "fest:lantern",
    {"en": NAME},
    "Organization",
    description={"en": "Four people and a camera."},
    portrait="https://lantern.example/us.jpg",
    url="https://lantern.example/",
    links=("https://video.example/lantern", "https://xn--lntern-cua.example/"),
    funding=(
        Channel("payment-provider", "https://liberapay.com/lantern", "For the next one."),
        Channel("payment-provider", "https://evil.example/lantern"),
    ),
)
OLD, NEW = (
    OPEN._replace(id="fest:%d" % year, name={"en": "Film of %d" % year}, year=year, maker=(LANTERN.id,))
    for year in (1999, 2020)
)
NIGHTS = Selection(
    "fest:nights",
    {"en": "Nights by the Sea"},
    works=(NEW.id, "t:nowhere", COPS.id, OPEN.id),
    by="The Harbour Festival",
    description={"en": "Three evenings."},
    poster="https://fest.example/p.jpg",
    fanart="https://fest.example/f.jpg",
    url="https://fest.example/2026",
)


@pytest.fixture(autouse=True)
def filled(kodi):
    fill(kodi, *WORKS, OLD, NEW, LANTERN, NIGHTS)


def fill(kodi, *entries, origin="starter"):
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill(origin, "2", entries)


def rows(kodi):
    return [(item.label, address[len(PLUGIN) :]) for address, item, _ in kodi.rows]


def test_home_leads_to_festivals_and_lists_and_counts_makers(call, kodi):
    fill(kodi, *WORKS, OLD, NEW._replace(director=("Ann",)), LANTERN, NIGHTS)
    ways = dict(rows(call("/")))
    assert ways["Makers (2)"] == "/shelves/?kind=maker"
    assert ways["Festivals and lists (1)"] == "/lists/"


def test_home_has_no_row_to_lists_where_none_has_a_work(call, kodi):
    fill(kodi, *WORKS, NIGHTS._replace(works=("t:nowhere", COPS.id)))
    assert not [label for label in call("/").labels if label.startswith("Festivals")]
    kodi.settings["country"] = "US"
    assert "Festivals and lists (1)" in call("/").labels


def test_a_makers_page(call, kodi):
    call("/maker/", "?id=fest%3Alantern")
    assert rows(kodi) == [
        ("About " + NAME, "/maker/words/?id=fest%3Alantern"),
        ("Support " + NAME, "/support/?maker=fest%3Alantern"),
        ("Links", "/maker/links/?id=fest%3Alantern"),
        ("Film of 1999", "/play/?id=fest%3A1999"),
        ("Film of 2020", "/play/?id=fest%3A2020"),
    ]
    about, support, links = (item for _, item, _ in kodi.rows[:3])
    assert not any(is_folder for _, _, is_folder in kodi.rows)
    assert all(item.properties["SpecialSort"] == "top" for item in (about, support, links))
    assert about.art["thumb"] == LANTERN.portrait
    about.getVideoInfoTag().setPlot.assert_called_once_with("Four people and a camera.")
    links.getVideoInfoTag().setPlot.assert_called_once_with("lantern.example\nvideo.example/lantern")
    kodi.plugin.setPluginCategory.assert_called_once_with(7, NAME)
    kodi.plugin.setContent.assert_called_once_with(7, "movies")


def test_a_maker_of_whom_little_is_told(call, kodi):
    fill(kodi, OLD, Maker(LANTERN.id, LANTERN.name))
    call("/maker/", "?id=fest%3Alantern")
    assert kodi.labels == ["About " + NAME, "Film of 1999"]
    assert kodi.rows[0][1].art["thumb"] == "DefaultDirector.png"


def test_a_page_of_a_name_alone(call, kodi):
    kodi.settings["country"] = "US"
    call("/maker/", "?name=buster%20keaton")
    assert rows(kodi) == [("Cops", "/play/?id=ia%3ACops")]
    kodi.plugin.setPluginCategory.assert_called_once_with(7, "Buster Keaton")


def test_a_page_keeps_to_the_country_and_the_parental_level(call, kodi):
    adult = NEW._replace(id="fest:adult", content_rating=ContentRating(nsfw=True))
    fill(kodi, COPS._replace(maker=(LANTERN.id,)), adult, LANTERN, NIGHTS._replace(works=(COPS.id, adult.id)))
    for address, first in ((PAGE, 3), ("/list/?id=fest%3Anights", 1)):
        call(*address.replace("?", " ?").split())
        assert kodi.labels[first:] == ["Film of 2020"]
    kodi.settings["country"] = "US"
    call("/maker/", "?id=fest%3Alantern")
    assert kodi.labels[3:] == ["Cops", "Film of 2020"]


def test_the_pages_of_a_busy_maker(call, kodi):
    many = [OLD._replace(id="t:%03d" % n, name={"en": "F %03d" % n}) for n in range(PAGE_SIZE + 1)]
    fill(kodi, *many, LANTERN)
    call("/maker/", "?id=fest%3Alantern")
    assert len(kodi.rows) == 3 + PAGE_SIZE + 1
    assert rows(kodi)[-1] == ("Next page (2)", PAGE + "&page=2")
    call("/maker/", "?id=fest%3Alantern&page=2")
    assert kodi.labels == ["F 100"]


def test_makers_are_listed_by_name_those_with_a_page_by_their_record(call, kodi):
    kodi.settings["country"] = "US"
    assert rows(call("/shelves/", "?kind=maker")) == [
        ("Buster Keaton (1)", "/maker/?name=buster%20keaton"),
        (NAME + " (2)", PAGE),
    ]
    assert kodi.rows[1][1].art["thumb"] == LANTERN.portrait


def test_a_maker_is_not_listed_twice_but_a_namesake_is(call, kodi):
    signed = OLD._replace(director=(NAME,))
    fill(kodi, signed, NEW, LANTERN)
    assert rows(call("/shelves/", "?kind=maker")) == [(NAME + " (2)", PAGE)]
    fill(kodi, signed, NEW, LANTERN, OPEN._replace(director=(NAME.upper(),)))
    assert sorted(rows(call("/shelves/", "?kind=maker"))) == [
        (NAME + " (2)", PAGE),
        (NAME + " (2)", "/maker/?name=studio%20lantern"),
    ]


def test_makers_to_support_begin_with_those_who_have_ways_of_their_own(call, kodi):
    nobody = LANTERN._replace(id="t:nobody", name={"en": "Nobody"})  # of whom there is no work
    silent = LANTERN._replace(id="t:silent", name={"en": "Silent"}, funding=LANTERN.funding[1:])
    given = OPEN._replace(id="t:given", name={"en": "Given"}, funding=LANTERN.funding)
    fill(
        kodi, *WORKS, OLD, NEW, COPS._replace(id="t:cops", maker=(silent.id,)), given, LANTERN, nobody, silent
    )
    ways = dict(rows(call("/")))
    assert ways["Makers to support (2)"] == "/films/?support=yes"
    listed = rows(call("/films/", "?support=yes"))
    assert [label for label, _ in listed] == ["Narrow this list…", NAME + " (2)", "Given"]
    assert listed[1][1] == PAGE
    assert kodi.rows[1][1].properties == {"SpecialSort": "top"}
    fill(kodi, *WORKS, NEW, LANTERN)
    assert "Makers to support (1)" in dict(rows(call("/")))
    fill(kodi, *WORKS, OLD, LANTERN._replace(funding=()))
    assert not [label for label in dict(rows(call("/"))) if label.startswith("Makers to support")]


def test_many_makers_with_a_page_are_behind_letters_with_the_others(call, kodi):
    makers = [Maker("t:%d" % n, {"en": "Zoe %03d" % n}) for n in range(150)]
    works = [
        OPEN._replace(id="t:w%d" % n, maker=(makers[n].id,), director=("Ann %d" % n,)) for n in range(150)
    ]
    fill(kodi, *works, *makers)
    assert call("/shelves/", "?kind=maker").labels == ["A…", "Z…"]
    assert call("/shelves/", "?kind=maker&letter=z").labels[0] == "Zoe 000 (1)"


def test_a_works_menu_leads_to_its_makers(call, kodi):
    film = NEW._replace(director=(NAME, "Ann", "Ann", "Bo", "Cy"))
    fill(kodi, film, LANTERN)
    call("/films/")
    entries = [entry for entry in kodi.rows[-1][1].menu if entry[0].startswith("More by")]
    assert entries == [
        ("More by %s…" % name, "RunPlugin(%s/maker/open/?%s)" % (PLUGIN, page))
        for name, page in ((NAME, "id=fest%3Alantern"), ("Ann", "name=ann"), ("Bo", "name=bo"))
    ]


@pytest.mark.parametrize(
    ("window", "builtin"),
    [
        (VIDEOS, "Container.Update(%s)"),  # Back leads to the list
        (HOME, 'ActivateWindow(videos,"%s",return)'),  # a widget's list is no container to be updated
    ],
)
def test_a_makers_page_opens_from_a_list_and_from_a_widget(call, kodi, window, builtin):
    kodi.window.return_value = window
    call("/maker/open/", "?id=fest%3Alantern", handle=-1)
    kodi.builtin.assert_called_once_with(builtin % (PLUGIN + "/maker/?id=fest%3Alantern"))


def test_a_maker_without_a_record_is_no_way(call, kodi):
    fill(kodi, NEW._replace(maker=("t:unknown",)))
    assert not [label for label, _ in call("/films/").rows[-1][1].menu if label.startswith("More by")]


def test_a_works_page_names_its_makers(call, kodi):
    fill(kodi, NEW._replace(director=("Ann",)), LANTERN)
    call("/work/", "?id=fest%3A2020", handle=-1)
    assert "[B]Who has made it[/B]\n%s, Ann" % NAME in kodi.dialog.textviewer.call_args[0][1]


def test_lists_have_art_a_count_and_their_curators_words(call, kodi):
    [(address, item, is_folder)] = call("/lists/").rows
    assert (address, item.label, is_folder) == (
        PLUGIN + "/list/?id=fest%3Anights",
        "Nights by the Sea (2)",
        True,
    )
    assert (item.art["thumb"], item.art["fanart"]) == (NIGHTS.poster, NIGHTS.fanart)
    item.getVideoInfoTag().setPlot.assert_called_once_with(
        "Chosen by The Harbour Festival\n\nThree evenings."
    )


def test_a_list_is_in_its_own_order(call, kodi):
    kodi.settings["country"] = "US"
    call("/list/", "?id=fest%3Anights")
    assert rows(kodi) == [
        ("Chosen by The Harbour Festival", "/list/words/?id=fest%3Anights"),
        ("Film of 2020", "/play/?id=fest%3A2020"),
        ("Cops", "/play/?id=ia%3ACops"),
        ("A Rabbit", "/play/?id=open%3Abunny"),
    ]


def test_a_long_list_has_pages(call, kodi):
    films = [OPEN._replace(id="t:%03d" % n, name={"en": "F %03d" % n}) for n in range(PAGE_SIZE + 1)]
    chosen = tuple(film.id for film in reversed(films))
    fill(kodi, *films, NIGHTS._replace(works=chosen, by=""))
    call("/list/", "?id=fest%3Anights")
    assert kodi.labels[:2] == ["About Nights by the Sea", "F 100"]
    assert rows(kodi)[-1] == ("Next page (2)", "/list/?id=fest%3Anights&page=2")
    assert call("/list/", "?id=fest%3Anights&page=2").labels == ["F 000"]


def test_words_links_and_who_has_signed_it(call, kodi):
    followed = following.follow(kodi.profile / "catalogues", Offer("https://example.org/", b"root"))
    followed.keep(State(name="Films of the Coast", contact="films@example.org"))
    fill(kodi)
    fill(kodi, NEW, LANTERN, NIGHTS, origin=followed.origin)
    call("/maker/words/", "?id=fest%3Alantern", handle=-1)
    title, page = kodi.dialog.textviewer.call_args[0]
    assert title == NAME
    assert page.startswith("Four people and a camera.\n\n[B]Links[/B]\nhttps://lantern.example/\n")
    assert "[B]Who answers for it[/B]\nFilms of the Coast\n" in page
    call("/list/words/", "?id=fest%3Anights", handle=-1)
    title, page = kodi.dialog.textviewer.call_args[0]
    assert (title, page.split("\n\n")[:2]) == (
        "Nights by the Sea",
        ["Three evenings.", "[B]Links[/B]\nhttps://fest.example/2026"],
    )


def test_a_maker_is_given_to_where_that_is_shown(call, monkeypatch):
    remote = Remote(monkeypatch)
    call("/support/", "?maker=fest%3Alantern", handle=-1)
    [(code, heading, name, address, about, note, _)] = remote.seen
    assert (code, heading, name) == ("https://liberapay.com/lantern", "Support the makers", NAME)
    assert (address, about) == ("liberapay.com/lantern", "")
    assert note.endswith("\nFor the next one.")


def test_a_work_without_a_way_of_its_own_offers_its_makers(call, kodi, monkeypatch):
    fill(kodi, OPEN._replace(id="t:alone"), NEW, LANTERN)
    menus = {item.label: dict(item.menu) for _, item, _ in call("/films/").rows}
    offered = menus["Film of 2020"]["Support the makers"]
    assert "Support the makers" not in menus["A Rabbit"]
    remote = Remote(monkeypatch)
    call(*offered[len("RunPlugin(" + PLUGIN) : -1].replace("?", " ?").split(), handle=-1)
    [(code, _, name, _, about, note, _)] = remote.seen
    assert (code, name, about) == ("https://liberapay.com/lantern", NAME, "Film of 2020 (2020)")
    assert note.endswith("\nFor the next one.")


def test_a_list_looks_its_makers_up_once(call, kodi, monkeypatch):
    fill(kodi, OLD, NEW, *WORKS, LANTERN)
    asked = []
    known = Guides.known
    monkeypatch.setattr(Guides, "known", lambda self, ids: asked.append(set(ids)) or known(self, ids))
    call("/films/")
    assert asked == [{LANTERN.id}]


def test_home_asks_no_more_of_many_makers_than_of_few(call, kodi, monkeypatch):
    asked = []
    execute = sqlite3.Connection.execute
    monkeypatch.setattr(
        database._Connection, "execute", lambda self, *what: asked.append(what) or execute(self, *what)
    )

    def questions(count):
        makers = [Maker("t:%d" % n, {"en": "Ann %d" % n}) for n in range(count)]
        works = [
            OPEN._replace(id="t:w%d" % n, maker=(m.id,), director=(m.title(),)) for n, m in enumerate(makers)
        ]
        fill(kodi, *works, *makers)
        del asked[:]
        assert "Makers (%d)" % count in call("/").labels
        return len(asked)

    assert questions(2) == questions(40)


def test_links_are_codes_but_for_those_that_hide_where_they_lead(call, monkeypatch):
    remote = Remote(monkeypatch)
    remote.keys = [2]  # right
    call("/maker/links/", "?id=fest%3Alantern", handle=-1)
    assert [shown[0] for shown in remote.seen] == list((LANTERN.url, *LANTERN.links)[:2])
    assert remote.seen[0][1:3] == ("Links", NAME)


def test_links_that_have_gone_renew_the_page_that_led_there(call, kodi, monkeypatch):
    fill(kodi, OLD, LANTERN._replace(url="", links=()))
    remote = Remote(monkeypatch)
    call("/maker/links/", "?id=fest%3Alantern", handle=-1)
    assert remote.seen == []
    kodi.builtin.assert_called_once_with("Container.Refresh")


def test_a_maker_named_in_another_language_is_one(call, kodi):
    french = LANTERN._replace(name={"en": NAME, "fr": "Studio Lanterne"})
    fill(kodi, OLD._replace(director=("Studio Lanterne",)), french)
    assert call("/shelves/", "?kind=maker").labels == [NAME + " (1)"]


@pytest.mark.parametrize(
    "path", ["/maker/", "/maker/words/", "/maker/links/", "/list/", "/list/words/", "/support/"]
)
def test_an_old_favourite_of_what_is_gone_says_so(call, kodi, path):
    name = "maker" if path == "/support/" else "id"
    call(path, "?%s=t%%3Agone" % name)
    assert kodi.ends == [("list", False)]
    assert kodi.dialog.notification.call_args[0][1] == kodi.texts[30894]
