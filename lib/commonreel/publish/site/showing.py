# SPDX-License-Identifier: GPL-3.0-or-later
"""What a work's page shows: the film itself, why it may be watched, and whom to write to about it."""

from __future__ import annotations

import re
from typing import Iterable, Iterator, NamedTuple
from urllib.parse import urlsplit

from ...works import contact, giving, licence, links, magnet
from ...works.folding import folded
from ...works.guide import Guide, Maker
from ...works.magnet import Magnet
from ...works.rights import EVERYWHERE
from ...works.work import Encoding, Evidence, Subtitle, Work
from .contents import EVENTS, Entry
from .copies import Copies
from .words import Words

_TYPES = {
    "m4v": "video/mp4",
    "mp4": "video/mp4",
    "ogg": "video/ogg",
    "ogv": "video/ogg",
    "webm": "video/webm",
}
_MOST_LINES = 1080  # of a picture that every connection and every screen is good for
_SOURCES = 4  # that a browser is offered

_SAME_AS = (
    (re.compile("imdb:(tt[0-9]{1,12})"), "IMDb", "https://www.imdb.com/title/%s/"),
    (re.compile("imdb:(nm[0-9]{1,12})"), "IMDb", "https://www.imdb.com/name/%s/"),
    (re.compile("tmdb:((?:movie|tv|person)/[0-9]{1,12})"), "TMDB", "https://www.themoviedb.org/%s"),
    (re.compile("wd:(Q[0-9]{1,12})"), "Wikidata", "https://www.wikidata.org/wiki/%s"),
)


class Link(NamedTuple):
    text: str
    address: str


class Track(NamedTuple):
    """Subtitles that a browser can show: a file of the site."""

    language: str
    label: str
    name: str


class Player(NamedTuple):
    """A film as a browser plays it."""

    sources: tuple[Link, ...]  # MIME type and address, the best first
    tracks: tuple[Track, ...]

    @property
    def host(self) -> str:
        return urlsplit(self.sources[0].address).hostname or ""


class Proof(NamedTuple):
    """A piece of evidence, in words."""

    text: str
    by: str
    address: str
    at: str


def player(work: Work, words: Words, copies: Copies) -> Player | None:
    """None where no copy on the web is known that a browser could play."""
    offered = [(each, address) for each in work.encoding for address in each.web if _type(each, address)]
    offered.sort(key=lambda one: (one[0].height > _MOST_LINES, -one[0].height))
    if not offered:
        return None
    subtitles = {each.lang: each for each in reversed(offered[0][0].subtitles) if each.url}
    tracks = []
    for lang, each in sorted(subtitles.items()):
        name = copies.subtitles(each.url, lang)
        if name:
            tracks.append(Track(lang, spoken(each, words), name))
    sources = [Link(_type(each, address), address) for each, address in offered[:_SOURCES]]
    return Player(tuple(sources), tuple(tracks))


def downloads(work: Work, words: Words) -> Iterator[tuple[str, list[Link]]]:
    """Of each encoding: what it is, and the ways to have it."""
    for each in work.encoding:
        found = [Link(words("magnet"), _magnet(work, each))] if each.info_hash else []
        if each.torrent:
            found.append(Link(words("torrent"), each.torrent))
        found += [
            Link(words("web_copy", host=urlsplit(address).hostname or ""), address) for address in each.web
        ]
        found += [
            Link(words("subtitles_in", language=spoken(subtitle, words)), subtitle.url)
            for subtitle in each.subtitles
            if subtitle.url
        ]
        height = "%dp" % each.height if each.height else ""
        yield " · ".join(part for part in (each.container, each.codec, height) if part), found


def facts(work: Work, words: Words) -> str:
    """In a line: '1922 · 18 min · United States'."""
    found = [
        words("series") if work.type == "TVSeries" else "",
        str(work.year or ""),
        words.length(work.duration) if work.duration else "",
        words.listed([words.country(code) for code in work.country]),
    ]
    return " · ".join(filter(None, found))


