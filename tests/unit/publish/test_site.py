# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of a catalogue's site: what is on them, in every language, whatever records hold."""

from __future__ import annotations

import json
import posixpath
import re
import xml.etree.ElementTree as ET
from urllib.parse import parse_qs, unquote, urlsplit

import html5lib
import pytest

from commonreel.publish import site
from commonreel.publish.building import Catalogue, gather, next_build
from commonreel.publish.site import contents, naming, words
from commonreel.works import about, magnet
from lab.records import by_rule, free, gone

YEAR, DAY = 2026, "2026-11-24"
BASE = "https://films.example/archive/"
CURATOR = {
    "name": "Films of our archive",
    "contact": "films@example.org",
    "terms": "All of it may be shared.",
    "declaration": "All of it is authorised.",
}
HTML = "{http://www.w3.org/1999/xhtml}"
HOSTILE = (
    "\"><script>alert('x')</script><img src=x onerror=alert(1)> \u202egnirts\u2066 &amp; javascript:alert(1)"
)


def build(*records, before=None, window=0, day=DAY):
    offered = gather((("", made) for made in records), YEAR)
    assert not offered.problems
    return next_build(before or Catalogue(), offered, day, window)


def read(catalogue, carried=(), **said):
    own_words = {**CURATOR, **said}
    head = {**own_words, "build": catalogue.build, "at": catalogue.at}
    parsed = about.parse(json.dumps(head).encode())
    return contents.gather(catalogue, carried, parsed, own_words, "ab" * 32)


def made(*records, base="", window=0, languages=words.LANGUAGES):
    return dict(site.files(read(build(*records, window=window)), base, languages=languages))


def tree(body):
    """The page, if it is HTML without a fault."""
    return html5lib.HTMLParser(strict=True).parse(body)


def text(page):
    return " ".join(" ".join(page.itertext()).split())


def pages(files):
    return {name: tree(body) for name, body in files.items() if name.endswith(".html")}


def links(page):
    return [element.get("href") for element in page.iter(HTML + "a")]


RICH = free(
    "ex:rich",
    name={"en": "The Harbour", "fr": "Le port"},
    originalName="Der Hafen",
    description={"en": "A ferry.\nA night."},
    director=["Ada Maker"],
    actor=["Ben Player"],
    genre=["Drama", "Film noir"],
    country=["FR"],
    inLanguage=["fr"],
    duration=4980,
    sameAs=["wd:Q5", "imdb:tt0000001", "tmdb:javascript"],
    contentRating={"note": "Grief.", "age": 12, "by": "FSK"},
    license={"url": "https://creativecommons.org/licenses/by-nc-sa/4.0/", "credit": "House"},
    funding={
        "channels": [
            {"type": "payment-provider", "address": "https://liberapay.com/ada", "description": "Thanks."},
            {"type": "payment-provider", "address": "https://pay.example.net/ada"},
            {"type": "other", "address": "javascript:alert(1)"},
        ]
    },
    encoding=[
        {
            "infoHash": "ab" * 20,
            "torrent": "https://example.org/harbour.torrent",
            "trackers": ["udp://tracker.example:6969"],
            "container": "mp4",
            "height": 720,
            "web": ["https://host.example/harbour.mp4"],
            "subtitles": [{"lang": "fr", "url": "https://host.example/harbour.fr.srt"}],
        }
    ],
)


@pytest.fixture(scope="module")
def rich():
    return made(RICH, base=BASE)


def test_a_work_has_a_page_with_all_that_is_known(rich):
    said = text(tree(rich["works/ex/rich.html"]))
    for fact in (
        "The Harbour", "Der Hafen", "2010 · 1 h 23 min · France", "A ferry.", "A night.", "Ada Maker",
        "Ben Player", "Drama", "Film noir", "French", "From 12 (FSK)", "Grief.", "CC BY-NC-SA 4.0",
        "It may not be used to make money.", "must be shared under the same licence", "Everywhere",
        "Statement of an institution · House", "An institution vouches", "ex:rich",
    ):  # fmt: skip
        assert fact in said


def test_it_speaks_french_too(rich):
    page = tree(rich["fr/works/ex/rich.html"])
    said = text(page)
    assert page.get("lang") == "fr"
    for fact in ("Le port", "Pourquoi vous pouvez regarder", "Drame", "Partout", "liberapay.com/ada"):
        assert fact in said
    told = next(element for element in page.iter(HTML + "section") if element.get("class") == "text")
    assert told.get("lang") == "en"  # nobody has told it in French


