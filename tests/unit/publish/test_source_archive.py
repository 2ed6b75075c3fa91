# SPDX-License-Identifier: GPL-3.0-or-later
"""The Internet Archive as a source: its search, and what it makes of an item and its torrent."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
import time
from pathlib import Path
from typing import Any, Callable
from urllib.parse import parse_qs, urlencode

import pytest

from commonreel.publish.sources import archive_fields as read
from commonreel.publish.sources.archive import Archive
from commonreel.publish.sources.source import Found, Listed
from commonreel.works import bencode, metainfo, record, rights
from commonreel.works.errors import FetchFailed, TooLarge
from commonreel.works.work import Rating, Work

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples"
recorded = pytest.mark.skipif(not SAMPLES.is_dir(), reason="no recorded samples here")

PDM = "http://creativecommons.org/publicdomain/mark/1.0/"
BY = "https://creativecommons.org/licenses/by/4.0/"


class Ask:
    """Answers by address; an error is raised. `asked` are the addresses, in their order."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def json(self, url: str, **query: object) -> Any:
        return self.get(url + ("?" + urlencode(query, doseq=True) if query else ""), 0)

    def get(self, url: str, limit: int) -> Any:
        self.asked.append(url)
        answer = self.answers[url]
        if isinstance(answer, Exception):
            raise answer
        return answer


def sha1(name: str) -> str:
    return hashlib.sha1(name.encode()).hexdigest()


def entry(name: str, size: object = 5_000_000, **more: object) -> dict[str, Any]:
    """A file as /metadata lists it: all values are text."""
    return {"name": name, "size": str(size), "sha1": sha1(name), "source": "original", **more}


