# SPDX-License-Identifier: GPL-3.0-or-later
"""Wikimedia Commons: what is asked, and what its file pages become."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from commonreel.publish.polite import Polite
from commonreel.publish.sources.commons import MAX_SEARCHED, QUERY, Commons
from commonreel.publish.sources.commons_file import year
from commonreel.publish.sources.source import Found, Listed
from commonreel.works import record, rights
from commonreel.works.errors import FetchFailed, RecordInvalid
from commonreel.works.work import Evidence, Rights, Work

SAMPLE = Path(__file__).resolve().parents[4] / "shared/samples/wikimedia-commons/imageinfo-example.json"
PAGE = "https://commons.wikimedia.org/w/index.php?curid=42"
FILE = "https://upload.wikimedia.org/wikipedia/commons/a/ab/A_Quiet_Film.webm"
SHA1 = "0123456789abcdef0123456789abcdef01234567"
MARK = "https://creativecommons.org/publicdomain/mark/1.0/"

SAID = {
    "Artist": '<a href="//commons.wikimedia.org/wiki/User:Ann">Ann &amp; Co</a>',
    "DateTimeOriginal": "2014-03-02 10:11:12",
    "ImageDescription": "<p>A <i>quiet</i> film.</p>",
    "License": "cc-by-sa-4.0",
    "LicenseShortName": "CC BY-SA 4.0",
    "LicenseUrl": "http://creativecommons.org/licenses/by-sa/4.0",
    "ObjectName": "A Quiet Film",
    "Copyrighted": "True",
}
FREE = {"License": "pd", "LicenseShortName": "Public domain", "LicenseUrl": "", "Copyrighted": "False"}


class Ask:
    """Answers in turn; remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def json(self, url: str, **query: Any) -> Any:
        self.asked.append((url, query))
        return self.answers.pop(0)


def polite(ask: Ask) -> Polite:
    return cast(Polite, ask)


def file_page(said: dict[str, Any] | None = None, categories: Any = (), **info: Any) -> dict[str, Any]:
    told = {name: {"value": value} for name, value in {**SAID, **(said or {})}.items()}
    video = {
        "url": FILE,
        "thumburl": "https://upload.wikimedia.org/wikipedia/commons/thumb/a/ab/x.webm/500px--x.webm.jpg",
        "size": 12_345_678,
        "duration": 600.4,
        "height": 720,
        "mime": "video/webm",
        "mediatype": "VIDEO",
        "sha1": SHA1,
        "extmetadata": told,
        **info,
    }
    listed = [{"ns": 14, "title": "Category:" + name} for name in categories]
    return {"pageid": 42, "title": "File:A Quiet Film.webm", "categories": listed, "videoinfo": [video]}


def examined(page: Any, key: str = "42") -> list[Found]:
    answer = {"batchcomplete": True, "query": {"pages": [page]}}
    return Commons("", "").examine(polite(Ask(answer)), Listed(key))


def found(said: dict[str, Any] | None = None, categories: Any = (), **info: Any) -> Found:
    [one] = examined(file_page(said, categories, **info))
    return one


def doubts(one: Found) -> list[str]:
    """But for the torrent, which no file of Commons has."""
    return [reason for reason in one.reasons if "no torrent yet" not in reason]


def work(one: Found) -> Work:
    """As it is once somebody has made the torrent."""
    encoding = [{**each, "infoHash": SHA1} for each in one.record["encoding"]]
    parsed = record.parse({**one.record, "encoding": encoding})
    assert isinstance(parsed, Work)
    return parsed


def test_a_file_page_is_a_work() -> None:
    one = found(categories=["Silent films", "Files reviewed by somebody"])
    film = work(one)
    assert film.id == one.id == "commons:M42"
    assert film.title() == "A Quiet Film"
    assert film.plot() == "A quiet film."
    assert (film.year, film.duration, film.encoding[0].height) == (2014, 600, 720)
    assert film.license.url == "https://creativecommons.org/licenses/by-sa/4.0/"
    assert film.license.spdx == "CC-BY-SA-4.0"
    assert film.license.credit == "Ann & Co, CC BY-SA 4.0, Wikimedia Commons"
    assert film.poster.endswith("500px--x.webm.jpg")
    assert film.source.url == PAGE
    assert film.encoding[0].file == record.FilmFile("A_Quiet_Film.webm", 12_345_678, SHA1)
    assert film.encoding[0].web == (FILE,)
    assert film.encoding[0].container == "webm"
    assert film.same_as == ()
    assert one.holders == ("category:Silent films", "category:Files reviewed by somebody")