def test_only_ways_to_give_that_show_whom_to_are_links(rich):
    found = links(tree(rich["works/ex/rich.html"]))
    assert "https://liberapay.com/ada" in found
    assert not [address for address in found if "pay.example.net" in address or "javascript" in address]


def test_the_film_plays_from_the_web_and_is_asked_for_by_nobody_before(rich):
    (video,) = tree(rich["works/ex/rich.html"]).iter(HTML + "video")
    (source,) = video.iter(HTML + "source")
    assert video.get("preload") == "none"
    assert (source.get("src"), source.get("type")) == ("https://host.example/harbour.mp4", "video/mp4")


def test_the_magnet_link_says_what_the_record_does(rich):
    (link,) = [each for each in links(tree(rich["works/ex/rich.html"])) if each.startswith("magnet:")]
    found = magnet.parse(link)
    assert (found.info_hash, found.name) == ("ab" * 20, "The Harbour")
    assert found.trackers == ("udp://tracker.example:6969",)


def test_an_objection_is_a_letter_that_names_the_work(rich):
    (letter,) = [each for each in links(tree(rich["works/ex/rich.html"])) if each.startswith("mailto:")]
    parts = urlsplit(letter)
    said = parse_qs(parts.query)
    assert parts.path == "films@example.org"
    assert said["subject"] == ["Objection: ex:rich"]
    assert "Number: ex:rich\r\nPage: %sworks/ex/rich.html\r\n" % BASE in said["body"][0]


@pytest.mark.parametrize(
    ("contact", "shown"),
    [("https://example.org/report", "https://example.org/report"), ("the keeper of the films", ""), ("", "")],
)
def test_who_cannot_be_written_to_is_named(contact, shown):
    files = dict(site.files(read(build(RICH), contact=contact)))
    page = tree(files["works/ex/rich.html"])
    assert not [each for each in links(page) if each.startswith("mailto:")]
    assert (shown or contact) in [*links(page), text(page)] or contact in text(page)


def test_search_engines_read_it_in_the_words_of_schema_org(rich):
    (data,) = tree(rich["works/ex/rich.html"]).iter(HTML + "script")
    said = json.loads(data.text)
    assert data.get("type") == "application/ld+json"
    assert said["@type"] == "Movie"
    assert said["license"] == "https://creativecommons.org/licenses/by-nc-sa/4.0/"
    assert said["director"] == [{"@type": "Person", "name": "Ada Maker"}]
    assert said["sameAs"] == ["https://www.wikidata.org/wiki/Q5", "https://www.imdb.com/title/tt0000001/"]
    assert said["video"]["contentUrl"] == "https://host.example/harbour.mp4"
    assert (said["duration"], said["contentRating"]) == ("PT4980S", "FSK 12")


def test_a_film_that_is_not_free_everywhere_is_shown_to_who_says_where_he_is():
    encoding = [{"torrent": "https://example.org/a.torrent", "web": ["https://host.example/a.mp4"]}]
    files = made(by_rule("ex:old", encoding=encoding))
    page = tree(files["works/ex/old.html"])
    (gate,) = page.iter(HTML + "details")
    assert "I am where it is free (United States)" in text(gate)
    assert len(list(gate.iter(HTML + "video"))) == len(list(page.iter(HTML + "video"))) == 1
    (data,) = page.iter(HTML + "script")
    assert "video" not in json.loads(data.text)


def test_what_records_say_is_text_and_nothing_else():
    files = made(
        free(
            "ex:hostile",
            name={"en": HOSTILE},
            description={"en": HOSTILE + "\n</p></body>"},
            director=[HOSTILE[:100]],
            actor=[HOSTILE[:100]],
            genre=["</a><b>"],
            originalName=HOSTILE,
            license={"url": "https://creativecommons.org/licenses/by/4.0/", "credit": HOSTILE},
            source={"name": "<script>", "url": "https://example.org/?a=1&b='"},
        ),
        gone("ex:gone", why=HOSTILE),
        base=BASE,
    )
    for name, body in files.items():
        assert not re.search("[\u202a-\u202e\u2066-\u2069]", body.decode())
        if name.endswith(".xml"):
            ET.fromstring(body)
    for page in pages(files).values():
        for element in page.iter():
            assert not [name for name in element.attrib if name.startswith("on")]
            assert element.tag not in (HTML + "b", HTML + "iframe", HTML + "form")
            if element.tag == HTML + "script":
                assert json.loads(element.text)["name"].startswith('"><script>alert')
            if element.tag == HTML + "img":
                pytest.fail("a picture that nobody has looked at")
        assert all(urlsplit(each).scheme in ("", "https", "mailto", "magnet") for each in links(page))