def torrent_of(files: list[dict[str, Any]], **info: Any) -> bytes:
    """As archive.org makes it: without folders, with SHA-1 as text."""
    listed: list[bencode.Value] = [
        {
            b"path": [each["name"].rpartition("/")[2].encode()],
            b"length": int(each["size"]),
            b"sha1": each["sha1"].encode(),
        }
        for each in files
    ]
    pieces = bytes(20 * -(-sum(int(each["size"]) for each in files) // (1 << 20)))
    held: dict[bytes, bencode.Value] = {
        b"name": b"film",
        b"piece length": 1 << 20,
        b"files": listed,
        b"pieces": pieces,
        **{key.encode(): value for key, value in info.items()},
    }
    return bencode.encode({b"announce": b"http://bt1.archive.org:6969/announce", b"info": held})


FILM = entry("The Film.mp4", length="5401.23", height="480", width="640", format="h.264")


def answer(files: list[dict[str, Any]] | None = None, torrent: bytes = b"", **fields: Any) -> dict[str, Any]:
    """A /metadata answer about the item 'film', whose torrent holds all of its files if none is given."""
    files = [FILM] if files is None else files
    info_hash = metainfo.parse(torrent or torrent_of(files or [FILM])).info_hash
    told = {
        "identifier": "film",
        "mediatype": "movies",
        "title": "The Film",
        "date": "1925",
        "licenseurl": PDM,
        **fields,
    }
    named = {"name": "film_archive.torrent", "btih": info_hash, "size": "900", "format": "Archive BitTorrent"}
    return {
        "metadata": {key: value for key, value in told.items() if value is not None},
        "files": [*files, named],
    }


def examine(told: Any, torrent: Any = b"") -> list[Found]:
    """What is found where the archive answers that; the torrent holds all that the item has, if not given."""
    if not torrent:
        entries = told.get("files") if isinstance(told, dict) else None
        torrent = torrent_of([each for each in entries or [FILM] if "btih" not in each])
    base = "https://archive.org"
    ask = Ask({base + "/metadata/film": told, base + "/download/film/film_archive.torrent": torrent})
    return Archive("", "").examine(ask, Listed("film"))  # type: ignore[arg-type]


def one(told: Any, torrent: Any = b"") -> Found:
    [found] = examine(told, torrent)
    return found


def work(found: Found) -> Work:
    """What a device reads of it."""
    parsed = record.parse(json.loads(json.dumps(found.record)))
    assert isinstance(parsed, Work)
    return parsed


def clean(told: Any, torrent: Any = b"") -> Work:
    found = one(told, torrent)
    assert found.reasons == ()
    return work(found)


# A film


def test_an_item_becomes_a_record_that_names_its_film_in_the_torrent() -> None:
    copy = entry("The Film_512kb.mp4", 1_000_000, length="5401.20", height="240", format="512Kb MPEG4")
    raw = entry("The Film.mpeg", 50_000_000, length="5401.25", format="MPEG2")
    files = [copy, raw, FILM, entry("The Film.thumbs/1.jpg", 1000)]
    film = clean(
        answer(files, language="eng", creator="A Studio", director="A Person", subject="Comedy; Cats")
    )
    assert (film.id, film.type, film.title(), film.year, film.duration) == (
        "ia:film",
        "Movie",
        "The Film",
        1925,
        5401,
    )
    assert (film.director, film.genre, film.in_language) == (("A Person",), ("comedy",), ("en",))
    assert (film.license.url, film.license.spdx, film.license.credit) == (PDM, "CC-PDM-1.0", "A Studio")
    assert film.poster == "https://archive.org/services/img/film"
    encoding = film.encoding[0]
    assert encoding.info_hash == metainfo.parse(torrent_of(files)).info_hash
    assert encoding.torrent == "https://archive.org/download/film/film_archive.torrent"
    assert encoding.file is not None
    assert (encoding.file.path, encoding.file.length, encoding.file.sha1) == (
        "The Film.mp4",
        5_000_000,
        FILM["sha1"],
    )
    assert (encoding.container, encoding.codec, encoding.height) == ("mp4", "h264", 480)
    assert encoding.web == ("https://archive.org/download/film/The%20Film.mp4",)
    assert encoding.trackers == ("http://bt1.archive.org:6969/announce",)


def test_every_copy_of_the_film_is_an_encoding_the_best_first() -> None:
    names = ("The Film_512kb.mp4", "The Film.mpeg", "The Film.ogv", "Another.mp4", "unmeasured.mp4")
    heights = ("240", "480", "304", "480", "480")
    formats = ("512Kb MPEG4", "MPEG2", "Ogg Video", "h.264", "h.264")
    lengths = ("5401.20", "5401.25", "1:30:01", "1200", None)
    made = zip(names, heights, formats, lengths)
    copies = [
        entry(name, 4_000_000, height=height, format=format, **({"length": length} if length else {}))
        for name, height, format, length in made
    ]
    found = clean(answer([*copies, FILM])).encoding
    assert [(each.container, each.codec, each.height) for each in found] == [
        ("mp4", "h264", 480),
        ("mp4", "", 240),
        ("mpeg", "mpeg2video", 480),
        ("ogv", "theora", 304),
    ]
    assert len({each.info_hash for each in found}) == 1
    assert len({each.key for each in found}) == 4
    assert found[3].web == ("https://archive.org/download/film/The%20Film.ogv",)


def test_not_every_copy_of_many() -> None:
    copies = [entry("copy %d.mp4" % number, length="5401", height="480") for number in range(50)]
    assert len(clean(answer([*copies, FILM])).encoding) == 6


@pytest.mark.parametrize(
    ("reviews", "rating"),
    [
        ([{"stars": "5"}, {"stars": "4"}, {"stars": "4"}], Rating(8.6, 3, "archive.org")),
        ([{"stars": "1"}, {"stars": "0"}, {"reviewbody": "none"}], Rating(2.0, 1, "archive.org")),
        ([{"stars": "6"}, {"stars": "-1"}, {"stars": ["x"]}, {"stars": None}, "5", None], None),
        ([], None),
        ({"stars": "5"}, None),
        (None, None),
    ],
)
def test_reviews_rate_a_film_with_how_many_they_are(reviews: Any, rating: Rating | None) -> None:
    assert clean({**answer(), "reviews": reviews}).rating == rating


def test_reviews_of_a_series_are_not_those_of_each_episode() -> None:
    parts = [entry("Lock Up S01E%02d.mp4" % number, length="1500") for number in (1, 2)]
    found = examine({**answer(parts), "reviews": [{"stars": "5"}]})
    assert [work(each).rating for each in found] == [Rating(10.0, 1, "archive.org"), None, None]


@pytest.mark.parametrize(
    ("name", "length", "known"),
    [
        ("The Film trailer.mp4", "120", True),
        ("extras/teaser_1.mp4", "30", True),
        ("Trailerpark.mp4", "120", False),
        ("The Film trailer.mp4", "900", False),  # too long for one
        ("The Film trailer.mp4", "0", False),
        ("The Film trailer.srt", "120", False),
    ],
)
def test_a_file_that_calls_itself_a_trailer(name: str, length: str, known: bool) -> None:
    address = "https://archive.org/download/film/" + name.replace(" ", "%20")
    told = answer([FILM, entry(name, length=length)])
    assert clean(told).trailer == (address if known else "")


def test_of_several_copies_of_a_trailer_one_that_every_box_plays() -> None:
    copies = [
        entry("trailer.mpeg", 9_000_000, length="60", format="MPEG2"),
        entry("trailer.mp4", 700_000, length="60", format="h.264"),
        entry("trailer.ogv", 800_000, length="60", format="Ogg Video"),
    ]
    assert clean(answer([FILM, *copies])).trailer.endswith("/trailer.mp4")
    assert clean(answer([entry("trailer.mp4", length="60", format="h.264")])).trailer == ""


def test_records_name_the_public_archive_wherever_it_was_asked() -> None:
    base = "http://127.0.0.1:8000/ia"
    answers = {
        base + "/metadata/film": answer(),
        base + "/download/film/film_archive.torrent": torrent_of([FILM]),
    }
    ask = Ask(answers)
    [found] = Archive(base + "/", "").examine(ask, Listed("film"))  # type: ignore[arg-type]
    assert ask.asked == list(answers)
    assert found == one(answer())
    assert "127.0.0.1" not in json.dumps(found.record)


def test_a_file_is_found_by_its_content_where_the_torrent_has_no_folders() -> None:
    deep = entry("reel 1/The Film.mp4", length="60")
    [encoding] = clean(answer([deep])).encoding
    assert encoding.file is not None
    assert encoding.file.path == "The Film.mp4"
    assert encoding.web == ("https://archive.org/download/film/reel%201/The%20Film.mp4",)


def test_a_file_of_the_same_name_and_other_content_is_not_in_the_torrent() -> None:
    torrent = torrent_of([{**FILM, "sha1": sha1("an earlier one")}])
    found = one(answer([FILM], torrent), torrent)
    assert found.reasons == ("not in the torrent",)
    assert "encoding" not in found.record


def test_a_private_file_is_not_there() -> None:
    found = one(answer([{**FILM, "private": "true"}, entry("small.ogv", 90_000)]))
    assert found.record["encoding"][0]["file"]["path"] == "small.ogv"


@pytest.mark.parametrize(
    "name", ["../other/film.mp4", "a\x00.mp4", "\ud800.mp4", "a//b.mp4", None, ["a.mp4"], 7]
)
def test_a_name_that_leads_elsewhere_is_not_a_file(name: object) -> None:
    assert one(answer([{**FILM, "name": name}], torrent_of([FILM])), torrent_of([FILM])).reasons == (
        "no playable file",
    )


@pytest.mark.parametrize(
    ("length", "other", "doubted"),
    [("3000", "2800", True), ("3000", "3001.9", False), ("3000", "200", False), ("", "2800", False)],
)
def test_a_second_video_may_be_the_other_half(length: str, other: str, doubted: bool) -> None:
    files = [entry("a.mp4", length=length), entry("b.mp4", 4_000_000, length=other)]
    assert [why[:9] for why in one(answer(files)).reasons] == (["which is "] if doubted else [])


# The torrent


@pytest.mark.parametrize(
    ("told", "torrent", "reason"),
    [
        (answer(), torrent_of([FILM], source=b"made anew"), "the torrent is stale"),
        (answer(), torrent_of([FILM], private=1), "restricted: the torrent is private"),
        (answer(), b"de", "the torrent is broken: no info dictionary"),
        (answer(), FetchFailed("no", 404), "no torrent"),
        (answer(), TooLarge("over"), "no torrent"),
    ],
)
def test_a_torrent_that_will_not_do_is_for_a_person(told: Any, torrent: Any, reason: str) -> None:
    found = one(told, torrent)
    assert found.reasons == (reason,)
    assert found.record["name"] == {"en": "The Film"}


@pytest.mark.parametrize("btih", ["", None, "x" * 40, ["a"], 7])
def test_a_torrent_without_its_info_hash_is_stale(btih: object) -> None:
    told = answer()
    told["files"][-1]["btih"] = btih
    assert one(told).reasons == ("the torrent is stale",)


def test_an_archive_that_fails_is_asked_at_the_next_run() -> None:
    for torrent in (FetchFailed("busy", 503), b"<html>Sorry</html>", torrent_of([FILM])[:-9]):
        with pytest.raises(FetchFailed):
            examine(answer(), torrent)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"access-restricted-item": "true"}, "restricted: access-restricted-item"),
        (
            {"collection": [*("fav-%d" % number for number in range(300)), "stream_only"]},
            "restricted: stream_only",
        ),
        ({"noarchivetorrent": "true"}, "no torrent: noarchivetorrent"),
    ],
)
def test_a_restricted_item_is_not_asked_for_its_torrent(fields: dict[str, Any], reason: str) -> None:
    ask = Ask({"https://archive.org/metadata/film": answer(**fields)})
    [found] = Archive("", "").examine(ask, Listed("film"))  # type: ignore[arg-type]
    assert found.reasons == (reason,)


