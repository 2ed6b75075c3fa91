# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad replies of every source: what was there stays, and what does not pass is told with a reason."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import NamedTuple
from urllib.parse import quote, unquote_plus

import pytest
import test_source_archive as ia
import test_source_commons as wc
import test_source_peertube as pt
import test_source_wikidata as wd

from commonreel.publish import sources
from commonreel.publish.harvest import harvest, read
from commonreel.publish.polite import Polite
from commonreel.publish.sources.source import Listed
from commonreel.publish.trusted import Trusted
from commonreel.works import metainfo, record
from commonreel.works.errors import FetchFailed, TooLarge
from lab import torrents
from lab.odd import everywhere, put
from lab.records import free

FILES = ("records.ndjson", "review.ndjson")
DAYS = ("2026-11-24", "2026-11-25", "2026-11-26")
HOUSE = {"by": "The House", "url": "https://house.example/"}
TRUSTED = Trusted({"collection:films": HOUSE, "channel:films@tube.example": HOUSE})


class Web:
    """What is where: by a part of the address, an object or bytes; the first part that fits counts."""

    def __init__(self, answers):
        self.answers = answers

    def get(self, url, limit, timeout):
        fitting = (said for part, said in self.answers.items() if part in unquote_plus(url))
        said = next(fitting, FetchFailed("HTTP 404", 404))
        if isinstance(said, Exception):
            raise said
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        if len(body) > limit:
            raise TooLarge("over %d bytes" % limit)
        return body


class Place(NamedTuple):
    """A source with one work (a list has two), and what is answered there."""

    name: str
    address: str
    query: str
    key: str  # of its item
    work: str  # its id
    answers: dict

    def ask(self, spoilt):
        return Polite(Web({**self.answers, **spoilt}), 0.0, lambda _: None)

    def run(self, out, day, spoilt=None, trusted=TRUSTED):
        source = sources.named(self.name, self.address, self.query)
        return harvest(source, self.ask(spoilt or {}), out, day, trusted)

    def found(self, spoilt):
        """All that it makes of its items. Raises FetchFailed."""
        ask, source = self.ask(spoilt), sources.named(self.name, self.address, self.query)
        items = {one.key: one for one in [Listed(self.key), *source.listing(ask)]}
        return [found for item in items.values() for found in source.examine(ask, item)]


def search(*names):
    return {"response": {"numFound": len(names), "start": 0, "docs": [{"identifier": one} for one in names]}}


ARCHIVE = Place(
    "archive",
    "",
    "",
    "film",
    "ia:film",
    {
        "advancedsearch.php": search("film"),
        "/metadata/film": ia.answer(collection=["films"], language="eng", description="<b>x</b>"),
        "film_archive.torrent": ia.torrent_of([ia.FILM]),
    },
)
COMMONS = Place(
    "commons",
    "",
    "",
    "42",
    "commons:M42",
    {
        "list=search": {"query": {"search": wc.rows(42)}},
        "pageids=42": {"query": {"pages": [wc.file_page(categories=["Films"])]}},
    },
)
PEERTUBE = Place(
    "peertube",
    pt.HERE,
    "",
    pt.UUID,
    "pt:%s:%s" % (pt.HOST, pt.UUID),
    {
        "/captions": {"data": [{"language": {"id": "de"}, "captionPath": "/de.vtt"}]},
        "/api/v1/videos/": pt.detail(),
        "&start=0&": {"total": 1, "data": [{"uuid": pt.UUID, "account": {"host": pt.HOST}}]},
        "/api/v1/videos?": {"total": 1, "data": []},
        ".torrent": pt.TORRENT,
    },
)
WIKIDATA = Place(
    "wikidata",
    "",
    "1922",
    "ia:Cops",
    "ia:Cops",
    {
        "?role": wd.answer(wd.long_dead("director"), wd.long_dead("writer")),
        "?fact": wd.answer(*wd.film(wd.fact("imdb", "tt0013025"))),
        "": wd.answer({"item": "Cops"}),
    },
)
LIST = Place(
    "list", "https://lists.example/films.json", "", "t:a", "t:a", {"films.json": [free("t:a"), free("t:b")]}
)
# Place, and the answer that goes wrong.
ANSWERS = [
    (ARCHIVE, "advancedsearch.php"),
    (ARCHIVE, "/metadata/film"),
    (COMMONS, "list=search"),
    (COMMONS, "pageids=42"),
    (PEERTUBE, "&start=0&"),
    (PEERTUBE, "/api/v1/videos/"),
    (PEERTUBE, "/captions"),
    (WIKIDATA, ""),
    (WIKIDATA, "?fact"),
    (WIKIDATA, "?role"),
    (LIST, "films.json"),
]
every_answer = pytest.mark.parametrize(
    ("place", "part"), ANSWERS, ids=["%s %s" % (place.name, part) for place, part in ANSWERS]
)


