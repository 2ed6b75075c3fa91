# SPDX-License-Identifier: GPL-3.0-or-later
"""Wikidata as a source: its answers, and the records and doubts that follow from them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest

from commonreel.publish.polite import Polite
from commonreel.publish.sources.source import Found, Listed
from commonreel.publish.sources.wikidata import Wikidata
from commonreel.works import record, rights
from commonreel.works.errors import FetchFailed
from commonreel.works.work import Work

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
LIST = SAMPLES / "pd-lists" / "free-movies-archive-org-wikidata.json"
ENTITY = "http://www.wikidata.org/entity/"
GENID = "http://www.wikidata.org/.well-known/genid/0123456789abcdef"


class Ask:
    """Answers by what is asked for: a year's films, the facts of an item, or its people."""

    def __init__(self, listing: Any = None, facts: Any = None, people: Any = None) -> None:
        self._answers = {"listing": listing, "facts": facts, "people": people}
        self.asked: list[tuple[str, str]] = []

    def json(self, url: str, query: str, format: str) -> Any:
        assert (url, format) == ("https://query.wikidata.org/sparql", "json")
        kind = "people" if "?role" in query else "facts" if "?fact" in query else "listing"
        self.asked.append((kind, query))
        return self._answers[kind]


def cell(value: object) -> dict[str, object]:
    kind = "uri" if str(value).startswith("http") else "bnode" if value == "t42" else "literal"
    return {"type": kind, "value": value}


def answer(*rows: dict[str, object]) -> dict[str, object]:
    """As the query service has it: a variable without a value has no cell."""
    return {
        "head": {"vars": sorted({name for row in rows for name in row})},
        "results": {"bindings": [{name: cell(value) for name, value in row.items()} for row in rows]},
    }


def fact(fact: str, value: object = "", detail: object = "", film: str = "Q7") -> dict[str, object]:
    return {"film": ENTITY + film, "fact": fact, "value": value, "detail": detail}


def maker(
    role: str, person: object, died: object = "", precision: str = "11", **more: object
) -> dict[str, object]:
    known = {"died": died, "precision": precision} if died else {}
    return {"film": ENTITY + "Q7", "role": role, "person": person, **known, **more}


def film(*more: dict[str, object], date: str = "1922-03-01T00:00:00Z") -> list[dict[str, object]]:
    return [
        fact("item", "Cops"),
        fact("film"),
        fact("name", "Cops", "en"),
        fact("date", date, "11"),
        *more,
    ]


def long_dead(role: str) -> dict[str, object]:
    """Somebody who died long enough ago."""
    return maker(role, ENTITY + "Q11", "1950-02-01T00:00:00Z", name="A. Maker", language="en")


def examine(
    facts: list[dict[str, object]], people: tuple[dict[str, object], ...] = (), item: str = "Cops"
) -> list[Found]:
    ask = Ask(facts=answer(*facts), people=answer(*people))
    return Wikidata("", "").examine(cast(Polite, ask), Listed("ia:" + item))


def one(facts: list[dict[str, object]], *people: dict[str, object], item: str = "Cops") -> Found:
    [found] = examine(facts, people, item)
    return found


def work(found: Found) -> Work:
    """The record as the catalogue reads it: it must, doubts or none."""
    parsed = record.parse(found.record)
    assert isinstance(parsed, Work)
    return parsed


def rules(found: Found) -> list[str]:
    return [one.rule for one in work(found).rights.evidence if one.kind == "pd-rule"]


# The listing


def test_the_listing_asks_year_by_year_and_names_items_as_their_works_are_named() -> None:
    ask = Ask(listing=answer({"item": "Cops"}, {"item": "The_Goat"}))
    listed = list(Wikidata("", "1921-1922").listing(cast(Polite, ask)))
    assert [(one.key, one.hint["year"]) for one in listed] == [
        ("ia:Cops", 1921),
        ("ia:The_Goat", 1921),
        ("ia:Cops", 1922),
        ("ia:The_Goat", 1922),
    ]
    assert ['"1921-01-01' in query and '"1922-01-01' in query for _, query in ask.asked] == [True, False]
    assert Wikidata("", "").item("ia:Cops").key == listed[0].key  # so that no run asks for it twice


