# SPDX-License-Identifier: GPL-3.0-or-later
"""What leads to works and is none itself: a maker, and a selection, which is a list that a festival or a
curator has made. Plain values, as in works.work.
"""

from __future__ import annotations

from typing import Mapping, NamedTuple, Union

from .links import payee
from .work import Channel, Evidence, Tombstone, Work, text_in

TYPES = ("Person", "Organization", "ItemList")  # Schema.org's, as a record states them


class Maker(NamedTuple):
    """Who has made works: these name it by its id."""

    id: str
    name: Mapping[str, str]
    type: str = "Person"  # Person | Organization
    rev: int = 0  # grows with every change of the record
    updated: str = ""  # ISO 8601
    description: Mapping[str, str] = {}
    portrait: str = ""
    url: str = ""  # its own site
    links: tuple[str, ...] = ()  # where else it is on the web
    same_as: tuple[str, ...] = ()  # 'wd:Q…', 'imdb:nm…'
    funding: tuple[Channel, ...] = ()
    evidence: tuple[Evidence, ...] = ()  # that a site is its own
    submitter: str = ""  # the key by which it was sent in

    def title(self, language: str = "en") -> str:
        return text_in(self.name, language)

    def words(self, language: str = "en") -> str:
        return text_in(self.description, language)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it is on the web, its own site first, each once."""
        return tuple(dict.fromkeys(address for address in (self.url, *self.links) if address))

    @property
    def visitable(self) -> tuple[str, ...]:
        """Those of its addresses that hide nothing of where they lead."""
        return tuple(filter(payee, self.addresses))


class Selection(NamedTuple):
    """Works that somebody has chosen, in their order."""

    id: str
    name: Mapping[str, str]
    works: tuple[str, ...]  # ids
    by: str = ""  # which festival, or which curator
    rev: int = 0
    updated: str = ""
    description: Mapping[str, str] = {}
    poster: str = ""
    fanart: str = ""
    url: str = ""  # where it was announced

    def title(self, language: str = "en") -> str:
        return text_in(self.name, language)

    def words(self, language: str = "en") -> str:
        return text_in(self.description, language)


Guide = Union[Maker, Selection]
Entry = Union[Work, Guide, Tombstone]  # what a record describes
