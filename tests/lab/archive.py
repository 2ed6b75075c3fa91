# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue of films that do not exist, signed and made into a site, with something of everything."""

from __future__ import annotations

from datetime import timedelta

from commonreel import cli
from commonreel.publish.site import Copies

from .curator import NOW, Curator
from .films import film
from .posters import poster
from .records import by_rule, chosen, free, gone, maker
from .showcase import (
    BARE,
    FACTS,
    FESTIVAL,
    LONG,
    MAKERS,
    OTHER_SCRIPTS,
    SEEN,
    SERIES,
    STUDIO,
    SUBTITLES,
    WAYS,
)

FILM_HOST, BASE = "films.example", "https://archive.example/"
PLAYED, OLD, WITHDRAWN, HOSTILE, ARABIC = "ex:harbour", "ex:ladder", "ex:gone", "ex:zz-hostile", "ex:zz-moon"
ENDLESS, SHOW, FIRST_EPISODE = "ex:zz-long", "ex:lighthouse", "ex:lighthouse-1"
LANTERN, NIGHTS, HOSTILE_MAKER, HOSTILE_LIST = "ex:lantern", "ex:nights", "ex:zz-taker", "ex:zz-list"
PROPOSED, MANY = "ex:proposed", 130
ATTACK = "\"><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">\u202e"
CURATOR = {
    "name": "The Open Reel Archive",
    "contact": "films@archive.example",
    "legal": "https://archive.example/imprint",
    "terms": "Every film may be shared; its licence is shown with it.",
    "declaration": "All works of this catalogue are authorised by those who hold their rights.",
    "mirrors": ["https://mirror.example/catalogue/"],
}


class Archive:
    """`site` is the folder that its curator would put on a host; the film of PLAYED is `film`, which
    FILM_HOST is to serve."""

    def __init__(self, place):
        self.film = film("demo.mp4")
        self.site = place / "site"
        self._copies = place / "copies"
        self._curator = Curator(place)
        self._curator.about = CURATOR
        old = [_old(), _gone_soon()]
        self._curator.build(*old, now=NOW - timedelta(days=30), window=0)
        self._curator.build(*_records(), gone(WITHDRAWN, rev=9), by_rule(PROPOSED, director=["Old Hand"]))
        self.publish()

    def publish(self):
        """By the command that its curator would give."""
        self._draw()
        command = ["catalog", "site", str(self._curator.out), "--out", str(self.site)]
        assert cli.main([*command, "--base-url", BASE, "--copies", str(self._copies)]) == 0

    def pages(self):
        return sorted(self.site.rglob("*.html"))

    def _draw(self):
        """The copies, as if they had been fetched."""
        copies = Copies(self._copies, lambda url, _: SUBTITLES if url.endswith(".srt") else _poster(url))
        for made in _records():
            for address in made.get("image", {}).values():
                copies.picture(address)
        copies.subtitles(_subtitles("en"), "en")


def _poster(url):
    name = url.rpartition("/")[2]
    return poster(name, name.replace("-", " "))


def _image(title):
    return {"poster": "https://pictures.example/%s" % title.replace(" ", "-")}


def _subtitles(lang):
    return "https://%s/harbour.%s.srt" % (FILM_HOST, lang)


def _records():
    yield from _drawn()
    yield from _guides()
    yield _old()
    yield free("ex:bare", name={"en": BARE})
    yield free(ENDLESS, name={"en": LONG, "fr": "Un titre interminable " * 10})
    for lang, title in OTHER_SCRIPTS.items():
        yield free(ARABIC if lang == "ar" else "ex:zz-" + lang, name={lang: title}, inLanguage=[lang])
    yield free(
        HOSTILE,
        name={"en": ATTACK},
        description={"en": ATTACK * 3},
        maker=[HOSTILE_MAKER],
        director=[ATTACK],
        genre=["<b>" + "wide" * 9],
        license={"url": "https://creativecommons.org/licenses/by/4.0/", "credit": ATTACK},
        source={"name": "x" * 100, "url": "https://example.org/" + "x" * 300},
    )
    yield free(SHOW, type="TVSeries", name={"en": SERIES}, encoding=[], director=["Harbour Collective"])
    for number in range(1, 4):
        part = {"series": SHOW, "season": 1, "episode": number}
        title = {"en": "Night %d" % number, "fr": "Nuit %d" % number}
        yield free("%s-%d" % (SHOW, number), type="TVEpisode", partOf=part, name=title)
    for number in range(MANY):
        yield free("ex:reel-%d" % number, name={"en": "Reel %d" % number}, year=1900 + number % 90)


def _guides():
    """Makers with a record, and lists."""
    yield maker(
        LANTERN,
        type="Organization",
        name={"en": STUDIO},
        description={"en": "Four people and a camera.", "fr": "Quatre personnes et une caméra."},
        image={"portrait": "https://pictures.example/lantern"},
        url="https://lantern.example/",
        links=["https://video.example/c/lantern"],
        funding=WAYS,
    )
    yield chosen(
        NIGHTS,
        PLAYED,
        ARABIC,
        *("ex:" + _slug(title) for title in FACTS if title != SEEN),
        name={"en": FESTIVAL},
        description={"en": "Three evenings on the quay."},
        by="The Harbour Festival",
        image=_image(FESTIVAL),
        url="https://festival.example/2026",
    )
    taken = {"name": {"en": ATTACK}, "description": {"en": ATTACK * 3}}
    yield maker(HOSTILE_MAKER, **taken, url="https://example.org/" + "x" * 200)
    yield chosen(HOSTILE_LIST, HOSTILE, **taken, by=ATTACK[:120])


def _drawn():
    """Those of which posters are drawn."""
    for title, (plot, year, genres, languages, countries) in FACTS.items():
        said = {
            "name": {"en": title},
            "description": {"en": plot},
            "year": year,
            "genre": genres,
            "inLanguage": languages,
            "country": countries,
            "image": _image(title),
        }
        said.update({"director": [MAKERS[title]]} if title in MAKERS else {"maker": [LANTERN]})
        yield _played(said) if title == SEEN else free("ex:" + _slug(title), **said)


def _slug(title):
    return title.lower().replace(" ", "-")


def _played(said):
    encoding = {
        "torrent": "https://%s/harbour.torrent" % FILM_HOST,
        "infoHash": "c0ffee" * 6 + "c0de",
        "container": "mp4",
        "height": 720,
        "web": ["https://%s/demo.mp4" % FILM_HOST],
        "subtitles": [{"lang": "en", "url": _subtitles("en")}],
    }
    licence = {"url": "https://creativecommons.org/licenses/by-nc-sa/4.0/", "credit": "Harbour Collective"}
    more = {"encoding": [encoding], "funding": WAYS, "license": licence, "duration": 600}
    more["contentRating"] = {"age": 6, "by": "FSK", "note": "A storm at sea."}
    more["sameAs"] = ["wd:Q1"]
    return free(PLAYED, **said, **more)


def _old():
    encoding = [{"torrent": "https://example.org/a.torrent", "web": ["https://%s/demo.mp4" % FILM_HOST]}]
    return by_rule(OLD, name={"en": "The Second Ladder"}, encoding=encoding, genre=["comedy"])


def _gone_soon():
    return free(WITHDRAWN, name={"en": "A Borrowed Song"})