def test_without_a_query_every_year_is_asked_for_that_the_year_rule_may_free() -> None:
    ask = Ask(listing=answer())
    assert list(Wikidata("", "").listing(cast(Polite, ask))) == []
    years = [int(re.findall(r'"(\d{4})-', query)[0]) for _, query in ask.asked]
    assert years == list(range(1888, 1931))


@pytest.mark.parametrize(
    "item", ['x" } INSERT', "..", "a..b", "-x", "a/b", "a b", "", "a\n", "a" * 101, None, 7, ["Cops"]]
)
def test_what_is_no_item_is_not_listed(item: object) -> None:
    ask = Ask(listing=answer({"item": item}, {"item": "Cops"}))
    assert [one.key for one in Wikidata("", "1921").listing(cast(Polite, ask))] == ["ia:Cops"]


@pytest.mark.parametrize(
    "query", ["1925-1920", "1887", "19??", "1920-", "1920-1925-1930", "silent", "１９２０"]
)
def test_a_query_that_names_no_years_is_refused(query: str) -> None:
    with pytest.raises(ValueError, match="query"):
        Wikidata("", query)


# Answers that are none


@pytest.mark.parametrize(
    "broken",
    [None, [], {}, "sorry", 0, {"error": "timeout"}, {"results": []}, {"results": {"bindings": {}}}],
)
def test_an_answer_that_is_no_result_is_a_failure_and_never_an_empty_one(broken: object) -> None:
    source = Wikidata("", "1921")
    with pytest.raises(FetchFailed):
        source.examine(cast(Polite, Ask(facts=broken, people=answer())), Listed("ia:Cops"))
    with pytest.raises(FetchFailed):
        source.examine(cast(Polite, Ask(facts=answer(*film()), people=broken)), Listed("ia:Cops"))
    with pytest.raises(FetchFailed):
        list(source.listing(cast(Polite, Ask(listing=broken))))


@pytest.mark.parametrize(
    "binding", [None, "x", [], {}, {"film": "x"}, {"film": {"value": ["x"]}}, {"film": {}}]
)
def test_rows_of_nothing_do_not_make_a_film_gone(binding: object) -> None:
    ask = Ask(facts={"results": {"bindings": [binding]}}, people=answer())
    with pytest.raises(FetchFailed):
        Wikidata("", "").examine(cast(Polite, ask), Listed("ia:Cops"))


def test_the_questions_are_about_the_item() -> None:
    ask = Ask(facts=answer(*film()), people=answer())
    Wikidata("", "").examine(cast(Polite, ask), Listed("ia:Cops"))
    assert [kind for kind, _ in ask.asked] == ["facts", "people"]
    assert all('VALUES ?item { "Cops" } ?film wdt:P724 ?item .' in query for _, query in ask.asked)


def test_an_item_that_no_film_names_any_more_is_gone() -> None:
    found = one([])
    assert found.id == "ia:Cops"
    assert found.gone
    assert not found.record


def test_an_id_that_cannot_be_an_item_is_not_asked_for() -> None:
    ask = Ask()
    [found] = Wikidata("", "").examine(cast(Polite, ask), Listed('ia:x" } #'))
    assert found.reasons
    assert not ask.asked


def test_a_mirror_is_asked_at_its_own_address() -> None:
    class Mirror(Ask):
        def json(self, url: str, query: str, format: str) -> Any:
            self.asked.append((url, query))
            return answer()

    ask = Mirror()
    assert list(Wikidata("http://127.0.0.1:8000/wd/", "1921").listing(cast(Polite, ask))) == []
    assert [url for url, _ in ask.asked] == ["http://127.0.0.1:8000/wd/sparql"]


