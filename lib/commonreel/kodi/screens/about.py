# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told over whatever is on the screen: why a work may be watched, and all that the record of a maker
or of a list says."""

from __future__ import annotations

from typing import Iterable

from ...catalog import following
from ...catalog.following import State
from ...catalog.guides import Guides
from ...catalog.store import LOCAL
from ...works.guide import Guide
from .. import catalogue, paths
from ..api import xbmcgui
from ..call import Call
from ..words import credits, reasons
from ..words.strings import Text, language


def work(call: Call) -> None:
    """Raises UnknownWork, WorkWithdrawn."""
    with catalogue.store() as store:
        found = store.work(call.text("id"))
        origin = store.origin(found.id)
    makers = [name for name, _ in credits.of(found, credits.known([found]))]
    page = reasons.page(found, origin == LOCAL, _curator(origin), makers)
    xbmcgui.Dialog().textviewer(reasons.title(found), page)


def maker(call: Call) -> None:
    """Raises UnknownGuide."""
    with catalogue.store() as store:
        guides = Guides(store)
        found = guides.maker(call.text("id"))
        origin = guides.origin(found)
    _tell(found, found.addresses, origin)


def selection(call: Call) -> None:
    """Raises UnknownGuide."""
    with catalogue.store() as store:
        guides = Guides(store)
        found = guides.selection(call.text("id"))
        origin = guides.origin(found)
    _tell(found, [found.url], origin)


def _tell(found: Guide, addresses: Iterable[str], origin: str) -> None:
    """With who has signed it."""
    links = (Text.LINKS, addresses)
    answers = (Text.HEADING_CURATOR, reasons.curator_lines(_curator(origin)))
    page = reasons.told(found.words(language()), links, answers)
    xbmcgui.Dialog().textviewer(found.title(language()), page)


def _curator(origin: str) -> State | None:
    found = following.named(paths.catalogues(), origin)
    return found.state if found else None
