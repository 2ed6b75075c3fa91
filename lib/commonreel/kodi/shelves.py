# SPDX-License-Identifier: GPL-3.0-or-later
"""Shelves: the decades, genres, makers … that there are films of."""

from __future__ import annotations

from itertools import groupby
from typing import Iterable

from ..works.query import Facet, Shelf
from . import address, catalogue, names, viewer
from .call import Call
from .listing import Listing, Row, folder
from .strings import Text, counted, text

MANY = 200  # shelves, above which they are sorted by their first letter

TITLES = {
    "decade": Text.DECADES,
    "genre": Text.GENRES,
    "maker": Text.MAKERS,
}
ICONS = {
    "decade": "DefaultYear.png",
    "genre": "DefaultGenre.png",
    "maker": "DefaultDirector.png",
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
    return _listing(kind, call.text("letter")) if kind in TITLES else None


def places(_call: Call) -> Listing:
    """Languages, then countries."""
    found = [row for kind in ("language", "country") for row in _rows(kind, _held(kind))]
    return Listing(tuple(found), text(Text.PLACES))


def _listing(kind: str, letter: str = "") -> Listing:
    held = _held(kind)
    title = text(TITLES[kind])
    if letter:
        held = [shelf for shelf in held if _initial(shelf) == letter]
        return Listing(tuple(_rows(kind, held)), "%s · %s" % (title, letter.upper()))
    if len(held) > MANY:
        return Listing(tuple(_letters(kind, held)), title)
    return Listing(tuple(_rows(kind, held)), title)


def _held(kind: str) -> list[Shelf]:
    with catalogue.store() as store:
        return store.shelves(kind, viewer.now().asks())


def _rows(kind: str, held: Iterable[Shelf]) -> list[Row]:
    """Decades in their order, everything else by name."""
    named = [(names.of(Facet(kind, shelf.value), shelf.name), shelf) for shelf in held]
    if kind != "decade":
        named.sort(key=lambda pair: pair[0].casefold())
    return [
        folder(counted(name, shelf.works), address.films([Facet(kind, shelf.value)]), ICONS[kind])
        for name, shelf in named
    ]


def _letters(kind: str, held: Iterable[Shelf]) -> list[Row]:
    return [
        folder(counted(letter.upper(), len(list(group))), address.shelves(kind, letter), ICONS[kind])
        for letter, group in groupby(held, _initial)
    ]


def _initial(shelf: Shelf) -> str:
    return shelf.value[:1]
