# SPDX-License-Identifier: GPL-3.0-or-later
"""A PeerTube host as a source."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Callable
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from commonreel.publish.harvest import harvest
from commonreel.publish.sources.peertube import PeerTube
from commonreel.publish.sources.peertube_fields import giving, line, prose
from commonreel.publish.sources.source import Found, Listed
from commonreel.publish.trusted import Trusted
from commonreel.works import bencode, peertube_licence, record, rights
from commonreel.works.errors import FetchFailed, TooLarge
from commonreel.works.work import Work

SAMPLES = Path(__file__).resolve().parents[4] / "shared" / "samples" / "peertube"
recorded = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the recorded answers are not here")

HOST = "tube.example"
HERE = "https://" + HOST
UUID = "11111111-2222-4333-8444-555555555555"
OTHER = "99999999-2222-4333-8444-555555555555"
LIST = "aaaaaaaa-2222-4333-8444-555555555555"
BY_SA = "https://creativecommons.org/licenses/by-sa/4.0/"


class Host:
    """Answers by path; what is not there is HTTP 404. An error is raised instead of answered."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def get(self, url: str, limit: int) -> bytes:
        self.asked.append(url)
        answer = self.answers.get(urlsplit(url).path, FetchFailed("HTTP 404", 404))
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer = answer(parse_qs(urlsplit(url).query))
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        if len(body) > limit:
            raise TooLarge("over %d bytes" % limit)
        return body

    def json(self, url: str, **query: object) -> Any:
        body = self.get(url + ("?" + urlencode(query, doseq=True) if query else ""), 1 << 25)
        try:
            return json.loads(body)
        except ValueError as error:
            raise FetchFailed("not JSON") from error


