# SPDX-License-Identifier: GPL-3.0-or-later
"""By what a list of films is narrowed: read off its address, and asked for."""

from __future__ import annotations

from ..works.query import Facet, Shelf
from . import address, catalogue, names, viewer
from .api import xbmc, xbmcgui
from .call import Call
from .listing import MANY
from .strings import Text, counted, text


def facets(call: Call) -> tuple[Facet, ...]:
    """Those that the address names."""
    return tuple(Facet(kind, call.text(kind)) for kind in address.FACETS if call.text(kind))


def said(facet: Facet) -> str:
    """A facet in the name of a list. Subtitles say that they are some: a list may be of a language too."""
    name = names.of(facet)
    return text(Text.SUBTITLED, language=name) if facet.kind == "subtitles" else name


def ask(call: Call) -> None:
    """Ask for one thing to narrow the list by, and show what is left."""
    now, newest = facets(call), call.text("order") == "new"
    kind = _ask_kind(now)
    if kind is None:
        return
    others = tuple(facet for facet in now if kind and facet.kind != kind)
    chosen = _ask_value(kind, others) if kind else others
    if chosen is not None:
        xbmc.executebuiltin("Container.Update(%s)" % address.films(chosen, newest))


def _ask_kind(now: tuple[Facet, ...]) -> str | None:
    """A kind of facet, '' for none at all, None where nothing was chosen."""
    kinds = list(names.KINDS)
    labels = [_kind(kind, now) for kind in kinds]
    if now:
        kinds.insert(0, "")
        labels.insert(0, text(Text.NO_FILTER))
    chosen = xbmcgui.Dialog().select(text(Text.FILTER_BY), labels)
    return kinds[chosen] if chosen >= 0 else None


def _kind(kind: str, now: tuple[Facet, ...]) -> str:
    """With what the list is narrowed to already."""
    here = [names.of(facet) for facet in now if facet.kind == kind]
    return ": ".join([text(names.KINDS[kind]), *here])


def _ask_value(kind: str, others: tuple[Facet, ...]) -> tuple[Facet, ...] | None:
    """The facets with one of that kind, or with none; None where nothing was chosen."""
    asked = viewer.now().asks(facets=others)
    prefix = ""
    while True:
        with catalogue.store() as store:
            held = store.shelves(kind, asked, prefix, MANY + 1)
            beginnings = store.prefixes(kind, asked, prefix) if len(held) > MANY else []
        offered = [(each.title() + "…", each) for each in beginnings] or _values(kind, held)
        chosen = xbmcgui.Dialog().select(
            text(names.KINDS[kind]), [text(Text.ANY), *(label for label, _ in offered)]
        )
        if chosen < 0:
            return None
        if not chosen:
            return others
        prefix = offered[chosen - 1][1]
        if not beginnings:
            return (*others, Facet(kind, prefix))


def _values(kind: str, held: list[Shelf]) -> list[tuple[str, str]]:
    """What is shown of each, and its value; decades in their order, everything else by name."""
    found = [(counted(_name(kind, shelf), shelf.works), shelf.value) for shelf in held]
    return found if kind == "decade" else sorted(found, key=lambda pair: pair[0].casefold())


def _name(kind: str, shelf: Shelf) -> str:
    return names.of(Facet(kind, shelf.value), shelf.name)
