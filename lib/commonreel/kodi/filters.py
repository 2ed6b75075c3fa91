# SPDX-License-Identifier: GPL-3.0-or-later
"""By what a list of films is narrowed: read off its address, and asked for."""

from __future__ import annotations

from ..works.query import Facet, Shelf
from . import address, catalogue, names, viewer
from .api import xbmc, xbmcgui
from .call import Call
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
    with catalogue.store() as store:
        held = store.shelves(kind, viewer.now().asks(facets=others))
    labels = [counted(_name(kind, shelf), shelf.works) for shelf in held]
    order = sorted(
        range(len(held)), key=lambda at: labels[at].casefold() if kind != "decade" else held[at].value
    )
    offered = [text(Text.ANY), *(labels[at] for at in order)]
    chosen = xbmcgui.Dialog().select(text(names.KINDS[kind]), offered)
    if chosen < 0:
        return None
    return (*others, Facet(kind, held[order[chosen - 1]].value)) if chosen else others


def _name(kind: str, shelf: Shelf) -> str:
    return names.of(Facet(kind, shelf.value), shelf.name)