# What a record holds


def test_the_record_of_a_film() -> None:
    found = one(
        film(
            fact("name", "Les Flics", "fr"),
            fact("name", "Полицейские", "ru"),
            fact("imdb", "tt0013025"),
            fact("imdb", "nm0000036"),
            fact("tmdb", "38742"),
            fact("language", "en"),
            fact("language", "zxx"),
            fact("country", "US"),
            fact("genre", "silent film"),
            fact("genre", "comedy"),
            fact("duration", "+18", ENTITY + "Q7727"),
            fact("status", ENTITY + "Q19652"),
        ),
        maker("director", ENTITY + "Q12", name="B. Maker", language="fr"),
        maker("director", ENTITY + "Q12", name="Bee Maker", language="en"),
        maker("director", ENTITY + "Q11", name="A. Maker", language="mul"),
    )
    assert (found.id, found.reasons, found.gone, found.holders) == ("ia:Cops", (), "", ("wikidata:Q7",))
    read = work(found)
    assert read.name == {"en": "Cops", "fr": "Les Flics"}
    assert (read.year, read.duration) == (1922, 1080)
    assert (read.in_language, read.country, read.genre) == (("en",), ("US",), ("comedy", "silent film"))
    assert read.director == ("A. Maker", "Bee Maker")
    assert read.same_as == ("wd:Q7", "imdb:tt0013025", "tmdb:movie/38742")
    assert read.encoding[0].torrent == "https://archive.org/download/Cops/Cops_archive.torrent"
    assert read.source.url == "https://archive.org/details/Cops"
    assert read.rights.territories == ("US",)
    assert [(one.kind, one.rule) for one in read.rights.evidence] == [("pd-rule", "us-95"), ("wikidata", "")]
    assert read.rights.evidence[1].url == "https://www.wikidata.org/wiki/Q7"
    assert rights.refusal(read, 2026) == ""


def test_the_order_of_the_rows_changes_nothing() -> None:
    facts = film(fact("genre", "a"), fact("genre", "b"), fact("imdb", "tt0000002"), fact("imdb", "tt0000001"))
    people = [long_dead("director"), maker("director", ENTITY + "Q5"), long_dead("writer")]
    assert one(facts, *people) == one(facts[::-1], *people[::-1])


def test_a_title_of_all_languages_is_the_english_one_where_there_is_no_other() -> None:
    bare = [fact("film"), fact("date", "1922-01-01T00:00:00Z", "9")]
    assert work(one([*bare, fact("name", "Cops", "mul")])).name == {"en": "Cops"}
    both = [*bare, fact("name", "Cops", "mul"), fact("name", "The Cops", "en")]
    assert work(one(both)).name == {"en": "The Cops"}


def test_a_title_that_would_turn_what_follows_does_not() -> None:
    facts = [*film(), fact("name", "\u202eA \u2066Film", "fr"), fact("name", "שלום 🎬", "de")]
    assert work(one(facts)).name == {"en": "Cops", "fr": "A Film", "de": "שלום 🎬"}


def test_without_a_title_it_is_called_like_the_item_and_a_person_looks() -> None:
    found = one([fact("film"), fact("date", "1922-01-01T00:00:00Z", "9"), fact("name", " \x00 ", "en")])
    assert work(found).name == {"und": "Cops"}
    assert found.reasons == ("no title in a language that is asked for",)


