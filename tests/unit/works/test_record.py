# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading catalogue records: what is taken, and how every bad field is named."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonreel.works import record
from commonreel.works.errors import RecordInvalid
from commonreel.works.work import Channel, ContentRating, FilmFile, PartOf, Rating, Subtitle, Work

HASH = "0123456789abcdef0123456789abcdef01234567"

FULL: dict[str, Any] = {
    "v": 1,
    "id": "t:a_Film-1.0",
    "type": "Movie",
    "name": {"en": "A Film", "fr": "Un film <b>"},
    "originalName": "Ein Film",
    "year": 1922,
    "duration": 600,
    "inLanguage": ["en", "zh-Hant"],
    "maker": ["t:emile", "fest:studio"],
    "director": ["Émile B."],
    "actor": ["C"],
    "genre": ["short"],
    "country": ["FR"],
    "description": {"en": "Line\nline 🎬"},
    "sameAs": ["wd:Q1", "imdb:tt0000001", "tmdb:movie/1"],
    "image": {"poster": "https://example.org/p.jpg", "fanart": "https://example.org/f.jpg", "sha256": "x"},
    "trailer": "https://example.org/t.mp4",
    "aggregateRating": {"ratingValue": 4.25, "bestRating": 5, "ratingCount": 57, "by": "archive.org"},
    "license": {"url": "http://creativecommons.org/licenses/by/3.0/", "spdx": "CC-BY-3.0", "credit": "© B"},
    "rights": {
        "class": "B",
        "territories": ["*"],
        "evidence": [
            {
                "kind": "institution",
                "url": "https://example.org/",
                "rule": "",
                "by": "House",
                "at": "2026-11-20T10:00:00Z",
            }
        ],
        "declaredUntil": "2027-11-20",
    },
    "encoding": [
        {
            "infoHash": HASH.upper(),
            "torrent": "https://example.org/a.torrent",
            "file": {"path": " x/y.mp4", "length": 5, "sha1": HASH},
            "container": "mp4",
            "codec": "h264/aac",
            "torrentSha256": HASH + HASH[:24],
            "height": 720,
            "web": ["https://example.org/a%20b.mp4"],
            "trackers": ["udp://t.example:1337", "wss://t.example", "http://t.example/announce"],
            "subtitles": [
                {"lang": "fr", "path": "x.fr.srt"},
                {"lang": "en", "url": "https://example.org/en.vtt", "format": "vtt", "machine": True},
            ],
        }
    ],
    "source": {"name": "example", "url": "https://example.org/film"},
    "funding": {"channels": [{"type": "other", "address": "https://example.org/give", "description": "B"}]},
    "contentRating": {"nsfw": True, "note": "Flashing light", "age": 12, "by": "FSK"},
    "submitter": "ed25519:abc",
    "rev": 7,
    "updated": "2026-11-20",
}
EPISODE: dict[str, Any] = {
    **FULL,
    "type": "TVEpisode",
    "partOf": {"series": "t:series", "season": 1, "episode": 2},
}


def changed(path: str, value: object) -> dict[str, Any]:
    """FULL with the field at `path` ('a.0.b') replaced, or taken out if the value is `...`."""
    obj: Any = copy.deepcopy(FULL)
    steps: list[Any] = [int(step) if step.isdigit() else step for step in path.split("/")]
    place = obj
    for step in steps[:-1]:
        place = place[step]
    if value is ...:
        del place[steps[-1]]
    else:
        place[steps[-1]] = value
    return obj


def test_a_rating_beyond_the_best_is_none() -> None:
    with pytest.raises(RecordInvalid, match=r"aggregateRating\.ratingValue: not from 0 to 5"):
        record.parse(changed("aggregateRating/ratingValue", 6))


