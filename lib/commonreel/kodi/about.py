# SPDX-License-Identifier: GPL-3.0-or-later
"""A work's page: why it may be watched."""

from __future__ import annotations

from ..catalog import following
from ..catalog.store import LOCAL
from . import catalogue, paths, reasons
from .api import xbmcgui
from .call import Call


def work(call: Call) -> None:
    """Show the page over whatever is on the screen. Raises UnknownWork, WorkWithdrawn."""
    with catalogue.store() as store:
        found = store.work(call.text("id"))
        origin = store.origin(found.id)
    curator = following.named(paths.catalogues(), origin)
    page = reasons.page(found, origin == LOCAL, curator.state if curator else None)
    xbmcgui.Dialog().textviewer(reasons.title(found), page)
