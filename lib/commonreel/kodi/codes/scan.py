# SPDX-License-Identifier: GPL-3.0-or-later
"""The window with a code to scan: an address for the phone of whoever sits in front of the television."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence, cast

from .. import paths
from ..api import xbmcgui
from ..words.strings import Text, literal, text
from . import qr

XML = "commonreel-scan.xml"  # below resources/skins
HEADING, NAME, ADDRESS, ABOUT, NOTE, CODE, CLOSE, HINT = 1, 2, 3, 4, 5, 6, 7, 8  # its controls
PANEL = (90, 120, 840)  # left and top of the white square, and its side, in 1080 lines

# Lines of an address, which has no spaces for Kodi to end one at: whole steps, where they fit.
_LINES = re.compile(r".{1,32}$|.{0,31}/|.{1,32}")


@dataclass(frozen=True)
class Card:
    """A code, and what stands beside it."""

    address: str  # that the code holds
    spoken: str  # the same, for who has no phone at hand
    heading: str  # what it is for
    name: str  # whose it is
    about: str  # the film's title
    notes: tuple[str, ...]  # a line each


def show(cards: Sequence[Card]) -> None:
    """Show the first over whatever is on the screen until it is closed. Left and right lead to the others."""
    folder = paths.profile() / "codes"
    window = Window(XML, str(paths.addon_folder()), "Default", "1080i")
    window.cards, window.folder = cards, folder
    try:
        window.doModal()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Window(xbmcgui.WindowXMLDialog):
    """Kodi makes it of the XML, and calls it."""

    cards: Sequence[Card] = ()
    folder = Path()
    number = 0

    def onInit(self) -> None:
        cast("xbmcgui.ControlButton", self.getControl(CLOSE)).setLabel(text(Text.CLOSE))
        self.setFocusId(CLOSE)
        self._fill()

    def onAction(self, action: xbmcgui.Action) -> None:
        pressed = action.getId()
        if pressed in (xbmcgui.ACTION_PREVIOUS_MENU, xbmcgui.ACTION_NAV_BACK):
            self.close()
        elif pressed in (xbmcgui.ACTION_MOVE_LEFT, xbmcgui.ACTION_MOVE_RIGHT) and len(self.cards) > 1:
            step = 1 if pressed == xbmcgui.ACTION_MOVE_RIGHT else -1
            self.number = (self.number + step) % len(self.cards)
            self._fill()

    def onClick(self, controlId: int) -> None:
        if controlId == CLOSE:
            self.close()

    def _fill(self) -> None:
        card = self.cards[self.number]
        for control, lines in (
            (HEADING, (card.heading,)),
            (NAME, (card.name,)),
            (ADDRESS, _LINES.findall(card.spoken)),
            (ABOUT, (card.about,)),
            (NOTE, card.notes),
            (HINT, self._hint()),
        ):
            words = "\n".join(map(literal, lines))
            cast("xbmcgui.ControlTextBox", self.getControl(control)).setText(words)
        self._draw(card.address)

    def _hint(self) -> tuple[str, ...]:
        count = len(self.cards)
        others = text(Text.OTHER_CODES, number=self.number + 1, count=count) if count > 1 else ""
        return text(Text.SCAN), others

    def _draw(self, address: str) -> None:
        """Put the code into the middle of the white square."""
        drawn = qr.draw(address, self.folder)
        left, top, side = PANEL
        margin = (side - drawn.side) // 2
        picture = cast("xbmcgui.ControlImage", self.getControl(CODE))
        picture.setPosition(left + margin, top + margin)
        picture.setWidth(drawn.side)
        picture.setHeight(drawn.side)
        picture.setImage(str(drawn.path), False)  # not by Kodi's own copies of pictures