BODIES = [
    b"",
    b"<!doctype html><html><body>Sorry</body></html>",
    b'{"error": "[DEEP_PAGING] too far", "forceLogout": false}',
    b'{"error": {"code": "maxlag", "info": "Waiting"}}',
    b"null",
    b"7",
    b'"sorry"',
    b"[7]",
    b'[["sorry"]]',
    b'{"a": NaN}',
    b"[" * 100_000,
    b"\x00" * 99,
    gzip.compress(b"{}", mtime=0)[:12],
    FetchFailed("HTTP 500", 500),
    FetchFailed("took longer than 60 s"),
    TooLarge("over 33554432 bytes"),
]


def stays(out, place, part, body):
    """That all is there on the next two days, after which what is said to be gone is withdrawn."""
    place.run(out, DAYS[0])
    before = [read(out / name) for name in FILES]
    assert place.work in before[place is COMMONS]  # whose films have no torrent yet: they are for review
    for day in DAYS[1:]:
        report = place.run(out, day, {part: body})
        records, review = (read(out / name) for name in FILES)
        assert records == before[0]
        assert {**review, **before[1]} == review
        said = [report.listing_broken, *report.unanswered.values()]
        assert any(said)
        assert all(each.isprintable() and len(each) < 400 for each in said)
    place.run(out, DAYS[-1])
    assert [read(out / name) for name in FILES] == before


@every_answer
@pytest.mark.parametrize("body", BODIES, ids=lambda body: str(body)[:24])
def test_a_reply_that_says_nothing_leaves_what_was_there(place, part, body, tmp_path):
    stays(tmp_path, place, part, body)


@every_answer
def test_a_reply_that_is_cut_short_leaves_what_was_there(place, part, tmp_path):
    whole = json.dumps(place.answers[part]).encode()
    stays(tmp_path, place, part, whole[: len(whole) - 9])


@pytest.mark.parametrize("behind", [",", ",\n", ",\n{", ""])
def test_a_list_that_breaks_off_behind_a_record_leaves_what_was_there(behind, tmp_path):
    stays(tmp_path, LIST, "films.json", ("[\n" + record.line(free("t:a")) + behind).encode())


@pytest.mark.parametrize(("place", "part"), [(ARCHIVE, "film_archive.torrent"), (PEERTUBE, ".torrent")])
@pytest.mark.parametrize("body", [*BODIES[:4], "cut short"], ids=lambda body: str(body)[:24])
def test_a_page_in_place_of_a_torrent_leaves_what_was_there(place, part, body, tmp_path):
    stays(tmp_path, place, part, place.answers[part][:-9] if body == "cut short" else body)


ODD = [..., None, True, -1, 3024, 10**20, 1.5, "", "\x00", "19??", "90:01", "<b>[b]x[/b]</b>", "../x", "%2f"]
ODD += ["\ud800", " \u202e🎬", "x" * 300, "https://[", [], [None], ["a", "b"], {}, {"a": 1}, [[[[[]]]]]]


