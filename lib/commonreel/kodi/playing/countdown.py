# SPDX-License-Identifier: GPL-3.0-or-later
"""The small window over the picture that says what comes next, and when."""

from __future__ import annotations

from typing import Callable

from ...works.work import Work
from .. import paths
from ..api import xbmcgui
from ..words.strings import Text, language, text

FILE = "commonreel-next-episode.xml"  # in resources/skins
PLAY_NOW, STOP = 1, 2  # its buttons
BACK = (xbmcgui.ACTION_PREVIOUS_MENU, xbmcgui.ACTION_NAV_BACK, xbmcgui.ACTION_STOP)


class Countdown(xbmcgui.WindowXMLDialog):
    """Shown, it holds up nobody, and calls back what the viewer decides."""

    decide: Callable[[bool], None]

    def tell(self, seconds: float) -> None:
        """How long it still takes."""
        self.setProperty("starts", text(Text.NEXT_STARTS, seconds=max(0, round(seconds))))

    def onClick(self, control: int) -> None:
        self.decide(control == PLAY_NOW)

    def onAction(self, action: xbmcgui.Action) -> None:
        if action.getId() in BACK:
            self.decide(False)


def countdown(work: Work, decide: Callable[[bool], None]) -> Countdown:
    """The window for what comes next. `decide`: hears whether it is to begin now, or not at all."""
    window = Countdown(FILE, str(paths.addon_folder()), "default", "1080i")
    window.decide = decide
    window.setProperty("heading", text(Text.NEXT_EPISODE))
    window.setProperty("title", _name(work))
    window.setProperty("play", text(Text.PLAY_NOW))
    window.setProperty("stop", text(Text.STOP_AFTER))
    return window


def _name(work: Work) -> str:
    """Its number, as Kodi writes it, and its title."""
    place = work.part_of
    number = "%dx%02d. " % (place.season, place.episode) if place and place.episode else ""
    return number + work.title(language())
