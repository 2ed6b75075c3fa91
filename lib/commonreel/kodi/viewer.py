# SPDX-License-Identifier: GPL-3.0-or-later
"""Who sits in front of the screen: where, and what the parental level lets them see."""

from __future__ import annotations

from typing import NamedTuple

from ..works.parental import Level
from ..works.query import FILM, Facet, Query
from . import answers
from .screens import parental


class Viewer(NamedTuple):
    country: str  # ISO 3166-1 alpha-2; '' until confirmed
    level: Level
    shares: bool = True  # has said how; an engine on another machine has its own answer

    def asks(self, form: str = FILM, facets: tuple[Facet, ...] = (), newest: bool = False) -> Query:
        """For works that may be shown to them."""
        return Query(country=self.country, level=self.level, form=form, facets=facets, newest=newest)


def now() -> Viewer:
    chosen = answers.read()
    return Viewer(chosen.country, parental.level(), bool(chosen.sharing) or chosen.remote)