def torrent(name: str = "A Film 720p.mp4", length: int = 40_000, **more: Any) -> bytes:
    pieces = b"p" * 20 * -(-length // 16384)
    info = {b"length": length, b"name": name.encode(), b"piece length": 16384, b"pieces": pieces}
    info.update((key.encode(), value) for key, value in more.items())
    outside = {b"announce": b"wss://tube.example/tracker/socket", b"info": info}
    return bencode.encode({**outside, b"announce-list": [[b"https://tube.example/tracker/announce"]]})


def info_hash(data: bytes) -> str:
    start = data.index(b"4:info") + len(b"4:info")
    return hashlib.sha1(data[start:-1]).hexdigest()


TORRENT = torrent()


def file(height: int = 720, data: bytes = TORRENT, **more: Any) -> dict[str, Any]:
    return {
        "resolution": {"id": height, "label": "%dp" % height},
        "height": height,
        "size": 40_000,
        "magnetUri": "magnet:?xt=urn:btih:%s&dn=A+Film" % info_hash(data),
        "torrentUrl": "%s/lazy-static/torrents/%d.torrent" % (HERE, height),
        "fileUrl": "%s/static/web-videos/%d.mp4" % (HERE, height),
        "hasAudio": True,
        "hasVideo": True,
        **more,
    }


def detail(**more: Any) -> dict[str, Any]:
    person = {"name": "makers", "displayName": "The Makers", "host": HOST, "support": None}
    return {
        "uuid": UUID,
        "url": "%s/videos/watch/%s" % (HERE, UUID),
        "name": "A Film",
        "description": "**Licence**: [CC BY-SA](%s)" % BY_SA,
        "support": "Give at https://liberapay.com/makers.",
        "category": {"id": 2, "label": "Films"},
        "licence": {"id": 2, "label": "Attribution - Share Alike"},
        "language": {"id": "fr", "label": "French"},
        "privacy": {"id": 1, "label": "Public"},
        "state": {"id": 1, "label": "Published"},
        "isLocal": True,
        "isLive": False,
        "nsfw": False,
        "blacklisted": False,
        "downloadEnabled": True,
        "duration": 61,
        "originallyPublishedAt": "2019-05-01T22:00:00.000Z",
        "previewPath": "/lazy-static/previews/p.jpg",
        "account": person,
        "channel": {**person, "name": "films", "displayName": "Their Films"},
        "files": [file()],
        "streamingPlaylists": [],
        **more,
    }


def host_with(video: Any, **more: Any) -> Host:
    path = "/api/v1/videos/" + UUID
    return Host({path: video, "/lazy-static/torrents/720.torrent": TORRENT, **more})


def examined(video: Any, address: str = HERE, **more: Any) -> Found:
    [found] = PeerTube(address, "").examine(host_with(video, **more), Listed(UUID))  # type: ignore[arg-type]
    return found


def work(found: Found) -> Work:
    parsed = record.parse(found.record)
    assert isinstance(parsed, Work)
    return parsed


# A video


def test_a_video_becomes_a_record() -> None:
    captions = {
        "total": 3,
        "data": [
            {"language": {"id": "de"}, "captionPath": "/lazy-static/de.vtt", "automaticallyGenerated": True},
            {"language": {"id": "fr"}, "fileUrl": "https://cdn.example/fr.vtt", "captionPath": None},
            {"language": {"id": None}, "captionPath": "/lazy-static/none.vtt"},
        ],
    }
    found = examined(detail(), **{"/api/v1/videos/%s/captions" % UUID: captions})
    made = work(found)
    assert (found.id, found.reasons, found.gone) == ("pt:%s:%s" % (HOST, UUID), (), "")
    assert found.holders == ("channel:films@tube.example", "account:makers@tube.example")
    assert (made.name, made.year, made.duration, made.in_language) == ({"fr": "A Film"}, 2019, 61, ("fr",))
    assert made.description == {"fr": "Licence: CC BY-SA"}
    assert (made.license.url, made.license.spdx) == (BY_SA, "CC-BY-SA-4.0")
    assert made.license.credit == "Their Films, The Makers"
    assert (made.rights.rights_class, made.rights.territories) == ("X", ("*",))
    assert [each.kind for each in made.rights.evidence] == ["license-page"]
    assert made.source.url == made.rights.evidence[0].url == "https://tube.example/w/" + UUID
    assert made.poster == "https://tube.example/lazy-static/previews/p.jpg"
    assert [channel.address for channel in made.funding] == ["https://liberapay.com/makers"]
    [encoding] = made.encoding
    assert encoding.torrent == "https://tube.example/lazy-static/torrents/720.torrent"
    assert encoding.info_hash == info_hash(TORRENT)
    assert encoding.torrent_sha256 == hashlib.sha256(TORRENT).hexdigest()
    assert encoding.file == record.FilmFile("A Film 720p.mp4", 40_000)
    assert (encoding.container, encoding.height) == ("mp4", 720)
    assert encoding.web == ("https://tube.example/static/web-videos/720.mp4",)
    assert len(encoding.trackers) == 2
    subtitles = [(each.lang, each.url, each.format, each.machine) for each in encoding.subtitles]
    assert subtitles == [
        ("de", "https://tube.example/lazy-static/de.vtt", "vtt", True),
        ("fr", "https://cdn.example/fr.vtt", "vtt", False),
    ]


def test_an_institution_that_vouches_for_the_channel_lets_it_pass(tmp_path: Path) -> None:
    listing = {"total": 1, "data": [detail(files=None)]}
    ask: Any = host_with(detail(), **{"/api/v1/videos": listing})
    trusted = Trusted({"channel:films@tube.example": {"by": "The Makers", "url": "https://makers.example/"}})
    report = harvest(PeerTube(HERE, ""), ask, tmp_path, "2026-11-24", trusted)
    assert (report.records, report.review) == (1, 0)
    [line] = (tmp_path / "records.ndjson").read_text("utf-8").splitlines()
    made = record.parse(json.loads(line))
    assert isinstance(made, Work)
    assert rights.refusal(made, 2026) == ""


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_what_is_deleted_or_private_is_gone(status: int) -> None:
    found = examined(FetchFailed("HTTP %d" % status, status))
    assert (found.id, found.gone) == ("pt:%s:%s" % (HOST, UUID), "HTTP %d" % status)


def test_what_is_gone_has_the_id_of_its_own_host_in_a_dry_run_too() -> None:
    source = PeerTube("http://127.0.0.1:9000", "")
    [found] = source.examine(Host({}), source.item("pt:%s:%s" % (HOST, UUID)))  # type: ignore[arg-type]
    assert (found.id, bool(found.gone)) == ("pt:%s:%s" % (HOST, UUID), True)


@pytest.mark.parametrize(
    "change", [{"privacy": {"id": 2, "label": "Unlisted"}}, {"blacklisted": True}, {"privacy": {"id": 3}}]
)
def test_what_is_hidden_is_gone(change: dict[str, Any]) -> None:
    found = examined(detail(**change))
    assert found.gone
    assert not found.record


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"state": {"id": 2, "label": "To transcode"}}, "not published: To transcode"),
        ({"privacy": None}, "not said to be public"),
        ({"downloadEnabled": False}, "its maker does not want it to be downloaded"),
        ({"isLive": True}, "a live stream"),
        ({"name": None}, "no title"),
        ({"name": " \u0000<b></b>"}, "no title"),
        ({"files": [], "streamingPlaylists": None}, "no file"),
        ({"files": "none"}, "no file"),
        ({"files": [file(hasAudio=False), file(hasVideo=False)]}, "picture and sound are in separate files"),
        ({"files": [file(0)]}, "picture and sound are in separate files"),
        ({"files": [file(torrentUrl=None)]}, "HLS only: no torrent"),
        ({"files": [file(magnetUri=None)]}, "no torrent of this host with a magnet link"),
        ({"files": [file(magnetUri="magnet:?xt=urn:btih:12")]}, "no torrent of this host with a magnet link"),
        (
            {"files": [file(torrentUrl="https://evil.example/720.torrent")]},
            "no torrent of this host with a magnet link",
        ),
        ({"licence": {"id": 2, "label": "Attribution"}}, "licence 2 is labelled 'Attribution'"),
    ],
)
def test_what_a_person_has_to_look_at(change: dict[str, Any], reason: str) -> None:
    found = examined(detail(**change))
    assert found.reasons == (reason,)
    assert found.record["source"]["url"] == "https://tube.example/w/" + UUID


