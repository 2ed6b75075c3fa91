# SPDX-License-Identifier: GPL-3.0-or-later
"""What the user has chosen in the add-on's settings (resources/settings.xml)."""

from __future__ import annotations

from dataclasses import dataclass

from .api import xbmcaddon, xbmcvfs


@dataclass(frozen=True)
class Settings:
    country: str  # the viewer's, ISO 3166-1 alpha-2; '' until confirmed
    local_folder: str  # a catalogue folder of the user's own, a path of the system; '' for none
    cache_gb: int  # limit of the disk cache, GiB
    share: bool  # give to other viewers
    upload_kbps: int  # limit of that, 1000 bytes a second; 0: none


def read() -> Settings:
    """The settings as they are now."""
    chosen = xbmcaddon.Addon().getSettings()
    return Settings(
        country=chosen.getString("country"),
        local_folder=xbmcvfs.translatePath(chosen.getString("local_folder")),
        cache_gb=chosen.getInt("cache_gb"),
        share=chosen.getBool("share"),
        upload_kbps=chosen.getInt("upload_kbps"),
    )


def set_country(code: str) -> None:
    """Confirm the viewer's country."""
    xbmcaddon.Addon().setSettingString("country", code)  # Settings.setString saves nothing in Kodi 20