def test_every_page_forbids_scripts_and_asks_nobody_else(rich):
    for page in pages(rich).values():
        (policy,) = [
            each.get("content") for each in page.iter(HTML + "meta") if each.get("http-equiv") is not None
        ]
        assert policy.startswith("default-src 'none';")
        assert "script-src" not in policy
        loaded = [each.get("src") for tag in ("img", "track", "script") for each in page.iter(HTML + tag)]
        assert not [address for address in loaded if address and urlsplit(address).netloc]
        assert not [each for each in page.iter() if each.get("style")]


def test_every_link_of_the_site_leads_to_a_file_of_it():
    files = made(
        RICH,
        *(free("ex:%d" % n, genre=["Drama"], director=["Maker %d" % n]) for n in range(70)),
        free("ex:show", type="TVSeries", encoding=[]),
        free(
            "ex:one",
            type="TVEpisode",
            partOf={"series": "ex:show", "season": 1, "episode": 1},
            genre=["Rare"],
            director=["Guest"],
        ),
        gone("ex:gone"),
        by_rule("ex:old"),
        window=28,
    )
    for name, page in pages(files).items():
        for tag, attribute in (("a", "href"), ("link", "href"), ("img", "src")):
            for element in page.iter(HTML + tag):
                address = element.get(attribute)
                if address and not urlsplit(address).scheme and not address.startswith("#"):
                    found = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(address)))
                    assert found in files, (name, address)


def test_a_page_that_is_not_there_finds_its_style_from_anywhere():
    page = tree(made(RICH, base=BASE)["fr/404.html"])
    assert [each.get("href") for each in page.iter(HTML + "link") if each.get("rel") == "stylesheet"] == [
        "/archive/style.css"
    ]
    assert "/archive/fr/films.html" in links(page)


def test_the_same_catalogue_makes_the_same_bytes():
    assert made(RICH, gone("ex:gone"), base=BASE) == made(gone("ex:gone"), RICH, base=BASE)


def test_a_withdrawn_work_says_why_and_search_engines_forget_it():
    before = build(free("ex:a"), free("ex:b"))
    after = build(gone("ex:a", why="its maker asked"), before=before, day="2026-11-25")
    files = dict(site.files(read(after), BASE))
    page = tree(files["works/ex/a.html"])
    assert "its maker asked" in text(page)
    assert [each.get("content") for each in page.iter(HTML + "meta") if each.get("name") == "robots"] == [
        "noindex"
    ]
    assert not list(page.iter(HTML + "video"))
    assert b"works/ex/a.html" not in files["sitemap-1.xml"]
    assert "Film ex:a" not in text(tree(files["films.html"]))
    assert "works/ex/a.html" in links(tree(files["log.html"]))
    assert "November 25, 2026" in text(tree(files["log.html"]))


def test_the_log_tells_all_that_has_happened():
    before = build(free("ex:a"), by_rule("ex:old"), window=28)
    offered = gather([("", by_rule("ex:old"))], YEAR)
    after = next_build(before, offered, "2026-11-25", 28, {"ex:old": "2026-11-25"})
    files = dict(site.files(read(after)))
    rows = [text(row) for row in tree(files["log.html"]).iter(HTML + "tr")]
    assert rows[1:] == [
        "November 25, 2026 Objection Film ex:old",
        "November 24, 2026 Added Film ex:a",
        "November 24, 2026 Proposed Film ex:old",
    ]
    proposed = tree(files["proposed.html"])
    assert "Film ex:old (1925)" in text(proposed)
    assert [each for each in links(proposed) if "subject=Objection%3A%20ex%3Aold" in each]
    assert "works/ex/old.html" not in files


def test_a_series_has_its_episodes_on_its_page():
    part = {"series": "ex:show", "season": 1}
    files = made(
        free("ex:show", type="TVSeries", name={"en": "The Show"}, encoding=[]),
        free("ex:two", type="TVEpisode", partOf={**part, "episode": 2}, name={"en": "Second"}),
        free("ex:one", type="TVEpisode", partOf={**part, "episode": 1}, name={"en": "First"}),
        free("ex:alone", type="TVEpisode", partOf={**part, "series": "ex:lost", "episode": 1}),
    )
    page = tree(files["works/ex/show.html"])
    assert [text(each) for each in page.iter(HTML + "li") if each.get("value")] == ["First", "Second"]
    listed = links(tree(files["films.html"]))
    assert "works/ex/show.html" in listed
    assert "works/ex/one.html" not in listed
    assert "works/ex/alone.html" in listed
    episode = tree(files["works/ex/one.html"])
    assert "The Show · Season 1 · Episode 1" in text(episode)
    (data,) = episode.iter(HTML + "script")
    assert json.loads(data.text)["partOfSeries"]["name"] == "The Show"


