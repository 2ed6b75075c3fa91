# SPDX-License-Identifier: GPL-3.0-or-later
"""The store: what is filled in comes back, filtered, paged and in order."""

from __future__ import annotations

import pytest

from commonreel.catalog import search
from commonreel.catalog.store import MAX_PAGE_SIZE, Store
from commonreel.works import parental
from commonreel.works.errors import ServiceUnavailable, UnknownWork, WorkWithdrawn
from commonreel.works.parental import Level
from commonreel.works.query import EPISODE, FILM, GIVEN, SEASON, SERIES, Facet, Query
from commonreel.works.work import (
    Channel,
    ContentRating,
    Encoding,
    Evidence,
    FilmFile,
    License,
    PartOf,
    Rights,
    Source,
    Subtitle,
    Tombstone,
    Work,
)
from lab.few_works import COPS, MOON, OPEN, TRAP, WORKS, silent


@pytest.fixture
def path(tmp_path):
    return tmp_path / "catalogue.db"


@pytest.fixture
def store(path):
    with Store(path, writable=True) as store:
        yield store


def gone(*ids):
    return [Tombstone(id, "an objection") for id in ids]


def ids(page):
    return [work.id for work in page.works]


def genre(name):
    return Facet("genre", name)


def decade(year):
    return Facet("decade", str(year))


def held(store, kind, country, **more):
    """[(value, works)] of the shelves of a kind."""
    return [(shelf.value, shelf.works) for shelf in store.shelves(kind, Query(country=country, **more))]


def test_a_work_comes_back_as_it_was(store):
    full = Work(
        id="open:full",
        name={"en": "Full “Works”", "ja": "全作品"},
        license=License("https://creativecommons.org/licenses/by/3.0/", "CC-BY-3.0", "© Somebody"),
        rights=Rights(
            "B", ("FR", "US"), (Evidence("institution", "https://example.org/", by="A", at="2020"),)
        ),
        source=Source("A", "https://example.org/"),
        encoding=(
            Encoding(
                torrent="https://example.org/a.torrent",
                info_hash="a" * 40,
                file=FilmFile("a/b.mp4", 12, "b" * 40),
                container="mp4",
                codec="h264/aac",
                height=720,
                web=("https://example.org/b.mp4",),
                trackers=("udp://example.org:1",),
                subtitles=(Subtitle("fr", url="https://example.org/fr.vtt", format="vtt", machine=True),),
            ),
            Encoding(info_hash="c" * 40, file=FilmFile("empty.mkv", 0)),
        ),
        original_name="作品",
        year=1999,
        duration=61,
        in_language=("en", "ja"),
        director=("Dee",),
        actor=("Ay", "Bee"),
        genre=("Drama",),
        country=("JP",),
        description={"en": "Long\nstory", "fr": ""},
        same_as=("wd:Q1",),
        poster="https://example.org/p.jpg",
        fanart="https://example.org/f.jpg",
    )
    bare = Work("open:bare", {"fr": "Nu"}, License("x"), Rights("A", (), ()), Source("", ""), ())
    store.fill("starter", "1", [full, bare])
    assert store.work("open:full") == full
    assert store.work("open:bare") == bare


def test_an_unfilled_store_has_nothing(store):
    assert store.version("starter") == ""
    assert store.page(Query(country="US")).total == 0
    assert held(store, "decade", "US") == held(store, "genre", "US") == []
    with pytest.raises(UnknownWork):
        store.work("ia:Cops")


@pytest.mark.parametrize("id", ["", "ia:%", "ia:'; DROP TABLE work", "ia:\udc80", "\0", "x" * 100_000])
def test_an_id_nobody_has(store, id):
    store.fill("starter", "1", WORKS)
    with pytest.raises(UnknownWork):
        store.work(id)
    with pytest.raises(UnknownWork):
        store.origin(id)


