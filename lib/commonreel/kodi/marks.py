# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known here of works, and what the viewer has done with them, for the rows of a list: looked up
once for all of them."""

from __future__ import annotations

import logging
from typing import Collection, Mapping, NamedTuple

from ..catalog.health import Health
from ..catalog.holdings import Holdings
from ..works.errors import ServiceUnavailable
from ..works.guide import Maker
from ..works.work import Work
from . import catalogue, credits, health, paths

log = logging.getLogger(__name__)


class Marks(NamedTuple):
    """By the ids of works."""

    in_library: Collection[str] = ()
    listed: Collection[str] = ()  # on the viewer's own list
    begun: bool = False  # all of them were begun and not finished
    health: Mapping[str, Health] = {}  # how they came when they were last asked for
    makers: Mapping[str, Maker] = {}  # those that have a record, by their own ids


def of(works: Collection[Work], begun: bool) -> Marks:
    with catalogue.history() as history:
        listed = history.listed()
    return Marks(_in_library(works), frozenset(listed), begun, health.known(works), credits.known(works))


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