def test_works_of_publishers_are_there_too():
    found = read(build(RICH), [free("fest:film"), by_rule("fest:bad", year=2020)])
    assert set(found.works) == {"ex:rich", "fest:film"}
    assert found.refused == ("fest:bad: rule us-95 does not hold for a film of 2020",)


def test_films_for_adults_show_no_picture_and_ask_first():
    image = {"poster": "https://host.example/poster.jpg"}
    page = tree(made(free("ex:x", contentRating={"nsfw": True}, image=image))["works/ex/x.html"])
    (gate,) = page.iter(HTML + "details")
    assert "I am an adult" in text(gate)


def test_feeds_have_what_came_last():
    before = build(free("ex:a"), free("ex:b"))
    after = build(free("ex:c"), before=before, day="2026-11-25")
    files = dict(site.files(read(after), BASE))
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(files["feed.xml"])
    assert [each.findtext(atom + "title") for each in feed.iter(atom + "entry")] == [
        "Film ex:c (2010)", "Film ex:a (2010)", "Film ex:b (2010)"
    ]  # fmt: skip
    assert feed.findtext(atom + "updated") == "2026-11-25T00:00:00Z"
    said = json.loads(files["fr/feed.json"])
    assert said["feed_url"] == BASE + "fr/feed.json"
    assert said["items"][0]["url"] == BASE + "fr/works/ex/c.html"
    assert len({each["id"] for each in said["items"]}) == 3


def test_the_sitemap_names_every_page_once(rich):
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    named = [each.text for each in ET.fromstring(rich["sitemap-1.xml"]).iter(space + "loc")]
    shown = {BASE + name for name, page in pages(rich).items() if "404" not in name}
    assert sorted(named) == sorted(shown)
    assert rich["robots.txt"].endswith(b"Sitemap: %ssitemap.xml\n" % BASE.encode())


def test_without_an_address_there_is_no_sitemap():
    files = made(RICH)
    assert not [name for name in files if name.startswith("sitemap")]
    assert b"Sitemap" not in files["robots.txt"]


def test_no_page_grows_with_the_catalogue():
    records = [
        free("ex:%d" % n, genre=["Drama"], director=["Maker %d" % n], type="TVEpisode",
             partOf={"series": "ex:show", "season": n % 3, "episode": n + 1})
        for n in range(500)
    ]  # fmt: skip
    shown = [free("ex:film%d" % n, genre=["Drama"], director=["Maker %d" % n]) for n in range(800)]
    series = free("ex:show", type="TVSeries", encoding=[])
    files = made(series, *records, *shown, languages=["en"])
    assert max(len(body) for name, body in files.items() if name.endswith(".html")) < 64 << 10
    assert {"films.14.html", "genres/drama.14.html", "makers.4.html", "works/ex/show.9.html"} <= set(files)


def test_an_empty_catalogue_has_a_site_too():
    assert "Nothing is here yet." in text(tree(dict(site.files(read(Catalogue())))["index.html"]))


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_language_says_the_same_things(language):
    spoken, english = ({} for _ in range(2))
    for name, into in ((language, spoken), ("en", english)):
        path = words._FOLDER / (name + ".json")
        for key, said in json.loads(path.read_text("utf-8")).items():
            forms = said.values() if isinstance(said, dict) and key != "genre_names" else [said]
            into[key] = {frozenset(re.findall(r"\{(\w+)\}", str(form))) for form in forms}
    assert spoken.keys() == english.keys()
    assert {key: spoken[key] for key in english if key != "genre_names"} == {
        key: english[key] for key in english if key != "genre_names"
    }


def test_names_of_pages_are_told_apart_by_every_file_system():
    ids = [
        "ia:Cops",
        "ia:cops",
        "ia:COPS",
        "ia:a.b",
        "ia:a-b",
        "ia:a_b",
        "ia:" + "x" * 190,
        "ia:CON",
        "b:cops",
    ]
    paths = [naming.work(id) for id in ids]
    assert len({path.lower() for path in paths}) == len(ids)
    assert all(re.fullmatch(r"works/[a-z0-9]+/[a-z0-9.-]{1,80}\.html", path) for path in paths)
    assert naming.work("blender:big-buck-bunny") == "works/blender/big-buck-bunny.html"
    assert naming.shelf("makers", "صانع") != naming.shelf("makers", "عناص")
