# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogue on this device, as the screens read it."""

from __future__ import annotations

from ..catalog.history import History
from ..catalog.store import Store
from ..works.errors import ServiceUnavailable, error_for
from . import paths, state
from .api import xbmc

POLL_SECONDS = 0.25
FIRST_FILL_TURNS = 40  # ten seconds


def store() -> Store:
    """The catalogue, for reading. In the add-on's first moments it waits for the service to fill it.

    Raises ServiceUnavailable, and what the service failed of.
    """
    file = paths.store()
    try:
        return Store(file)
    except ServiceUnavailable:
        _wait_for_service()
        return Store(file)


def _wait_for_service() -> None:
    monitor = xbmc.Monitor()
    for _ in range(FIRST_FILL_TURNS):
        now = state.read()
        if now.reason:
            raise error_for(now.reason)
        if now.status != state.STARTING or monitor.waitForAbort(POLL_SECONDS):
            return


def history() -> History:
    """What this device remembers."""
    return History(paths.profile() / "history.db")