def test_a_fill_replaces_all_of_its_origin_and_nothing_else(store):
    store.fill("starter", "1", [COPS, MOON])
    store.fill("local", "a", [TRAP])
    store.fill("starter", "2", [MOON, OPEN])
    assert store.page(Query(country="US")).works == (OPEN, MOON, TRAP)
    assert (store.version("starter"), store.version("local")) == ("2", "a")
    assert (store.origin(MOON.id), store.origin(TRAP.id)) == ("starter", "local")
    assert store.page(Query(country="US", text="cops")).total == 0
    assert held(store, "genre", "US") == [("fantasy", 1)]
    with pytest.raises(UnknownWork):
        store.work(COPS.id)


def test_nothing_of_an_older_fill_clings_to_a_newer_work(store):
    store.fill("starter", "1", [COPS])
    store.fill("starter", "2", [TRAP])
    assert held(store, "genre", "US") == []
    assert store.count(Query(country="US", facets=(genre("comedy"),))) == 0
    assert store.count(Query(country="US", text="keaton")) == 0


def test_of_works_with_one_id_the_first_counts(store):
    store.fill("starter", "1", [COPS, COPS._replace(year=1950), MOON])
    assert store.work(COPS.id) == COPS
    assert store.count(Query(country="US")) == 2


@pytest.mark.parametrize("order", [("starter", "local"), ("local", "starter")])
def test_local_has_the_better_right_to_an_id(store, order):
    mine = COPS._replace(name={"en": "My Cops"}, genre=())
    for origin in order:
        store.fill(origin, "1", [mine] if origin == "local" else [COPS])
    assert (store.work(COPS.id), store.origin(COPS.id)) == (mine, "local")
    assert store.page(Query(country="US")).works == (mine,)
    assert store.page(Query(country="US", text="cops")).works == (mine,)
    assert held(store, "genre", "US") == []

    store.fill("local", "2", [])
    assert (store.work(COPS.id), store.origin(COPS.id)) == (COPS, "starter")
    assert held(store, "genre", "US") == [("comedy", 1)]


def test_of_catalogues_that_are_followed_the_one_filled_last_has_it(store):
    newer = COPS._replace(year=1923)
    store.fill("abcd", "1", [COPS])
    store.fill("ef01", "1", [newer])
    assert store.work(COPS.id) == newer
    store.fill("abcd", "2", [COPS])
    assert store.work(COPS.id) == COPS


def test_a_catalogue_that_is_followed_takes_nothing_from_the_starter(store):
    store.fill("starter", "1", [COPS, MOON])
    store.fill("abcd", "1", [COPS._replace(year=1923), TRAP, *gone(MOON.id)])
    assert (store.work(COPS.id), store.origin(MOON.id)) == (COPS, "starter")
    assert store.work(TRAP.id) == TRAP
    store.fill("starter", "2", [])
    assert store.work(COPS.id).year == 1923
    with pytest.raises(WorkWithdrawn):
        store.work(MOON.id)


@pytest.mark.parametrize("order", [("starter", "main", "abcd"), ("abcd", "main", "starter")])
def test_the_add_ons_own_catalogue_has_more_right_than_the_starter(store, order):
    works = {
        "starter": [COPS, MOON, OPEN],
        "main": [COPS._replace(year=1923), TRAP, *gone(MOON.id)],
        "abcd": [COPS._replace(year=1924), TRAP._replace(year=1924), MOON, *gone(OPEN.id)],
    }
    for origin in order:
        store.fill(origin, "1", works[origin])
    assert (store.work(COPS.id).year, store.origin(COPS.id)) == (1923, "main")
    assert (store.origin(TRAP.id), store.origin(OPEN.id)) == ("main", "starter")
    with pytest.raises(WorkWithdrawn):
        store.work(MOON.id)
    assert store.count(Query(country="US")) == 3

    store.fill("starter", "2", gone(COPS.id))
    assert store.origin(COPS.id) == "main"
    store.amend("main", "2", [MOON.id], [MOON])
    assert store.origin(MOON.id) == "main"

    store.drop("main")
    store.fill("starter", "3", [COPS, MOON])
    assert (store.work(COPS.id), store.origin(MOON.id)) == (COPS, "starter")