@pytest.mark.parametrize(("entries", "reason"), [([], "no torrent"), ([{"private": "true"}], "restricted: ")])
def test_a_torrent_that_is_missing_or_private_is_not_asked_for(entries: list[Any], reason: str) -> None:
    told = answer()
    told["files"] = [FILM, *({**told["files"][-1], **more} for more in entries)]
    [found] = Archive("", "").examine(Ask({"https://archive.org/metadata/film": told}), Listed("film"))  # type: ignore[arg-type]
    assert found.reasons[0].startswith(reason)


# What is gone, and what is no answer


@pytest.mark.parametrize(
    ("told", "gone"),
    [
        ([], "no such item"),
        ({}, "no such item"),
        ({"created": 1, "is_dark": True, "servers_unavailable": True}, "dark"),
        (answer(noindex=""), "noindex"),
    ],
)
def test_what_the_archive_has_taken_down_is_gone(told: Any, gone: str) -> None:
    assert one(told) == Found("ia:film", gone=gone)


NESTED: Any = []
for _ in range(500):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    "told",
    [
        "sorry",
        7,
        None,
        NESTED,
        {"error": "busy"},
        {"error": NESTED},
        {"metadata": [], "files": []},
        {"metadata": {"title": "x"}},
        {"metadata": {"identifier": "another"}, "files": []},
        {"metadata": {"identifier": NESTED}, "files": []},
    ],
)
def test_an_answer_that_says_nothing_of_the_item_withdraws_nothing(told: Any) -> None:
    with pytest.raises(FetchFailed):
        examine(told)


