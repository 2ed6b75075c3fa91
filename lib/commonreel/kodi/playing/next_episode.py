# SPDX-License-Identifier: GPL-3.0-or-later
"""The next episode: announced over the last seconds of the one before, and begun after it."""

from __future__ import annotations

from ...works.work import Work
from .. import address
from ..api import xbmc
from .countdown import Countdown, countdown

NOTICE_SECONDS = 25.0
NOTICE_PART = 0.08  # of the episode: of a short one less than the above
QUIET = "Window.IsVisible(fullscreenvideo) + !System.HasActiveModalDialog"


class NextEpisode:
    """What is announced begins by itself, unless the viewer says no. What was not announced does not."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._refused = False
        self._countdown: Countdown | None = None

    def at(self, position: float, duration: float) -> None:
        """The episode before has come so far; seconds."""
        left = duration - position
        if left > min(NOTICE_SECONDS, NOTICE_PART * duration):  # or the viewer has gone back
            self._refused = False
            self.close()
        elif self._countdown:
            self._countdown.tell(left)
        elif not (self._refused or queued()) and xbmc.getCondVisibility(QUIET):
            self._countdown = countdown(self._work, self._decide)
            self._countdown.tell(left)
            self._countdown.show()

    def begin(self) -> None:
        """The episode before has ended."""
        if self._countdown:
            self._decide(True)

    def close(self) -> None:
        """Take the announcement off the screen."""
        shown, self._countdown = self._countdown, None
        if shown:
            shown.close()

    def _decide(self, yes: bool) -> None:
        self._refused = True  # either way there is nothing more to announce
        self.close()
        if yes:
            xbmc.executebuiltin("PlayMedia(%s,resume)" % address.play(self._work.id))


def queued() -> bool:
    """Whether Kodi itself goes on to something."""
    queue = xbmc.PlayList(xbmc.PLAYLIST_VIDEO)
    return 0 < queue.getposition() + 1 < queue.size()