@pytest.mark.parametrize(
    ("durations", "seconds"),
    [
        ([("90", "Q7727")], 5400),
        ([("+90.5", "Q7727")], 5430),
        ([("1080", "Q11574")], 1080),
        ([("18", "Q7727"), ("1080", "Q11574")], 1080),
        ([("18", "Q7727"), ("22", "Q7727")], 0),
        ([("2", "Q25235")], 0),
        ([("-18", "Q7727")], 0),
        ([("NaN", "Q7727")], 0),
        ([("1e9", "Q7727")], 0),
        ([("9999999", "Q7727")], 0),
        ([("9" * 5000, "Q7727")], 0),
        ([(18, "Q7727")], 0),
    ],
)
def test_a_duration_is_told_in_minutes_or_seconds_and_kept_where_there_is_one(
    durations: list[tuple[object, str]], seconds: int
) -> None:
    found = one(film(*(fact("duration", amount, ENTITY + unit) for amount, unit in durations)))
    assert work(found).duration == seconds
    assert not found.reasons


@pytest.mark.parametrize(
    "bad", [None, 7, ["x"], "", "\x00", "\ud800", "x\x07\n" * 500_000, "<b>" * 100, GENID]
)
def test_no_odd_value_loses_the_film_or_spoils_its_record(bad: object) -> None:
    kinds = [
        "item",
        "name",
        "date",
        "imdb",
        "tmdb",
        "language",
        "country",
        "duration",
        "genre",
        "status",
        bad,
    ]
    odd = [{"film": ENTITY + "Q7", "fact": kind, "value": bad, "detail": bad} for kind in kinds]
    named = [{"film": ENTITY + "Q7", "fact": "name", "value": bad, "detail": "fr"}]
    roles = ["director", "writer", "composer", bad]
    people = [
        {**maker(str(role), bad), "name": bad, "language": "en", "died": bad, "precision": bad}
        for role in roles
    ]
    found = one([*film(), *odd, *named], *people)
    assert not found.reasons
    read = work(found)
    assert (read.name["en"], read.year, read.duration, read.same_as) == ("Cops", 1922, 0, ("wd:Q7",))
    assert rules(found) == ["us-95"]


def test_more_of_everything_than_a_record_may_hold_is_cut() -> None:
    many = [f for n in range(10, 60) for f in (fact("genre", "genre %d" % n), fact("imdb", "tt00000%d" % n))]
    codes = [first + second for first in "ABCDE" for second in "ABCDE"]
    more = [
        *many,
        *(fact("country", code) for code in codes),
        *(fact("language", code.lower()) for code in codes),
    ]
    people = [
        long_dead("director") | {"person": ENTITY + "Q%d" % n, "name": "n" * 1000} for n in range(100, 140)
    ]
    found = one(film(*more), *people)
    read = work(found)
    assert not found.reasons
    assert {
        len(read.genre),
        len(read.same_as),
        len(read.country),
        len(read.in_language),
        len(read.director),
    } == {20}


# Years


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("1922-01-01T00:00:00Z", "9"),
        ("1922-00-00T00:00:00Z", "9"),
        ("+1922-03-01T00:00:00Z", "11"),
    ],
)
def test_a_year_is_enough(date: str, precision: str) -> None:
    found = one([fact("film"), fact("name", "Cops", "en"), fact("date", date, precision)])
    assert (work(found).year, rules(found), found.reasons) == (1922, ["us-95"], ())


@pytest.mark.parametrize(
    ("date", "precision"),
    [
        ("1920-01-01T00:00:00Z", "8"),
        ("1901-01-01T00:00:00Z", "7"),
        ("1922-01-01T00:00:00Z", ""),
        ("-0001-01-01T00:00:00Z", "9"),
        ("-1922-01-01T00:00:00Z", "9"),
        ("0022-01-01T00:00:00Z", "9"),
        ("19??-01-01T00:00:00Z", "9"),
        ("19220-01-01T00:00:00Z", "9"),
        ("1922", "9"),
        ("t42", "9"),
        (GENID, "9"),
    ],
)
def test_a_date_that_names_no_year_of_films_frees_nothing(date: str, precision: str) -> None:
    found = one([fact("film"), fact("name", "Cops", "en"), fact("date", date, precision)])
    read = work(found)
    assert (read.year, read.rights.rights_class, read.rights.territories) == (0, "X", ("*",))
    assert read.rights.evidence[0].kind == "license-page"
    assert found.reasons == ("no year of publication",)