def sound(found):
    """It is gone, in doubt, or a record that the format takes; and all of it can be told and written down."""
    told = [*found.reasons, *([found.gone] if found.gone else [])]
    assert all(each and each.isprintable() and len(each) < 700 for each in told), told
    json.dumps(vars(found), ensure_ascii=False).encode()
    return bool(told) or record.parse(found.record).id == found.id


@every_answer
def test_any_value_anywhere_in_an_answer_is_read_or_told(place, part):
    """No field breaks the run, at any depth: an item is left out with a reason, or its record holds."""
    answered, said = 0, []
    for way in everywhere(place.answers[part]):
        for odd in ODD if way else ODD[1:]:
            try:
                assert all(map(sound, place.found({part: put(place.answers[part], way, odd)}))), (way, odd)
                answered += 1
            except FetchFailed as error:
                said.append(error.detail)
    assert answered
    assert said
    assert all(each.isprintable() and 0 < len(each) < 500 for each in said)


# Listings


@pytest.mark.parametrize("shrunk", [search(), {"response": {"numFound": 9, "docs": []}}])
def test_a_search_that_finds_less_than_before_loses_nothing(shrunk, tmp_path):
    """Under load the archive finds 3 of 1547, with status 200."""
    before = ARCHIVE.run(tmp_path, DAYS[0]), read(tmp_path / FILES[0])
    for day in DAYS[1:]:
        report = ARCHIVE.run(tmp_path, day, {"advancedsearch.php": shrunk})
        assert (report.listed, report.records, report.unanswered) == (0, before[0].records, {})
        assert read(tmp_path / FILES[0]) == before[1]