@pytest.mark.parametrize("key", ["", ".", "a/../b", "..", "a..b", "a%2fb", "a?b", "é", "a\n", "x" * 101])
def test_what_is_no_identifier_is_not_asked_for(key: str) -> None:
    with pytest.raises(FetchFailed):
        Archive("", "").examine(Ask({}), Listed(key))  # type: ignore[arg-type]


# Rights


@pytest.mark.parametrize(
    ("fields", "held", "territories"),
    [
        ({"date": "1930-05-01"}, "C", ["US"]),
        ({"date": None, "year": 1925}, "C", ["US"]),
        ({"date": "1931"}, "X", ["*"]),
        ({"date": None}, "X", ["*"]),
        ({"date": "c.a. 1925"}, "X", ["*"]),
        ({"licenseurl": BY}, "X", ["*"]),
    ],
)
def test_the_year_rule_goes_with_a_claim_only(
    fields: dict[str, Any], held: str, territories: list[str]
) -> None:
    found = one(answer(**fields))
    assert found.reasons == ()
    assert (found.record["rights"]["class"], found.record["rights"]["territories"]) == (held, territories)
    [evidence] = found.record["rights"]["evidence"]
    assert evidence.get("rule", evidence["url"]) == (
        "us-95" if held == "C" else "https://archive.org/details/film"
    )
    assert rights.refusal(work(found), 2026)  # it vouches for nothing by itself


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"licenseurl": None}, "no licence"),
        ({"licenseurl": "https://creativecommons.org.evil.example/licenses/by/4.0/"}, "unknown licence: "),
        ({"licenseurl": BY + "/" * 300 + "evil"}, "unknown licence: "),
        ({"licenseurl": [BY, PDM]}, "several licences"),
        ({"description": "<p>All <b>rights</b>\nreserved.</p>"}, "all rights reserved"),
        ({"rights": "x" * 900_000 + " All Rights Reserved"}, "all rights reserved"),
        ({"date": "1925", "year": "1927"}, "several years: 1925, 1927"),
        ({"title": "The Film (colorized)"}, "it names a version with rights of its own: 'coloriz'"),
        ({"title": None}, "no title"),
        ({"title": "Q12845951"}, "the title is none: "),
        ({"title": "MyMovie_20190318"}, "the title is none: "),
        ({"title": "Knight Rider S01 E08"}, "an episode"),
        ({"mediatype": "collection"}, "no film: mediatype 'collection'"),
    ],
)
def test_what_is_in_doubt_is_for_a_person(fields: dict[str, Any], reason: str) -> None:
    found = one(answer(**fields))
    assert [why[: len(reason)] for why in found.reasons] == [reason]
    assert found.record["name"]


