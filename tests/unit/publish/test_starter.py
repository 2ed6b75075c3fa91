# SPDX-License-Identifier: GPL-3.0-or-later
"""The starter catalogue: how it is made, and what the committed one holds."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from commonreel.publish import starter
from commonreel.publish.starter import YEAR, Kept
from commonreel.works import giving, record, rights
from commonreel.works.work import Work

ROOT = Path(__file__).resolve().parents[3]
CATALOGUE = ROOT / "resources" / "catalogue.json"
SAMPLES = ROOT.parent / "shared" / "samples"

NOTHING = Kept({}, {"persons": {}, "films": {}}, {})


def film(item: str, year: object = "1922", title: str = "A Film", entity: str = "Q7") -> dict[str, Any]:
    return {
        "freenessurl": "https://archive.org/details/" + item,
        "status": "free",
        "title": title,
        "wdurl": "http://www.wikidata.org/entity/" + entity,
        "year": year,
    }


def listed(*films: dict[str, Any]) -> dict[str, Any]:
    return {"http://www.imdb.com/title/tt%07d/" % number: one for number, one in enumerate(films, 1)}


def made(*films: dict[str, Any], facts: Kept = NOTHING) -> list[Any]:
    return list(starter.make(listed(*films), [], facts).records)


def test_a_film_of_the_list_is_free_in_the_united_states_by_its_year() -> None:
    [one] = made(film("Cops"))
    assert one["id"] == "ia:Cops"
    assert one["encoding"] == [{"torrent": "https://archive.org/download/Cops/Cops_archive.torrent"}]
    assert one["sameAs"] == ["wd:Q7", "imdb:tt0000001"]
    assert one["rights"]["territories"] == ["US"]
    assert [evidence["kind"] for evidence in one["rights"]["evidence"]] == ["pd-rule", "wikidata"]
    assert "director" not in one


@pytest.mark.parametrize("year", ["1931", "2020", None, "0"])
def test_newer_and_undated_films_are_left_out(year: object) -> None:
    assert made(film("New", year), film("Old", "1930"))[0]["id"] == "ia:Old"
    assert len(made(film("New", year), film("Old", "1930"))) == 1


@pytest.mark.parametrize(
    ("item", "title"),
    [
        ("Film_restored", "A Film"),
        ("Film", "A Film (new score)"),
        ("FilmWithMusicByX", "A Film"),
        ("FilmColorized", "A Film"),
        ("FilmRemastered", "A Film"),
        ("Film-soundtrack", "A Film"),
        ("Film_tinted", "A Film"),
    ],
)
def test_an_item_that_names_a_new_right_waits(item: str, title: str) -> None:
    result = starter.make(listed(film(item, title=title)), [], NOTHING)
    assert result.records == ()
    assert list(result.review) == [item]


def test_an_item_kept_for_review_waits() -> None:
    facts = NOTHING._replace(review={"Odd": "why"})
    assert [one["id"] for one in made(film("Odd"), film("Plain"), facts=facts)] == ["ia:Plain"]


def deaths(died: int, **facts: object) -> Kept:
    whole = {"title": "A Film", "director": ["Q1"], "writer": ["Q1"], "madeScore": False, **facts}
    return NOTHING._replace(
        deaths={
            "persons": {"Q1": {"name": "B", "died": 1938}, "Q2": {"name": "D", "died": died}},
            "films": {"Q7": whole},
        }
    )


@pytest.mark.parametrize(
    ("facts", "free"),
    [
        (deaths(1955), True),
        (deaths(1955, writer=["Q1", "Q2"]), True),
        (deaths(1956, writer=["Q1", "Q2"]), False),
        (deaths(1955, madeScore=True, composer=["Q2"]), True),
        (deaths(1956, madeScore=True, composer=["Q2"]), False),
        (deaths(1955, madeScore=True), False),
        (deaths(1955, writer=[]), False),
        (deaths(1955, director=[]), False),
        (NOTHING, False),
    ],
)
def test_life_and_70_years_only_where_everybody_is_known_and_long_dead(facts: Kept, free: bool) -> None:
    [one] = made(film("Cops"), facts=facts)
    assert one["rights"]["territories"] == (sorted([*rights.LIFE_70, "US"]) if free else ["US"])
    assert ("life-70" in json.dumps(one)) == free
    assert one.get("director") == (["B"] if free else None)


def bencoded(value: Any) -> bytes:
    if isinstance(value, dict):
        return b"d%be" % b"".join(bencoded(key) + bencoded(value[key]) for key in sorted(value))
    if isinstance(value, list):
        return b"l%be" % b"".join(map(bencoded, value))
    return b"i%de" % value if isinstance(value, int) else b"%d:%b" % (len(value), value)


FILES = [
    {b"length": 20, b"path": [b"My Film.fr.srt"]},
    {b"length": 90_000, b"path": [b"My Film.mp4"]},
    {b"length": 30, b"path": [b"poster.jpg"]},
]
INFO = {b"name": b"My Film", b"piece length": 65536, b"pieces": b"x" * 40, b"files": FILES}
TORRENT = bencoded({b"announce": b"udp://t.example:1", b"info": INFO, b"url-list": [b"https://w.example/t/"]})
HASH = hashlib.sha1(bencoded(INFO)).hexdigest()
MOVIE = {
    "id": "t:film",
    "torrent": "https://w.example/film.torrent",
    "project": "https://house.example/",
    "proof": "https://house.example/sharing/",
    "record": {"name": {"en": "My Film"}, "credit": "© House"},
}


def test_an_open_movie_takes_its_facts_from_its_torrent() -> None:
    result = starter.make({}, [b"not a torrent", TORRENT], NOTHING._replace(open_movies={HASH: MOVIE}))
    [one] = result.records
    assert one["license"]["credit"] == "© House"
    assert one["rights"]["territories"] == ["*"]
    assert one["image"] == {"poster": "https://w.example/t/My%20Film/poster.jpg"}
    assert one["encoding"] == [
        {
            "infoHash": HASH,
            "torrent": "https://w.example/film.torrent",
            "file": {"path": "My Film.mp4", "length": 90_000},
            "container": "mp4",
            "web": ["https://w.example/t/My%20Film/My%20Film.mp4"],
            "trackers": ["udp://t.example:1"],
            "subtitles": [{"lang": "fr", "path": "My Film.fr.srt", "format": "srt"}],
        }
    ]


def test_the_open_movies_of_the_add_on_name_a_way_to_give_that_is_shown() -> None:
    works = [record.parse(one) for one in json.loads(CATALOGUE.read_text("utf-8"))]
    shown = {work.id: [way.address for way in giving.shown(work)] for work in works if work.funding}
    films = ("big-buck-bunny", "sintel", "tears-of-steel")
    assert shown == {"blender:" + film: ["https://fund.blender.org/"] for film in films}


def test_an_open_movie_without_its_torrent_is_an_error() -> None:
    with pytest.raises(ValueError, match=HASH):
        starter.make({}, [], NOTHING._replace(open_movies={HASH: MOVIE}))


def test_a_bad_address_or_a_second_record_of_an_id_is_an_error() -> None:
    with pytest.raises(ValueError, match="unexpected address"):
        made(film("a b"))
    with pytest.raises(ValueError, match="twice"):
        made(film("Same"), film("Same"))


def test_the_text_is_a_record_a_line_with_sorted_keys() -> None:
    text = starter.text(made(film("B", title="Häxan"), film("A")))
    assert json.loads(text)[0]["id"] == "ia:A"
    assert [line[:2] for line in text.splitlines()] == ["[", '{"', '{"', "]"]
    assert "Häxan" in text
    first = json.loads(text.splitlines()[1].rstrip(","))
    assert list(first) == sorted(first)


# The catalogue that is committed


def catalogue() -> list[Work]:
    entries, problems = record.load(CATALOGUE.read_text("utf-8"))
    assert problems == ()
    works = [entry for entry in entries if isinstance(entry, Work)]
    assert len(works) == len(entries) == 412
    return works


def test_every_committed_record_parses_and_passes_the_gate() -> None:
    refused = {work.id: rights.refusal(work, YEAR) for work in catalogue()}
    assert {identifier: why for identifier, why in refused.items() if why} == {}


def test_what_the_committed_catalogue_holds_where() -> None:
    works = catalogue()
    assert len({work.id for work in works}) == len(works)
    assert len({key for work in works for key in work.same_as}) == sum(len(work.same_as) for work in works)
    kinds = Counter((work.rights.rights_class, len(work.rights.territories)) for work in works)
    assert kinds == {("C", 1): 389, ("C", 31): 20, ("B", 1): 3}
    free = {
        place: sum(rights.free_in(work.rights, place) for work in works) for place in ("", "US", "FR", "ES")
    }
    assert free == {"": 3, "US": 412, "FR": 23, "ES": 3}


def test_committed_encodings_can_be_asked_for() -> None:
    for work in catalogue():
        [encoding] = work.encoding
        if work.rights.rights_class == "C":
            item = work.id.partition(":")[2]
            assert encoding.key == "https://archive.org/download/%s/%s_archive.torrent" % (item, item)
        else:
            assert len(encoding.info_hash) == 40
            assert encoding.file is not None
            assert encoding.web
            assert encoding.trackers
            assert encoding.subtitles


def test_what_waits_for_review_is_not_in_the_committed_catalogue() -> None:
    there = {work.id for work in catalogue()}
    assert not there & {"ia:" + item for item in starter.kept().review}


def test_facts_kept_by_hand_fit_together() -> None:
    kept = starter.kept()
    by_entity = {key: work for work in catalogue() for key in work.same_as}
    for entity, facts in kept.deaths["films"].items():
        work = by_entity["wd:" + entity]
        assert work.title() == facts["title"]
        named = {*facts["director"], *facts["writer"], *facts.get("composer", [])}
        assert named <= set(kept.deaths["persons"])
        assert len(work.rights.territories) > 1


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample folder is not there")
def test_the_committed_catalogue_is_what_the_script_makes() -> None:
    films = json.loads((SAMPLES / "pd-lists" / "free-movies-archive-org-wikidata.json").read_text("utf-8"))
    torrents = [path.read_bytes() for path in sorted((SAMPLES / "open-movie-torrents").glob("*.torrent"))]
    result = starter.make(films, torrents, starter.kept())
    assert starter.text(result.records) == CATALOGUE.read_text("utf-8")
    assert len(result.review) == 12
    old = [one for one in films.values() if 0 < int(one.get("year") or 0) <= starter.LAST_YEAR]
    assert len(old) == 421 == len(result.records) - 3 + len(result.review)
