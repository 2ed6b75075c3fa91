# SPDX-License-Identifier: GPL-3.0-or-later
"""Words to the viewer over whatever is on the screen."""

from __future__ import annotations

from .api import xbmcgui

NAME = "Common Reel"
NOTICE_MS, NOTICE_LETTERS = 6000, 34  # as many stand still in Kodi's own skin
SCROLL_MS = 220  # for each more, until it has moved past


def notify(message: str) -> None:
    """Say something that asks for nothing, in passing."""
    kind = xbmcgui.NOTIFICATION_INFO
    xbmcgui.Dialog().notification(NAME, message, kind, _until_read(message), sound=False)


def warn(message: str) -> None:
    """Say in passing that a list could not be had, and why: who asked for it may be no person."""
    xbmcgui.Dialog().notification(NAME, message, xbmcgui.NOTIFICATION_WARNING, _until_read(message))


def explain(message: str) -> None:
    """Say what has come of a key that was pressed, until the viewer has read it."""
    xbmcgui.Dialog().ok(NAME, message)


def _until_read(message: str) -> int:
    return NOTICE_MS + SCROLL_MS * max(0, len(message) - NOTICE_LETTERS)
