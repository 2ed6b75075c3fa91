# SPDX-License-Identifier: GPL-3.0-or-later
"""The viewer's answers to the first questions: all that a list needs of the settings, read at once."""

from __future__ import annotations

from typing import NamedTuple

from .api import xbmcaddon

# How to share: web servers alone; other viewers too, giving nothing; giving what is watched; keeping films
WEB, TAKING, WATCHING, PATRON = "web", "taking", "watching", "patron"


class Answers(NamedTuple):
    country: str  # ISO 3166-1 alpha-2; '' until confirmed
    sharing: str  # web | taking | watching | patron; '' until chosen: that is as watching
    remote: bool  # an engine on another machine fetches the films, and has its own answer


def read() -> Answers:
    chosen = xbmcaddon.Addon().getSettings()
    return Answers(chosen.getString("country"), chosen.getString("sharing"), chosen.getBool("remote"))


def quality() -> str:
    """Of films, alone: what only a list of several encodings needs."""
    return xbmcaddon.Addon().getSettings().getString("quality")


def set_country(code: str) -> None:
    """Confirm the viewer's country."""
    xbmcaddon.Addon().setSettingString("country", code)  # Settings.setString saves nothing in Kodi 20


def set_sharing(how: str) -> None:
    """Choose how to share."""
    xbmcaddon.Addon().setSettingString("sharing", how)
