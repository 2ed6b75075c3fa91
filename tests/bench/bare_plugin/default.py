# SPDX-License-Identifier: GPL-3.0-or-later
"""The least a plugin can do: hand Kodi rows from a constant (rows.py), or a film's path."""

import sys
from urllib.parse import parse_qsl

import xbmcgui
import xbmcplugin
from rows import FILM, ROWS

PAGE = 100


def item(facts):
    row = xbmcgui.ListItem(facts["title"], offscreen=True)
    tag = row.getVideoInfoTag()
    tag.setMediaType("movie")
    tag.setTitle(facts["title"])
    tag.setYear(facts["year"])
    tag.setDuration(facts["runtime"])
    tag.setGenres(facts["genre"])
    tag.setDirectors(facts["director"])
    tag.setPlot(facts["plot"])
    tag.setTagLine(facts["tagline"])
    row.setArt(facts["art"])
    row.setProperty("IsPlayable", "true")
    return row


handle, query = int(sys.argv[1]), dict(parse_qsl(sys.argv[2].lstrip("?")))
if "/play/" in sys.argv[0]:
    film = xbmcgui.ListItem(path=FILM, offscreen=True)
    film.getVideoInfoTag().setMediaType("movie")
    film.setMimeType("video/mp4")
    film.setContentLookup(False)
    xbmcplugin.setResolvedUrl(handle, True, film)
else:
    first = (int(query["page"]) - 1) * PAGE
    rows = ROWS[int(query["size"])][first : first + PAGE]
    xbmcplugin.setContent(handle, "movies")
    xbmcplugin.addSortMethod(handle, xbmcplugin.SORT_METHOD_UNSORTED)
    xbmcplugin.addDirectoryItems(handle, [(url, item(facts), False) for url, facts in rows], len(rows))
    xbmcplugin.endOfDirectory(handle)
