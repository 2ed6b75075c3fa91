# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers: all of them, and the page of one, with its portrait, its words, its works and its links.

Who has a record is known by its id; of everybody else works have the name alone.
"""

from __future__ import annotations

from ..catalog.folding import folded
from ..catalog.guides import Guides
from ..catalog.store import Store
from ..works import giving, links
from ..works.guide import Maker
from ..works.query import Facet, Shelf
from . import address, catalogue, items, scan, viewer
from .call import Call
from .listing import MANY, Listing, Row, action, folder, next_page
from .strings import Text, counted, language, text
from .viewer import Viewer

ICON = "DefaultDirector.png"


def shelf(prefix: str = "") -> Listing:
    """All makers; where they are many, the first letters of their names, or those whose name begins so."""
    who = viewer.now()
    with catalogue.store() as store:
        known, named = _held(store, who, prefix, MANY + 1)
        few = len(known) + len(named) <= MANY
        rows = _rows(known, named) if few else _letters(store, who, prefix)
    return Listing(tuple(rows), " · ".join([text(Text.MAKERS), *([prefix.title()] if prefix else [])]))


def count(store: Store, who: Viewer, most: int) -> int:
    """How many there are; at least so many, where there are."""
    known, named = _held(store, who, "", most)
    return len(known) + len(named)


def maker(call: Call) -> Listing:
    """The page of one. Raises UnknownGuide."""
    who, id, name = viewer.now(), call.text("id"), call.text("name")
    top: list[Row] = []
    with catalogue.store() as store:
        guides = Guides(store, *who)
        if id:
            found = guides.maker(id)
            title, top = found.title(language()), _about(found)
        else:
            title = guides.spelled(name)
        page = guides.made(Facet("by", id) if id else Facet("maker", name), call.page)
    rows = items.rows(page.works, who.country)
    if page.more:
        rows.append(next_page(page.number + 1, address.maker(id, name, page.number + 1)))
    return Listing((*(top if page.number == 1 else ()), *rows), title, content="movies")


def show_links(call: Call) -> None:
    """Where a maker is on the web, as codes to scan. Raises UnknownGuide."""
    with catalogue.store() as store:
        found = Guides(store).maker(call.text("id"))
    scan.show([
        scan.Card(
            address=each,
            spoken=giving.spoken(each),
            heading=text(Text.LINKS),
            name=found.title(language()),
            about="",
            notes=(text(Text.LINKS_NOTE),),
        )
        for each in _plain(found)
    ])  # fmt: skip


def _about(found: Maker) -> list[Row]:
    """What stands above its works."""
    name = found.title(language())
    portrait, words = found.portrait or ICON, found.words(language())
    rows = [action(text(Text.ABOUT, name=name), address.maker_words(found.id), portrait, words, top=True)]
    if giving.shown(found):
        url, note = address.support_maker(found.id), text(Text.SUPPORT_NOTE)
        rows.append(action(text(Text.SUPPORT_NAME, name=name), url, "DefaultArtist.png", note, top=True))
    if _plain(found):
        spoken = "\n".join(map(giving.spoken, _plain(found)))
        url = address.maker_links(found.id)
        rows.append(action(text(Text.LINKS), url, "DefaultNetwork.png", spoken, top=True))
    return rows


def _plain(found: Maker) -> list[str]:
    """Those of its addresses that hide nothing of where they lead."""
    return [each for each in found.addresses if links.payee(each)]


def _held(store: Store, who: Viewer, prefix: str, most: int) -> tuple[list[tuple[Maker, int]], list[Shelf]]:
    """Makers with a record, and names of directors; not one all of whose films are such a maker's."""
    named = store.shelves("maker", who.asks(), prefix, most)
    known = Guides(store, *who).makers(prefix, most) if len(named) < most else []
    ids = {folded(each.title()): each.id for each, _ in known}
    return known, [each for each in named if not _told(store, who, each, ids.get(each.value, ""))]


def _told(store: Store, who: Viewer, name: Shelf, id: str) -> bool:
    """Whether all films of that name are that maker's."""
    both = (Facet("maker", name.value), Facet("by", id))
    return bool(id) and store.count(who.asks(facets=both)) == name.works


def _rows(known: list[tuple[Maker, int]], named: list[Shelf]) -> list[Row]:
    """By name."""
    rows = [(each.name, _row(each.name, each.works, address.maker(name=each.value))) for each in named]
    for each, works in known:
        name, words = each.title(language()), each.words(language())
        rows.append((name, _row(name, works, address.maker(each.id), each.portrait, words)))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0].casefold())]


def _row(name: str, works: int, url: str, portrait: str = "", words: str = "") -> Row:
    return folder(counted(name, works), url, portrait or ICON, words)


def _letters(store: Store, who: Viewer, prefix: str) -> list[Row]:
    found = {*store.prefixes("maker", who.asks(), prefix), *Guides(store, *who).prefixes(prefix)}
    return [folder(each.title() + "…", address.shelves("maker", each), ICON) for each in sorted(found)]
