# SPDX-License-Identifier: GPL-3.0-or-later
"""A film's trailer: a file on the web that the catalogue names."""

from __future__ import annotations

from . import catalogue, parental
from .api import xbmc, xbmcgui
from .call import Call
from .strings import Text, language, text


def play(call: Call) -> None:
    """Play it. Raises UnknownWork, WorkWithdrawn, AboveLevel."""
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    parental.admit(work)
    if work.trailer:
        title = text(Text.TRAILER_OF, title=work.title(language()))
        item = xbmcgui.ListItem(title, offscreen=True)
        item.getVideoInfoTag().setTitle(title)
        xbmc.Player().play(work.trailer, item)
