# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that festivals and curators have made: all of them, and the works of one, in its own order."""

from __future__ import annotations

from ...catalog.guides import Guides
from ...works.guide import Selection
from .. import address, catalogue, viewer
from ..call import Call
from ..lists import items
from ..lists.listing import Listing, Row
from ..lists.rows import action, folder, next_page
from ..words.strings import Text, counted, language, text

ICON = "DefaultSets.png"


def selections(_call: Call) -> Listing:
    """Those with works that may be shown here."""
    who = viewer.now()
    with catalogue.store() as store:
        held = Guides(store, who.country, who.level).selections()
    return Listing(tuple(_row(each, works) for each, works in held), text(Text.SELECTIONS))


def selection(call: Call) -> Listing:
    """The works of one. Raises UnknownGuide."""
    who = viewer.now()
    with catalogue.store() as store:
        guides = Guides(store, who.country, who.level)
        found = guides.selection(call.text("id"))
        page = guides.chosen(found, call.page)
    rows = items.rows(page.works, who.country)
    if page.more:
        rows.append(next_page(page.number + 1, address.selection(found.id, page.number + 1)))
    top = [_about(found)] if page.number == 1 else []
    return Listing((*top, *rows), found.title(language()), "movies", rated=items.rated(page.works))


def _row(found: Selection, works: int) -> Row:
    label, url = counted(found.title(language()), works), address.selection(found.id)
    words = "\n\n".join(part for part in (_by(found), found.words(language())) if part)
    return folder(label, url, found.poster or ICON, words, fanart=found.fanart)


def _about(found: Selection) -> Row:
    """The first row: whose list it is, and what they say."""
    label = _by(found) or text(Text.ABOUT, name=found.title(language()))
    url, words = address.selection_words(found.id), found.words(language())
    return action(label, url, found.poster or ICON, words, top=True)


def _by(found: Selection) -> str:
    return text(Text.SELECTED_BY, name=found.by) if found.by else ""
