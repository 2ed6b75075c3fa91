# SPDX-License-Identifier: GPL-3.0-or-later
"""A film's trailer: a file on the web that the catalogue names."""

from __future__ import annotations

from urllib.parse import urlsplit

from ...works import media, rights
from ...works.errors import NotFreeHere
from .. import answers, catalogue
from ..api import xbmc, xbmcgui
from ..call import Call
from ..screens import parental
from ..words.strings import Text, language, text


def play(call: Call) -> None:
    """Play it. Raises UnknownWork, WorkWithdrawn, NotFreeHere, AboveLevel."""
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    if not rights.free_in(work.rights, answers.read().country):
        raise NotFreeHere(work.id)
    parental.admit(work)
    if work.trailer:
        title = text(Text.TRAILER_OF, title=work.title(language()))
        item = xbmcgui.ListItem(title, offscreen=True)
        item.getVideoInfoTag().setTitle(title)
        item.setMimeType(media.mime(urlsplit(work.trailer).path))
        item.setContentLookup(False)
        xbmc.Player().play(work.trailer, item)
