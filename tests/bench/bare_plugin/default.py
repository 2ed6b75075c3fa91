# SPDX-License-Identifier: GPL-3.0-or-later
"""The least a plugin can do: hand Kodi rows from a constant (rows.py), or a film's address."""

import sys
from urllib.parse import parse_qsl

import xbmc
import xbmcgui
import xbmcplugin
from rows import FILM, LISTS

PAGE = 100


def item(folder, entries, facts):
    row = xbmcgui.ListItem(facts["label"], offscreen=True)
    tag = row.getVideoInfoTag()
    tag.setTitle(facts["title"])
    tag.setPlot(facts["plot"])
    if entries:
        film(row, tag, facts)
    row.setArt(facts["art"])
    row.addContextMenuItems([("An entry", "RunPlugin(plugin://plugin.video.bare/)")] * entries)
    return row


def film(row, tag, facts):
    tag.setMediaType("movie")
    tag.setTagLine(facts["tagline"])
    tag.setYear(facts["year"])
    tag.setDuration(facts["runtime"])
    tag.setGenres(facts["genre"])
    tag.setDirectors(facts["director"])
    tag.setCast([xbmc.Actor(actor["name"], order=actor["order"]) for actor in facts["cast"]])
    tag.setCountries(facts["country"])
    tag.setStudios(facts["studio"])
    tag.setUniqueIDs(facts["uniqueid"])
    for stream in facts["streamdetails"].get("audio", ()):
        tag.addAudioStream(xbmc.AudioStreamDetail(language=stream["language"]))
    row.setProperty("IsPlayable", "true")


handle, query = int(sys.argv[1]), dict(parse_qsl(sys.argv[2].lstrip("?")))
if "/play/" in sys.argv[0]:
    shown = xbmcgui.ListItem(path=FILM, offscreen=True)
    shown.getVideoInfoTag().setMediaType("movie")
    shown.setMimeType("video/mp4")
    shown.setContentLookup(False)
    xbmcplugin.setResolvedUrl(handle, True, shown)
else:
    first = (int(query["page"]) - 1) * PAGE
    rows = LISTS[query["list"]][first : first + PAGE]
    xbmcplugin.setContent(handle, "" if query["list"] == "home" else "movies")
    xbmcplugin.addSortMethod(handle, xbmcplugin.SORT_METHOD_UNSORTED)
    shown = [(url, item(folder, entries, facts), folder) for url, folder, entries, facts in rows]
    xbmcplugin.addDirectoryItems(handle, shown, len(shown))
    xbmcplugin.endOfDirectory(handle)