def speech(work: Work, words: Words) -> str:
    return words.listed([words.speech(tag) for tag in work.in_language])


def gate(work: Work, words: Words) -> str:
    """What a visitor says before the film is shown; '' where nothing need be said."""
    key = "gate_adult" if work.content_rating.nsfw else "gate"
    places = work.rights.territories
    if EVERYWHERE not in places:
        key += "_place" if len(places) == 1 else "_places"
    return "" if key == "gate" else words(key, place=words.country(places[0]))


def reason(work: Work, words: Words) -> str:
    """In a line: 'CC BY 3.0', 'Public domain in the US'."""
    if licence.lookup(work.license.url).gate == "ok":
        return licence.lookup(work.license.url).label
    return words("public_domain_us" if work.rights.territories == ("US",) else "public_domain")


def terms(work: Work, words: Words) -> list[str]:
    """What its licence lets anybody do, in plain words."""
    known = licence.lookup(work.license.url)
    if known.gate != "ok":
        return [words("term_free")]
    found = {
        "term_share": True,
        "term_attribution": known.attribution,
        "term_no_commerce": not known.commercial,
        "term_no_changes": not known.derivatives,
        "term_share_alike": known.share_alike,
        "retired": bool(known.retired),
    }
    return [words(key) for key, holds in found.items() if holds]


def where(work: Work, words: Words) -> str:
    if EVERYWHERE in work.rights.territories:
        return words("everywhere")
    return words.listed(sorted(map(words.country, work.rights.territories), key=folded))


def proofs(work: Work, words: Words) -> list[Proof]:
    return [
        Proof(_kind(work, each, words), each.by, each.url, words.date(each.at))
        for each in work.rights.evidence
    ]


def vouches(work: Work) -> list[str]:
    """Who does: each once, in the record's order."""
    return list(dict.fromkeys(each.by for each in work.rights.evidence if each.by))


def elsewhere(same_as: Iterable[str]) -> Iterator[Link]:
    for each in same_as:
        for pattern, text, address in _SAME_AS:
            found = pattern.fullmatch(each)
            if found:
                yield Link(text, address % found[1])


def addresses(guide: Guide) -> Iterator[Link]:
    """Where a maker is on the web, or where a list was announced, if that hides nothing of where it leads."""
    own = guide.visitable if isinstance(guide, Maker) else filter(links.payee, [guide.url])
    yield from (Link(giving.spoken(each), each) for each in own)
    yield from elsewhere(guide.same_as if isinstance(guide, Maker) else ())


def event(entry: Entry, words: Words) -> str:
    """What has happened, of a line of the log."""
    return words("log_" + entry.what) if entry.what in EVENTS else entry.what


def objection(work: Work, address: str, curator: str, words: Words) -> str:
    """Where to object: a letter that is begun, or a page; '' if the curator's contact is neither. `address`:
    of the work's page."""
    subject = words("mail_subject", id=work.id)
    text = words("mail_body", title=words.best(work.name)[1], id=work.id, page=address)
    return contact.address(curator, subject, text)


def spoken(subtitle: Subtitle, words: Words) -> str:
    language = words.speech(subtitle.lang)
    return words("by_machine", language=language) if subtitle.machine else language


def _type(encoding: Encoding, address: str) -> str:
    """The MIME type of a film that browsers can play; '' of others."""
    ending = urlsplit(address).path.rpartition(".")[2].lower()
    return _TYPES.get(encoding.container.lower() or ending, "")


def _magnet(work: Work, encoding: Encoding) -> str:
    return magnet.link(Magnet(encoding.info_hash, "", work.title(), encoding.trackers))


def _kind(work: Work, evidence: Evidence, words: Words) -> str:
    if evidence.kind == "pd-rule":
        return words("evidence_rule_us" if evidence.rule == "us-95" else "evidence_rule_life", year=work.year)
    kinds = {"signed-declaration": "signed", "institution": "institution", "license-page": "page"}
    return words("evidence_" + kinds.get(evidence.kind, "wikidata"))
