# SPDX-License-Identifier: GPL-3.0-or-later
"""What the viewer has done with works, for the rows of a list: looked up once for all of them."""

from __future__ import annotations

import logging
from typing import Collection, NamedTuple

from ..catalog.holdings import Holdings
from ..works.errors import ServiceUnavailable
from ..works.work import Work
from . import catalogue, paths

log = logging.getLogger(__name__)


class Marks(NamedTuple):
    """Ids of works."""

    in_library: Collection[str] = ()
    listed: Collection[str] = ()  # on the viewer's own list
    begun: bool = False  # all of them were begun and not finished


def of(works: Collection[Work], begun: bool) -> Marks:
    with catalogue.history() as history:
        listed = history.listed()
    return Marks(_in_library(works), frozenset(listed), begun)


def _in_library(works: Collection[Work]) -> set[str]:
    """Those that are wanted there."""
    if not paths.library_account().exists():
        return set()
    try:
        with Holdings(paths.library_account()) as holdings:
            return holdings.wanted(works)
    except ServiceUnavailable as error:
        log.warning("%s", error)
        return set()