def test_nobody_vouches_for_it_yet() -> None:
    film = work(found())
    assert film.rights == Rights("X", ("*",), (Evidence("license-page", PAGE),))


def test_its_torrent_is_still_to_be_made() -> None:
    one = found()
    assert one.reasons == ("it has no torrent yet: make one of the file at %s, sha1 %s" % (FILE, SHA1),)
    with pytest.raises(RecordInvalid, match="neither a torrent nor an info hash"):
        record.parse(one.record)


@pytest.mark.parametrize(
    "date", ["1925", "1925-06", "14 June 1925", '<time datetime="1925-06-14">June 1925</time>']
)
def test_an_old_film_in_the_public_domain_states_the_rule(date: str) -> None:
    one = found({**FREE, "DateTimeOriginal": date})
    film = work(one)
    assert doubts(one) == []
    assert film.license.url == MARK
    assert (film.rights.rights_class, film.rights.territories) == ("C", ("US",))
    assert [each.kind for each in film.rights.evidence] == ["pd-rule", "license-page"]
    assert film.rights.evidence[0].rule == "us-95"
    assert rights.refusal(film, 2026) == "no second witness"


@pytest.mark.parametrize(
    "date", ["1931", "1920s", "circa 1925", "between 1920 and 1925", "before 1925", "19??", ""]
)
def test_one_that_may_be_newer_states_none(date: str) -> None:
    film = work(found({**FREE, "DateTimeOriginal": date}))
    assert film.rights.rights_class == "X"


def test_a_free_licence_needs_no_rule() -> None:
    assert work(found({"DateTimeOriginal": "1925"})).rights.rights_class == "X"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1925", 1925),
        ("2012-09-25 16:23:02", 2012),
        ("2012-09-25T16:23:02Z", 2012),
        ("September 1925", 1925),
        ("25 September 1925", 1925),
        ("September 25, 1925", 1925),
        ("1925/1926", 0),
        ("1925, restored 2010", 0),
        ("1920s", 0),
        ("Circa 1925", 0),
        ("circa 1925", 0),
        ("19??", 0),
        ("0000-00-00", 0),
        ("3024", 0),
        ("1869", 0),
        ("-1925", 0),
        ("١٩٢٥", 0),
        ("Unknown date", 0),
        ("", 0),
    ],
)
def test_only_a_certain_year_is_one(text: str, expected: int) -> None:
    assert year(text) == expected


def test_the_hidden_part_of_a_date_is_not_read() -> None:
    hidden = '1925<div style="display: none;">date QS:P571,+1925-00-00T00:00:00Z/9</div>'
    assert work(found({"DateTimeOriginal": hidden})).year == 1925


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"LicenseUrl": "//creativecommons.org/licenses/by-sa/4.0/deed.en"}, "by-sa/4.0/"),
        ({"LicenseUrl": ""}, "by-sa/4.0/"),
        ({"LicenseUrl": "", "License": "cc-by-3.0"}, "by/3.0/"),
        ({"LicenseUrl": "", "License": "cc-by-sa-3.0-de"}, "by-sa/3.0/de/"),
        ({"LicenseUrl": "https://creativecommons.org/licenses/by/2.0/", "License": ""}, "by/2.0/"),
        ({"LicenseUrl": "", "License": "cc0"}, "publicdomain/zero/1.0/"),
        ({**FREE}, "publicdomain/mark/1.0/"),
        ({**FREE, "License": ""}, "publicdomain/mark/1.0/"),
    ],
)
def test_the_licence_is_read_from_its_address_or_its_code(said: dict[str, Any], expected: str) -> None:
    one = found(said)
    assert doubts(one) == []
    assert work(one).license.url.endswith(expected)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            {"LicenseUrl": "", "License": "", "LicenseShortName": ""},
            "no licence that is known: none is stated",
        ),
        ({"LicenseUrl": "", "License": "cc-by-sa-9.9"}, "no licence that is known"),
        ({"LicenseUrl": "", "License": "cc-by-sa-3.0-xx"}, "no licence that is known"),
        ({"LicenseUrl": "", "License": "cc-by-sa-4.0,3.0"}, "no licence that is known: cc-by-sa-4.0,3.0"),
        ({"LicenseUrl": "", "License": "cc-by-nd-sa-4.0"}, "no licence that is known"),
        (
            {"LicenseUrl": "https://creativecommons.org.evil.example/licenses/by/4.0/"},
            "no licence that is known",
        ),
        ({"LicenseUrl": "https://rightsstatements.org/vocab/NKC/1.0/"}, "no licence that is known"),
        ({"LicenseUrl": "http://creativecommons.org/licenses/by-nc/4.0/"}, "two licences"),
        ({"License": "pd"}, "two licences"),
        ({"License": "cc0"}, "two licences"),
        ({"Copyrighted": "False"}, "the licence is CC BY-SA 4.0, yet copyrighted: false"),
        ({**FREE, "Copyrighted": "True"}, "yet copyrighted: true"),
        ({"Artist": ""}, "wants the maker named"),
        ({"Artist": "<span></span>"}, "wants the maker named"),
        ({"NonFree": "true"}, "marked as not free"),
        (
            {"DeletionReason": "Copyright violation: <b>no</b> permission"},
            "nominated for deletion: Copyright",
        ),
        ({"Categories": "License review needed (video)|Films"}, "category: License review needed (video)"),
    ],
)
def test_a_doubt_is_for_a_person(said: dict[str, Any], reason: str) -> None:
    assert any(reason in doubt for doubt in doubts(found(said)))