def test_the_add_ons_own_catalogue_takes_nothing_from_local(store):
    store.fill("local", "1", [COPS, MOON])
    store.fill("main", "1", [COPS._replace(year=1923), *gone(MOON.id)])
    assert (store.work(COPS.id), store.work(MOON.id)) == (COPS, MOON)
    store.fill("local", "2", gone(COPS.id))
    with pytest.raises(WorkWithdrawn):
        store.work(COPS.id)


def test_only_what_was_amended_changes(store):
    store.fill("starter", "1", [OPEN])
    store.fill("abcd", "1", [COPS, MOON, OPEN, *gone("ia:old")])
    store.amend("abcd", "2", {COPS.id, MOON.id, "ia:old", TRAP.id}, [TRAP, *gone(MOON.id)])
    assert store.version("abcd") == "2"
    assert store.page(Query(country="US")).works == (OPEN, TRAP)
    assert (store.origin(OPEN.id), store.origin(TRAP.id)) == ("starter", "abcd")
    assert store.count(Query(country="US", text="cops")) == 0
    for id, error in ((MOON.id, WorkWithdrawn), (COPS.id, UnknownWork), ("ia:old", UnknownWork)):
        with pytest.raises(error):
            store.work(id)
    store.amend("abcd", "3", [MOON.id], [MOON])
    assert store.work(MOON.id) == MOON
    assert store.count(Query(country="US", text="moon")) == 1


def test_a_withdrawn_work_is_gone_until_it_is_not(store):
    store.fill("starter", "1", [COPS, MOON, *gone(COPS.id, "ia:never", "ia:never")])
    for id in (COPS.id, "ia:never"):
        with pytest.raises(WorkWithdrawn):
            store.work(id)
        with pytest.raises(WorkWithdrawn):
            store.origin(id)
    assert store.page(Query(country="US")).works == (MOON,)
    store.fill("starter", "2", [COPS])
    assert store.work(COPS.id) == COPS
    with pytest.raises(UnknownWork):
        store.work("ia:never")


def test_why_a_work_was_withdrawn_says_who_has_the_best_right(store):
    store.fill("starter", "1", [Tombstone(COPS.id, "the starter's reason")])
    store.fill("abcd", "1", [Tombstone(COPS.id, "another's reason")])
    with pytest.raises(WorkWithdrawn) as caught:
        store.work(COPS.id)
    assert caught.value.reason == "the starter's reason"
    store.amend("main", "2", [COPS.id], [Tombstone(COPS.id, "its maker asked for it")])
    with pytest.raises(WorkWithdrawn) as caught:
        store.work(COPS.id)
    assert caught.value.reason == "its maker asked for it"


def test_a_withdrawal_counts_for_every_origin_but_local(store):
    store.fill("abcd", "1", [COPS, MOON])
    store.fill("starter", "1", gone(COPS.id, MOON.id))
    store.fill("local", "1", [MOON])
    with pytest.raises(WorkWithdrawn):
        store.work(COPS.id)
    assert store.origin(MOON.id) == "local"
    store.fill("local", "2", gone(MOON.id))
    with pytest.raises(WorkWithdrawn):
        store.work(MOON.id)


def test_which_of_these_are_shown_in_their_order(store):
    store.fill("starter", "1", [COPS, MOON, TRAP, OPEN, *gone("ia:old")])
    asked = [OPEN.id, "ia:old", TRAP.id, "ia:nobody", MOON.id, "a\udc80"]
    assert store.shown(asked, "US") == [OPEN.id, TRAP.id, MOON.id]
    assert store.shown(asked, "FR") == [OPEN.id, MOON.id]
    assert store.shown(asked, "US", Level(12, unrated=False)) == []
    assert store.shown([], "US") == []
    many = [*("ia:%d" % number for number in range(2000)), COPS.id]
    assert store.shown(many, "US") == [COPS.id]


