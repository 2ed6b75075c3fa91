# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be asked of a catalogue, and the answer's shape."""

from __future__ import annotations

from typing import NamedTuple

from .parental import EVERYTHING, Level
from .work import Work

PAGE_SIZE = 100


class Facet(NamedTuple):
    """One thing that can be said of a work, and a list be narrowed to. See catalog.facets for all of them."""

    kind: str  # length | decade | genre | language | country | licence | subtitles | maker | by | …
    value: str  # in the spelling of an address: '1920', 'fr', 'drama'


FILM, SERIES, SEASON, EPISODE = "film", "series", "season", "episode"  # the forms of a work

GIVEN = Facet("rights", "given")  # given away by who holds the rights (classes A and B), not free by a rule
SHORT = Facet("length", "short")
SUPPORT = Facet("support", "yes")  # has a way to give to its makers that is shown


class Query(NamedTuple):
    """Works that fit every field that is given; an empty field asks for nothing."""

    country: str = ""  # the viewer's, ISO 3166-1 alpha-2; '' until confirmed: free everywhere only
    level: Level = EVERYTHING  # what the parental level lets through
    text: str = ""  # words of a title or a name, case and accents folded, the last may be a beginning
    form: str = ""  # film | series | season | episode
    facets: tuple[Facet, ...] = ()  # all of them
    newest: bool = False  # the latest first, not by title
    page: int = 1
    size: int = PAGE_SIZE


class Page(NamedTuple):
    works: tuple[Work, ...]
    number: int
    total: int  # works that fit, over all pages
    size: int = PAGE_SIZE

    @property
    def more(self) -> bool:
        return self.number * self.size < self.total


class Shelf(NamedTuple):
    """The works that share a facet."""

    value: str
    name: str  # as the works spell it
    works: int


class Season(NamedTuple):
    number: int  # 0: specials
    episodes: int
    work: Work | None  # what the catalogue says of it, if it says anything
