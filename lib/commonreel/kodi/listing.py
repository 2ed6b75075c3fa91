# SPDX-License-Identifier: GPL-3.0-or-later
"""Rows and lists of rows, as Kodi shows them."""

from __future__ import annotations

from typing import Iterable, NamedTuple, Tuple

from . import menu, paths
from .api import xbmcgui, xbmcplugin
from .strings import Text, text

Row = Tuple[str, xbmcgui.ListItem, bool]  # address, item, whether it is a folder

MANY = 200  # shelves, above which they are sorted by their first letter

_BY_TITLE = (xbmcplugin.SORT_METHOD_TITLE_IGNORE_THE, xbmcplugin.SORT_METHOD_VIDEO_YEAR)
SORTS: dict[str, tuple[int, ...]] = {
    "movies": (*_BY_TITLE, xbmcplugin.SORT_METHOD_VIDEO_RUNTIME),
    "tvshows": _BY_TITLE,
    "seasons": (),
    "episodes": (xbmcplugin.SORT_METHOD_EPISODE, xbmcplugin.SORT_METHOD_VIDEO_RUNTIME),
}
# What Kodi writes at a row's left and right: title, number of the episode, year, duration, count of episodes.
MASKS = {"seasons": ("%T", "%M"), "episodes": ("%E. %T", "%D")}
MASK = ("%T", "%Y")


class Listing(NamedTuple):
    """One screen of rows."""

    rows: tuple[Row, ...] = ()
    category: str = ""  # its name, shown above the list
    content: str = ""  # movies | tvshows | seasons | episodes, or '' for rows that lead elsewhere
    keep: bool = True  # whether Kodi may show it again without asking
    rated: bool = False  # whether it can be sorted by rating


def show(handle: int, listing: Listing) -> None:
    """Hand the screen to Kodi: the one endOfDirectory of a call that went well."""
    xbmcplugin.setPluginCategory(handle, listing.category)
    xbmcplugin.addSortMethod(handle, xbmcplugin.SORT_METHOD_UNSORTED, *MASKS.get(listing.content, MASK))
    if listing.content:
        xbmcplugin.setContent(handle, listing.content)
        for method in SORTS[listing.content]:
            xbmcplugin.addSortMethod(handle, method)
    if listing.rated:
        xbmcplugin.addSortMethod(handle, xbmcplugin.SORT_METHOD_VIDEO_RATING)
    xbmcplugin.addDirectoryItems(handle, list(listing.rows), len(listing.rows))
    xbmcplugin.endOfDirectory(handle, succeeded=True, cacheToDisc=listing.keep)


def folder(
    label: str, url: str, icon: str, plot: str = "", entries: Iterable[menu.Entry] = (), fanart: str = ""
) -> Row:
    """A row that leads to another list. `icon`: one of the skin's, or a picture's address."""
    return url, _item(label, icon, plot, entries, fanart), True


def action(
    label: str, url: str, icon: str, plot: str = "", *, top: bool = False, bottom: bool = False
) -> Row:
    """A row that does something. Pressed, it calls the add-on without anybody waiting for a list. `top`,
    `bottom`: it stays there, whatever the list is sorted by."""
    item = _item(label, icon, plot)
    if top or bottom:
        item.setProperty("SpecialSort", "top" if top else "bottom")
    return url, item, False


def next_page(number: int, url: str) -> Row:
    """The row at the end of a list that goes on; Back leads from there to this page again."""
    item = _item(text(Text.NEXT_PAGE, page=number), "DefaultFolder.png")
    item.setProperty("SpecialSort", "bottom")
    return url, item, True


def _item(
    label: str, icon: str, plot: str = "", entries: Iterable[menu.Entry] = (), fanart: str = ""
) -> xbmcgui.ListItem:
    item = xbmcgui.ListItem(label, offscreen=True)
    item.setArt({"icon": icon, "thumb": icon, "fanart": fanart or paths.fanart()})
    if plot:
        tag = item.getVideoInfoTag()
        tag.setTitle(label)
        tag.setPlot(plot)
    item.addContextMenuItems(list(entries))
    return item