def test_the_first_of_several_years_counts() -> None:
    found = one(film(fact("date", "1921-01-01T00:00:00Z", "9"), fact("date", "1960-01-01T00:00:00Z", "9")))
    assert (work(found).year, found.reasons) == (1921, ())


def test_two_years_on_either_side_of_the_rule_are_for_a_person() -> None:
    found = one(film(fact("date", "1932-01-01T00:00:00Z", "9"), date="1929-01-01T00:00:00Z"))
    assert work(found).year == 1929
    assert found.reasons == ("published in 1929 or in 1932: the year rule holds for one of them",)


def test_a_newer_film_is_not_free_by_its_year() -> None:
    found = one(film(date="1931-01-01T00:00:00Z"))
    assert work(found).rights.rights_class == "X"
    assert found.reasons == ("no rule frees a film of 1931",)


# Lives


def test_a_film_whose_makers_are_all_long_dead_is_free_where_lives_count() -> None:
    found = one(
        film(),
        long_dead("director"),
        long_dead("writer"),
        maker("writer", ENTITY + "Q12", "1955-12-31T00:00:00Z"),
        maker("composer", ENTITY + "Q13", "1938-01-01T00:00:00Z", "9"),
    )
    read = work(found)
    assert not found.reasons
    assert rules(found) == ["us-95", "life-70", "life-70", "life-70"]
    assert [one.url[-3:] for one in read.rights.evidence[1:4]] == ["Q11", "Q12", "Q13"]
    assert set(read.rights.territories) == {"US", *rights.LIFE_70}
    assert rights.refusal(read, 2026) == ""


@pytest.mark.parametrize(
    "people",
    [
        pytest.param([long_dead("director")], id="no writer"),
        pytest.param([long_dead("writer")], id="no director"),
        pytest.param(
            [long_dead("director"), long_dead("writer"), maker("writer", ENTITY + "Q12")], id="alive"
        ),
        pytest.param(
            [long_dead("director"), long_dead("writer"), maker("composer", ENTITY + "Q12")], id="composer"
        ),
        pytest.param([long_dead("director"), long_dead("writer"), maker("writer", GENID)], id="somebody"),
        pytest.param([long_dead("director"), long_dead("writer"), maker("writer", "t42")], id="a blank node"),
        pytest.param(
            [long_dead("director"), long_dead("writer"), maker("writer", GENID, "1900-01-01T00:00:00Z")],
            id="somebody dead",
        ),
        pytest.param(
            [long_dead("director"), maker("writer", ENTITY + "Q12", "1956-01-01T00:00:00Z")], id="too late"
        ),
        pytest.param(
            [long_dead("director"), maker("writer", ENTITY + "Q12", "1950-01-01T00:00:00Z", "8")],
            id="a decade",
        ),
        pytest.param(
            [long_dead("director"), maker("writer", ENTITY + "Q12", "-0043-01-01T00:00:00Z")], id="antiquity"
        ),
        pytest.param(
            [long_dead("director"), maker("writer", ENTITY + "Q12", "1616-01-01T00:00:00Z")],
            id="before films",
        ),
        pytest.param(
            [
                long_dead("director"),
                long_dead("writer"),
                {**long_dead("writer"), "died": "1960-01-01T00:00:00Z"},
            ],
            id="two deaths",
        ),
        pytest.param(
            [
                long_dead("director"),
                long_dead("writer"),
                {**long_dead("writer"), "died": "1960-01-01T00:00:00Z", "precision": "8"},
            ],
            id="a death and a decade",
        ),
        pytest.param(
            [
                long_dead("director"),
                *({**long_dead("writer"), "person": ENTITY + "Q%d" % n} for n in range(20, 40)),
            ],
            id="more than the evidence holds",
        ),
    ],
)
def test_one_life_that_is_not_known_to_be_over_frees_nobody(people: list[dict[str, object]]) -> None:
    found = one(film(), *people)
    assert rules(found) == ["us-95"]
    assert work(found).rights.territories == ("US",)


