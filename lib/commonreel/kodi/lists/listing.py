# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of rows as plain data, and how Kodi is shown one. rows.py and items.py say what is in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Mapping, NamedTuple, Sequence, Tuple

from ..api import xbmc, xbmcgui, xbmcplugin

Entry = Tuple[str, str]  # of a context menu: label, what Kodi is to do

if TYPE_CHECKING:
    from typing import TypedDict

    class Facts(TypedDict, total=False):
        """What Kodi's information tag is told; the first ones by the names of its setters."""

        MediaType: str
        Title: str
        TagLine: str
        Plot: str
        OriginalTitle: str
        Year: int
        Duration: int  # seconds
        Trailer: str
        Genres: list[str]
        Directors: list[str]
        Countries: list[str]
        Studios: list[str]
        Season: int
        Episode: int
        TvShowTitle: str
        rating: tuple[float, int, str]  # of 10, votes, by whom
        cast: Sequence[str]  # names, the first ones first
        ids: tuple[dict[str, str], str]  # by the names of their databases, and the name of the main one
        video: tuple[int, int, int, str]  # width, height, seconds, codec
        audio: list[str]  # languages of its streams, ISO 639-1
        subtitles: list[str]


_TOLD_OTHERWISE = {"rating", "cast", "ids", "video", "audio", "subtitles"}

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


class Item(NamedTuple):
    """What is said of one thing, in its row and in the player alike."""

    label: str
    art: Mapping[str, str] = {}
    facts: Facts = {}  # noqa: RUF012 - nobody changes it
    menu: Sequence[Entry] = ()
    properties: Mapping[str, str] = {}


class Row(NamedTuple):
    url: str  # where it leads
    item: Item
    is_folder: bool  # leads to another list; else it plays, or does something


class Listing(NamedTuple):
    """One screen of rows."""

    rows: Sequence[Row] = ()
    category: str = ""  # its name, shown above the list
    content: str = ""  # movies | tvshows | seasons | episodes, or '' for rows that lead elsewhere
    lasting: bool = True  # whether Kodi may show it again without asking
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
    rows = [(url, made(item), is_folder) for url, item, is_folder in listing.rows]
    xbmcplugin.addDirectoryItems(handle, rows, len(rows))
    xbmcplugin.endOfDirectory(handle, succeeded=True, cacheToDisc=listing.lasting)


def made(item: Item) -> xbmcgui.ListItem:
    """Kodi's own object of it. Kodi owns it once it is shown: each time takes a new one."""
    label, art, facts, menu, properties = item
    own = xbmcgui.ListItem(label, offscreen=True)
    own.setArt(dict(art))
    if facts:
        _tell(own.getVideoInfoTag(), facts)
    if menu:
        own.addContextMenuItems([(entry, action) for entry, action in menu])
    for name, value in properties.items():
        own.setProperty(name, value)
    return own


def _tell(tag: xbmc.InfoTagVideo, facts: Facts) -> None:
    for name, value in facts.items():
        if name not in _TOLD_OTHERWISE:
            getattr(tag, "set" + name)(value)
    if "rating" in facts:
        value, votes, by = facts["rating"]
        tag.setRating(value, votes, by, True)
    if "cast" in facts:
        tag.setCast([xbmc.Actor(name, order=order) for order, name in enumerate(facts["cast"])])
    if "ids" in facts:
        tag.setUniqueIDs(*facts["ids"])
    if "video" in facts:
        width, height, duration, codec = facts["video"]
        tag.addVideoStream(xbmc.VideoStreamDetail(width, height, duration=duration, codec=codec))
    for language in facts.get("audio", ()):
        tag.addAudioStream(xbmc.AudioStreamDetail(language=language))
    for language in facts.get("subtitles", ()):
        tag.addSubtitleStream(xbmc.SubtitleStreamDetail(language=language))
