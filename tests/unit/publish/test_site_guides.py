# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers' and lists' pages of a catalogue's site, and the ways there."""

from __future__ import annotations

import io
import json
import posixpath
import re

import pytest
from PIL import Image
from test_site import BASE, HOSTILE, HTML, build, links, made, pages, read, text, tree

from commonreel.publish import site
from commonreel.publish.site import Copies
from lab.records import by_rule, chosen, free, gone, maker

JANE = maker(
    "fest:jane",
    name={"en": "Jane Doe", "fr": "Jeanne Doe"},
    description={"en": "Makes films about birds.\nAnd about the sea."},
    image={"portrait": "https://jane.example/me.jpg"},
    url="https://jane.example/",
    links=["https://tube.example/c/jane", "https://xn--jne-qla.example/"],
    sameAs=["wd:Q7", "imdb:nm0000007"],
    funding={
        "channels": [
            {"type": "payment-provider", "address": "https://liberapay.com/jane", "description": "For seed."},
            {"type": "payment-provider", "address": "https://pay.example/jane"},
        ]
    },
)
STUDIO = maker("fest:studio", type="Organization", name={"en": "Studio Lantern"})
NIGHTS = chosen(
    "fest:nights",
    "ex:terns",
    "ex:nowhere",
    "ex:gulls",
    name={"en": "Nights by the Sea", "fr": "Nuits en bord de mer"},
    description={"en": "Three evenings."},
    by="The Harbour Festival",
    url="https://fest.example/2026",
)
GULLS = free("ex:gulls", name={"en": "Gulls"}, maker=["fest:jane", "fest:jane", "fest:unknown"])
TERNS = free(
    "ex:terns", name={"en": "Terns"}, maker=["fest:studio", "fest:jane"], director=["Jane Doe", "Bo"]
)
MAKER, LIST, FILM = "makers/fest/jane.html", "lists/fest/nights.html", "works/ex/gulls.html"


@pytest.fixture(scope="module")
def files():
    return made(GULLS, TERNS, JANE, STUDIO, NIGHTS, base=BASE)


def data(page):
    (script,) = page.iter(HTML + "script")
    return json.loads(script.text)


def cards(page):
    found = (each for each in page.iter(HTML + "ul") if each.get("class") == "cards")
    return [text(each) for part in found for each in part.iter(HTML + "a")]


def test_they_are_no_works_of_it():
    found = read(build(GULLS, JANE, NIGHTS))
    assert (list(found.works), found.gone, found.refused) == (["ex:gulls"], {}, ())


def test_a_maker_has_a_page_with_words_works_links_and_ways_to_give(files):
    page = tree(files[MAKER])
    said = text(page)
    for told in (
        "Jane Doe",
        "Makes films about birds.",
        "And about the sea.",
        "2 works",
        "For Jane Doe",
        "For seed.",
    ):
        assert told in said
    assert cards(page) == ["Gulls", "Terns"]
    away = [address for address in links(page) if address.startswith("http")]
    assert away == [
        "https://jane.example/",
        "https://tube.example/c/jane",
        "https://www.wikidata.org/wiki/Q7",
        "https://www.imdb.com/name/nm0000007/",
        "https://liberapay.com/jane",
    ]


def test_it_speaks_french_too(files):
    page = tree(files["fr/" + MAKER])
    for told in ("Jeanne Doe", "Auteurs", "Ailleurs", "Soutenir les auteurs", "Pour Jeanne Doe"):
        assert told in text(page)
    page = tree(files["fr/" + LIST])
    for told in ("Nuits en bord de mer", "Festivals et listes", "Choix de The Harbour Festival"):
        assert told in text(page)


def test_search_engines_read_of_a_maker(files):
    said = data(tree(files[MAKER]))
    assert (said["@type"], said["name"], said["alternateName"]) == ("Person", "Jane Doe", ["Jeanne Doe"])
    assert (said["url"], said["identifier"]) == (BASE + MAKER, "fest:jane")
    assert said["sameAs"] == [
        "https://jane.example/",
        "https://tube.example/c/jane",
        "https://www.wikidata.org/wiki/Q7",
        "https://www.imdb.com/name/nm0000007/",
    ]
    assert data(tree(files["makers/fest/studio.html"]))["@type"] == "Organization"


def test_a_list_has_a_page_in_its_own_order(files):
    page = tree(files[LIST])
    assert cards(page) == ["Terns", "Gulls"]
    for told in ("Nights by the Sea", "Chosen by The Harbour Festival", "Three evenings.", "2 works"):
        assert told in text(page)
    assert "https://fest.example/2026" in links(page)
    said = data(page)
    assert (said["@type"], said["name"]) == ("ItemList", "Nights by the Sea")
    assert [(each["position"], each["item"]["url"]) for each in said["itemListElement"]] == [
        (1, BASE + "works/ex/terns.html"),
        (2, BASE + "works/ex/gulls.html"),
    ]


def test_a_work_names_its_makers_and_leads_to_them(files):
    page = tree(files[FILM])
    assert "Made by Jane Doe" in text(page)
    assert "../../" + MAKER in links(page)
    assert data(page)["creator"] == [
        {"@type": "Person", "name": "Jane Doe", "url": BASE + MAKER, "identifier": "fest:jane"}
    ]
    assert "2010 · Jane Doe" in text(tree(files["films.html"]))


def test_a_director_with_a_record_is_listed_once_and_leads_to_it(files):
    page = tree(files["works/ex/terns.html"])
    assert links(page).count("../../" + MAKER) == 2  # made by, directed by
    listed = [each for each in links(tree(files["makers.html"])) if each.startswith("makers/")]
    assert listed == ["makers/bo.html", MAKER, "makers/fest/studio.html"]
    assert "makers/jane-doe.html" not in files