def test_only_what_is_free_in_the_country(store):
    somewhere = silent("ia:nowhere", "Nowhere", 1910, ())
    both = silent("ia:both", "Both", 1911, ("*", "US"))
    store.fill("starter", "1", [*WORKS, somewhere, both])
    assert set(ids(store.page(Query()))) == {OPEN.id, both.id}
    assert set(ids(store.page(Query(country="FR")))) == {OPEN.id, both.id, MOON.id}
    assert set(ids(store.page(Query(country="US")))) == {OPEN.id, both.id, MOON.id, COPS.id, TRAP.id}
    for nonsense in ("us", "U", "US FR", "%", "*", "' OR 1", "\udc80"):
        assert set(ids(store.page(Query(country=nonsense)))) == {OPEN.id, both.id}
    assert store.count(Query(country="US")) - store.count(Query()) == 3


def test_works_by_their_ids(store):
    store.fill("starter", "1", [*WORKS, *gone("ia:Gone")])
    asked = [TRAP.id, "ia:nobody", "ia:Gone", "a\udc80", OPEN.id, MOON.id]
    assert [work.id for work in store.works(asked, "US")] == [TRAP.id, OPEN.id, MOON.id]
    assert store.works(asked, "FR") == [OPEN, MOON]
    assert store.works(asked, "") == [OPEN]
    assert store.works([], "US") == []


@pytest.mark.parametrize(
    "level",
    [
        Level(),
        Level(max_age=12),
        Level(max_age=12, unrated=False),
        Level(max_age=18, sexual=False),
        Level(sexual=False),
        Level(max_age=6, sexual=False, unrated=False),
    ],
)
def test_only_what_the_parental_level_lets_through(store, level):
    ratings = [
        ContentRating(age=age, nsfw=nsfw) for age in (None, 0, 6, 12, 16, 18) for nsfw in (False, True)
    ]
    works = [
        OPEN._replace(id="open:%d" % n, content_rating=rating, genre=("War",))
        for n, rating in enumerate(ratings)
    ]
    store.fill("starter", "1", works)
    expected = {work.id for work in works if parental.allowed(work, level)}
    for query in (
        Query(level=level),
        Query(level=level, facets=(genre("war"),)),
        Query(level=level, text="lapin"),
    ):
        assert set(ids(store.page(query))) == expected
        assert store.count(query) == len(expected)
    assert [works for _, works in held(store, "genre", "", level=level)] == [len(expected)]


def test_filters_combine(store):
    store.fill("starter", "1", WORKS)
    assert ids(store.page(Query(country="US", facets=(decade(1920),)))) == [COPS.id]
    assert ids(store.page(Query(country="US", facets=(genre("comedy"),)))) == [COPS.id]
    assert ids(store.page(Query(country="US", facets=(GIVEN,)))) == [OPEN.id]
    assert ids(store.page(Query(country="US", facets=(decade(1920), genre("Comedy")), text="COPS"))) == [
        COPS.id
    ]
    for misfit in (
        Query(country="FR", facets=(decade(1920),)),
        Query(country="US", facets=(decade(1910), genre("Comedy"))),
        Query(country="US", text="cops", facets=(genre("Fantasy"),)),
        Query(country="US", text="cops", facets=(GIVEN,)),
        Query(country="US", facets=(decade(10**30),)),
        Query(country="US", facets=(genre("\udc80"),)),
    ):
        assert store.page(misfit).works == ()
        assert store.count(misfit) == 0


def test_sorted_by_folded_title_then_year(store):
    titles = ["beta", "Álpha", "Gamma 2", "(Alpha)", "ALPHA", "Œdipe", "odd", "???"]
    works = [silent("ia:%d" % n, title, 1910 - n) for n, title in enumerate(titles)]
    store.fill("starter", "1", works)
    names = [work.title() for work in store.page(Query(country="US")).works]
    assert names == ["???", "ALPHA", "(Alpha)", "Álpha", "beta", "Gamma 2", "odd", "Œdipe"]


