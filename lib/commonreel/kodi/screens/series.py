# SPDX-License-Identifier: GPL-3.0-or-later
"""Series: all of them, the seasons of one, and the episodes of a season."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...catalog.store import Store
from ...works.query import SERIES, Season
from ...works.work import Work
from .. import address, catalogue, viewer
from ..call import Call
from ..lists import items
from ..lists.listing import Listing, Row
from ..viewer import Viewer
from ..words.strings import Text, language, text
from . import filters
from .films import found

if TYPE_CHECKING:
    from ..lists.listing import Facts


def series(call: Call) -> Listing:
    """The series that have all facets of the address; or with an id the seasons of one, or, where there is
    only one, its episodes.

    Raises UnknownWork, WorkWithdrawn.
    """
    if not call.text("id"):
        return _all(call, filters.facets(call))
    who = viewer.now()
    with catalogue.store() as store:
        whole = store.work(call.text("id"))
        seasons = store.seasons(whole.id, who.country, who.level)
        if call.text("season") or len(seasons) == 1:
            number = call.number("season") if call.text("season") else seasons[0].number
            return _episodes(store, whole, number, who)
    rows: list[Row] = [_season(whole, season, who.country) for season in seasons]
    return Listing(tuple(rows), whole.title(language()), content="seasons")


def _all(call: Call, facets: filters.Facets) -> Listing:
    listing = found(
        call,
        viewer.now().asks(SERIES, facets),
        filters.category(Text.SERIES, facets),
        lambda page: address.series(facets=facets, page=page),
    )
    asked = call.page == 1 and (listing.rows or facets)
    top = (filters.way(address.filter_series(facets)),) if asked else ()
    return listing._replace(rows=(*top, *listing.rows), content="tvshows")


def _episodes(store: Store, whole: Work, number: int, who: Viewer) -> Listing:
    title = whole.title(language())
    episodes = store.episodes(whole.id, number, who.country, who.level)
    rows = items.rows(episodes, who.country, title)
    category = "%s · %s" % (title, season_name(number))
    return Listing(tuple(rows), category, "episodes", rated=items.rated(episodes))


def _season(whole: Work, season: Season, where: str) -> Row:
    """What the catalogue does not say of a season is the series'."""
    item = items.item(season.work or whole, where, None, whole.title(language()))
    label = season_name(season.number)
    facts: Facts = {
        **item.facts,
        "MediaType": "season",
        "Title": label,
        "Season": season.number,
        "Episode": season.episodes,  # of a season Kodi takes it for their count
    }
    return Row(address.series(whole.id, season.number), item._replace(label=label, facts=facts), True)


def season_name(number: int) -> str:
    return text(Text.SEASON, number=number) if number else text(Text.SPECIALS)