def test_of_two_years_the_later_counts() -> None:
    found = one(answer(date="1925", year="1931"))
    assert (found.record["year"], found.record["rights"]["class"]) == (1931, "X")


def test_a_licence_covers_a_new_version_too() -> None:
    assert clean(answer(title="The Film, restored", licenseurl=BY)).license.spdx == "CC-BY-4.0"


def test_the_same_licence_in_two_spellings_is_one() -> None:
    assert clean(answer(licenseurl=[PDM, PDM.replace("http:", "https:")])).license.url == PDM


def test_who_keeps_it_can_be_trusted() -> None:
    found = one(answer(collection=["prelinger", "films"], uploader="a@example.org"))
    assert found.holders == ("collection:prelinger", "collection:films", "uploader:a@example.org")


# Fields in any notation

ODD: list[Any] = ["", "\x00", " ", None, [], [None], ["a", "b"], 7, -1, 3024, 1.5, True, {}, {"a": 1}, NESTED]
ODD += ["x" * 1_000_000, "<b>" * 9000, "\ud800", "\u202ea", "19??", "https://[", "urn:imdb:tt1"]


@pytest.mark.parametrize(
    "field",
    ["date", "year", "runtime", "creator", "director", "subject", "language", "description", "uploader"],
)
def test_no_field_loses_the_film(field: str) -> None:
    for odd in ODD:
        found = one(answer(**{field: odd}))
        assert found.reasons == (), odd
        assert work(found).id == "ia:film"
        assert all(0 < len(holder.encode()) < 300 for holder in found.holders)


@pytest.mark.parametrize(
    "field", ["title", "licenseurl", "mediatype", "collection", "external-identifier", "rights"]
)
def test_no_field_that_counts_makes_a_record_invalid(field: str) -> None:
    for odd in ODD:
        found = one(answer(**{field: odd}))
        assert found.record["id"] == "ia:film"
        assert found.reasons or work(found)
        json.dumps([found.record, found.reasons], ensure_ascii=False).encode()


@pytest.mark.parametrize("field", ["size", "sha1", "length", "height", "format", "private"])
def test_no_fact_of_a_file_makes_a_record_invalid(field: str) -> None:
    for odd in [*ODD, "-5", "1" + "0" * 20, "NaN", "90:01"]:
        found = one(answer([{**FILM, field: odd}], torrent_of([FILM])), torrent_of([FILM]))
        assert found.reasons or work(found)
        assert found.reasons in ((), ("not in the torrent",), ("no playable file",)), odd


def test_entries_that_are_no_files_do_no_harm() -> None:
    told = answer()
    told["files"][:0] = [None, 7, [], "film_archive.torrent", {}, NESTED]
    assert clean(told, torrent_of([FILM])).encoding


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("5401.23", 5401),
        ("1:30:01", 5401),
        ("90:01", 5401),
        ("0:31", 31),
        (31, 31),
        ("NaN", 0),
        ("-5", 0),
        ("31 seconds", 0),
        ("9999999", 0),
        ("1:75", 0),
    ],
)
def test_lengths_are_read_in_both_notations(written: object, seconds: int) -> None:
    assert read.seconds(written) == seconds


