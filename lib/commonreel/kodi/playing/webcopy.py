# SPDX-License-Identifier: GPL-3.0-or-later
"""The question whether a film that comes slowly is to come from the web instead."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from enum import Enum
from typing import Any, Callable, Iterator, Mapping

from ..api import xbmc, xbmcgui
from ..words.strings import Text, text

VIA = "web"
PATIENCE = 10.0  # seconds of waiting before it is asked
SOON = 10.0  # seconds in which a film will be ready that needs no other way
ASKED_SECONDS = 20.0  # in which the viewer answers; else the film is waited for
_LOOK = 0.5
_YES_NO_DIALOG = 10100
_CANCELLED, _YES, _CUSTOM = -1, 1, 2  # Kodi's answers; 0 is no


class Choice(Enum):
    WAIT = "wait"
    WEB_COPY = "web copy"
    CANCEL = "cancel"


def worth_asking(status: Mapping[str, Any], waited: float) -> bool:
    """Whether the film is slow to come, and is on the web."""
    left = status.get("secondsLeft")
    return bool(status.get("webCopy")) and waited >= PATIENCE and (left is None or left > SOON)


def ask(title: str, settled: Callable[[], bool]) -> Choice:
    """What the viewer wants. The question goes by itself once there is nothing to ask: `settled()`."""
    began = time.monotonic()
    with _watched(settled) as done:
        answer = xbmcgui.Dialog().yesnocustom(
            title,
            text(Text.SLOW),
            customlabel=text(Text.CANCEL),
            nolabel=text(Text.KEEP_WAITING),
            yeslabel=text(Text.USE_WEB_COPY),
            autoclose=int(ASKED_SECONDS * 1000),
        )
    if done.is_set() or time.monotonic() - began >= ASKED_SECONDS:
        return Choice.WAIT
    if answer == _YES:
        return Choice.WEB_COPY
    return Choice.CANCEL if answer in (_CANCELLED, _CUSTOM) else Choice.WAIT


@contextmanager
def _watched(settled: Callable[[], bool]) -> Iterator[threading.Event]:
    """Meanwhile look whether all is settled, and then close the question; gives whether that was so."""
    done, over = threading.Event(), threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK):
            if settled():
                done.set()
                xbmc.executebuiltin("Dialog.Close(%d)" % _YES_NO_DIALOG)
                return

    thread = threading.Thread(target=watch, name="commonreel-question", daemon=True)
    thread.start()
    try:
        yield done
    finally:
        over.set()
        thread.join()