def test_every_field_arrives() -> None:
    work = record.parse(FULL)
    assert isinstance(work, Work)
    assert (work.id, work.type, work.year, work.duration) == ("t:a_Film-1.0", "Movie", 1922, 600)
    assert (work.name, work.original_name) == ({"en": "A Film", "fr": "Un film <b>"}, "Ein Film")
    assert (work.in_language, work.director, work.actor) == (("en", "zh-Hant"), ("Émile B.",), ("C",))
    assert work.maker == ("t:emile", "fest:studio")
    assert (work.genre, work.country) == (("short",), ("FR",))
    assert work.description == {"en": "Line\nline 🎬"}
    assert work.same_as == ("wd:Q1", "imdb:tt0000001", "tmdb:movie/1")
    assert (work.poster, work.fanart) == ("https://example.org/p.jpg", "https://example.org/f.jpg")
    assert work.trailer == "https://example.org/t.mp4"
    assert work.rating == Rating(8.5, 57, "archive.org")
    assert (work.license.spdx, work.license.credit) == ("CC-BY-3.0", "© B")
    assert (work.rights.rights_class, work.rights.territories) == ("B", ("*",))
    assert (work.rights.evidence[0].by, work.rights.evidence[0].at) == ("House", "2026-11-20T10:00:00Z")
    assert work.rights.declared_until == "2027-11-20"
    assert work.funding == (Channel("other", "https://example.org/give", "B"),)
    assert (work.content_rating, work.submitter) == (
        ContentRating(True, "Flashing light", 12, "FSK"),
        "ed25519:abc",
    )
    assert (work.rev, work.updated, work.part_of) == (7, "2026-11-20", None)
    assert (work.source.name, work.source.url) == ("example", "https://example.org/film")
    [encoding] = work.encoding
    assert encoding.info_hash == HASH
    assert encoding.torrent_sha256 == HASH + HASH[:24]
    assert encoding.file == FilmFile(" x/y.mp4", 5, HASH)
    assert (encoding.container, encoding.codec, encoding.height) == ("mp4", "h264/aac", 720)
    assert (len(encoding.web), len(encoding.trackers)) == (1, 3)
    assert encoding.subtitles == (
        Subtitle("fr", path="x.fr.srt"),
        Subtitle("en", url="https://example.org/en.vtt", format="vtt", machine=True),
    )


def test_the_least_that_makes_a_work() -> None:
    least = {name: FULL[name] for name in ("id", "name", "license", "rights", "source")}
    work = record.parse({**least, "encoding": [{"torrent": "https://example.org/a.torrent"}]})
    assert isinstance(work, Work)
    assert (work.type, work.year, work.duration, work.poster, work.description) == ("Movie", 0, 0, "", {})
    assert (work.encoding[0].key, work.encoding[0].file) == ("https://example.org/a.torrent", None)


def test_an_episode_says_where_it_belongs() -> None:
    work = record.parse(EPISODE)
    assert isinstance(work, Work)
    assert work.part_of == PartOf("t:series", 1, 2)


@pytest.mark.parametrize("kind", ["TVSeries", "TVSeason"])
def test_a_series_and_a_season_have_no_film_of_their_own(kind: str) -> None:
    work = record.parse({**{k: v for k, v in EPISODE.items() if k != "encoding"}, "type": kind})
    assert isinstance(work, Work)
    assert work.encoding == ()
    assert work.part_of == (PartOf("t:series", 1, 2) if kind == "TVSeason" else None)


@pytest.mark.parametrize(
    "place", [..., "t:series", {"series": "t:series", "season": 1}, {"season": 1, "episode": 1}]
)
def test_an_episode_without_its_place_is_refused(place: object) -> None:
    episode = {**EPISODE, "partOf": place}
    if place is ...:
        del episode["partOf"]
    with pytest.raises(RecordInvalid, match="partOf"):
        record.parse(episode)


BAD_IDS = [
    "",
    "Cops",
    "ia:",
    ":x",
    "ia:a/b",
    "ia:../x",
    "ia:a..b",
    "ia:a%2fb",
    "ia:a b",
    "ia:" + "x" * 198,
    "IA:x",
]
BAD_ADDRESSES = [
    "http://example.org/",
    "ftp://example.org/",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "//example.org/",
    "example.org/x",
    "https://",
    "https://user@example.org/",
    "https://user:pw@example.org/",
    "https://example.org:x/",
    "https://example.org:99999/",
    "https://exam ple.org/",
    "https://example.org/\n",
    "https://example.org\\x",
    "https://[::1/",
    "https://example.org/" + "x" * 2000,
    7,
    None,
]