def test_the_stated_runtime_serves_where_the_film_has_no_length() -> None:
    film = {**FILM, "length": ""}
    assert clean(answer([film], runtime="1:17:26")).duration == 4646
    assert clean(answer([film], runtime="77")).duration == 0


def test_a_description_is_text_and_not_longer_than_a_record_takes() -> None:
    marked = (
        "<p>One &amp; <a href='x'>two</a></p><script>bad()</script>[url=http://x]three[/url]<br/>1 < 2\x00"
    )
    assert clean(answer(description=marked)).plot() == "One & two\nthree\n1 < 2"
    assert len(clean(answer(description=["word " * 100_000])).plot()) <= 2000


def test_identities_are_those_that_are_stated_as_such() -> None:
    urns = ["urn:imdb:tt0012345", "urn:wikidata:Q42", "urn:asin:0451531396", "urn:imdb:tt1 OR 1"]
    assert clean(answer(**{"external-identifier": urns})).same_as == ("imdb:tt0012345", "wd:Q42")


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("English", ["en"]),
        (["fre", "Deutsch"], ["fr", "de"]),
        ("pt-br; eng", ["pt-BR", "en"]),
        ("None", []),
        ("Klingon", []),
    ],
)
def test_languages_are_known_by_name_and_code(written: object, tags: list[str]) -> None:
    assert read.languages(written) == tags


# Subtitles


def test_subtitles_say_their_language_and_whether_a_machine_heard_it() -> None:
    names = "The Film.fr.srt The Film.asr.srt The Film.pt-br.vtt The Film_german.srt it.srt The Film.txt"
    files = [FILM, *(entry(name, 900) for name in re.findall(r".+?\.(?:srt|vtt|txt)(?: |$)", names))]
    files = [{**each, "name": each["name"].strip()} for each in files]
    [encoding] = clean(answer([*files, entry("none.asr.srt", 0)], language="eng")).encoding
    assert {(each.path, each.lang, each.format, each.machine) for each in encoding.subtitles} == {
        ("The Film.fr.srt", "fr", "srt", False),
        ("The Film.asr.srt", "en", "srt", True),
        ("The Film.pt-br.vtt", "pt-BR", "vtt", False),
        ("The Film_german.srt", "de", "srt", False),
        ("it.srt", "en", "srt", False),
    }


def test_subtitles_in_an_unknown_language_are_left_out() -> None:
    [encoding] = clean(answer([FILM, entry("The Film.srt", 900)], language="Klingon")).encoding
    assert encoding.subtitles == ()


# Series

SEASON = [
    entry(" Lock Up - S01E01 - Stakeout.mp4", length="1500"),
    entry("Season 1/Lock.Up.S01E02.1080p.H264.mp4", length="1510"),
    entry("Lock Up - s01 e02 - small.ogv", 400_000),
    entry("Lock Up S02E01.mp4", length="1400"),
    entry("Lock Up S01E02.de.srt", 900),
    entry("Lock Up S01E00.mp4"),
    entry("interview.mp4"),
]


def test_an_item_with_several_episodes_is_a_series() -> None:
    found = examine(
        answer(SEASON, title="Lock Up", description="Law.", **{"external-identifier": "urn:imdb:tt0052487"})
    )
    assert [each.reasons for each in found] == [()] * 4
    series, *episodes = map(work, found)
    assert (series.id, series.type, series.encoding, series.same_as) == (
        "ia:film",
        "TVSeries",
        (),
        ("imdb:tt0052487",),
    )
    assert [each.id for each in episodes] == ["ia:film:s01e01", "ia:film:s01e02", "ia:film:s02e01"]
    assert [each.title() for each in episodes] == ["Stakeout", "Lock Up S01E02", "Lock Up S02E01"]
    assert {each.type for each in episodes} == {"TVEpisode"}
    assert all(each.part_of and each.part_of.series == "ia:film" for each in episodes)
    assert [each.duration for each in episodes] == [1500, 1510, 1400]
    assert [each.same_as for each in episodes] == [(), (), ()]
    assert {each.encoding[0].info_hash for each in episodes} == {metainfo.parse(torrent_of(SEASON)).info_hash}
    files = [each.encoding[0].file for each in episodes]
    assert files[1] is not None
    assert files[1].path == "Lock.Up.S01E02.1080p.H264.mp4"  # the best of two
    assert [[sub.lang for sub in each.encoding[0].subtitles] for each in episodes] == [[], ["de"], []]