@pytest.mark.parametrize(
    ("category", "disputed"),
    [
        ("Deletion requests September 2026", True),
        ("License review needed", True),
        ("YouTube files needing license review", True),
        ("Media missing permission as of 1 October 2026", True),
        ("Files reviewed by somebody", False),
        ("Films about deletion requests", False),
        ("Silent films", False),
    ],
)
def test_what_the_community_disputes_is_for_a_person(category: str, disputed: bool) -> None:
    one = found(categories=[category])
    assert (doubts(one) == ["category: " + category]) is disputed
    assert one.holders == ("category:" + category,)


@pytest.mark.parametrize(
    ("mime", "container"),
    [
        ("video/webm", "webm"),
        ("video/ogg", "ogv"),
        ("application/ogg", "ogv"),
        ("video/mp4", "mp4"),
        ("video/mpeg", "mpg"),
    ],
)
def test_video_of_four_kinds_is_played(mime: str, container: str) -> None:
    assert work(found(mime=mime)).encoding[0].container == container


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ({"mime": "video/x-flv"}, "not a kind of video that is played here: video/x-flv"),
        ({"mime": ["video/webm"]}, "not a kind of video"),
        ({"mime": None}, "not a kind of video"),
        ({"url": "http://upload.wikimedia.org/x.webm"}, "its file has no address"),
        ({"url": "https://ann@upload.wikimedia.org/x.webm"}, "its file has no address"),
        ({"url": "javascript:alert(1)"}, "its file has no address"),
        ({"url": None}, "its file has no address"),
        ({"size": -5}, "its file has no size"),
        ({"size": 10**20}, "its file has no size"),
        ({"size": None}, "its file has no size"),
        ({"size": True}, "its file has no size"),
    ],
)
def test_a_file_that_cannot_be_played_is_for_a_person(info: dict[str, Any], reason: str) -> None:
    one = found(**info)
    assert any(reason in each for each in one.reasons)
    assert one.record["name"] == {"und": "A Quiet Film"}
    assert one.record["encoding"] == []


@pytest.mark.parametrize("mediatype", ["AUDIO", "BITMAP"])
def test_what_is_no_video_holds_no_work(mediatype: str) -> None:
    assert examined(file_page(mediatype=mediatype, mime="application/ogg")) == []


