# SPDX-License-Identifier: GPL-3.0-or-later
"""By what a list of films or series is narrowed: read off its address, and asked for."""

from __future__ import annotations

from typing import Tuple

from ...works.query import FILM, SERIES, Facet, Shelf
from .. import address, catalogue, viewer, windows
from ..api import xbmcgui
from ..call import Call
from ..lists.listing import Row
from ..lists.rows import MANY, action
from ..words import names
from ..words.strings import Text, counted, text

Facets = Tuple[Facet, ...]


def facets(call: Call) -> Facets:
    """Those that the address names."""
    return tuple(Facet(kind, call.text(kind)) for kind in address.FACETS if call.text(kind))


def said(facet: Facet) -> str:
    """A facet in the name of a list. Subtitles say that they are some: a list may be of a language too."""
    name = names.of(facet)
    return text(Text.SUBTITLED, language=name) if facet.kind == "subtitles" else name


def category(whole: Text, narrowed: Facets) -> str:
    """What a list holds, as it is said above it: 'Films · 1920s · Comedy'."""
    return " · ".join([text(whole), *map(said, narrowed)])


def way(url: str) -> Row:
    """The row that asks by what to narrow the list it is in."""
    return action(text(Text.FILTER), url, "DefaultAddonsSearch.png", text(Text.FILTER_HELP), top=True)


def of_films(call: Call) -> None:
    """Ask for one thing to narrow a list of films by, and show what is left."""
    chosen = _ask(facets(call), FILM)
    if chosen is not None:
        newest = call.text("order") == "new"
        windows.go_to(address.films(chosen, newest))


def of_series(call: Call) -> None:
    """… a list of series."""
    chosen = _ask(facets(call), SERIES)
    if chosen is not None:
        windows.go_to(address.series(facets=chosen))


def _ask(now: Facets, form: str) -> Facets | None:
    """By what to narrow the list; None where nothing was chosen."""
    kind = _ask_kind(now, form)
    if kind is None:
        return None
    others = tuple(facet for facet in now if kind and facet.kind != kind)
    return _ask_value(kind, form, others) if kind else others


def _ask_kind(now: Facets, form: str) -> str | None:
    """A kind of facet, '' for none at all, None where nothing was chosen."""
    kinds = _kinds(now, form)
    labels = [_kind(kind, now) for kind in kinds]
    if now:
        kinds = ["", *kinds]
        labels.insert(0, text(Text.NO_FILTER))
    chosen = xbmcgui.Dialog().select(text(Text.FILTER_BY), labels)
    return kinds[chosen] if chosen >= 0 else None


def _kinds(now: Facets, form: str) -> list[str]:
    """By which the list is narrowed already, or can be: something of the kind is said of its works."""
    asked, here = viewer.now().asks(form, now), {facet.kind for facet in now}
    with catalogue.store() as store:
        return [kind for kind in names.KINDS if kind in here or store.shelves(kind, asked, most=1)]


def _kind(kind: str, now: Facets) -> str:
    """With what the list is narrowed to already."""
    name = text(names.KINDS[kind])
    here = next((names.of(facet) for facet in now if facet.kind == kind), "")
    return text(Text.FACT, name=name, found=here) if here else name


def _ask_value(kind: str, form: str, others: Facets) -> Facets | None:
    """The facets with one of that kind, or with none; None where nothing was chosen."""
    asked = viewer.now().asks(form, others)
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
