# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers and lists in the store: what they lead to, and that they are no works."""

from __future__ import annotations

import sqlite3

import pytest

from commonreel.catalog.guides import Guides
from commonreel.catalog.store import Store
from commonreel.works.errors import ServiceUnavailable, UnknownGuide, UnknownWork
from commonreel.works.guide import Maker, Selection
from commonreel.works.parental import Level
from commonreel.works.query import Facet, Query
from commonreel.works.record import Tombstone
from commonreel.works.work import Channel, ContentRating, Evidence, PartOf
from lab.few_works import COPS, MOON, OPEN, TRAP

JANE = Maker(
    "fest:jane",
    {"en": "Jane Doe", "fr": "Jeanne"},
    rev=2,
    updated="2026-11-20",
    description={"en": "Makes films."},
    portrait="https://jane.example/me.jpg",
    url="https://jane.example/",
    links=("https://video.example/jane",),
    same_as=("wd:Q1",),
    funding=(Channel("payment-provider", "https://liberapay.com/jane"),),
    evidence=(Evidence("signed-declaration", "https://jane.example/.well-known/c.json", at="2026"),),
    submitter="ed25519:abc",
)
LIST = Selection(
    "fest:2026",
    {"en": "Birds"},
    works=(OPEN.id, COPS.id, "t:nowhere", MOON.id),
    by="A Festival",
    description={"en": "Five evenings."},
    poster="https://fest.example/p.jpg",
)
BY_JANE = OPEN._replace(
    id="fest:film", name={"en": "Film"}, maker=(JANE.id,), director=("Jane Doe",), year=2020
)


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "catalogue.db", writable=True) as store:
        yield store


def ids(page):
    return [work.id for work in page.works]


def made(store, country="", **more):
    return ids(Guides(store, country).made(Facet("by", JANE.id), **more))


def test_what_was_filled_in_comes_back_whole(store):
    store.fill("main", "1", [JANE, LIST])
    guides = Guides(store)
    assert guides.maker(JANE.id) == JANE
    assert guides.selection(LIST.id) == LIST
    assert guides.known([JANE.id, LIST.id, "t:no"]) == {JANE.id: JANE}
    assert (guides.origin(JANE), guides.origin(LIST)) == ("main", "main")
    store.check()


def test_they_are_no_works(store):
    store.fill("main", "1", [OPEN, JANE, LIST])
    for query in (Query(), Query(text="jane"), Query(text="birds"), Query(form="film"), Query(newest=True)):
        assert set(ids(store.page(query))) <= {OPEN.id}
        assert store.count(query) == len(ids(store.page(query)))
    assert store.shelves("letter", Query())[0].works == 1
    assert store.works([JANE.id, LIST.id], "US") == []
    for id in (JANE.id, LIST.id):
        with pytest.raises(UnknownWork):
            store.work(id)


def test_a_maker_is_no_list_and_a_work_neither(store):
    store.fill("main", "1", [OPEN, JANE, LIST])
    guides = Guides(store)
    for ask, id in ((guides.maker, LIST.id), (guides.selection, JANE.id), (guides.maker, OPEN.id)):
        with pytest.raises(UnknownGuide):
            ask(id)


def test_a_makers_works_are_in_the_order_of_their_years_the_unknown_last(store):
    works = [BY_JANE._replace(id="t:%d" % year, year=year) for year in (2020, 0, 1999, 2010)]
    store.fill("main", "1", [*works, OPEN, JANE])
    assert made(store) == ["t:1999", "t:2010", "t:2020", "t:0"]
    assert (made(store, size=3), made(store, number=2, size=3)) == (["t:1999", "t:2010", "t:2020"], ["t:0"])
    assert Guides(store).made(Facet("by", JANE.id), 2, 3).total == 4
    assert made(store, number=9) == []


def test_only_what_may_be_shown_is_led_to(store):
    here = COPS._replace(maker=(JANE.id,))
    adult = BY_JANE._replace(id="t:adult", content_rating=ContentRating(nsfw=True))
    store.fill("main", "1", [here, adult, JANE, LIST])
    [[_, works]] = Guides(store, "US").makers()
    assert works == 2
    strict = Level(sexual=False)
    assert ids(Guides(store, "US", strict).made(Facet("by", JANE.id))) == [COPS.id]
    assert Guides(store, "FR", strict).makers() == []
    assert Guides(store, "FR", strict).selections() == []
    assert [works for _, works in Guides(store, "US", strict).selections()] == [1]


def test_a_name_alone_leads_to_the_works_of_that_name(store):
    store.fill("main", "1", [BY_JANE, COPS])
    guides = Guides(store, "US")
    for name in ("jane doe", "JANE DOE", "Jané Doe"):
        assert (ids(guides.made(Facet("maker", name))), guides.spelled(name)) == ([BY_JANE.id], "Jane Doe")
    assert ids(guides.made(Facet("maker", "nobody"))) == []
    assert guides.spelled("nobody") == "nobody"
    assert guides.makers() == []