def test_nothing_is_fetched_from_another_host() -> None:
    ask = host_with(detail(files=[file(torrentUrl="https://evil.example/lazy-static/torrents/720.torrent")]))
    PeerTube(HERE, "").examine(ask, Listed(UUID))  # type: ignore[arg-type]
    assert {urlsplit(url).netloc for url in ask.asked} == {HOST}


@pytest.mark.parametrize(
    "change",
    [
        {"isLocal": False},
        {"url": "https://origin.example/videos/watch/" + UUID},
        {"account": {"name": "makers", "host": "origin.example"}},
        {"isLocal": None, "url": "https://origin.example/w/1"},
    ],
)
def test_a_copy_of_another_hosts_video_is_not_taken(change: dict[str, Any]) -> None:
    ask = host_with(detail(**change))
    [found] = PeerTube(HERE, "").examine(ask, Listed(UUID))  # type: ignore[arg-type]
    assert found.reasons[0].startswith("a federated copy: ask the origin")
    assert found.holders == ()
    assert len(ask.asked) == 1


def test_a_host_speaks_for_its_own_people_only() -> None:
    stolen = {"name": "films", "host": "origin.example"}
    lying = detail(account=stolen, channel=stolen, url="https://origin.example/w/" + UUID)
    found = examined(lying)
    assert found.reasons[0] == "a federated copy: ask the origin, origin.example"
    assert found.holders == ()


def test_a_dry_run_asks_the_address_and_writes_the_instances() -> None:
    for torrent_url in (file()["torrentUrl"], "http://127.0.0.1:9000/lazy-static/torrents/720.torrent"):
        ask = host_with(detail(files=[file(torrentUrl=torrent_url)]))
        [found] = PeerTube("http://127.0.0.1:9000/", "").examine(ask, Listed(UUID))  # type: ignore[arg-type]
        assert all(url.startswith("http://127.0.0.1:9000/") for url in ask.asked)
        assert found.reasons == ()
        assert work(found).encoding[0].torrent == "https://tube.example/lazy-static/torrents/720.torrent"
        assert found.id == "pt:%s:%s" % (HOST, UUID)


def test_what_another_host_has_is_not_gone_because_this_one_has_no_copy() -> None:
    source = PeerTube(HERE, "")
    with pytest.raises(FetchFailed):
        source.examine(Host({}), source.item("pt:origin.example:" + UUID))  # type: ignore[arg-type]


# Its files


def test_every_height_is_taken_and_those_of_a_television_first() -> None:
    heights = (2160, 360, 1080, 480, 1440, 720)
    torrents = {height: torrent("A Film %dp.mp4" % height) for height in heights}
    files = [file(height, data) for height, data in torrents.items()]
    answers = {"/lazy-static/torrents/%d.torrent" % height: data for height, data in torrents.items()}
    found = examined(detail(files=files), **answers)
    assert [encoding.height for encoding in work(found).encoding] == [1080, 720, 480, 360, 2160, 1440]


def test_hls_is_taken_where_there_is_no_web_video() -> None:
    parts = [{"type": 1, "files": [file(), file(0, hasVideo=False)]}]
    assert len(work(examined(detail(files=[], streamingPlaylists=parts))).encoding) == 1
    hls = [{"type": 1, "files": [file(480)]}]
    assert [one.height for one in work(examined(detail(streamingPlaylists=hls))).encoding] == [720]


def test_flags_that_are_not_there_mean_picture_and_sound() -> None:
    old = file()
    del old["hasAudio"], old["hasVideo"]
    assert examined(detail(files=[old])).reasons == ()