def test_pages_hold_every_work_once(store):
    works = [silent("ia:%03d" % n, "Same", 1910) for n in range(25)]
    store.fill("starter", "1", works)
    for text in ("", "same"):
        pages = [store.page(Query(country="US", text=text, page=n, size=10)) for n in (1, 2, 3)]
        assert [id for page in pages for id in ids(page)] == [work.id for work in works]
        assert [(page.number, page.total, page.size, page.more) for page in pages] == [
            (1, 25, 10, True),
            (2, 25, 10, True),
            (3, 25, 10, False),
        ]


@pytest.mark.parametrize("number", [4, 10**9, 10**40])
def test_beyond_the_last_page(store, number):
    store.fill("starter", "1", WORKS)
    page = store.page(Query(country="US", page=number, size=2))
    assert (page.works, page.total, page.more) == ((), 4, False)


def test_sizes_are_bounded(store):
    store.fill("starter", "1", [silent("ia:%d" % n, "Film", 1910) for n in range(MAX_PAGE_SIZE + 1)])
    most = store.page(Query(country="US", size=10**30))
    assert len(most.works) == most.size == MAX_PAGE_SIZE
    assert most.more
    for size, number in ((0, 1), (-5, -5)):
        least = store.page(Query(country="US", size=size, page=number))
        assert (len(least.works), least.size, least.number) == (1, 1, 1)


def test_shelves(store):
    unknown = silent("ia:unknown", "Unknown", 0, genre=("comédy", "COMEDY", "War"))
    store.fill("starter", "1", [*WORKS, unknown])
    assert held(store, "decade", "US") == [("1900", 1), ("1910", 1), ("1920", 1), ("2000", 1)]
    assert held(store, "decade", "FR") == [("1900", 1), ("2000", 1)]
    assert held(store, "decade", "") == [("2000", 1)]
    assert held(store, "genre", "US") == [("comedy", 2), ("fantasy", 1), ("war", 1)]
    assert held(store, "genre", "FR") == [("fantasy", 1)]
    for value, works in held(store, "genre", "US"):
        assert store.count(Query(country="US", facets=(genre(value),))) == works
    [maker] = store.shelves("maker", Query(country="US"))
    assert maker == ("buster keaton", "Buster Keaton", 1)


def test_shelves_by_their_beginnings(store):
    names = ["Ann", "Anna B", "Ann A", "Al", "Bo", "Б", "99"]
    store.fill(
        "starter", "1", [OPEN._replace(id="a:%d" % n, director=(name,)) for n, name in enumerate(names)]
    )
    assert store.prefixes("maker", Query()) == ["9", "a", "b", "б"]
    assert store.prefixes("maker", Query(), "a") == ["al", "an"]
    assert store.prefixes("maker", Query(), "ann") == ["ann", "ann ", "anna"]
    assert store.prefixes("maker", Query(text="lapin"), "б") == ["б"]
    assert [shelf.value for shelf in store.shelves("maker", Query(), "ann")] == ["ann", "ann a", "anna b"]
    assert [shelf.value for shelf in store.shelves("maker", Query(), "a", 2)] == ["al", "ann"]
    assert store.prefixes("maker", Query(), "\udc80") == store.prefixes("nothing", Query()) == []


def test_shelves_of_what_a_list_is_narrowed_to(store):
    store.fill("starter", "1", WORKS)
    assert held(store, "decade", "US", facets=(genre("comedy"),)) == [("1920", 1)]
    assert held(store, "decade", "US", text="tr") == [("1900", 1), ("1910", 1)]
    assert held(store, "decade", "FR", facets=(genre("comedy"),)) == []
    assert held(store, "decade", "US", facets=(Facet("genre", "nobody's"),)) == []
    assert held(store, "licence", "US") == [("by", 1), ("public-domain", 3)]


