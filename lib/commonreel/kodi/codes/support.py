# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving to who made a work, past everybody else: a code for a phone."""

from __future__ import annotations

from ...catalog.guides import Guides
from ...works import giving
from .. import catalogue, dialogs
from ..api import xbmc
from ..call import Call
from ..words import reasons
from ..words.strings import Text, language, text
from . import scan


def support(call: Call) -> None:
    """Show the ways to give to a work's makers, or to a maker. Raises UnknownWork, WorkWithdrawn,
    UnknownGuide."""
    with catalogue.store() as store:
        guides = Guides(store)
        if call.text("maker"):
            maker, about = guides.maker(call.text("maker")), ""
            ways = giving.of_maker(maker, language())
        else:
            work = store.work(call.text("id"))
            ways, about = giving.ways(work, guides.known(work.maker), language()), reasons.title(work)
    if not ways:
        dialogs.notify(text(Text.NO_SUPPORT))
        return
    scan.show([
        scan.Card(
            address=way.channel.address,
            spoken=giving.spoken(way.channel.address),
            heading=text(Text.SUPPORT),
            name=way.name,
            about=about,
            notes=(text(Text.SUPPORT_NOTE), way.channel.description),
        )
        for way in ways
    ])  # fmt: skip


def links(call: Call) -> None:
    """Where a maker is on the web, as codes to scan. Raises UnknownGuide."""
    with catalogue.store() as store:
        found = Guides(store).maker(call.text("id"))
    if not found.visitable:  # the page that led here is an older one
        xbmc.executebuiltin("Container.Refresh")
        return
    scan.show([
        scan.Card(
            address=each,
            spoken=giving.spoken(each),
            heading=text(Text.LINKS),
            name=found.title(language()),
            about="",
            notes=(text(Text.LINKS_NOTE),),
        )
        for each in found.visitable
    ])  # fmt: skip
