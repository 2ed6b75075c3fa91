# SPDX-License-Identifier: GPL-3.0-or-later
"""What the viewer sees until a film plays: nothing if it plays at once, else how it is coming."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any, Mapping

from ...works.errors import RestartNeeded, WebChosen, WebCopyChosen
from ..api import xbmc, xbmcgui
from ..words.duration import about
from ..words.strings import Text, text

QUIET_SECONDS = 0.75  # before the dialog comes up
QUICK_SECONDS = 0.05  # between two looks at the stream, while the viewer sees nothing
POLL_SECONDS = 0.25  # and once the dialog is there
WORRY_SECONDS = 15.0  # without a sign of life before the dialog says so

STATES = {
    "starting": Text.STATE_STARTING,
    "fetching": Text.STATE_FETCHING,
    "connecting": Text.STATE_CONNECTING,
    "buffering": Text.STATE_BUFFERING,
}

WEB_ONLY = {
    RestartNeeded.code: Text.WEB_ONLY_RESTART,
    WebChosen.code: Text.SHARE_WEB,
    WebCopyChosen.code: Text.WEB_COPY,
}


class Progress:
    """A progress dialog that appears only when there is something to wait for."""

    def __init__(self, title: str, quiet: float = QUIET_SECONDS) -> None:
        """`quiet`: seconds before the dialog comes up."""
        self.title = title
        self._quiet = quiet
        self._monitor = xbmc.Monitor()
        self._dialog: xbmcgui.DialogProgress | None = None
        self._began = time.monotonic()
        self._paused = 0.0  # seconds

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hide()

    def hide(self) -> None:
        """Take the dialog off the screen; the next wait() brings it up again."""
        dialog, self._dialog = self._dialog, None
        if dialog:
            dialog.close()

    @property
    def waited(self) -> float:
        """Seconds so far; who asks for the status may have waited as well."""
        return max(self._paused, time.monotonic() - self._began)

    def wait(self, status: Mapping[str, Any], silent: float = 0.0) -> bool:
        """Show a stream's status and let a moment pass. False: the viewer, or Kodi, wants no more.

        `silent`: for how many seconds nothing has happened.
        """
        if self.waited >= self._quiet and not self._dialog:
            self._dialog = xbmcgui.DialogProgress()
            self._dialog.create(self.title, _message(status, silent))  # never up without a word
        if self._dialog:
            self._dialog.update(_percent(status), _message(status, silent))
        pause = POLL_SECONDS if self._dialog else QUICK_SECONDS
        ended = self._monitor.waitForAbort(pause)
        self._paused += pause
        return not (ended or (self._dialog and self._dialog.iscanceled()))


def _percent(status: Mapping[str, Any]) -> int:
    wanted = float(status.get("secondsWanted") or 0)
    ready = float(status.get("secondsReady") or 0)
    return min(int(100 * ready / wanted), 100) if wanted > 0 else 0


def _message(status: Mapping[str, Any], silent: float) -> str:
    """State, seconds of film, and where from; each on a line of its own."""
    lines = [text(STATES.get(str(status["state"]), Text.STATE_STARTING))]
    if status.get("secondsWanted"):
        ready, wanted = (round(float(status[name])) for name in ("secondsReady", "secondsWanted"))
        lines.append(text(Text.SECONDS_READY, ready=ready, wanted=wanted))
        if status.get("secondsLeft"):
            lines[-1] += " · " + text(Text.STARTS_IN, time=about(float(status["secondsLeft"])))
    if silent >= WORRY_SECONDS:
        lines.append(text(Text.NOTHING_YET))
    elif "peers" in status:
        rate = "%.1f" % (int(status["rate"]) / 1e6)
        if status.get("webOnly"):
            lines.append(text(Text.WEB_SOURCES, web=status["webSeeds"], rate=rate))
        else:
            lines.append(text(Text.SOURCES, peers=status["peers"], web=status["webSeeds"], rate=rate))
    if status.get("webOnly"):
        lines.append(text(WEB_ONLY.get(str(status["webOnly"]), Text.WEB_ONLY)))
    return "\n".join(lines)