BAD_PAYEES = [
    "http://liberapay.com/makers",
    "ftp://liberapay.com/makers",
    "https://liberapay.com@evil.example/makers",
    "https://user:pw@liberapay.com/",
    "https://xn--lberapay-7ya.com/",
    "https://XN--lberapay-7ya.com/",
    "https://lıberapay.com/",
    "https://liberapay.com/\u202emakers",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://2130706433/",
    "https://localhost/",
    "https://liberapay.com:8443/",
    "https://liberapay.com\\@evil.example/",
    "https://liberapay.com/<script>",
    "https://liberapay.com/to?url=https://evil.example/",
    "https://liberapay.com/to?url=https%3A%2F%2fevil.example",
    "https://liberapay.com//evil.example/",
    "https://liberapay.com/" + "x" * 4096,
]
BAD_FIELDS: list[tuple[str, Any]] = [
    *(("v", value) for value in [0, 2, "1"]),
    *(("rev", value) for value in [-1, "7", 1.5]),
    *(
        ("funding/channels", value)
        for value in [1, [1], [{}], [{"type": "other"}], [{"type": "beer", "address": "x"}]]
    ),
    *(("funding/channels/0/address", value) for value in BAD_PAYEES),
    ("funding/channels/0", {"type": "payment-provider", "address": "makers"}),
    *(("contentRating", value) for value in [18, {"nsfw": "yes"}, {"note": 1}, {"by": "x" * 41}]),
    *(
        ("aggregateRating", rating)
        for rating in [5, {}, {"ratingValue": 4, "bestRating": 5, "ratingCount": 9}]
    ),
    *(("aggregateRating/ratingValue", value) for value in ["4", True, None, -0.1, 101, float("inf")]),
    *(("aggregateRating/bestRating", best) for best in [0, 101, 2.5, "5"]),
    *(("aggregateRating/ratingCount", count) for count in [0, -1, 10**9 + 1, 1.5, "9"]),
    *(("aggregateRating/by", name) for name in ["", " ", "x" * 41, 1]),
    *(("contentRating", {"by": "FSK", "age": age}) for age in [-1, 22, "12", True, None]),
    *(("contentRating", rating) for rating in [{"age": 12}, {"age": 12, "by": " "}]),
    *(("encoding/0/torrentSha256", value) for value in [HASH, 5]),
    *(("rights/declaredUntil", value) for value in ["next year", "2026-13", "2026-00-01", "2026-11-32"]),
    *(("updated", value) for value in ["٢٠٢٦", "2026-11-20T24:00Z", "2026-11-20T10:60Z"]),
    *(("id", value) for value in [*BAD_IDS, 7, None, ["ia:x"], "ia:a\x00b", ...]),
    *(("image/poster", value) for value in BAD_ADDRESSES),
    *(("encoding/0/torrent", value) for value in BAD_ADDRESSES),
    *(("encoding/0/web", [value]) for value in BAD_ADDRESSES),
    *(("source/url", value) for value in [*BAD_ADDRESSES, ...]),
    *(("rights/evidence/0/url", value) for value in BAD_ADDRESSES),
    *(("name", value) for value in ["A Film", {}, [], None, {"en": ""}, {"en": "  "}, {"en": 1}, ...]),
    *(("name", value) for value in [{"e": "x"}, {"en us": "x"}, {"en": "x" * 301}, {"en": "a\x00"}]),
    ("name", {"en": "\ud800"}),
    ("name", {"en": "a\x7f"}),
    *(("year", value) for value in ["1922", "19??", -1, 0, 3024, 1922.0, True, None, [1922]]),
    *(("duration", value) for value in ["90:01", 0, -1, 60.5, 10**9, float("inf")]),
    *(("type", value) for value in ["Book", 1]),
    *(("director", value) for value in ["B", [1], [""], ["x" * 121], ["x"] * 21, {"a": "b"}]),
    *(("actor", value) for value in [["x"] * 101, [None]]),
    *(("inLanguage", value) for value in ["en", ["english!"], ["e"]]),
    *(("country", value) for value in [["fr"], ["FRA"], ["F/"]]),
    *(("sameAs", value) for value in [["Q1"], ["wd:Q 1"], ["wd:"], ["wd:" + "x" * 100]]),
    *(("description", value) for value in [{"en": "x" * 2001}, "text", {"en": ["x"]}]),
    ("image", "https://example.org/p.jpg"),
    ("trailer", "javascript:alert(1)"),
    ("trailer", "https://example.org/t.strm"),
    ("trailer", "https://example.org/list.m3u8|x=.mp4"),
    ("trailer", "https://example.org/list.m3u8;.mp4"),
    ("trailer", "https://example.org/t.strm?t.mp4"),
    ("trailer", "https://example.org/"),
    *(("license", value) for value in ["CC BY", {}, {"url": ""}, {"url": 4}, ...]),
    ("license/credit", "x" * 501),
    *(("rights", value) for value in [..., [], "B"]),
    *(("rights/class", value) for value in ["D", "", "b", None, ...]),
    *(("rights/territories", value) for value in [[], ["us"], ["USA"], "US", ["**"], ["US"] * 301, ...]),
    *(("rights/evidence", value) for value in [[], {}, ["x"], ...]),
    *(("rights/evidence/0/kind", value) for value in ["gossip", "", ...]),
    *(("rights/evidence/0/at", value) for value in ["yesterday", "2026-1-1", 20260101]),
    *(("encoding", value) for value in [[], {}, "x", [1], [{}], [{"container": "mp4"}], ...]),
    *(("encoding/0/infoHash", value) for value in ["xyz", HASH[:-1], HASH + "0", 5]),
    *(("encoding/0/file", value) for value in ["x.mp4", {}, {"path": "x.mp4"}, {"length": 5}, None]),
    *(
        ("encoding/0/file/path", value)
        for value in ["", "/x", "../x", "a/../b", "a//b", "a/", "./a", "a\x00"]
    ),
    *(("encoding/0/file/length", value) for value in [0, -5, "5", 5.0, 10**20, True]),
    ("encoding/0/file/sha1", "abc"),
    *(("encoding/0/height", value) for value in ["720", -1, 10**6]),
    *(("encoding/0/trackers", value) for value in [["ftp://t/"], ["udp://"], "udp://t", ["udp://t"] * 41]),
    *(("encoding/0/subtitles", value) for value in [[{"lang": "fr"}], [{"path": "x.srt"}], ["x.srt"]]),
    ("encoding/0/subtitles/0/machine", "no"),
    ("encoding/0/subtitles/0/path", "../x.srt"),
    ("source", ...),
    ("source/name", ""),
]