@pytest.mark.parametrize(
    ("data", "change", "reason"),
    [
        (b"de", {}, "no info dictionary"),
        (torrent(private=1), {"data": torrent(private=1)}, "a private torrent"),
        (TORRENT, {"size": 39_999}, "40000 bytes instead of 39999"),
        (torrent("Another"), {}, "another info hash"),
        (torrent("A Film.exe"), {"data": torrent("A Film.exe")}, "no video by its name"),
        (torrent("A\u0085Film.mp4"), {"data": torrent("A\u0085Film.mp4")}, "no video by its name"),
        (b"x" * ((20 << 20) + 1), {}, "no torrent: over"),
        (FetchFailed("HTTP 404", 404), {}, "no torrent: HTTP 404"),
    ],
)
def test_a_torrent_that_is_not_what_was_promised(data: Any, change: dict[str, Any], reason: str) -> None:
    found = examined(detail(files=[file(**change)]), **{"/lazy-static/torrents/720.torrent": data})
    [said] = found.reasons
    assert reason in said
    assert "encoding" not in found.record


def test_a_torrent_of_several_files_is_not_taken() -> None:
    info = {
        b"name": b"A Film",
        b"piece length": 16384,
        b"pieces": b"p" * 20,
        b"files": [{b"length": 1, b"path": [b"a.mp4"]}, {b"length": 2, b"path": [b"b.mp4"]}],
    }
    data = bencode.encode({b"info": info})
    changed = file(data=data, size=3)
    found = examined(detail(files=[changed]), **{"/lazy-static/torrents/720.torrent": data})
    assert "2 files instead of one" in found.reasons[0]


def test_one_good_torrent_is_enough() -> None:
    found = examined(detail(files=[file(1080), file()]))  # that of 1080 lines is not there
    assert found.reasons == ()
    assert [encoding.height for encoding in work(found).encoding] == [720]


@pytest.mark.parametrize(
    "failure", [FetchFailed("HTTP 503", 503), FetchFailed("broken off"), b"<html>sorry</html>"]
)
def test_a_host_that_does_not_answer_is_asked_at_the_next_run(failure: Any) -> None:
    with pytest.raises(FetchFailed):
        examined(failure)
    for path in ("/lazy-static/torrents/720.torrent", "/api/v1/videos/%s/captions" % UUID):
        with pytest.raises(FetchFailed):
            examined(detail(), **{path: failure})


@pytest.mark.parametrize(
    "answer", [b"<html>", [], {}, {"error": "no"}, None, 7, {"uuid": OTHER}, {"uuid": [UUID]}]
)
def test_an_answer_about_something_else_is_none(answer: Any) -> None:
    with pytest.raises(FetchFailed):
        examined(answer)


@pytest.mark.parametrize(
    "captions", [FetchFailed("HTTP 404", 404), {"data": []}, {"data": [None, 3, {"language": "fr"}]}]
)
def test_a_film_does_without_captions(captions: Any) -> None:
    found = examined(detail(), **{"/api/v1/videos/%s/captions" % UUID: captions})
    assert found.reasons == ()
    assert work(found).encoding[0].subtitles == ()


# Its other fields


@pytest.mark.parametrize(
    "wrong", [None, "", [], ["x"], {}, {"id": []}, -1, 1 << 70, True, "\ud800", "x" * 1_000_000]
)
@pytest.mark.parametrize(
    "field",
    [
        *("category", "language", "channel", "support", "nsfw", "nsfwSummary", "duration", "previewPath"),
        *("originallyPublishedAt", "thumbnails", "thumbnailPath", "tags", "isLocal", "streamingPlaylists"),
    ],
)
def test_an_optional_field_never_spoils_the_record(field: str, wrong: Any) -> None:
    found = examined(detail(**{field: wrong}))
    assert found.reasons == ()
    work(found)


@pytest.mark.parametrize(
    "wrong", [None, [], -5, "5", 1.5, "https://[", "http://tube.example/x", "https://a@b/", "\x00"]
)
@pytest.mark.parametrize("field", ["size", "height", "fileUrl", "resolution"])
def test_an_optional_field_of_a_file_never_spoils_the_record(field: str, wrong: Any) -> None:
    found = examined(detail(files=[{**file(), field: wrong}]))
    assert found.reasons == ()
    work(found)


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("1927-03-04T00:00:00.000Z", 1927),
        ("1930-12-31T23:00:00.000Z", 1931),  # New Year's Day in Paris
        ("1930-12-31T09:00:00.000Z", 1930),
        ("1970-01-01T00:00:00.000Z", 0),
        ("1969-12-31T23:00:00.000Z", 0),
        ("1970-05-03T00:00:00.000Z", 1970),
        ("19??-01-01", 0),
        ("9999-01-01T00:00:00.000Z", 0),
        ("1066-01-01T00:00:00.000Z", 0),
        (1927, 0),
        (None, 0),
    ],
)
def test_the_year(date: object, year: int) -> None:
    assert work(examined(detail(originallyPublishedAt=date))).year == year


