# SPDX-License-Identifier: GPL-3.0-or-later
"""Shelves: the decades, genres, makers … that there are films of."""

from __future__ import annotations

from typing import Iterable

from ...works.query import Facet, Shelf
from .. import address, catalogue, viewer
from ..call import Call
from ..lists.listing import Listing, Row
from ..lists.rows import MANY, folder
from ..words import names
from ..words.strings import Text, counted, text
from . import makers

TITLES = {
    "decade": Text.DECADES,
    "genre": Text.GENRES,
}
ICONS = {
    "decade": "DefaultYear.png",
    "genre": "DefaultGenre.png",
    "language": "DefaultAddonLanguage.png",
    "country": "DefaultCountry.png",
}


def decades(_call: Call) -> Listing:
    return _listing("decade")


def genres(_call: Call) -> Listing:
    return _listing("genre")


def shelves(call: Call) -> Listing | None:
    """Those of one kind; where they are many, by their first letters."""
    kind = call.text("kind")
    letters = call.arguments.get("letter", "")  # they may end in a space, as in 'john '
    if kind == "maker":
        return makers.shelf(letters)
    return _listing(kind, letters) if kind in TITLES else None


def places(_call: Call) -> Listing:
    """Languages, then countries."""
    with catalogue.store() as store:
        asked = viewer.now().asks()
        found = [row for kind in ("language", "country") for row in _rows(kind, store.shelves(kind, asked))]
    return Listing(tuple(found), text(Text.PLACES))


def _listing(kind: str, prefix: str = "") -> Listing:
    title = text(TITLES[kind])
    with catalogue.store() as store:
        asked = viewer.now().asks()
        held = store.shelves(kind, asked, prefix, MANY + 1)
        few = len(held) <= MANY
        rows = _rows(kind, held) if few else _letters(kind, store.prefixes(kind, asked, prefix))
    return Listing(tuple(rows), " · ".join([title, *([prefix.title()] if prefix else [])]))


def _rows(kind: str, held: Iterable[Shelf]) -> list[Row]:
    """Decades in their order, everything else by name."""
    named = [(names.of(Facet(kind, shelf.value), shelf.name), shelf) for shelf in held]
    if kind != "decade":
        named.sort(key=lambda pair: pair[0].casefold())
    return [
        folder(counted(name, shelf.works), address.films([Facet(kind, shelf.value)]), ICONS[kind])
        for name, shelf in named
    ]


def _letters(kind: str, prefixes: Iterable[str]) -> list[Row]:
    return [folder(prefix.title() + "…", address.shelves(kind, prefix), ICONS[kind]) for prefix in prefixes]