def test_an_episode_that_the_torrent_does_not_have_is_for_a_person() -> None:
    torrent = torrent_of(SEASON[:3])
    found = examine(answer(SEASON, torrent), torrent)
    assert {each.id: each.reasons for each in found if each.reasons} == {
        "ia:film:s02e01": ("not in the torrent",)
    }


def test_what_is_in_doubt_about_the_item_is_so_about_each_episode() -> None:
    assert {each.reasons for each in examine(answer(SEASON, licenseurl=None))} == {("no licence",)}


def test_a_single_episode_is_of_no_known_series() -> None:
    found = one(answer(SEASON[:1]))
    assert (found.record["type"], found.reasons) == ("Movie", ("an episode: of which series?",))


@pytest.mark.parametrize("id", ["ia:A_film.1", "ia:A_film.1:s01e02"])
def test_a_work_is_of_its_item(id: str) -> None:
    assert Archive("", "").item(id) == Listed("A_film.1")


# The listing


class Search:
    """The search: `published` are the seconds since 1970 at which its items were published."""

    def __init__(
        self, published: list[int], fault: Callable[[dict[str, Any]], Any] = lambda whole: whole
    ) -> None:
        self.published = published
        self.fault = fault
        self.queries: list[dict[str, str]] = []

    def json(self, url: str, **query: object) -> Any:
        assert url == "https://archive.org/advancedsearch.php"
        asked = {key: values[0] for key, values in parse_qs(urlencode(query, doseq=True)).items()}
        self.queries.append(asked)
        window = re.search(r"publicdate:\[(\S+) TO (\S+)\]", asked["q"])
        assert window
        first, last = (calendar.timegm(time.strptime(each, "%Y-%m-%dT%H:%M:%SZ")) for each in window.groups())
        names = sorted(
            "i%d" % number for number, second in enumerate(self.published) if first <= second <= last
        )
        rows, page = int(asked["rows"]), int(asked["page"])
        if rows * page > 10_000:
            return {"error": "[DEEP_PAGING] too far"}
        shown = [{"identifier": name} for name in names[rows * (page - 1) : rows * page]]
        return self.fault(
            {"responseHeader": {}, "response": {"numFound": len(names), "start": 0, "docs": shown}}
        )


def listing(search: Search, query: str = "") -> list[str]:
    return [each.key for each in Archive("", query).listing(search)]  # type: ignore[arg-type]


def test_every_item_is_listed_once_however_many_there_are() -> None:
    search = Search([1_100_000_000 + 7 * number for number in range(25_000)])
    found = listing(search)
    assert len(found) == 25_000
    assert set(found) == {"i%d" % number for number in range(25_000)}
    assert {asked["sort[]"] for asked in search.queries} == {"identifier asc"}
    assert len(search.queries) < 120


def test_an_empty_search_lists_nothing_and_asks_once() -> None:
    search = Search([])
    assert listing(search, "collection:prelinger") == []
    assert [asked["q"][:26] for asked in search.queries] == ["(collection:prelinger) AND"]


def test_a_window_that_cannot_be_cut_is_no_listing() -> None:
    with pytest.raises(FetchFailed, match="10000 items of one second"):
        listing(Search([1_100_000_000] * 10_000))


def test_items_that_vanish_meanwhile_are_no_error() -> None:
    def shrunk(whole: dict[str, Any]) -> Any:
        whole["response"]["docs"] = whole["response"]["docs"][:1]
        return whole

    assert len(listing(Search([1_100_000_000 + number for number in range(1500)], shrunk))) == 2  # pages