@pytest.mark.parametrize(
    ("date", "kind", "territories"),
    [
        ("1930-06-01T00:00:00.000Z", "C", ("US",)),
        ("1930-12-31T23:00:00.000Z", "X", ("*",)),
        (None, "X", ("*",)),
    ],
)
def test_an_old_film_without_known_rights_is_free_in_the_united_states(
    date: object, kind: str, territories: tuple[str, ...]
) -> None:
    marked = {"id": 8, "label": "Free of known copyright restrictions"}
    found = examined(detail(licence=marked, description=None, originallyPublishedAt=date))
    made = work(found)
    assert found.reasons == ()
    assert (made.rights.rights_class, made.rights.territories) == (kind, territories)
    assert ("us-95" in [each.rule for each in made.rights.evidence]) == (kind == "C")


def test_what_is_not_for_everybody_says_so() -> None:
    rating = work(examined(detail(nsfw=True, nsfwSummary="<b>War</b>"))).content_rating
    assert (rating.nsfw, rating.note) == (True, "War")


def test_the_widest_thumbnail_is_the_poster() -> None:
    sizes = [
        {"width": 280, "fileUrl": HERE + "/s.jpg"},
        {"width": 850, "fileUrl": HERE + "/w.jpg"},
        {"width": 900},
    ]
    assert work(examined(detail(thumbnails=sizes))).poster == HERE + "/w.jpg"


def test_a_language_that_does_not_name_the_titles() -> None:
    made = work(examined(detail(language={"id": "zxx"})))
    assert (made.name, made.in_language) == ({"und": "A Film"}, ("zxx",))
    assert work(examined(detail(language={"id": "-en"}))).in_language == ()


# Licences