@pytest.mark.parametrize(
    ("place", "part", "twice"),
    [
        (ARCHIVE, "advancedsearch.php", search("film", "film")),
        (COMMONS, "list=search", {"query": {"search": wc.rows(42, 42)}}),
        (PEERTUBE, "&start=0&", {"total": 2, "data": 2 * PEERTUBE.answers["&start=0&"]["data"]}),
        (WIKIDATA, "", wd.answer({"item": "Cops"}, {"item": "Cops"})),
        (LIST, "films.json", [*LIST.answers["films.json"], free("t:a")]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_what_is_there_twice_is_found_once_and_not_lost(place, part, twice, tmp_path):
    once, again = place.run(tmp_path / "once", DAYS[0]), place.run(tmp_path / "twice", DAYS[0], {part: twice})
    assert read(tmp_path / "twice" / FILES[0]) == read(tmp_path / "once" / FILES[0])
    doubled = read(tmp_path / "twice" / FILES[1]).keys() - read(tmp_path / "once" / FILES[1]).keys()
    # Of a list's two records a person must say which one is right.
    assert doubled == ({"list:line-3"} if place is LIST else set())
    assert again.asked == once.asked


def test_two_items_of_one_title_are_two_works(tmp_path):
    ARCHIVE.run(tmp_path, DAYS[0], BOTH)
    works = read(tmp_path / FILES[0])
    assert [work["name"] for work in works.values()] == [{"en": "The Film"}] * 2
    assert list(works) == ["ia:film", "ia:other"]


# Torrents

CONTENT = {"The Film.mp4": b"film" * 20_000, "The Film.asr.srt": b"", "notes.txt": b"x"}


def item(torrent, name="film", **fields):
    """What the archive answers about an item that has these files, and that torrent."""
    files = [
        {**ia.entry(path, len(body)), "sha1": hashlib.sha1(body).hexdigest()}
        for path, body in CONTENT.items()
    ]
    told = ia.answer(files, torrent, identifier=name, collection=["films"], **fields)
    told["files"][-1]["name"] = name + "_archive.torrent"
    return {"/metadata/" + name: told, "%s_archive.torrent" % name: torrent}


def made(**more):
    return torrents.make("film", CONTENT, sha1=True, **more)


def bent(**first):
    info, _ = torrents.parts("film", CONTENT, sha1=True)
    info["files"][0].update(first)
    return torrents.bencode({"info": dict(sorted(info.items()))})


BOTH = {"advancedsearch.php": search("film", "other"), **item(made()), **item(made(), "other")}


@pytest.mark.parametrize(
    ("torrent", "reason"),
    [
        (bent(length=-1), "the torrent is broken: length missing or out of bounds"),
        (bent(length=10**20), "the torrent is broken: integer expected at byte"),
        (bent(path=["..", "film.mp4"]), "the torrent is broken: unsafe name '..'"),
        (bent(path=["/etc/passwd"]), "the torrent is broken: unsafe name '/etc/passwd'"),
        (bent(path=["notes.txt"]), "the torrent is broken: two files with one path"),
        (bent(attr="l"), "the torrent is broken: a symbolic link, or attr not a string"),
        (made(info={"pieces": "demo"}), "the torrent is broken: pieces: their number does not fit the size"),
        (made(info={"pieces": None}), "the torrent is broken: pieces: their number does not fit the size"),
        (made(info={"name": None}), "the torrent is broken: name missing or too long"),
        (b"d4:info" + b"d1:a" * 5000 + b"e", "the torrent is broken: too deep or too many values"),
        (made(private=True), "restricted: the torrent is private"),
        (made(version=torrents.V2), "the torrent is stale"),
        (made(info={"source": "made anew"}), "the torrent is stale"),
        (torrents.make("film", {"notes.txt": b"x"}, sha1=True), "the torrent is stale"),
        (bytes((20 << 20) + 1), "no torrent"),
        (FetchFailed("HTTP 403", 403), "no torrent"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_torrent_is_told_of_and_the_next_item_is_found(torrent, reason, tmp_path):
    report = ARCHIVE.run(tmp_path, DAYS[0], {**BOTH, "film_archive.torrent": torrent})
    assert (list(read(tmp_path / FILES[0])), report.unanswered) == (["ia:other"], {})
    line = read(tmp_path / FILES[1])["ia:film"]
    assert line["reasons"][0].startswith(reason)
    assert line["record"]["name"] == {"en": "The Film"}


@pytest.mark.parametrize(
    "outside",
    [
        {},
        {"url_list": []},
        {"url_list": ["/12/items/", "http://ia1.example/8/items"]},
        {"announce": "wss://tracker.example/socket"},
        {"announce_list": [[], ["ftp://tracker.example", "", 7]]},
        {"creation date": 1 << 40},
    ],
)
def test_a_torrent_that_is_merely_odd_will_do(outside, tmp_path):
    torrent = made(**outside)
    ARCHIVE.run(tmp_path, DAYS[0], item(torrent))
    [encoding] = read(tmp_path / FILES[0])["ia:film"]["encoding"]
    assert encoding["file"]["path"] == "The Film.mp4"
    assert encoding["infoHash"] == metainfo.parse(torrent).info_hash
    assert encoding.get("trackers", []) == [outside[name] for name in outside if name == "announce"]
    assert "subtitles" not in encoding  # where a machine heard nothing


@pytest.mark.parametrize(
    "name", [" The Film.mp4", "שלום.mp4", "\u202egnp.mp4", "🎬 👩‍👩‍👧.mp4", "e\u0301.mp4", "'<b>.mp4"]
)
def test_a_film_keeps_its_files_name(name, tmp_path):
    """By which the torrent's is found, and from which the address on the web is made."""
    files = [{**ia.FILM, "name": name}]
    torrent = ia.torrent_of(files)
    film = ia.clean(ia.answer(files, torrent), torrent)
    assert film.encoding[0].file.path == name
    assert film.encoding[0].web == ("https://archive.org/download/film/" + quote(name),)