@pytest.mark.parametrize(
    "broken",
    [
        {"error": "[DEEP_PAGING] too far"},
        [],
        {},
        {"response": []},
        {"response": {"numFound": "9", "docs": []}},
        {"response": {"numFound": True, "docs": []}},
        {"response": {"numFound": -1, "docs": []}},
        {"response": {"numFound": 9}},
        {"response": {"numFound": 9, "docs": {}}},
        NESTED,
    ],
)
def test_an_answer_that_is_no_search_result_breaks_the_listing(broken: Any) -> None:
    with pytest.raises(FetchFailed):
        listing(Search([], lambda _: broken))


@pytest.mark.parametrize(
    "entry", [None, 7, NESTED, {}, {"identifier": None}, {"identifier": "../x"}, {"identifier": "a b"}]
)
def test_what_is_no_identifier_is_left_out_of_the_listing(entry: Any) -> None:
    docs = [entry, {"identifier": "film"}]
    assert listing(Search([], lambda _: {"response": {"numFound": 2, "docs": docs}})) == ["film"]


# Recorded answers


def sample(name: str) -> Any:
    return json.loads((SAMPLES / "ia-api" / name).read_text("utf-8"))


def recorded_item(name: str) -> Found:
    told = sample("metadata-%s.json" % name)
    id = told["metadata"]["identifier"]
    torrents = {each.name: each for each in (SAMPLES / "ia-torrents").iterdir()}
    name = id + "_archive.torrent"
    body: Any = torrents[name].read_bytes() if name in torrents else FetchFailed("none", 404)
    base = "https://archive.org"
    ask = Ask({"%s/metadata/%s" % (base, id): told, "%s/download/%s/%s" % (base, id, name): body})
    [found] = Archive("", "").examine(ask, Listed(id))  # type: ignore[arg-type]
    return found


@recorded
def test_recorded_films_are_read_but_for_their_torrent() -> None:
    found = recorded_item("charlie_chaplin_film_fest")
    assert found.reasons == ("no torrent",)
    assert found.holders[-1] == "uploader:skip@avgeeks.com"
    assert (found.record["year"], found.record["duration"], found.record["genre"]) == (1938, 4646, ["comedy"])
    assert found.record["director"] == ["Charles Chaplin"]
    assert found.record["description"]["en"].endswith("on its IMDb page.")
    found = recorded_item("FrankenberryCountChoculaTevevisionCommercial1971")
    assert found.reasons == ("no torrent",)
    assert (found.record["genre"], found.record["license"]["spdx"]) == (["animation"], "CC-PDM-1.0")


@recorded
def test_recorded_items_that_are_no_films_are_for_a_person() -> None:
    assert recorded_item("pacman-nested").reasons == (
        "no film: mediatype 'software'",
        "no licence",
        "no playable file",
    )
    assert recorded_item("stream-only").reasons[0] == "restricted: access-restricted-item"
    assert "no film: mediatype 'collection'" in recorded_item("nasa-collection").reasons
    assert one(sample("metadata-is_dark.json")).gone == "dark"


@recorded
def test_a_real_torrent_gives_a_record_of_the_film() -> None:
    """Its item's answer is made of the torrent: none was recorded with it."""
    data = (SAMPLES / "ia-torrents" / "Plan_9_from_Outer_Space_1959_archive.torrent").read_bytes()
    torrent = metainfo.parse(data)
    files = [{"name": each.path, "size": str(each.length), "sha1": each.sha1} for each in torrent.files]
    film = clean(answer(files, data, title="Plan 9", date="1959"), data)
    [encoding] = film.encoding
    assert encoding.info_hash == torrent.info_hash
    assert encoding.file is not None
    assert encoding.file.path == "Plan_9_from_Outer_Space_1959.mp4"
    assert len(encoding.trackers) == 2


@recorded
@pytest.mark.parametrize(
    ("name", "found"),
    [("empty", 0), ("feature_films", 3), ("collection-nasa-fl-all", 50), ("ERROR-deep-paging-http200", -1)],
)
def test_recorded_searches_are_read(name: str, found: int) -> None:
    told = sample("advancedsearch-%s.json" % name)
    if found < 0:
        with pytest.raises(FetchFailed, match="DEEP_PAGING"):
            listing(Search([], lambda _: told))
        return
    told["response"]["numFound"] = min(told["response"]["numFound"], 1000)
    assert len(listing(Search([], lambda _: told))) == found