@pytest.mark.parametrize(
    ("number", "label", "text", "url"),
    [
        (
            1,
            "Attribution",
            "http://creativecommons.org/licenses/by/3.0/",
            "https://creativecommons.org/licenses/by/3.0/",
        ),
        (2, "Attribution - Share Alike", "see %sdeed.fr." % BY_SA, BY_SA),
        (2, "Attribution - Share Alike", "creativecommons.org/licenses/by-sa/4.0", BY_SA),
        (2, "CC BY-SA 4.0", "", BY_SA),
        (7, "Public Domain Dedication", "", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (7, "CC0 1.0", "", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (8, "Free of known copyright restrictions", "", "https://creativecommons.org/publicdomain/mark/1.0/"),
        (8, "Public Domain Mark 1.0", "", "https://creativecommons.org/publicdomain/mark/1.0/"),
    ],
)
def test_a_licence_that_is_clear(number: int, label: str, text: str, url: str) -> None:
    assert peertube_licence.stated(number, label, ["", text]) == (url, "")


@pytest.mark.parametrize(
    ("number", "label", "text", "reason"),
    [
        (None, "Unknown", "", "no licence"),
        (9, "All Rights Reserved", BY_SA, "all rights reserved"),
        (99, "Attribution", "", "unknown licence"),
        (True, "Attribution", "", "unknown licence"),
        ("1", "Attribution", "", "unknown licence"),
        ([1], "Attribution", "", "unknown licence"),
        (1, "Attribution - Share Alike", "", "is labelled"),
        (1, "CC BY-SA 4.0", BY_SA, "is labelled"),
        (1, None, "", "is labelled"),
        (6, "", "https://creativecommons.org/licenses/by-nc-nd/4.0/", "is labelled"),
        (2, "Attribution - Share Alike", "CC BY-SA 4.0", "without a version"),
        (
            2,
            "Attribution - Share Alike",
            "https://creativecommons.org/licenses/by-sa/9.9/",
            "without a version",
        ),
        (2, "Attribution - Share Alike", "https://evil.example/?u=" + BY_SA, "without a version"),
        (
            2,
            "Attribution - Share Alike",
            "https://x@creativecommons.org/licenses/by-sa/4.0/",
            "without a version",
        ),
        (2, "Attribution - Share Alike", BY_SA + " " + BY_SA.replace("4", "3"), "two versions"),
        (2, "CC BY-SA 4.0", BY_SA.replace("4", "3"), "two versions"),
        (2, "Attribution - Share Alike", BY_SA.replace("-sa", ""), "two licences"),
        (2, "CC BY-SA 4.0", "All rights reserved", "two licences"),
        (7, "Public Domain Dedication", BY_SA, "two licences"),
        (8, "Free of known copyright restrictions", "Tous droits réservés", "two licences"),
    ],
)
def test_a_licence_that_is_not_clear(number: object, label: object, text: str, reason: str) -> None:
    assert reason in peertube_licence.stated(number, label, [text]).reason


# Texts


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold** and *thin* and __bold__ and _thin_", "bold and thin and bold and thin"),
        (
            "see [the page](https://x.example/a 'title') ![image](https://x.example/i.png)",
            "see the page image",
        ),
        ("# Title\r\n\r\n\r\n> quoted\n* one\n* two", "Title\nquoted\n* one\n* two"),
        ("<p>a &amp; b</p><script>c</script> 1 &lt; 2", "a & b\n1 < 2"),
        ("one<br/>two", "one\ntwo"),
        ("[B]bold[/B] [COLOR=red]red[/COLOR] [sic]", "bold red [sic]"),
        ("a\x00b\ud800c\u202ed", "abcd"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        (["a"], ""),
        (None, ""),
    ],
)
def test_markdown_becomes_text(markdown: object, text: str) -> None:
    assert prose(markdown, 100) == text


def test_texts_are_cut() -> None:
    assert prose("x" * 1_000_000, 10) == "x" * 9 + "…"
    assert line("  a\n b\t<i>c</i> ", 300) == "a b c"
    assert len(line("word " * 100, 300)) <= 300


@pytest.mark.parametrize(
    ("support", "addresses"),
    [
        ("[give](https://don.example.org/a?b=c), please", ["https://don.example.org/a?b=c"]),
        ("https://a.example https://a.example.", ["https://a.example"]),
        ("http://a.example ftp://a.example javascript:alert(1)", []),
        ("https://liberapay.com@evil.example/x https://u:p@a.example", []),
        ("https://127.0.0.1/ https://[::1]/ https://2130706433/ https://0x7f.1/ https://localhost/", []),
        ("https://xn--lberapay-7ya.com/ https://lıberapay.com/", []),
        ("https://a.example:8443/ https://a.example/" + "x" * 300, []),
        ("<script>https://a.example</script>", []),
        ("<script src='https://a.example/x.js'></script> <!-- https://a.example -->", []),
        ("<img src='https://a.example/p.gif'> ![](https://a.example/p.gif 'give')", []),
        ("<iframe src=https://a.example></iframe> <script>https://a.example", []),
        ("<p>Give <a href='https://a.example/x'>here</a></p>", ["https://a.example/x"]),
        ("[![give](https://a.example/p.png)](https://b.example/x)", ["https://b.example/x"]),
        ("https://a.example/to?url=https://b.example/ https://a.example/to?url=https%3A%2F%2Fb.example", []),
        ("https://a.example/to?url=https%253A%252F%252Fb.example https://a.example/#//b.example", []),
        (
            " ".join("https://a%d.example" % each for each in range(9)),
            ["https://a%d.example" % each for each in range(5)],
        ),
        (["https://a.example"], []),
    ],
)
def test_the_ways_to_give(support: object, addresses: list[str]) -> None:
    assert [each["address"] for each in giving([support])] == addresses


# Listings


def paged(rows: list[Any], total: Any = None, most: int = 100) -> Callable[[dict[str, list[str]]], Any]:
    def answer(query: dict[str, list[str]]) -> Any:
        start = int(query["start"][0])
        return {"total": len(rows) if total is None else total, "data": rows[start : start + most]}

    return answer


def rows(count: int) -> list[dict[str, Any]]:
    return [
        {"uuid": "%08x-2222-4333-8444-555555555555" % each, "account": {"host": HOST}}
        for each in range(count)
    ]


def listed(answer: Any, query: str = "") -> tuple[list[Listed], Host]:
    ask = Host({"/api/v1/videos": answer})
    return list(PeerTube(HERE, query).listing(ask)), ask  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("total", "most", "asked"), [(None, 100, 3), (None, 30, 9), (10_000, 100, 4), ("?", 100, 4)]
)
def test_every_page_is_listed(total: Any, most: int, asked: int) -> None:
    found, ask = listed(paged(rows(250), total, most))
    assert [one.key for one in found] == [row["uuid"] for row in rows(250)]
    assert found[0].hint == {"host": HOST}
    assert len(ask.asked) == asked