def test_what_is_said_of_a_work(store):
    full = OPEN._replace(
        duration=3000,
        in_language=("fr-CA", "en"),
        country=("FR", "BE"),
        encoding=(Encoding(info_hash="a" * 40, subtitles=(Subtitle("de"), Subtitle("pt-BR"))),),
        funding=(Channel("payment-provider", "https://liberapay.com/house"),),
    )
    store.fill("starter", "1", [full, full._replace(id="a:b", name={"en": "2001"}, duration=60)])
    expected = {
        "language": ["en", "fr"],
        "country": ["BE", "FR"],
        "subtitles": ["de", "pt"],
        "length": ["medium", "short"],
        "letter": ["#", "a"],
        "support": ["yes"],
        "rights": ["given"],
    }
    found = {kind: [value for value, _ in held(store, kind, "")] for kind in expected}
    assert found == expected


def test_a_list_in_the_order_of_news(store):
    old, new = COPS._replace(updated="2026-01-01"), MOON._replace(updated="2026-02-01")
    store.fill("starter", "1", [old, new, TRAP])
    assert ids(store.page(Query(country="US", newest=True))) == [MOON.id, COPS.id, TRAP.id]
    store.amend("starter", "2", [TRAP.id], [TRAP._replace(updated="2026-03-01")])
    assert ids(store.page(Query(country="US", newest=True))) == [TRAP.id, MOON.id, COPS.id]


def episode(season, number, series="house:soap", **more):
    part = PartOf(series, season, number)
    return OPEN._replace(id="house:s%de%d" % (season, number), type="TVEpisode", part_of=part, **more)


SOAP = OPEN._replace(id="house:soap", type="TVSeries", name={"en": "Soap"}, encoding=())
SECOND = SOAP._replace(
    id="house:soap-2", type="TVSeason", name={"en": "The return"}, part_of=PartOf(SOAP.id, 2)
)


def test_a_series(store):
    here_only = COPS.rights._replace(territories=("US",))
    episodes = [episode(1, 1), episode(1, 2), episode(2, 10), episode(2, 9), episode(0, 1)]
    usa = episode(3, 1, rights=here_only)
    store.fill("starter", "1", [SOAP, SECOND, *episodes, usa, MOON])
    assert ids(store.page(Query(country="FR", form=SERIES))) == [SOAP.id]
    assert ids(store.page(Query(country="FR", form=FILM))) == [MOON.id]
    assert [store.count(Query(form=form)) for form in (SEASON, EPISODE)] == [1, 5]
    assert store.seasons(SOAP.id, "FR") == [(1, 2, None), (2, 2, SECOND), (0, 1, None)]
    assert store.seasons(SOAP.id, "US")[2] == (3, 1, None)
    assert [work.id for work in store.episodes(SOAP.id, 2, "FR")] == ["house:s2e9", "house:s2e10"]
    assert store.episodes(SOAP.id, 3, "FR") == store.episodes("", 1, "FR") == []
    assert ids(store.page(Query(country="FR", text="return"))) == []


@pytest.mark.parametrize(
    ("after", "country", "expected"),
    [
        ((1, 1), "FR", "house:s1e3"),
        ((1, 3), "FR", "house:s2e1"),
        ((2, 1), "US", "house:s2e2"),
        ((2, 1), "FR", None),  # the second is free in the US alone
        ((2, 2), "US", None),
        ((0, 1), "FR", "house:s0e2"),
        ((0, 2), "FR", None),
    ],
)
def test_the_next_episode(store, after, country, expected):
    numbers = ((0, 1), (0, 2), (1, 1), (1, 3), (2, 1))
    usa = episode(2, 2, rights=COPS.rights._replace(territories=("US",)))
    store.fill("starter", "1", [SOAP, SECOND, *(episode(*each) for each in numbers), usa])
    found = store.next_episode(episode(*after), country)
    assert (found.id if found else None) == expected
    assert store.next_episode(MOON, "FR") is store.next_episode(SECOND, "FR") is None


