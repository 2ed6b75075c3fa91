# SPDX-License-Identifier: GPL-3.0-or-later
"""A line in the corner of the picture that says how the film is coming."""

from __future__ import annotations

import logging
from typing import Any, Mapping

from ..api import xbmcgui
from ..words.strings import Text, text

log = logging.getLogger(__name__)

FULLSCREEN_VIDEO = 12005
_MARGIN = 24  # pixels
_HEIGHT = 40
_RIGHT = 1  # Kodi's alignment
_SHADOW, _LIGHT = "0xC0000000", "0xFFFFFFFF"
_FONT = "font12"


class Overlay:
    """Labels of Kodi's own window of the picture: they take no key, and are not there when it is not."""

    def __init__(self) -> None:
        self._window: xbmcgui.Window | None = None
        self._labels: list[xbmcgui.ControlLabel] = []
        self._since = -1  # byte where the player came in
        self._from = 0.0  # second of the film at which it was then

    @property
    def shown(self) -> bool:
        return self._window is not None

    def show(self, status: Mapping[str, Any], at: float) -> None:
        """What a stream's status says; `at`: the second of the film that the player is at."""
        if self._window is None:
            self._put()
        for label in self._labels:
            label.setLabel(self._line(status, at) if "rate" in status else "")

    def hide(self) -> None:
        window, self._window = self._window, None
        if window:
            try:
                window.removeControls(list(self._labels))
            except RuntimeError as error:  # the window has let them go by itself
                log.debug("%s", error)
            self._labels, self._since = [], -1

    def _put(self) -> None:
        window = xbmcgui.Window(FULLSCREEN_VIDEO)
        width = window.getWidth() - 2 * _MARGIN
        self._labels = [
            xbmcgui.ControlLabel(
                _MARGIN + by, _MARGIN + by, width, _HEIGHT, "", font=_FONT, textColor=colour, alignment=_RIGHT
            )
            for by, colour in ((2, _SHADOW), (0, _LIGHT))
        ]
        window.addControls(list(self._labels))
        self._window = window

    def _line(self, status: Mapping[str, Any], at: float) -> str:
        if status.get("complete"):
            return text(Text.OVERLAY_COMPLETE)
        if status["since"] != self._since:
            self._since, self._from = int(status["since"]), at
        ahead = float(status["secondsAhead"]) - (at - self._from)  # some of that is in Kodi already
        return text(
            Text.OVERLAY_SPEED,
            rate="%.1f" % (int(status["rate"]) / 1e6),
            peers=status["peers"],
            web=status["webSeeds"],
            ahead=max(0, round(ahead)),
        )
