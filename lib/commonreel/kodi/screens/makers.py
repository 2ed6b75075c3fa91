# SPDX-License-Identifier: GPL-3.0-or-later
"""All makers: those who have a record, with their portraits, and the directors of whom works have the name
alone."""

from __future__ import annotations

from ...catalog.guides import Guides
from ...catalog.store import Store
from ...works.folding import folded
from ...works.guide import Maker
from ...works.query import Shelf
from .. import address, catalogue, viewer
from ..lists.listing import Listing, Row
from ..lists.rows import MANY, TOP, folder
from ..viewer import Viewer
from ..words.strings import Text, counted, language, text

ICON = "DefaultDirector.png"


def shelf(prefix: str = "") -> Listing:
    """All makers; where they are many, the first letters of their names, or those whose name begins so."""
    who = viewer.now()
    with catalogue.store() as store:
        known, named = _held(store, who, prefix, MANY + 1)
        few = len(known) + len(named) <= MANY
        rows = _rows(known, named) if few else _letters(store, who, prefix)
    return Listing(tuple(rows), " · ".join([text(Text.MAKERS), *([prefix.title()] if prefix else [])]))


def supported(store: Store, who: Viewer) -> list[Row]:
    """Those with a way to give to them, by name."""
    known = Guides(store, who.country, who.level).makers(most=MANY, supported=True)
    return [row._replace(item=row.item._replace(properties=TOP)) for row in _rows(known, [])]


def count(store: Store, who: Viewer, most: int) -> int:
    """How many there are; at least so many, where there are."""
    known, named = _held(store, who, "", most)
    return len(known) + len(named)


def _held(store: Store, who: Viewer, prefix: str, most: int) -> tuple[list[tuple[Maker, int]], list[Shelf]]:
    """Makers with a record, and names of directors; not one all of whose films are such a maker's."""
    named = store.shelves("maker", who.asks(), prefix, most)
    if len(named) >= most:
        return [], named
    guides = Guides(store, who.country, who.level)
    known = guides.makers(prefix, most)
    ids = {folded(name): each.id for each, _ in known for name in each.name.values()}
    told = guides.credited({each.value: ids[each.value] for each in named if each.value in ids})
    return known, [each for each in named if told.get(each.value) != each.works]


def _rows(known: list[tuple[Maker, int]], named: list[Shelf]) -> list[Row]:
    """By name."""
    rows = [(each.name, _row(each.name, each.works, address.maker(name=each.value))) for each in named]
    for each, works in known:
        name, words = each.title(language()), each.words(language())
        rows.append((name, _row(name, works, address.maker(each.id), each.portrait, words)))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0].casefold())]


def _row(name: str, works: int, url: str, portrait: str = "", words: str = "") -> Row:
    return folder(counted(name, works), url, portrait or ICON, words)


def _letters(store: Store, who: Viewer, prefix: str) -> list[Row]:
    found = {
        *store.prefixes("maker", who.asks(), prefix),
        *Guides(store, who.country, who.level).prefixes(prefix),
    }
    return [folder(each.title() + "…", address.shelves("maker", each), ICON) for each in sorted(found)]
