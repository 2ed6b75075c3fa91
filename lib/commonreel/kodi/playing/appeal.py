# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the corner for a while once a film has ended: who made it, and that one may give to them."""

from __future__ import annotations

import logging
import time
from typing import Callable

from ...works import giving
from ...works.errors import CommonReelError
from ...works.work import Work
from .. import address, paths
from ..api import xbmc, xbmcgui
from ..lists.menu import RUN
from ..words import credits
from ..words.strings import Text, language, literal, text

log = logging.getLogger(__name__)

FILE = "commonreel-appeal.xml"  # in resources/skins
BUTTON = 1
BREATH = 1.5  # seconds from the film's end, in which something else may begin
PATIENCE = 10.0  # seconds in which the screen must come to rest
SHOWN = 10.0  # seconds; meanwhile Kodi opens no other window (Home)
REST = "!Player.HasMedia + !System.HasActiveModalDialog + !System.ScreenSaverActive"

DISMISS = (xbmcgui.ACTION_PREVIOUS_MENU, xbmcgui.ACTION_NAV_BACK, xbmcgui.ACTION_MOUSE_LEFT_CLICK)
# What else a remote has, by Kodi's names for it: it does what it does anyway.
PASSED_ON = {
    xbmcgui.ACTION_MOVE_UP: "Up",
    xbmcgui.ACTION_MOVE_DOWN: "Down",
    xbmcgui.ACTION_MOVE_LEFT: "Left",
    xbmcgui.ACTION_MOVE_RIGHT: "Right",
    xbmcgui.ACTION_PAGE_UP: "PageUp",
    xbmcgui.ACTION_PAGE_DOWN: "PageDown",
    xbmcgui.ACTION_CONTEXT_MENU: "ContextMenu",
    xbmcgui.ACTION_SHOW_INFO: "Info",
}


class Appeal:
    """Of one film after another. Nobody is held up: it goes by itself, and at any key but OK."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.wanted = True  # by the viewer
        self._clock = clock
        self._work: Work | None = None
        self._name = ""  # of whom one may give to
        self._since = 0.0  # when its film ended; once the window is there, when that came
        self._window: Window | None = None

    def due(self, work: Work) -> None:
        """The work was seen to its end."""
        self.close()
        ways = _ways(work) if self.wanted else ()
        if ways:
            names = dict.fromkeys(way.name for way in ways if way.name)
            self._name = ", ".join(names) or work.title(language())
            self._work, self._since = work, self._clock()

    def tick(self) -> None:
        waited = self._clock() - self._since
        if self._window:
            if waited > SHOWN:
                self.close()
        elif self._work and waited > PATIENCE:
            self.close()
        elif self._work and waited > BREATH and xbmc.getCondVisibility(REST):
            self._window, self._since = window(self._work.id, self._name, self._decide), self._clock()
            self._window.show()

    def close(self) -> None:
        """Nothing is to be said any more."""
        shown, self._window, self._work = self._window, None, None
        if shown:
            shown.close()

    def _decide(self, builtin: str) -> None:
        self.close()
        if builtin:
            xbmc.executebuiltin(builtin)


class Window(xbmcgui.WindowXMLDialog):
    """Kodi makes it of the XML, and calls it. `decide`: hears what Kodi is to do, '' for nothing."""

    decide: Callable[[str], None]
    work_id = ""

    def onClick(self, control: int) -> None:
        if control == BUTTON:
            self.decide(RUN % address.support(self.work_id))

    def onAction(self, action: xbmcgui.Action) -> None:
        pressed = action.getId()
        if pressed in PASSED_ON:
            self.decide("Action(%s)" % PASSED_ON[pressed])
        elif pressed in DISMISS:
            self.decide("")


def _ways(work: Work) -> tuple[giving.Way, ...]:
    try:
        return giving.ways(work, credits.known([work]), language())
    except CommonReelError as error:
        log.info("its makers are not known: %s", error)
        return giving.ways(work, {})


def window(work_id: str, name: str, decide: Callable[[str], None]) -> Window:
    """The window that says so of a work. `name`: of its makers."""
    made = Window(FILE, str(paths.addon_folder()), "default", "1080i")
    made.decide, made.work_id = decide, work_id
    made.setProperty("heading", text(Text.SUPPORT))
    made.setProperty("name", literal(name))
    made.setProperty("show", text(Text.SHOW_CODE))
    return made