def test_what_is_asked_for() -> None:
    _, ask = listed(paged([]), "categoryOneOf=2&languageOneOf=fr&languageOneOf=en&start=7")
    query = parse_qs(urlsplit(ask.asked[0]).query)
    assert query["licenceOneOf"] == [str(number) for number in range(1, 9)]
    assert (query["categoryOneOf"], query["languageOneOf"]) == (["2"], ["fr", "en"])
    assert (query["isLocal"], query["nsfw"], query["sort"]) == (["true"], ["false"], ["-publishedAt"])
    assert (query["start"], query["count"]) == (["0"], ["100"])


def test_rows_that_are_none_are_left_out() -> None:
    odd = [None, 3, {}, {"uuid": "../../admin"}, {"uuid": [UUID]}, {"uuid": UUID, "account": {"host": "a/b"}}]
    assert listed(paged(odd))[0] == [Listed(UUID, {})]


@pytest.mark.parametrize(
    "answer", [b"<html>", [], {}, {"error": "x"}, {"total": 1, "data": {}}, FetchFailed("no")]
)
def test_an_answer_that_is_no_listing(answer: Any) -> None:
    with pytest.raises(FetchFailed):
        listed(answer)


def test_a_listing_without_end_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonreel.publish.sources.peertube.MAX_PAGES", 3)
    with pytest.raises(FetchFailed, match="more than 3 pages"):
        listed(lambda _: {"total": 10**9, "data": [None]})


@pytest.mark.parametrize(
    "address", ["", "tube.example", "ftp://tube.example", "https://", "https://u@tube.example"]
)
def test_a_host_must_be_named(address: str) -> None:
    with pytest.raises(ValueError, match="must be named"):
        PeerTube(address, "")


