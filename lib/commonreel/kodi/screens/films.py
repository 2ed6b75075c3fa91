# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of films: all of them, or narrowed by what is said of them."""

from __future__ import annotations

from typing import Callable

from ...works.query import GIVEN, SUPPORT, Facet, Query
from .. import address, catalogue, viewer
from ..call import Call
from ..lists import items
from ..lists.listing import Listing, Row
from ..lists.rows import next_page
from ..viewer import Viewer
from ..words.strings import Text
from . import country, filters, makers, sharing


def films(call: Call) -> Listing:
    """The films that have all facets of the address."""
    return _films(call, filters.facets(call), call.text("order") == "new")


def open_films(call: Call) -> Listing:
    """Films that their makers gave away."""
    return _films(call, (GIVEN,))


def decade(call: Call) -> Listing:
    return _films(call, (Facet("decade", str(call.number("year"))),))


def genre(call: Call) -> Listing:
    return _films(call, (Facet("genre", call.text("name")),))


def found(call: Call, asked: Query, category: str, page_address: Callable[[int], str]) -> Listing:
    """The page of works that the call asks for, and the way to the next one."""
    with catalogue.store() as store:
        page = store.page(asked._replace(page=call.page))
    rows = items.rows(page.works, asked.country)
    if page.more:
        rows.append(next_page(page.number + 1, page_address(page.number + 1)))
    return Listing(tuple(rows), category, content="movies", rated=items.rated(page.works))


def _films(call: Call, facets: tuple[Facet, ...], newest: bool = False) -> Listing:
    who = viewer.now()
    asked = who.asks(facets=facets, newest=newest)
    listing = found(
        call,
        asked,
        filters.category(Text.NEW if newest else Text.FILMS, facets),
        lambda page: address.films(facets, newest, page),
    )
    if call.page > 1:
        return listing
    questions = [] if facets else _questions(who)
    top = [*questions]
    if listing.rows or facets:
        top.append(filters.way(address.filter_films(facets, newest)))
    if facets == (SUPPORT,):
        with catalogue.store() as store:
            top += makers.supported(store, who)
    return listing._replace(rows=(*top, *listing.rows), lasting=not questions)


def _questions(who: Viewer) -> list[Row]:
    if who.country:
        return sharing.question(who)
    with catalogue.store() as store:
        return country.question(store, who) + sharing.question(who)
