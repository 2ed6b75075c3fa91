# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said of a work that lists are narrowed by: its facets.

| kind | value | of |
|---|---|---|
| length | short (up to 40 minutes, as the Academy has it), medium, long (over 75) | where it is known |
| decade | 1920 | where the year is known |
| genre | the folded name | each genre |
| language | ISO 639: fr | each that is spoken in it |
| subtitles | ISO 639: fr | each that there are subtitles in |
| country | ISO 3166-1: FR | each that it was made in |
| maker | the folded name | each director |
| by | its id | each maker that has a record of its own |
| licence | by-sa, cc0, public-domain … | every work |
| rights | given | what its holder gave away |
| letter | a … z, another letter, or # | the first of its title |
| support | yes | with a way to give to its makers that is shown |
"""

from __future__ import annotations

import re
from typing import Iterator, NamedTuple

from ..works import giving, licence
from ..works.folding import folded
from ..works.query import EPISODE, FILM, GIVEN, SEASON, SERIES, SHORT, SUPPORT, Facet
from ..works.work import Work

EDITION = 2  # counted up with every change of what is said of a work: a store is then made anew
SHORT_SECONDS, LONG_SECONDS = 40 * 60, 75 * 60
PUBLIC_DOMAIN = "Public domain"

_FORMS = {"TVSeries": SERIES, "TVSeason": SEASON, "TVEpisode": EPISODE}
_VERSION = re.compile(r"\s+[0-9(].*")


class Named(NamedTuple):
    """A facet, and how a person would spell it."""

    facet: Facet
    name: str


def form(work: Work) -> str:
    """film, series, season or episode."""
    return _FORMS.get(work.type, FILM)


def of(work: Work) -> list[Named]:
    """All that is said of a work, each once."""
    found = {named.facet: named for named in _all(work) if named.facet.value}
    return list(found.values())


def folded_value(facet: Facet) -> Facet:
    """The facet as works have it, of one that an address names."""
    return facet._replace(value=folded(facet.value)) if facet.kind in ("genre", "maker") else facet


def _all(work: Work) -> Iterator[Named]:
    for kind, names in (("genre", work.genre), ("maker", work.director)):
        for name in names:
            yield Named(Facet(kind, folded(name)), name)
    for id in work.maker:
        yield Named(Facet("by", id), "")
    for kind, tags in (("language", work.in_language), ("subtitles", _subtitles(work))):
        for tag in tags:
            yield Named(Facet(kind, tag.partition("-")[0].lower()), "")
    for code in work.country:
        yield Named(Facet("country", code), "")
    if work.year:
        yield Named(Facet("decade", str(work.year // 10 * 10)), "")
    if form(work) == FILM:
        yield from _length(work)
    yield _licence(work)
    yield Named(Facet("letter", _letter(work.title())), "")
    if work.rights.rights_class in ("A", "B"):
        yield Named(GIVEN, "")
    if giving.shown(work):
        yield Named(SUPPORT, "")


def _length(work: Work) -> Iterator[Named]:
    if 0 < work.duration <= SHORT_SECONDS or (not work.duration and "short" in map(folded, work.genre)):
        yield Named(SHORT, "")
    elif work.duration:
        yield Named(Facet("length", "long" if work.duration > LONG_SECONDS else "medium"), "")


def _subtitles(work: Work) -> Iterator[str]:
    return (each.lang for encoding in work.encoding for each in encoding.subtitles)


def _licence(work: Work) -> Named:
    """Its family: versions and ports of a licence are one."""
    known = licence.lookup(work.license.url)
    name = PUBLIC_DOMAIN if known.gate == "claim" else _VERSION.sub("", known.label)
    return Named(Facet("licence", "-".join(folded(name.partition("CC ")[2] or name).split())), name)


def _letter(title: str) -> str:
    """By which it is found in an alphabet; signs and writing without one are '#'."""
    first = folded(title)[:1]
    return first if first.isalpha() and first < "\u3000" else "#"
