# SPDX-License-Identifier: GPL-3.0-or-later
"""Works as they are shown: the same in a row, in the player, and in Kodi's own database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Sequence

from ...catalog.health import Health
from ...works.work import WHOLES, Encoding, Work
from .. import address, paths
from ..words import names, reasons
from ..words.strings import Text, country_name, language, text
from . import health, marks
from .listing import Item, Row
from .marks import Forget, Marks
from .menu import Menu

if TYPE_CHECKING:
    from .listing import Facts

OWN_ID = "commonreel"  # the name of a work's id among an item's unique ids: by it the player's film is known
MEDIA = {"Movie": "movie", "TVSeries": "tvshow", "TVSeason": "season", "TVEpisode": "episode"}
NO_POSTER = {"TVSeries": "DefaultTVShows.png", "TVSeason": "DefaultTVShows.png"}
WIDTHS = 16 / 9  # of a picture whose height alone is known
# Else a second play from this list asks for the first one's stream. It must not be a property of the item in
# the player: Kodi would then resolve a film twice in a row.
PLAYABLE = {"IsPlayable": "true", "ForceResolvePlugin": "true"}


def rows(works: Sequence[Work], country: str, series: str = "", forget: Forget = None) -> list[Row]:
    """The rows of works, for a viewer in that country. `series`: of which they are episodes, by its title.
    `forget`: how one is left out of this list."""
    marked = marks.of(works, forget)
    offers = Menu(marked)
    return [_row(work, country, series, marked, offers) for work in works]


def rated(works: Iterable[Work]) -> bool:
    """Whether they can be sorted by what those who have seen them think."""
    return any(work.rating for work in works)


def _row(work: Work, country: str, series: str, marked: Marks, offers: Menu) -> Row:
    encoding = marked.quality.encoding(work) if work.encoding else None
    shown = item(work, country, encoding, series, marked.health.get(work.id))
    shown = shown._replace(menu=offers.of(work))
    if work.type in WHOLES:
        return Row(address.series(work.id), shown, True)
    return Row(address.play(work.id), shown._replace(properties=PLAYABLE), False)


def item(
    work: Work, country: str, encoding: Encoding | None, series: str = "", came: Health | None = None
) -> Item:
    """A work as Kodi knows it, in its row and in the player alike. `encoding`: the one that plays. `came`:
    how it did when it was last asked for."""
    words = language()
    title = work.title(words)
    facts: Facts = {
        "MediaType": MEDIA[work.type],
        "Title": title,
        "TagLine": " · ".join([reasons.short(work, country), *_rated(work), *health.words(came)]),
        "Plot": work.plot(words),
        "Genres": [names.genre(name) for name in work.genre],
        "Directors": list(work.director),
        "Countries": [country_name(code) for code in work.country],
        "Studios": [reasons.holder(work)],
        "cast": work.actor,
        "ids": ({OWN_ID: work.id, **other_ids(work)}, OWN_ID),
        "audio": [_main(spoken) for spoken in work.in_language] if encoding else [],
    }
    if work.original_name:
        facts["OriginalTitle"] = work.original_name
    if work.year:
        facts["Year"] = work.year
    if work.duration:
        facts["Duration"] = work.duration
    if work.trailer:
        facts["Trailer"] = work.trailer
    if work.rating:
        facts["rating"] = work.rating.value, work.rating.votes, work.rating.by
    if work.part_of:
        facts["Season"], facts["Episode"] = work.part_of.season, work.part_of.episode
    if series:
        facts["TvShowTitle"] = series
    if encoding:
        facts["subtitles"] = [_main(subtitle.lang) for subtitle in encoding.subtitles]
        if encoding.height:
            width = round(encoding.height * WIDTHS)
            facts["video"] = width, encoding.height, work.duration, encoding.codec
    return Item(title, _art(work), facts)


def _rated(work: Work) -> list[str]:
    """'8.4 of 10, by 57 at archive.org'."""
    said = work.rating
    if not said:
        return []
    return [text(Text.RATED, value="%.1f" % said.value, count=said.votes, by=said.by)]


def _main(tag: str) -> str:
    """The language of a BCP 47 tag."""
    return tag.partition("-")[0]


def other_ids(work: Work) -> dict[str, str]:
    """Of the databases that Kodi has names for."""
    kodi_names = {"imdb": "imdb", "wd": "wikidata"}
    pairs = (same.partition(":") for same in work.same_as)
    return {kodi_names[base]: value for base, _, value in pairs if base in kodi_names}


def _art(work: Work) -> dict[str, str]:
    icon = NO_POSTER.get(work.type, "DefaultMovies.png")
    poster = work.poster or icon
    fanart = work.fanart or paths.fanart()
    return {"icon": icon, "fanart": fanart, "landscape": fanart, "poster": poster, "thumb": poster}