ODD: list[Any] = [
    None,
    True,
    -1,
    3024,
    10**30,
    1e308,
    float("inf"),
    "",
    "19??",
    "\0\x07",
    "\ud800",
    "x" * 1_000_000,
]
ODD += ["<b>" * 2000, [], ["a", None], {}, {"value": "x"}, {"value": None}, {"value": ["x"]}, [[[]]]]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:20])
def test_an_odd_field_never_loses_the_item_nor_spoils_its_record(odd: Any) -> None:
    page = file_page()
    video = page["videoinfo"][0]
    facts = video["extmetadata"]
    for name in ("duration", "height", "thumburl", "sha1", "mediatype"):
        work(examined({**page, "videoinfo": [{**video, name: odd}]})[0])
    for name in ("title", "categories"):
        work(examined({**page, name: odd})[0])
    for name in (
        "ObjectName",
        "ImageDescription",
        "DateTimeOriginal",
        "Categories",
        "Copyrighted",
        "License",
    ):
        for entry in (odd, {"value": odd}):
            work(examined({**page, "videoinfo": [{**video, "extmetadata": {**facts, name: entry}}]})[0])
    for name in ("size", "url", "mime", "extmetadata"):
        [one] = examined({**page, "videoinfo": [{**video, name: odd}]})
        assert one.record["id"] == "commons:M42"
        json.dumps(vars(one), ensure_ascii=False, allow_nan=False).encode("utf-8")


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("https://upload.wikimedia.org/a/Caf%C3%A9_%28film%29.webm", "Café_(film).webm"),
        ("https://upload.wikimedia.org/a/..%2F..%2Fetc%2Fpasswd", "M42.webm"),
        ("https://upload.wikimedia.org/a/x%00y.webm", "M42.webm"),
        ("https://upload.wikimedia.org/a/x%2Fy.webm", "M42.webm"),
        ("https://upload.wikimedia.org/", "M42.webm"),
        ("https://upload.wikimedia.org/a/..", "M42.webm"),
    ],
)
def test_the_file_keeps_its_own_name_if_it_is_a_plain_one(address: str, path: str) -> None:
    film = work(found(url=address)).encoding[0].file
    assert film is not None
    assert film.path == path


def test_a_title_without_words_is_the_id() -> None:
    page = file_page({"ObjectName": "<br>"})
    assert work(examined({**page, "title": "File:.webm"})[0]).title() == "commons:M42"
    assert work(examined({**page, "title": "File:Nosferatu.1922.webm"})[0]).title() == "Nosferatu.1922"


@pytest.mark.parametrize("missing", [True, ""])
def test_a_page_that_is_missing_is_gone(missing: Any) -> None:
    assert examined({"pageid": 42, "missing": missing}) == [Found("commons:M42", gone="its page is deleted")]


def test_a_file_that_is_hidden_is_gone() -> None:
    [one] = examined({"pageid": 42, "title": "File:X.webm", "videoinfo": [{"filehidden": True}]})
    assert one.gone == "its file is hidden"


@pytest.mark.parametrize("infos", [None, [], {}, "", [None], [[]]])
def test_a_page_without_a_file_is_for_a_person(infos: Any) -> None:
    [one] = examined({"pageid": 42, "title": "File:X.webm", "videoinfo": infos})
    assert one.reasons == ("its page has no file",)


def test_the_older_format_is_read_too() -> None:
    answer = {"batchcomplete": "", "query": {"pages": {"42": file_page()}}}
    [one] = Commons("", "").examine(polite(Ask(answer)), Listed("42"))
    assert work(one).title() == "A Quiet Film"


def test_a_page_is_asked_for_by_its_number() -> None:
    ask = Ask({"query": {"pages": [file_page()]}})
    Commons("", "").examine(polite(ask), Commons("", "").item("commons:M42"))
    [(url, query)] = ask.asked
    assert url == "https://commons.wikimedia.org/w/api.php"
    assert (query["pageids"], query["prop"]) == ("42", "videoinfo|categories")
    assert "titles" not in query


@pytest.mark.parametrize(
    "id",
    ["ia:Cops", "ia:M42", "commons:M", "commons:M0", "commons:M1|2", "commons:M٤", "commons:42", "x" * 300],
)
def test_an_id_of_another_kind_is_never_asked_for(id: str) -> None:
    ask = Ask()
    source = Commons("", "")
    with pytest.raises(FetchFailed, match="not a page of Commons"):
        source.examine(polite(ask), source.item(id))
    assert ask.asked == []


BROKEN: list[Any] = [
    [],
    {},
    None,
    "sorry",
    {"query": []},
    {"error": {"code": "maxlag", "info": "Waiting"}},
    {"error": 5},
]


@pytest.mark.parametrize("answer", BROKEN)
def test_an_answer_of_another_kind_is_none(answer: Any) -> None:
    source = Commons("", "")
    with pytest.raises(FetchFailed):
        source.examine(polite(Ask(answer)), Listed("42"))
    with pytest.raises(FetchFailed):
        list(source.listing(polite(Ask(answer))))


def test_the_api_tells_what_is_wrong() -> None:
    ask = Ask({"error": {"code": "maxlag", "info": "Waiting for a <b>database</b>"}})
    with pytest.raises(FetchFailed, match="maxlag: Waiting for a database"):
        Commons("", "").examine(polite(ask), Listed("42"))


@pytest.mark.parametrize("pages", [None, [], {}, "x", [None], [{"pageid": 7}], {"7": {"pageid": 7}}])
def test_another_page_is_no_answer(pages: Any) -> None:
    with pytest.raises(FetchFailed, match="no page 42"):
        Commons("", "").examine(polite(Ask({"query": {"pages": pages}})), Listed("42"))


