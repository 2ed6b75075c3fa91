# SPDX-License-Identifier: GPL-3.0-or-later
"""Goes to a list, from wherever that was asked for: a list, a widget of a home screen, the favourites."""

from __future__ import annotations

from .api import xbmc, xbmcgui

VIDEOS = 10025  # Kodi's window for lists of videos


def go_to(url: str) -> None:
    """Show the list; Back leads to where the viewer is now.

    Container.Update does nothing where no list can be replaced, and ActivateWindow forgets the list that the
    video window shows already."""
    if xbmcgui.getCurrentWindowId() == VIDEOS:
        xbmc.executebuiltin("Container.Update(%s)" % url)
    else:
        open_videos(url)


def open_videos(url: str) -> None:
    """Open the video window there."""
    xbmc.executebuiltin('ActivateWindow(videos,"%s",return)' % url)