@pytest.mark.parametrize("query", ["playlist:", "playlist:../x", "films"])
def test_a_query_that_is_none(query: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (one of them is urllib's)
        PeerTube(HERE, query)


def test_the_item_of_an_id() -> None:
    source = PeerTube(HERE, "")
    assert source.item("pt:tube.example:" + UUID) == Listed(UUID, {"host": HOST})
    assert source.item("pt:tube.example:8443:playlist:" + LIST) == Listed(
        "playlist:" + LIST, {"host": "tube.example:8443"}
    )
    for other in ("ia:Cops", "pt:tube.example:x", "pt:../x:" + UUID, "pt:tube.example:%s/../x" % UUID):
        with pytest.raises(ValueError, match="not the id"):
            source.item(other)


# Playlists


def playlist(**more: Any) -> dict[str, Any]:
    return {
        "uuid": LIST,
        "url": "%s/video-playlists/%s" % (HERE, LIST),
        "displayName": "A Series",
        "description": "All of it, under %s" % BY_SA,
        "isLocal": True,
        "privacy": {"id": 1, "label": "Public"},
        "thumbnailPath": "/lazy-static/thumbnails/t.jpg",
        "ownerAccount": {"name": "makers", "displayName": "The Makers", "host": HOST},
        "videoChannel": {"name": "films", "displayName": "Their Films", "host": HOST},
        **more,
    }


def elements(*licences: Any) -> list[Any]:
    shown = [
        {"position": place, "video": {"uuid": uuid, "account": {"host": HOST}, "licence": licence}}
        for place, (uuid, licence) in enumerate(zip((UUID, OTHER), licences), 1)
    ]
    return [
        shown[0],
        {"position": 2, "type": 1, "video": None},
        *({**one, "position": 3} for one in shown[1:]),
    ]


SHARED = {"id": 2, "label": "Attribution - Share Alike"}


def series_host(about: Any, of: list[Any]) -> Host:
    path = "/api/v1/video-playlists/" + LIST
    return host_with(detail(), **{path: about, path + "/videos": paged(of)})


def test_a_playlist_is_a_series_and_its_videos_are_episodes() -> None:
    ask: Any = series_host(playlist(), elements(SHARED, SHARED))
    source = PeerTube(HERE, "playlist:" + LIST)
    whole, first, last = source.listing(ask)
    [found] = source.examine(ask, whole)
    series = work(found)
    assert (series.id, series.type) == ("pt:tube.example:playlist:" + LIST, "TVSeries")
    assert (series.name, series.license.url) == ({"und": "A Series"}, BY_SA)
    assert found.holders == ("channel:films@tube.example", "account:makers@tube.example")
    assert found.reasons == ()
    assert source.item(series.id).key == whole.key
    assert (last.key, last.hint["partOf"]["episode"]) == (OTHER, 3)
    [found] = source.examine(ask, first)
    episode = work(found)
    assert (found.reasons, episode.type) == ((), "TVEpisode")
    assert episode.part_of == record.PartOf(series.id, 1, 1)


def test_a_series_of_several_licences_waits() -> None:
    ask: Any = series_host(playlist(), elements(SHARED, {"id": 1, "label": "Attribution"}))
    [found] = PeerTube(HERE, "").examine(ask, Listed("playlist:" + LIST))
    assert found.reasons == ("its episodes have several licences",)


def test_an_empty_or_hidden_or_copied_playlist_is_no_series() -> None:
    source = PeerTube(HERE, "")
    for about, reason in (
        (playlist(), "no licence"),
        (playlist(isLocal=False, ownerAccount={"host": "origin.example"}), "a federated copy"),
    ):
        [found] = source.examine(series_host(about, []), Listed("playlist:" + LIST))  # type: ignore[arg-type]
        assert found.reasons[0].startswith(reason)
    hidden = series_host(playlist(privacy={"id": 3}), [])
    assert source.examine(hidden, Listed("playlist:" + LIST))[0].gone  # type: ignore[arg-type]
    assert source.examine(Host({}), Listed("playlist:" + LIST))[0].gone  # type: ignore[arg-type]


def test_an_episode_that_the_playlist_did_not_name_stays_what_it_was() -> None:
    source = PeerTube(HERE, "playlist:" + LIST)
    kept = source.item("pt:tube.example:" + UUID)
    with pytest.raises(FetchFailed):
        source.examine(host_with(detail()), kept)  # type: ignore[arg-type]
    assert source.examine(Host({}), kept)[0].gone  # type: ignore[arg-type]


# The recorded answers


def sample(name: str) -> Any:
    return json.loads((SAMPLES / name).read_text("utf-8"))


DETAILS = (
    ("framatube.org", "9c9de5e8-0a1e-484a-b099-e80766180a6d", ""),
    ("peertube.cpy.re", "d2a5ec78-5f85-4090-8ec5-dc1102e022ea", "licence without a version"),
    ("tilvids.com", "41342cb4-6fa8-402d-a116-1f63a7f438a3", "no licence"),
    (
        "framatube.org",
        "d5907aad-2252-4207-89ec-a4b687b9337d",
        "a federated copy: ask the origin, video.lqdn.fr",
    ),
)


@recorded
@pytest.mark.parametrize(("host", "uuid", "reason"), DETAILS)
def test_a_recorded_video(host: str, uuid: str, reason: str) -> None:
    path = "/api/v1/videos/" + uuid
    name = host + path.replace("/", "_")
    answers = {path: sample(name + ".json")}
    if (SAMPLES / (name + "_captions.json")).exists():
        answers[path + "/captions"] = sample(name + "_captions.json")
    recorded_files = [*answers[path]["files"], *answers[path]["streamingPlaylists"][0]["files"]]
    for each in recorded_files:  # their torrents are not recorded
        made = torrent("film-%d.mp4" % each["id"], each["size"])
        each["magnetUri"] = each["magnetUri"].replace(
            each["magnetUri"][each["magnetUri"].index("btih:") + 5 :][:40], info_hash(made)
        )
        answers[urlsplit(each["torrentUrl"]).path] = made
    ask: Any = Host(answers)
    source = PeerTube("http://127.0.0.1:8000", "")
    [found] = source.examine(ask, source.item("pt:%s:%s" % (host, uuid)))
    if not reason:
        made_work = work(found)
        assert found.reasons == ()
        assert (made_work.license.spdx, made_work.year) == ("CC-BY-SA-4.0", 0)
        assert [encoding.height for encoding in made_work.encoding] == [1080, 720, 480, 360, 240]
        assert len(made_work.encoding[0].subtitles) == 34
        assert "PeerTube" in made_work.title()
        assert "**" not in made_work.plot()
    else:
        assert any(each.startswith(reason) for each in found.reasons)
        assert found.id.endswith(uuid)


@recorded
def test_the_recorded_listings() -> None:
    names = sorted(SAMPLES.glob("*videos_*start_0*.json"))
    for name in names:
        answer = json.loads(name.read_text("utf-8"))
        found, _ = listed(paged(answer["data"]))
        assert [one.key for one in found] == [row["uuid"] for row in answer["data"]]
        assert all(one.hint for one in found)
    assert len(names) > 3


@recorded
def test_the_recorded_playlist() -> None:
    about = sample("framatube.org_api_v1_video-playlists_96b0ee2b-a5a7-4794-8769-58d8ccb79ab7.json")
    path = "/api/v1/video-playlists/" + about["uuid"]
    ask: Any = Host({path: about, path + "/videos": paged(elements(SHARED))})
    [found] = PeerTube("http://127.0.0.1:8000", "").examine(ask, Listed("playlist:" + about["uuid"]))
    assert found.reasons[0] == "a federated copy: ask the origin, skeptikon.fr"
    assert found.record["name"] == {"und": "Shocking !"}
