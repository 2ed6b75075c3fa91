# SPDX-License-Identifier: GPL-3.0-or-later
"""Words to the viewer over whatever is on the screen."""

from __future__ import annotations

from .api import xbmcgui

NAME = "Common Reel"
NOTICE_MS = 6000


def notify(message: str) -> None:
    """Say something that asks for nothing, in passing."""
    xbmcgui.Dialog().notification(NAME, message, xbmcgui.NOTIFICATION_INFO, NOTICE_MS, sound=False)


def warn(message: str) -> None:
    """Say in passing that a list could not be had, and why."""
    xbmcgui.Dialog().notification(NAME, message, xbmcgui.NOTIFICATION_WARNING, NOTICE_MS)


def explain(message: str) -> None:
    """Say why nothing plays, until the viewer has read it."""
    xbmcgui.Dialog().ok(NAME, message)
