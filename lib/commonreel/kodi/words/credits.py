# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has made a work, and the ways to their pages."""

from __future__ import annotations

from typing import Iterable, Mapping

from ...catalog.guides import Guides
from ...works.folding import folded
from ...works.guide import Maker
from ...works.work import Work
from .. import address, catalogue
from .strings import language


def known(works: Iterable[Work]) -> Mapping[str, Maker]:
    """Those of their makers that have a record, by id."""
    ids = {id for work in works for id in work.maker}
    if not ids:
        return {}
    with catalogue.store() as store:
        return Guides(store).known(ids)


def of(work: Work, known: Mapping[str, Maker]) -> list[tuple[str, str]]:
    """(name, way to the page) of each of its makers, and of each director who is none of them."""
    makers = [known[id] for id in work.maker if id in known]
    told = {folded(name) for each in makers for name in each.name.values()}
    alone = {folded(name): name for name in work.director}
    return [
        *((each.title(language()), address.open_maker(each.id)) for each in makers),
        *((name, address.open_maker(name=key)) for key, name in alone.items() if key not in told),
    ]
