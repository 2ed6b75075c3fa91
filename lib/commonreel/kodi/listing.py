# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows and lists of rows, as Kodi shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable, Tuple

from ..works.work import Work
from . import address, menu, paths, reasons
from .api import xbmc, xbmcgui, xbmcplugin
from .strings import Text, country_name, language, text

Row = Tuple[str, xbmcgui.ListItem, bool]  # address, item, whether it is a folder


@dataclass(frozen=True)
class Listing:
    """One screen of rows."""

    rows: tuple[Row, ...] = ()
    category: str = ""  # its name, shown above the list
    content: str = ""  # 'movies', or '' for rows that lead elsewhere
    keep: bool = True  # whether Kodi may show it again without asking


def show(handle: int, listing: Listing) -> None:
    """Hand the screen to Kodi: the one endOfDirectory of a call that went well."""
    xbmcplugin.setPluginCategory(handle, listing.category)
    xbmcplugin.addSortMethod(handle, xbmcplugin.SORT_METHOD_UNSORTED, label2Mask="%Y")
    if listing.content:
        xbmcplugin.setContent(handle, listing.content)
        for method in (
            xbmcplugin.SORT_METHOD_TITLE_IGNORE_THE,
            xbmcplugin.SORT_METHOD_VIDEO_YEAR,
            xbmcplugin.SORT_METHOD_VIDEO_RUNTIME,
        ):
            xbmcplugin.addSortMethod(handle, method)
    xbmcplugin.addDirectoryItems(handle, list(listing.rows), len(listing.rows))
    xbmcplugin.endOfDirectory(handle, succeeded=True, cacheToDisc=listing.keep)


def folder(label: str, url: str, icon: str, plot: str = "", entries: Iterable[menu.Entry] = ()) -> Row:
    """A row that leads to another list. `icon` is one of the skin's."""
    return url, _item(label, icon, plot, entries), True


def action(label: str, url: str, icon: str, plot: str = "", *, top: bool = False) -> Row:
    """A row that does something. Pressed, it calls the add-on without anybody waiting for a list."""
    item = _item(label, icon, plot)
    if top:
        item.setProperty("SpecialSort", "top")
    return url, item, False


def next_page(number: int, url: str) -> Row:
    """The row at the end of a list that goes on; Back leads from there to this page again."""
    item = _item(text(Text.NEXT_PAGE, page=number), "DefaultFolder.png")
    item.setProperty("SpecialSort", "bottom")
    return url, item, True


def _item(label: str, icon: str, plot: str = "", entries: Iterable[menu.Entry] = ()) -> xbmcgui.ListItem:
    item = xbmcgui.ListItem(label, offscreen=True)
    item.setArt({"icon": icon, "thumb": icon, "fanart": paths.fanart()})
    if plot:
        tag = item.getVideoInfoTag()
        tag.setTitle(label)
        tag.setPlot(plot)
    item.addContextMenuItems(list(entries))
    return item


def film(work: Work, country: str) -> Row:
    """A film's row, for a viewer in that country."""
    item = film_item(work, country)
    item.setProperty("IsPlayable", "true")
    # Else a second play from this list asks for the first one's stream. It must not be a property of the
    # item in the player: Kodi would then resolve a film twice in a row.
    item.setProperty("ForceResolvePlugin", "true")
    item.addContextMenuItems(menu.of(work))
    return address.play(work.id), item, False


def film_item(work: Work, country: str) -> xbmcgui.ListItem:
    """A film as Kodi knows it, in its row and in the player alike."""
    words = language()
    title = work.title(words)
    item = xbmcgui.ListItem(title, offscreen=True)
    tag = item.getVideoInfoTag()
    tag.setMediaType("movie")
    tag.setTitle(title)
    tag.setTagLine(reasons.short(work, country))
    tag.setPlot(work.plot(words))
    if work.original_name:
        tag.setOriginalTitle(work.original_name)
    if work.year:
        tag.setYear(work.year)
    if work.duration:
        tag.setDuration(work.duration)
    tag.setGenres(list(work.genre))
    tag.setDirectors(list(work.director))
    tag.setCast([xbmc.Actor(name, order=order) for order, name in enumerate(work.actor)])
    tag.setCountries([country_name(code) for code in work.country])
    tag.setUniqueIDs({"commonreel": work.id, **_other_ids(work)}, "commonreel")
    item.setArt(_art(work))
    return item


def _other_ids(work: Work) -> dict[str, str]:
    """Of the databases that Kodi has names for."""
    kodi_names = {"imdb": "imdb", "wd": "wikidata"}
    pairs = (same.partition(":") for same in work.same_as)
    return {kodi_names[base]: value for base, _, value in pairs if base in kodi_names}


def _art(work: Work) -> dict[str, str]:
    art = {"icon": "DefaultMovies.png", "fanart": work.fanart or paths.fanart()}
    if work.poster:
        art.update(poster=work.poster, thumb=work.poster)
    else:
        art.update(thumb="DefaultMovies.png", poster="DefaultMovies.png")
    return art
