# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the add-on's things are, and the names it goes by in Kodi."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from .api import xbmcaddon, xbmcvfs

ADDON_ID = "plugin.video.commonreel"
MOVIES, SERIES = "Movies", "Series"  # in the library's folder
NO_MEDIA = ".nomedia"  # a file that keeps Kodi's library out of a folder
STATE_PROPERTY = ADDON_ID  # of Kodi's home window: the service's state, as JSON


def addon_folder() -> Path:
    """The folder the zip was unpacked into; never written to."""
    return Path(xbmcvfs.translatePath(xbmcaddon.Addon().getAddonInfo("path")))


def profile() -> Path:
    """The folder for what is kept between runs."""
    return Path(xbmcvfs.translatePath(xbmcaddon.Addon().getAddonInfo("profile")))


def main() -> Path:
    """The folder that names the add-on's own catalogue, where it was built with one: see catalog.main."""
    return addon_folder() / "resources" / "main"


def catalogues() -> Path:
    """The folder of those that are followed: see catalog.following."""
    return profile() / "catalogues"


def library() -> Path:
    """The folder that Kodi's library is to look into: see export."""
    return profile() / "library"


def library_address() -> str:
    """The same, as Kodi is told of it: it holds wherever the profile is."""
    return xbmcaddon.Addon().getAddonInfo("profile").rstrip("/") + "/library/"


def library_account() -> Path:
    """What there is in it: see catalog.holdings."""
    return profile() / "library.db"


def store() -> Path:
    """The catalogue's file."""
    return profile() / "catalogue.db"


def cache() -> Path:
    """The folder of the films that are kept: see streaming.cache."""
    return profile() / "cache"


def version() -> str:
    """The add-on's."""
    return xbmcaddon.Addon().getAddonInfo("version")


@lru_cache(maxsize=None)  # every row has it
def fanart() -> str:
    """The picture behind a row that has none of its own."""
    return xbmcaddon.Addon().getAddonInfo("fanart")
