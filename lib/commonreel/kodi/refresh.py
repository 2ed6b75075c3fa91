# SPDX-License-Identifier: GPL-3.0-or-later
"""Has Kodi ask anew for what it shows: other works may be seen than before."""

from __future__ import annotations

from . import paths, rpc
from .api import xbmc, xbmcvfs

# Lists of the video window that took over a second to come: Kodi keeps them on the disk, and shows them when
# Back leads to them.
KEPT = "special://temp/archive_cache/"
VIDEO_WINDOW = "10025-"


def everything() -> None:
    """The list on the screen, those that Back leads to, and widgets."""
    _, files = xbmcvfs.listdir(KEPT)
    for name in files:
        if name.startswith(VIDEO_WINDOW):
            xbmcvfs.delete(KEPT + name)
    _widgets()
    xbmc.executebuiltin("Container.Refresh")


def _widgets() -> None:
    """Those with films ask anew whenever Kodi has looked for what is new, here where nothing can be."""
    rpc.ask("VideoLibrary.Scan", directory=paths.library_address() + "nowhere/", showdialogs=False)
