# SPDX-License-Identifier: GPL-3.0-or-later
"""The first screen. What would lead to an empty list is left out."""

from __future__ import annotations

from typing import Iterator

from ...catalog.guides import Guides
from ...catalog.store import Store
from ...works.query import GIVEN, SERIES, SHORT, SUPPORT, Facet, Query
from .. import address, catalogue, dialogs, viewer
from ..call import Call
from ..lists.listing import Listing, Row
from ..lists.rows import action, folder
from ..viewer import Viewer
from ..words.strings import Text, counted, text
from . import country, makers, personal, sharing

MANY = 500  # of which nobody counts more: it would take longer than the rest of the screen
DOCUMENTARY, ANIMATION = Facet("genre", "documentary"), Facet("genre", "animation")


def home(call: Call) -> Listing | None:
    if call.text("nothing"):
        return None
    with catalogue.store() as store:
        who = viewer.now()
        questions = country.question(store, who) + sharing.question(who)
        return Listing((*questions, *_rows(store, who)), dialogs.NAME, lasting=False)


def _rows(store: Store, who: Viewer) -> Iterator[Row]:
    yield from personal.begun_way(store, who)
    films = who.asks()
    total = store.count(films)
    if total:
        yield folder(
            text(Text.NEW), address.films(newest=True), "DefaultRecentlyAddedMovies.png", text(Text.NEW_HELP)
        )
    yield from _way(total, Text.FILMS, Text.FILMS_HELP, address.films(), "DefaultMovies")
    series = store.count(who.asks(SERIES))
    yield from _way(series, Text.SERIES, Text.SERIES_HELP, address.series(), "DefaultTVShows")
    yield from _shelves(store, films, "genre", Text.GENRES, Text.GENRES_HELP, "DefaultGenre")
    yield from _shelves(store, films, "decade", Text.DECADES, Text.DECADES_HELP, "DefaultYear")
    places = sum(len(store.shelves(kind, films, most=MANY)) for kind in ("language", "country"))
    yield from _way(places, Text.PLACES, Text.PLACES_HELP, address.places(), "DefaultCountry")
    for facet, label, help_, icon in (
        (SHORT, Text.SHORT_FILMS, Text.SHORT_FILMS_HELP, "DefaultMovies"),
        (DOCUMENTARY, Text.DOCUMENTARIES, Text.DOCUMENTARIES_HELP, "DefaultMovies"),
        (ANIMATION, Text.ANIMATION, Text.ANIMATION_HELP, "DefaultMovies"),
        (GIVEN, Text.OPEN_FILMS, Text.OPEN_FILMS_HELP, "DefaultStudios"),
    ):
        held = store.count(who.asks(facets=(facet,)))
        yield from _way(held, label, help_, address.films([facet]), icon)
    held = makers.count(store, who, MANY)
    yield from _counted(held, Text.MAKERS, Text.MAKERS_HELP, address.shelves("maker"), "DefaultDirector")
    guides = Guides(store, who.country, who.level)
    lists = guides.count_selections()
    yield from _way(lists, Text.SELECTIONS, Text.SELECTIONS_HELP, address.selections(), "DefaultSets")
    yield folder(text(Text.SEARCH), address.search(), "DefaultAddonsSearch.png", text(Text.SEARCH_HELP))
    yield from personal.list_way(store, who)
    yield from personal.seen_way(store, who)
    supported = store.count(who.asks(facets=(SUPPORT,))) + guides.count_supported(MANY)
    url = address.films([SUPPORT])
    yield from _way(supported, Text.SUPPORTABLE, Text.SUPPORTABLE_HELP, url, "DefaultArtist")
    yield folder(text(Text.LIBRARY), address.library(), "DefaultMovies.png", text(Text.LIBRARY_HELP))
    yield folder(text(Text.GIVING), address.patron(), "DefaultHardDisk.png", text(Text.GIVING_HELP))
    icon = "DefaultAddonRepository.png"
    yield folder(text(Text.CATALOGUES), address.catalogues(), icon, text(Text.CATALOGUES_HELP))
    icon = "DefaultAddonProgram.png"
    yield action(text(Text.SETTINGS), address.settings(), icon, text(Text.SETTINGS_HELP))


def _shelves(store: Store, films: Query, kind: str, label: Text, help_: Text, icon: str) -> Iterator[Row]:
    held = len(store.shelves(kind, films, most=MANY))
    yield from _counted(held, label, help_, address.shelves(kind), icon)


def _counted(held: int, label: Text, help_: Text, url: str, icon: str) -> Iterator[Row]:
    """As _way(), where nobody has counted more than MANY."""
    if held:
        name = counted(text(label), held) if held < MANY else text(label)
        yield folder(name, url, icon + ".png", text(help_))


def _way(held: int, label: Text, help_: Text, url: str, icon: str) -> Iterator[Row]:
    """The row that leads to so many works, or shelves; none to nothing."""
    if held:
        yield folder(counted(text(label), held), url, icon + ".png", text(help_))