def test_a_sound_film_without_a_composer_frees_nobody() -> None:
    makers = (long_dead("director"), long_dead("writer"))
    assert rules(one(film(date="1927-01-01T00:00:00Z"), *makers)) == ["us-95", "life-70"]
    assert rules(one(film(date="1928-01-01T00:00:00Z"), *makers)) == ["us-95"]
    assert rules(one(film(date="1928-01-01T00:00:00Z"), *makers, long_dead("composer"))) == [
        "us-95",
        "life-70",
    ]


def test_a_newer_film_may_be_free_by_lives_alone() -> None:
    found = one(film(date="1935-01-01T00:00:00Z"), *map(long_dead, ("director", "writer", "composer")))
    read = work(found)
    assert (found.reasons, rules(found), set(read.rights.territories)) == (
        (),
        ["life-70"],
        set(rights.LIFE_70),
    )
    assert rights.refusal(read, 2026) == ""


def test_people_of_another_film_do_not_count() -> None:
    others = [{**long_dead(role), "film": ENTITY + "Q8"} for role in ("director", "writer")]
    assert rules(one(film(), *others)) == ["us-95"]


# Doubts


@pytest.mark.parametrize(
    "item", ["Cops_Restored", "cops-remaster", "Cops1922NewScore", "cops_with_music", "Colorized"]
)
def test_an_item_that_sounds_like_a_version_of_its_own_is_for_a_person(item: str) -> None:
    found = one(film(), item=item)
    assert work(found).id == "ia:" + item
    assert ["rights of its own" in reason for reason in found.reasons] == [True]


@pytest.mark.parametrize(
    ("status", "doubted"), [("Q50423863", True), ("Q73555012", True), ("Q19652", False), ("Q59496158", False)]
)
def test_a_film_that_is_called_copyrighted_is_for_a_person(status: str, doubted: bool) -> None:
    assert bool(one(film(fact("status", ENTITY + status))).reasons) is doubted


def test_what_is_not_called_a_film_is_for_a_person() -> None:
    facts = [row for row in film() if row["fact"] != "film"]
    assert one(facts).reasons == ("Wikidata does not call Q7 a film",)


def test_an_item_of_two_films_is_found_as_both_and_as_neither_for_sure() -> None:
    other = [{**row, "film": ENTITY + "Q8"} for row in film()]
    both = examine([*film(), *other])
    assert [(one.id, one.holders, one.reasons) for one in both] == [
        ("ia:Cops", ("wikidata:Q7",), ("also named by Q8",)),
        ("ia:Cops", ("wikidata:Q8",), ("also named by Q7",)),
    ]


@pytest.mark.skipif(not LIST.exists(), reason="the samples are not here")
def test_the_films_of_a_recorded_list_pass_the_gate_if_and_only_if_they_are_old_enough() -> None:
    checked = {True: 0, False: 0}
    for film_there in json.loads(LIST.read_text("utf-8")).values():
        item = film_there["freenessurl"].rsplit("/", 1)[-1]
        entity = film_there["wdurl"].rsplit("/", 1)[-1]
        year = int(film_there.get("year") or 0)
        facts = [
            fact("film", film=entity),
            fact("name", film_there.get("title") or item, "en", film=entity),
            fact("date", "%04d-01-01T00:00:00Z" % year, "9", film=entity),
        ]
        found = one(facts, item=item)
        read = work(found)
        assert (read.id, read.same_as, read.year) == ("ia:" + item, ("wd:" + entity,), year)
        free = 0 < year <= 1930
        assert (rights.refusal(read, 2026) == "") is free
        assert free or found.reasons
        checked[free] += 1
    assert min(checked.values()) > 100
