# SPDX-License-Identifier: GPL-3.0-or-later
"""How the service is and where it is found, from a property of Kodi's home window."""

from __future__ import annotations

import json
from dataclasses import dataclass

from .api import xbmcgui
from .paths import STATE_PROPERTY

HOME_WINDOW = 10000
STARTING, READY, ERROR = "starting", "ready", "error"


@dataclass(frozen=True)
class State:
    status: str = STARTING  # also where nothing is said: a service that runs says so soon
    port: int = 0
    secret: str = ""
    reason: str = ""  # with status error: a code of works/errors.py


def read() -> State:
    """What the service says of itself. Any add-on can write that property: nonsense is no word."""
    try:
        said = json.loads(xbmcgui.Window(HOME_WINDOW).getProperty(STATE_PROPERTY))
        return State(str(said["status"]), int(said["port"]), str(said["secret"]), str(said["reason"]))
    except (ValueError, TypeError, KeyError):
        return State()
