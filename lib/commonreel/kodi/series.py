# SPDX-License-Identifier: GPL-3.0-or-later
"""Series: all of them, the seasons of one, and the episodes of a season."""

from __future__ import annotations

from ..catalog.store import Store
from ..works.query import SERIES, Season
from ..works.work import Work
from . import address, catalogue, items, viewer
from .call import Call
from .films import found
from .listing import Listing, Row
from .strings import Text, language, text
from .viewer import Viewer


def series(call: Call) -> Listing:
    """All series; or with an id the seasons of one, or, where there is only one, its episodes.

    Raises UnknownWork, WorkWithdrawn.
    """
    if not call.text("id"):
        listing = found(
            call, viewer.now().asks(SERIES), text(Text.SERIES), lambda page: address.series(page=page)
        )
        return Listing(listing.rows, listing.category, content="tvshows")
    who = viewer.now()
    with catalogue.store() as store:
        whole = store.work(call.text("id"))
        seasons = store.seasons(whole.id, who.country, who.level)
        if call.text("season") or len(seasons) == 1:
            number = call.number("season") if call.text("season") else seasons[0].number
            return _episodes(store, whole, number, who)
    rows: list[Row] = [_season(whole, season, who.country) for season in seasons]
    return Listing(tuple(rows), whole.title(language()), content="seasons")


def _episodes(store: Store, whole: Work, number: int, who: Viewer) -> Listing:
    title = whole.title(language())
    rows = items.rows(store.episodes(whole.id, number, who.country, who.level), who.country, title)
    return Listing(tuple(rows), "%s · %s" % (title, season_name(number)), content="episodes")


def _season(whole: Work, season: Season, where: str) -> Row:
    """What the catalogue does not say of a season is the series'."""
    item = items.item(season.work or whole, where, whole.title(language()))
    label = season_name(season.number)
    item.setLabel(label)
    tag = item.getVideoInfoTag()
    tag.setMediaType("season")
    tag.setTitle(label)
    tag.setSeason(season.number)
    tag.setEpisode(season.episodes)  # of a season Kodi takes it for their count
    return address.series(whole.id, season.number), item, True


def season_name(number: int) -> str:
    return text(Text.SEASON, number=number) if number else text(Text.SPECIALS)