def counts(store):
    """What is counted beforehand, and what counting now would give."""
    kinds = ("decade", "genre", "licence", "rights", "maker", "letter")
    tallied = [held(store, kind, country) for kind in kinds for country in ("", "FR", "US")]
    each = [
        (value, len(store.page(Query(country=country, facets=(Facet(kind, value),), size=500)).works))
        for kind in kinds
        for country in ("", "FR", "US")
        for value, _ in held(store, kind, country)
    ]
    return [pair for shelves in tallied for pair in shelves], each


def test_amending_counts_as_filling_does(store):
    store.fill("starter", "1", [OPEN, MOON])
    store.fill("abcd", "1", [COPS, TRAP, OPEN])
    steps = [
        ("abcd", [COPS.id], [COPS._replace(genre=("Drama",), year=1931)]),
        ("abcd", [COPS.id, "ia:none"], gone(COPS.id)),
        ("starter", [OPEN.id], gone(OPEN.id)),
        ("starter", [OPEN.id, TRAP.id], [TRAP._replace(director=("Somebody",))]),
        ("abcd", [COPS.id, MOON.id], [COPS, MOON]),
        ("starter", [MOON.id, MOON.id, TRAP.id], []),
    ]
    for number, (origin, touched, entries) in enumerate(steps):
        store.amend(origin, str(number), touched, entries)
        tallied, counted = counts(store)
        assert tallied == counted
        assert store.count(Query(country="US")) == len(store.page(Query(country="US")).works)


def test_a_rare_and_a_common_facet_give_the_same_order(store, monkeypatch):
    works = [silent("ia:%d" % n, "Film %03d" % (n * 7 % 60), 1910, genre=("War",)) for n in range(60)]
    store.fill("starter", "1", works)
    query = Query(country="US", form=FILM, facets=(genre("war"), decade(1910)), size=20, page=2)
    rare = store.page(query)
    monkeypatch.setattr(search, "FEW", 10)
    assert store.page(query) == rare
    assert (rare.total, len(rare.works)) == (60, 20)


def test_a_reader_needs_something_filled_in(path):
    with pytest.raises(ServiceUnavailable):
        Store(path)
    assert not path.exists()
    with Store(path, writable=True) as writer:
        with pytest.raises(ServiceUnavailable):
            Store(path)
        writer.fill("local", "none", [])
        with Store(path) as reader:
            assert reader.page(Query(country="US")).total == 0


def test_a_reader_cannot_write(path):
    with Store(path, writable=True) as writer:
        writer.fill("starter", "1", WORKS)
    with Store(path) as reader:
        with pytest.raises(ServiceUnavailable):
            reader.fill("starter", "2", [])
        assert reader.version("starter") == "1"
    assert not list(path.parent.glob("*.damaged*"))


def test_a_writer_that_was_told_to_end_changes_nothing(store, path):
    store.fill("starter", "1", [COPS])
    store.interrupt()  # between two statements: the next one heeds it
    with pytest.raises(ServiceUnavailable):
        store.fill("starter", "2", (silent("ia:%d" % number, "Film", 1910) for number in range(3000)))
    with Store(path) as reader:
        assert reader.version("starter") == "1"
    assert not list(path.parent.glob("*.suspect"))


def test_a_failed_fill_changes_nothing(store):
    def broken():
        yield MOON
        raise RuntimeError("no more")

    store.fill("starter", "1", [COPS])
    with pytest.raises(RuntimeError):
        store.fill("starter", "2", broken())
    with pytest.raises(AttributeError):
        store.fill("starter", "3", [MOON, None])
    assert store.version("starter") == "1"
    assert store.page(Query(country="US")).works == (COPS,)


@pytest.mark.parametrize("folder", ["a b", "what?", "50%23#1", "été 日本", "c&mode=memory"])
def test_any_path(tmp_path, folder):
    path = tmp_path / folder / "catalogue.db"
    with Store(path, writable=True) as store:
        store.fill("starter", "1", WORKS)
    assert path.is_file()
    with Store(path) as store:
        assert store.count(Query(country="US")) == 4
