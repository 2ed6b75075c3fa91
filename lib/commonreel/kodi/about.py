# SPDX-License-Identifier: GPL-3.0-or-later
"""A work's page: why it may be watched."""

from __future__ import annotations

from ..catalog.store import LOCAL
from . import catalogue, reasons
from .api import xbmcgui
from .call import Call


def work(call: Call) -> None:
    """Show the page over whatever is on the screen. Raises UnknownWork, WorkWithdrawn."""
    with catalogue.store() as store:
        found = store.work(call.text("id"))
        own = store.origin(found.id) == LOCAL
    xbmcgui.Dialog().textviewer(reasons.title(found), reasons.page(found, own))