@pytest.mark.parametrize(("path", "value"), BAD_FIELDS)
def test_a_bad_field_is_named(path: str, value: object) -> None:
    with pytest.raises(RecordInvalid) as caught:
        record.parse(changed(path, value))
    field = caught.value.detail.partition(": ")[0].replace("[", "/").replace("]", "").replace(".", "/")
    assert field.startswith(path) or path.startswith(field)
    assert field.split("/")[0] == path.split("/")[0]
    assert len(caught.value.detail) < 300


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("payment-provider", "https://Liberapay.com/makers?a=b#c"),
        ("payment-provider", "https://don.example.org"),
        ("bank", "DE02 1203 0000 0000 2020 51"),
        ("other", "bitcoin:bc1qexample"),
        ("cash", "1 Main Street\nTown"),
    ],
)
def test_a_way_to_give_that_shows_to_whom(kind: str, address: str) -> None:
    work = record.parse(changed("funding/channels/0", {"type": kind, "address": address}))
    assert isinstance(work, Work)
    assert work.funding == (Channel(kind, address),)


def test_a_record_that_is_no_object() -> None:
    for obj in ([], "x", None, 4):
        with pytest.raises(RecordInvalid):
            record.parse(obj)  # type: ignore[arg-type]


def test_unknown_fields_are_left_alone() -> None:
    assert record.parse({**FULL, "teaser": {"url": 1}, "x": None}) == record.parse(FULL)


@pytest.mark.parametrize("name", ["film.torrent", "Un film à moi.torrent"])
def test_a_local_record_names_a_file_and_uses_http(name: str) -> None:
    mine = changed("encoding/0/torrent", name)
    mine["encoding"][0]["web"] = ["http://127.0.0.1:8000/a.mp4"]
    mine["source"] = {"name": "my folder"}
    work = record.parse(mine, local=True)
    assert isinstance(work, Work)
    assert work.encoding[0].torrent == name
    assert work.encoding[0].web == ("http://127.0.0.1:8000/a.mp4",)
    with pytest.raises(RecordInvalid):
        record.parse(mine)