def test_an_episode_is_led_to_only_where_its_series_is_not(store):
    series = OPEN._replace(id="t:series", type="TVSeries", maker=(JANE.id,), encoding=())
    season = series._replace(id="t:season", type="TVSeason", part_of=PartOf("t:series", 1))
    first = OPEN._replace(id="t:e1", type="TVEpisode", maker=(JANE.id,), part_of=PartOf("t:series", 1, 1))
    guest = first._replace(id="t:e2", part_of=PartOf("t:other", 1, 2))
    store.fill("main", "1", [series, season, first, guest, JANE])
    assert sorted(made(store)) == ["t:e2", "t:series"]


def test_makers_are_found_by_the_beginnings_of_their_names(store):
    ann, joe = (Maker("t:" + name, {"en": name.title()}) for name in ("ann", "joe"))
    works = [OPEN._replace(id="t:w", maker=(ann.id, joe.id, JANE.id))]
    idle = Maker("t:idle", {"en": "Idle"})
    store.fill("main", "1", [*works, joe, JANE, ann, idle])
    guides = Guides(store)
    assert [maker.title() for maker, _ in guides.makers()] == ["Ann", "Jane Doe", "Joe"]
    assert [maker.title() for maker, _ in guides.makers("j")] == ["Jane Doe", "Joe"]
    assert [maker.title() for maker, _ in guides.makers(most=1)] == ["Ann"]
    assert (guides.prefixes(), guides.prefixes("j")) == (["a", "j"], ["ja", "jo"])


def test_lists_count_what_is_there_and_those_of_nothing_are_left_out(store):
    nothing = LIST._replace(id="t:nothing", works=("t:no",))
    other = LIST._replace(id="t:a", name={"en": "A list"}, works=(TRAP.id,))
    store.fill("main", "1", [COPS, MOON, TRAP, OPEN, LIST, nothing, other])
    assert [(found.id, works) for found, works in Guides(store, "US").selections()] == [
        ("t:a", 1),
        (LIST.id, 3),
    ]
    assert [(found.id, works) for found, works in Guides(store).selections()] == [(LIST.id, 1)]


def test_a_list_leads_to_what_may_be_shown_in_its_order_and_to_no_season(store):
    season = OPEN._replace(id="t:season", type="TVSeason", part_of=PartOf("t:series", 1), encoding=())
    mixed = LIST._replace(works=(season.id, MOON.id, COPS.id, "t:no", OPEN.id))
    store.fill("main", "1", [season, COPS, MOON, OPEN, mixed])
    guides = Guides(store, "US")
    assert ids(guides.chosen(mixed)) == [MOON.id, COPS.id, OPEN.id]
    assert [ids(guides.chosen(mixed, number, 2)) for number in (1, 2, 3, 4)] == [
        [MOON.id],
        [COPS.id],
        [OPEN.id],
        [],
    ]
    assert [guides.chosen(mixed, number, 2).more for number in (1, 2, 3)] == [True, True, False]
    assert ids(Guides(store).chosen(mixed)) == [OPEN.id]
    assert [works for _, works in guides.selections()] == [3]
    store.fill("main", "2", [season, mixed._replace(works=(season.id,))])
    assert (guides.selections(), guides.count_selections()) == ([], 0)


def test_who_has_the_better_right_is_who_is_shown(store):
    store.fill("followed", "1", [JANE._replace(description={"en": "Evil"}), BY_JANE])
    store.fill("main", "1", [JANE])
    store.fill("another", "1", [JANE._replace(description={"en": "More evil"})])
    assert Guides(store).maker(JANE.id) == JANE
    assert [works for _, works in Guides(store).makers()] == [1]
    store.fill("main", "2", [Tombstone(JANE.id, "she asked")])
    with pytest.raises(UnknownGuide):
        Guides(store).maker(JANE.id)
    store.drop("main")
    assert Guides(store).maker(JANE.id).words() == "More evil"


def test_a_withdrawal_takes_a_maker_and_a_list_away(store):
    store.fill("main", "1", [OPEN, BY_JANE, JANE, LIST])
    store.amend("main", "2", [JANE.id, LIST.id], [Tombstone(JANE.id, "asked"), Tombstone(LIST.id, "over")])
    guides = Guides(store)
    assert (guides.makers(), guides.selections()) == ([], [])
    assert made(store) == [BY_JANE.id]  # whose record names her still
    store.amend("main", "3", [LIST.id], [LIST._replace(works=(BY_JANE.id,))])
    assert [works for _, works in guides.selections()] == [1]


def test_a_change_takes_the_place_of_what_was(store):
    store.fill("main", "1", [OPEN, COPS, JANE, LIST])
    store.amend("main", "2", [LIST.id], [LIST._replace(works=(COPS.id,), rev=3)])
    assert Guides(store).selection(LIST.id).works == (COPS.id,)
    assert Guides(store).selections() == []
    assert [works for _, works in Guides(store, "US").selections()] == [1]


def test_a_row_that_was_not_made_here_is_damage(store, tmp_path):
    store.fill("main", "1", [JANE])
    with sqlite3.connect(tmp_path / "catalogue.db") as other:
        other.execute("UPDATE guide SET json = x'00'")
    with pytest.raises(ServiceUnavailable):
        Guides(store).maker(JANE.id)
    assert Store.wants_mending(tmp_path / "catalogue.db")