def rows(*pages: int, ending: str = "webm") -> list[dict[str, Any]]:
    return [{"ns": 6, "pageid": page, "title": "File:Film %d.%s" % (page, ending)} for page in pages]


def test_a_search_is_followed_to_its_end() -> None:
    ask = Ask(
        {"continue": {"sroffset": 500, "continue": "-||"}, "query": {"search": rows(1, 2)}},
        {"batchcomplete": True, "query": {"search": rows(3)}},
    )
    listed = list(Commons("", "").listing(polite(ask)))
    assert listed == [Listed(str(page), {"title": "File:Film %d.webm" % page}) for page in (1, 2, 3)]
    first, second = (query for _, query in ask.asked)
    assert (first["list"], first["srsearch"], first["srnamespace"]) == ("search", QUERY, 6)
    assert (second["sroffset"], second["continue"], second["srsearch"]) == (500, "-||", QUERY)


def test_a_category_is_listed_by_its_members() -> None:
    ask = Ask(
        {"continue": {"cmcontinue": "file|4E|9", "continue": "-||"}, "query": {"categorymembers": rows(1)}},
        {"query": {"categorymembers": rows(2, ending="ogv") + rows(3, ending="jpg")}},
    )
    listed = Commons("", "Category:Silent films").listing(polite(ask))
    assert [each.key for each in listed] == ["1", "2"]
    assert ask.asked[0][1]["cmtitle"] == "Category:Silent films"
    assert ask.asked[1][1]["cmcontinue"] == "file|4E|9"


def test_a_search_that_finds_too_much_is_not_whole() -> None:
    answer = {"continue": {"sroffset": 1, "continue": "-||"}, "query": {"search": rows(1)}}
    ask = Ask(*[answer] * (MAX_SEARCHED + 5))
    listed = []
    with pytest.raises(FetchFailed, match="there is more after"):
        listed.extend(Commons("", "filetype:video").listing(polite(ask)))
    assert len(ask.asked) == MAX_SEARCHED


def test_only_its_own_places_are_gone_on_from() -> None:
    odd = {"action": "delete", "sroffset": [5], "continue": "-||"}
    ask = Ask({"continue": odd, "query": {"search": rows(1)}}, {"query": {"search": []}})
    assert len(list(Commons("", "").listing(polite(ask)))) == 1
    assert ask.asked[1][1]["action"] == "query"
    assert "sroffset" not in ask.asked[1][1]


def test_rows_that_name_no_page_are_left_out() -> None:
    odd: list[Any] = [
        None,
        5,
        {},
        {"pageid": -1, "title": "File:X.webm"},
        {"pageid": True, "title": "File:X.webm"},
    ]
    odd += [
        {"pageid": "4", "title": "File:X.webm"},
        {"pageid": 4, "title": None},
        {"pageid": 10**30, "title": "X.webm"},
    ]
    ask = Ask({"query": {"search": odd + rows(9)}})
    assert [each.key for each in Commons("", "").listing(polite(ask))] == ["9"]


@pytest.mark.parametrize(
    ("address", "api"),
    [
        ("", "https://commons.wikimedia.org/w/api.php"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/w/api.php"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/w/api.php"),
        ("https://wiki.example/api.php", "https://wiki.example/api.php"),
    ],
)
def test_it_asks_where_it_is_told_to(address: str, api: str) -> None:
    ask = Ask({"query": {"search": []}})
    assert list(Commons(address, "").listing(polite(ask))) == []
    assert ask.asked[0][0] == api


@pytest.mark.skipif(not SAMPLE.exists(), reason="the recorded samples are not here")
def test_a_recorded_page() -> None:
    page = json.loads(SAMPLE.read_text("utf-8"))
    [info] = page.pop("imageinfo")
    key = str(page["pageid"])
    assert examined({**page, "videoinfo": [info]}, key) == []
    [one] = examined({**page, "videoinfo": [{**info, "mime": "video/webm", "mediatype": "VIDEO"}]}, key)
    film = work(one)
    assert doubts(one) == []
    assert film.license.spdx == "CC-BY-SA-4.0"
    assert film.license.credit == "Photo by PtrQs, CC BY-SA 4.0, Wikimedia Commons"
    assert (film.year, film.plot()) == (2012, "SONY DSC")
    assert film.title() == "20120925 PlozevetBretagne LoneTree DSC07971 PtrQs"
