# SPDX-License-Identifier: GPL-3.0-or-later
"""The screens that lead to films, and the lists of films."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable

from ..works.query import Query
from . import address, catalogue, country, settings
from .call import Call
from .listing import Listing, Row, film, folder, next_page
from .strings import Text, text


def home(call: Call) -> Listing | None:
    """The first screen. What would lead to an empty list is left out."""
    if call.text("nothing"):
        return None
    where = settings.read().country
    with catalogue.store() as store:
        question = country.question(store)
        rows = [_way(Text.FILMS, Text.FILMS_HELP, address.films(), "DefaultMovies.png")]
        if store.decades(where):
            rows.append(_way(Text.DECADES, Text.DECADES_HELP, address.decades(), "DefaultYear.png"))
        if store.genres(where):
            rows.append(_way(Text.GENRES, Text.GENRES_HELP, address.genres(), "DefaultGenre.png"))
        if store.count(Query(country=where, given=True)):
            rows.append(
                _way(Text.OPEN_FILMS, Text.OPEN_FILMS_HELP, address.open_films(), "DefaultStudios.png")
            )
    rows.append(_way(Text.SEARCH, Text.SEARCH_HELP, address.search(), "DefaultAddonsSearch.png"))
    rows.append(
        _way(Text.CATALOGUES, Text.CATALOGUES_HELP, address.catalogues(), "DefaultAddonRepository.png")
    )
    return Listing((*question, *rows), keep=False)


def films(call: Call) -> Listing:
    """Every film that is free for the viewer; under the question of the country until that is answered."""
    listing = found(call, Query(), text(Text.FILMS), address.films)
    if call.page > 1:
        return listing
    with catalogue.store() as store:
        question = country.question(store)
    return replace(listing, rows=(*question, *listing.rows), keep=not question)


def open_films(call: Call) -> Listing:
    """Films that their makers gave away."""
    return found(call, Query(given=True), text(Text.OPEN_FILMS), address.open_films)


def decades(_call: Call) -> Listing:
    with catalogue.store() as store:
        held = store.decades(settings.read().country)
    rows = [
        _shelf(_decade_name(year), count, address.decade(year), "DefaultYear.png") for year, count in held
    ]
    return Listing(tuple(rows), text(Text.DECADES))


def decade(call: Call) -> Listing:
    year = call.number("year")
    if not year:
        return decades(call)
    return found(call, Query(decade=year), _decade_name(year), lambda page: address.decade(year, page))


def genres(_call: Call) -> Listing:
    with catalogue.store() as store:
        held = store.genres(settings.read().country)
    rows = [_shelf(name, count, address.genre(name), "DefaultGenre.png") for name, count in held]
    return Listing(tuple(rows), text(Text.GENRES))


def genre(call: Call) -> Listing:
    name = call.text("name")
    if not name:
        return genres(call)
    return found(call, Query(genre=name), name, lambda page: address.genre(name, page))


def found(call: Call, query: Query, category: str, page_address: Callable[[int], str]) -> Listing:
    """The page of films that the call asks for, and the way to the next one."""
    where = settings.read().country
    with catalogue.store() as store:
        page = store.page(replace(query, country=where, page=call.page))
    rows: list[Row] = [film(work, where) for work in page.works]
    if page.more:
        rows.append(next_page(page.number + 1, page_address(page.number + 1)))
    return Listing(tuple(rows), category, content="movies")


def _way(label: Text, help_: Text, url: str, icon: str) -> Row:
    return folder(text(label), url, icon, text(help_))


def _shelf(name: str, count: int, url: str, icon: str) -> Row:
    return folder("%s (%d)" % (name, count), url, icon)


def _decade_name(year: int) -> str:
    return text(Text.DECADE, year=year)