@pytest.mark.parametrize("name", ["../a.torrent", "a/b.torrent", "a\\b.torrent", ".hidden", "c:a", "x" * 256])
def test_a_local_torrent_is_a_bare_name(name: str) -> None:
    with pytest.raises(RecordInvalid, match=r"encoding\[0\]\.torrent"):
        record.parse(changed("encoding/0/torrent", name), local=True)


def test_a_local_record_still_refuses_other_schemes() -> None:
    with pytest.raises(RecordInvalid):
        record.parse(changed("encoding/0/torrent", "file:///a.torrent"), local=True)


def test_tombstone() -> None:
    dead = record.parse({"id": "t:x", "withdrawn": "asked by its maker", "rev": 8, "at": "2026-11-20"})
    assert dead == record.Tombstone("t:x", "asked by its maker", 8, "2026-11-20")
    for bad in ({"withdrawn": ""}, {"withdrawn": True}, {"withdrawn": "x", "rev": -1}, {"withdrawn": None}):
        with pytest.raises(RecordInvalid):
            record.parse({"id": "t:x", **bad})


def lines(*records: object) -> list[str]:
    return [json.dumps(one) for one in records]


def test_an_array_and_lines_give_the_same() -> None:
    one, two = FULL, {**FULL, "id": "t:two"}
    dead = {"id": "t:dead", "withdrawn": "why", "rev": 1}
    array = record.load(json.dumps([one, two, dead], indent=1))
    by_line = record.load("\n".join(lines(one, two, dead)) + "\r\n\n")
    assert array == by_line
    assert [type(entry) for entry in array.entries] == [Work, Work, record.Tombstone]
    assert [entry.id for entry in array.entries] == ["t:a_Film-1.0", "t:two", "t:dead"]
    assert array.problems == ()
    assert len(record.load(json.dumps(one, indent=2)).entries) == 1


def test_a_bad_record_loses_only_itself() -> None:
    good, bad = FULL, {**FULL, "id": "t:bad", "year": "19??"}
    loaded = record.load(json.dumps([bad, good, 7, "text", good]))
    assert [entry.id for entry in loaded.entries] == ["t:a_Film-1.0"]
    assert [problem.partition(":")[0] for problem in loaded.problems] == [
        "record 1",
        "record 3",
        "record 4",
        "record 5",
    ]
    assert "year" in loaded.problems[0]
    assert "twice" in loaded.problems[3]


def test_a_broken_line_loses_only_itself_in_an_array_too() -> None:
    [good] = lines(FULL)
    for text in (good + "\n{oops}\n", "[\n%s,\n{oops},\n%s\n]\n" % (good, good.replace("t:a", "t:b"))):
        loaded = record.load(text)
        assert loaded.entries[0].id == "t:a_Film-1.0"
        assert len(loaded.problems) == 1
        assert "not JSON" in loaded.problems[0]
    assert loaded.problems[0].startswith("line 3:")
    assert len(loaded.entries) == 2


@pytest.mark.parametrize("text", ["", "\n", "[]", "[\n]"])
def test_nothing_is_nothing(text: str) -> None:
    assert record.load(text) == record.Loaded((), ())


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "NaN", "<html>", "\x00", "null"])
def test_what_is_no_catalogue_is_a_problem_and_no_crash(text: str) -> None:
    loaded = record.load(text)
    assert loaded.entries == ()
    assert len(loaded.problems) == 1


def test_bounds_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "MAX_RECORDS", 2)
    with pytest.raises(RecordInvalid, match="2 records"):
        record.load("1\n2\n3")
    monkeypatch.setattr(record, "MAX_CATALOGUE", 10)
    with pytest.raises(RecordInvalid, match="10 characters"):
        record.load(" " * 11)
    monkeypatch.undo()
    loaded = record.load("{}\n" + '"%s"' % ("x" * record.MAX_RECORD))
    assert "more than" in loaded.problems[1]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(sorted(FULL)), JSON)
def test_any_value_in_any_field_parses_or_is_refused(name: str, value: object) -> None:
    detail = name
    try:
        record.parse({**FULL, name: value})
    except RecordInvalid as error:
        detail = error.detail
    assert detail.startswith(name)