def test_a_namesake_has_a_list_of_their_own():
    files = made(GULLS, JANE, free("ex:other", name={"en": "Other"}, director=["JANE DOE"]))
    assert cards(tree(files[MAKER])) == ["Gulls"]
    assert cards(tree(files["makers/jane-doe.html"])) == ["Other"]


def test_a_work_without_a_way_to_give_has_those_of_its_makers(files):
    page = tree(files[FILM])
    assert "https://liberapay.com/jane" in links(page)
    assert "For Jane Doe" in text(page)
    own = {"channels": [{"type": "payment-provider", "address": "https://ko-fi.com/gulls"}]}
    page = tree(made({**GULLS, "funding": own}, JANE)[FILM])
    assert "https://ko-fi.com/gulls" in links(page)
    assert "https://liberapay.com/jane" not in links(page)


def test_the_first_page_and_the_menu_lead_to_them(files):
    page = tree(files["index.html"])
    assert {MAKER, LIST, "makers.html", "lists.html"} <= set(links(page))
    assert "Festivals and lists" in text(page)
    without = made(GULLS)
    assert "lists.html" not in without
    assert "lists.html" not in links(tree(without["index.html"]))


def test_who_leads_to_no_work_that_is_shown_has_no_page():
    files = made(
        free("ex:a"),
        by_rule("ex:old", maker=["fest:jane"]),
        JANE,
        {**NIGHTS, "itemListElement": ["ex:old"]},
        window=28,
    )
    assert not {MAKER, LIST, "makers.html", "lists.html"} & set(files)
    assert MAKER not in links(tree(files["log.html"]))
    assert "Jane Doe" in text(tree(files["log.html"]))


def test_an_episode_is_among_its_makers_works_unless_its_series_is():
    part = {"type": "TVEpisode", "maker": ["fest:jane"]}
    records = [
        free("ex:hers", type="TVSeries", encoding=[], name={"en": "Hers"}, maker=["fest:jane"]),
        free(
            "ex:h1", name={"en": "Of hers"}, partOf={"series": "ex:hers", "season": 1, "episode": 1}, **part
        ),
        free("ex:theirs", type="TVSeries", encoding=[], name={"en": "Theirs"}),
        free(
            "ex:t1", name={"en": "Guest"}, partOf={"series": "ex:theirs", "season": 1, "episode": 1}, **part
        ),
    ]
    files = made(*records, JANE)
    assert cards(tree(files[MAKER])) == ["Guest", "Hers"]


def test_what_is_withdrawn_is_gone():
    before = build(GULLS, TERNS, JANE, STUDIO, NIGHTS)
    after = build(gone("fest:jane"), gone("fest:nights"), before=before, day="2026-11-25")
    files = dict(site.files(read(after), BASE))
    assert not {MAKER, LIST, "lists.html"} & set(files)
    said = text(tree(files[FILM]))
    assert "Jane" not in said
    assert "liberapay.com" not in said
    assert "makers/jane-doe.html" in files  # of who directs Terns there is the name alone
    assert "its maker asked" in text(tree(files["works/fest/jane.html"]))
    assert "works/fest/nights.html" in links(tree(files["log.html"]))


def test_the_log_leads_to_them(files):
    page = tree(files["log.html"])
    assert {MAKER, LIST, FILM} <= set(links(page))
    assert "Added Nights by the Sea" in text(page)


def test_a_portrait_is_a_copy_of_the_sites_own(tmp_path):
    into = io.BytesIO()
    Image.new("RGB", (600, 600), "teal").save(into, "PNG")
    asked = []
    copies = Copies(tmp_path, lambda url, _: asked.append(url) or into.getvalue())
    files = dict(site.files(read(build(GULLS, JANE)), BASE, copies))
    (portrait,) = tree(files[MAKER]).iter(HTML + "img")
    assert asked == ["https://jane.example/me.jpg"]
    assert posixpath.normpath("makers/fest/" + portrait.get("src")) in files
    assert (portrait.get("width"), portrait.get("height")) == ("480", "480")
    assert data(tree(files[MAKER]))["image"] == BASE + "pictures/" + portrait.get("src").rpartition("/")[2]


def test_what_their_records_say_is_text_and_nothing_else():
    evil = {"en": HOSTILE[:120]}
    words = {"name": evil, "description": {"en": HOSTILE + "</script>"}}
    files = made(
        GULLS,
        {**JANE, **words},
        {**NIGHTS, **words, "by": HOSTILE[:120], "url": "https://fest.example/?to=https://evil.example/"},
    )
    for page in pages(files).values():
        assert not [name for each in page.iter() for name in each.attrib if name.startswith("on")]
        assert not list(page.iter(HTML + "img"))
        assert not [address for address in links(page) if "evil" in address or "xn--" in address]
        for script in page.iter(HTML + "script"):
            json.loads(script.text)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", files[MAKER].decode() + files[LIST].decode())


def test_a_busy_maker_and_a_long_list_have_pages():
    films = [free("ex:%03d" % n, name={"en": "F %03d" % n}, maker=["fest:jane"]) for n in range(130)]
    order = [each["id"] for each in reversed(films)]
    files = made(*films, JANE, {**NIGHTS, "itemListElement": order}, base=BASE)
    assert {"makers/fest/jane.3.html", "lists/fest/nights.3.html"} <= set(files)
    assert cards(tree(files["lists/fest/nights.3.html"]))[-1] == "F 000"
    assert "Makes films about birds." not in text(tree(files["makers/fest/jane.2.html"]))
    assert b"makers/fest/jane.3.html" in files["sitemap-1.xml"]
