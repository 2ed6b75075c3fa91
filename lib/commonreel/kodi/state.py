# SPDX-License-Identifier: GPL-3.0-or-later
"""How the service is and where it is found: a property of Kodi's home window."""

from __future__ import annotations

import json

from ..service.state import ERROR, READY, STARTING, State
from .api import xbmcgui
from .paths import STATE_PROPERTY

__all__ = ["ERROR", "READY", "STARTING", "State", "clear", "publish", "read"]

HOME_WINDOW = 10000


def publish(state: State) -> None:
    """Tell the plugin; every other add-on can read it too."""
    xbmcgui.Window(HOME_WINDOW).setProperty(STATE_PROPERTY, json.dumps(state._asdict()))


def clear() -> None:
    """The service has gone."""
    xbmcgui.Window(HOME_WINDOW).clearProperty(STATE_PROPERTY)


def read() -> State:
    """What the service says of itself. Any add-on can write that property: nonsense is no word, and a
    service that says nothing is taken for one that starts."""
    try:
        said = json.loads(xbmcgui.Window(HOME_WINDOW).getProperty(STATE_PROPERTY))
        return State(str(said["status"]), int(said["port"]), str(said["secret"]), str(said["reason"]))
    except (ValueError, TypeError, KeyError):
        return State()
