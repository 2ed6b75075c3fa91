# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a maker: its portrait, its words and its links, if it has a record, and its works."""

from __future__ import annotations

from ...catalog.guides import Guides
from ...works import giving
from ...works.guide import Maker
from ...works.query import Facet
from .. import address, catalogue, viewer, windows
from ..call import Call
from ..lists import items
from ..lists.listing import Listing, Row
from ..lists.rows import action, next_page
from ..words.strings import Text, language, text
from .makers import ICON


def page(call: Call) -> Listing:
    """Raises UnknownGuide."""
    who, id, name = viewer.now(), call.text("id"), call.text("name")
    top: list[Row] = []
    with catalogue.store() as store:
        guides = Guides(store, who.country, who.level)
        if id:
            found = guides.maker(id)
            title, top = found.title(language()), _about(found)
        else:
            title = guides.spelled(name)
        made = guides.made(Facet("by", id) if id else Facet("maker", name), call.page)
    rows = items.rows(made.works, who.country)
    if made.more:
        rows.append(next_page(made.number + 1, address.maker(id, name, made.number + 1)))
    shown = (*(top if made.number == 1 else ()), *rows)
    return Listing(shown, title, content="movies", rated=items.rated(made.works))


def open_page(call: Call) -> None:
    """Go to it."""
    windows.go_to(address.maker(call.text("id"), call.text("name")))


def _about(found: Maker) -> list[Row]:
    """What stands above its works."""
    name = found.title(language())
    portrait, words = found.portrait or ICON, found.words(language())
    rows = [action(text(Text.ABOUT, name=name), address.maker_words(found.id), portrait, words, top=True)]
    if giving.shown(found):
        url, note = address.support_maker(found.id), text(Text.SUPPORT_NOTE)
        rows.append(action(text(Text.SUPPORT_NAME, name=name), url, "DefaultArtist.png", note, top=True))
    if found.visitable:
        spoken = "\n".join(map(giving.spoken, found.visitable))
        url = address.maker_links(found.id)
        rows.append(action(text(Text.LINKS), url, "DefaultNetwork.png", spoken, top=True))
    return rows
