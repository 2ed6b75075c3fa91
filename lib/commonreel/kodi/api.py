# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi's modules. Everything else in the package gets them from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xbmc
    import xbmcaddon
    import xbmcgui
    import xbmcplugin
    import xbmcvfs
else:
    from kodi_six import xbmc, xbmcaddon, xbmcgui, xbmcplugin, xbmcvfs

__all__ = ["xbmc", "xbmcaddon", "xbmcgui", "xbmcplugin", "xbmcvfs"]
