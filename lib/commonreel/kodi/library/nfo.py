# SPDX-License-Identifier: GPL-3.0-or-later
"""A work as Kodi's library reads it from beside a film: the text of an .nfo file."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any, Iterable

from ...works.work import Work
from ..lists import items
from ..words import reasons
from ..words.strings import country_name, language

TAG = "Common Reel"  # by which Kodi's filters and playlists find what came from here

_TEXTS = ("title", "originaltitle", "tagline", "plot", "trailer", "premiered")
_LISTS = ("genre", "director", "country", "studio")

_NOT_IN_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def movie(work: Work, country: str) -> str:
    """Of a film, for a viewer in that country, in Kodi's language."""
    return _text(_about("movie", work, country))


def tvshow(work: Work, country: str) -> str:
    """Of a series."""
    root = _about("tvshow", work, country)
    _add(root, "premiered", _first_day(work))
    return _text(root)


def episode(work: Work, series: Work, country: str) -> str:
    """Of an episode, with its place in the series."""
    root = _about("episodedetails", work, country)
    _add(root, "showtitle", series.title(language()))
    _add(root, "aired", _first_day(work))
    if work.part_of:
        _add(root, "season", str(work.part_of.season))
        _add(root, "episode", str(work.part_of.episode))
    return _text(root)


def details(text: str) -> dict[str, Any]:
    """What an .nfo says, in the words of Kodi's VideoLibrary.Set…Details.

    Raises ET.ParseError, ValueError."""
    root = ET.fromstring(text)  # noqa: S314 - made below
    year, minutes = int(root.findtext("year", "0")), int(root.findtext("runtime", "0"))
    art = {"poster": root.findtext("thumb"), "fanart": root.findtext("fanart/thumb")}
    return {
        **{name: root.findtext(name, "") for name in _TEXTS},
        **{name: [each.text for each in root.iter(name)] for name in _LISTS},
        "year": year,
        "firstaired": root.findtext("aired", ""),
        "runtime": 60 * minutes,
        "ratings": {each.get("name"): _rating(each) for each in root.iter("rating")},
        "uniqueid": {each.get("type"): each.text for each in root.iter("uniqueid")},
        "art": {name: url for name, url in art.items() if url},
    }


def _first_day(work: Work) -> str:
    """Of its year: of a series or an episode Kodi has a day, and says 1970 where it knows of none."""
    return "%04d-01-01" % work.year if work.year else ""


def _rating(element: ET.Element) -> dict[str, object]:
    value, votes = element.findtext("value", "0"), element.findtext("votes", "0")
    return {"rating": float(value), "votes": int(votes), "default": True}


def _about(kind: str, work: Work, country: str) -> ET.Element:
    root = ET.Element(kind)
    words = language()
    _add(root, "title", work.title(words))
    _add(root, "originaltitle", work.original_name)
    _add(root, "year", str(work.year or ""))
    _add(root, "tagline", reasons.short(work, country))
    _add(root, "plot", work.plot(words))
    _add(root, "runtime", str(max(1, round(work.duration / 60))) if work.duration else "")
    _add_all(root, "genre", work.genre)
    _add_all(root, "director", work.director)
    _add_all(root, "country", map(country_name, work.country))
    _add(root, "studio", reasons.holder(work))
    _add_all(root, "tag", [TAG])
    for order, name in enumerate(work.actor):
        actor = ET.SubElement(root, "actor")
        _add(actor, "name", name)
        _add(actor, "order", str(order))
    _add(root, "trailer", work.trailer)
    _add_rating(root, work)
    _add_ids(root, work)
    _add_art(root, work)
    return root


def _add_rating(root: ET.Element, work: Work) -> None:
    if work.rating:
        ratings = ET.SubElement(root, "ratings")
        rating = ET.SubElement(
            ratings, "rating", name=_NOT_IN_XML.sub("", work.rating.by), max="10", default="true"
        )
        _add(rating, "value", "%.1f" % work.rating.value)
        _add(rating, "votes", str(work.rating.votes))


def _add_ids(root: ET.Element, work: Work) -> None:
    """The first is the one that Kodi goes by: that of IMDb, where there is one."""
    others = items.other_ids(work)
    ids = sorted({**others, "commonreel": work.id}.items(), key=lambda pair: pair[0] != "imdb")
    for base, id in ids:
        default = {"default": "true"} if base == ids[0][0] else {}
        _add(root, "uniqueid", id, type=base, **default)


def _add_art(root: ET.Element, work: Work) -> None:
    if work.poster:
        _add(root, "thumb", work.poster, aspect="poster")
    if work.fanart:
        _add(ET.SubElement(root, "fanart"), "thumb", work.fanart)


def _add_all(root: ET.Element, name: str, texts: Iterable[str]) -> None:
    for text in texts:
        _add(root, name, text)


def _add(root: ET.Element, name: str, text: str, **attributes: str) -> None:
    """An element, unless it would say nothing."""
    clean = _NOT_IN_XML.sub("", text).strip()
    if clean:
        ET.SubElement(root, name, attributes).text = clean


def _text(root: ET.Element) -> str:
    """A line for each fact: people edit these files."""
    root.text = "\n"
    for child in root:
        child.tail = "\n"
    return '<?xml version="1.0" encoding="UTF-8"?>\n%s\n' % ET.tostring(root, encoding="unicode")
