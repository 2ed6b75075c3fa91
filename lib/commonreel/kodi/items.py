# SPDX-License-Identifier: GPL-3.0-or-later
"""Works as Kodi's list items: the same in a row, in the player, and in Kodi's own database."""

from __future__ import annotations

from typing import Iterable, Sequence

from ..catalog.health import Health
from ..works.work import WHOLES, Encoding, Work
from . import address, health, marks, names, paths, reasons
from .api import xbmc, xbmcgui
from .listing import Row
from .marks import Forget, Marks
from .menu import Menu
from .strings import Text, country_name, language, text

OWN_ID = "commonreel"  # the name of a work's id among an item's unique ids: by it the player's film is known
MEDIA = {"Movie": "movie", "TVSeries": "tvshow", "TVSeason": "season", "TVEpisode": "episode"}
NO_POSTER = {"TVSeries": "DefaultTVShows.png", "TVSeason": "DefaultTVShows.png"}
WIDTHS = 16 / 9  # of a picture whose height alone is known


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
    shown.addContextMenuItems(offers.of(work))
    if work.type in WHOLES:
        return address.series(work.id), shown, True
    shown.setProperty("IsPlayable", "true")
    # Else a second play from this list asks for the first one's stream. It must not be a property of the
    # item in the player: Kodi would then resolve a film twice in a row.
    shown.setProperty("ForceResolvePlugin", "true")
    return address.play(work.id), shown, False


def item(
    work: Work, country: str, encoding: Encoding | None, series: str = "", came: Health | None = None
) -> xbmcgui.ListItem:
    """A work as Kodi knows it, in its row and in the player alike. `encoding`: the one that plays. `came`:
    how it did when it was last asked for."""
    words = language()
    title = work.title(words)
    shown = xbmcgui.ListItem(title, offscreen=True)
    tag = shown.getVideoInfoTag()
    tag.setMediaType(MEDIA[work.type])
    tag.setTitle(title)
    tag.setTagLine(" · ".join([reasons.short(work, country), *_rated(work), *health.words(came)]))
    tag.setPlot(work.plot(words))
    if work.original_name:
        tag.setOriginalTitle(work.original_name)
    if work.year:
        tag.setYear(work.year)
    if work.duration:
        tag.setDuration(work.duration)
    if work.trailer:
        tag.setTrailer(work.trailer)
    if work.rating:
        tag.setRating(work.rating.value, work.rating.votes, work.rating.by, True)
    tag.setGenres([names.genre(name) for name in work.genre])
    tag.setDirectors(list(work.director))
    tag.setCast([xbmc.Actor(name, order=order) for order, name in enumerate(work.actor)])
    tag.setCountries([country_name(code) for code in work.country])
    tag.setStudios([reasons.holder(work)])
    tag.setUniqueIDs({OWN_ID: work.id, **other_ids(work)}, OWN_ID)
    if work.part_of:
        _part(tag, work, series)
    if encoding:
        _streams(tag, encoding, work)
    shown.setArt(_art(work))
    return shown


def _rated(work: Work) -> list[str]:
    """'8.4 of 10, by 57 at archive.org'."""
    said = work.rating
    if not said:
        return []
    return [text(Text.RATED, value="%.1f" % said.value, count=said.votes, by=said.by)]


def _part(tag: xbmc.InfoTagVideo, work: Work, series: str) -> None:
    if work.part_of:
        tag.setSeason(work.part_of.season)
        tag.setEpisode(work.part_of.episode)
    if series:
        tag.setTvShowTitle(series)


def _streams(tag: xbmc.InfoTagVideo, encoding: Encoding, work: Work) -> None:
    """What is known of them before the film is here."""
    if encoding.height:
        width = round(encoding.height * WIDTHS)
        tag.addVideoStream(
            xbmc.VideoStreamDetail(
                width=width, height=encoding.height, duration=work.duration, codec=encoding.codec
            )
        )
    for spoken in work.in_language:
        tag.addAudioStream(xbmc.AudioStreamDetail(language=spoken.partition("-")[0]))
    for subtitle in encoding.subtitles:
        tag.addSubtitleStream(xbmc.SubtitleStreamDetail(language=subtitle.lang.partition("-")[0]))


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
