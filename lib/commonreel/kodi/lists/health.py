# SPDX-License-Identifier: GPL-3.0-or-later
"""How a film came when it was last asked for: remembered, told in its row, and tried on demand."""

from __future__ import annotations

import time
from typing import Any, Collection, Mapping

from ...catalog.health import Health, HealthBook
from ...works.work import Encoding, Work
from .. import paths
from ..words.duration import about
from ..words.strings import Text, text


def note(work: Work, encoding: Encoding, ready: Mapping[str, Any], seconds: float) -> None:
    """Remember a stream's status when it was ready, `seconds` after it was asked for."""
    came = Health(int(ready.get("seeds") or 0), seconds)
    for name in (work.id, encoding.key) if len(work.encoding) > 1 else (work.id,):
        _book().note(name, came, time.time())


def known(works: Collection[Work]) -> Mapping[str, Health]:
    """What is remembered of these works, by their ids."""
    return _book().known([work.id for work in works], time.time())


def known_encodings(work: Work) -> Mapping[str, Health]:
    """What is remembered of a work's encodings, by their keys."""
    return _book().known([each.key for each in work.encoding], time.time())


def words(health: Health | None) -> list[str]:
    """'shared by 12', 'starts in about 4 s'; nothing where nothing is known."""
    if health is None:
        return []
    shared = [text(Text.SHARED_BY, seeds=health.seeds)] if health.seeds else []
    return [*shared, text(Text.STARTS_IN, time=about(health.seconds))]


def _book() -> HealthBook:
    return HealthBook(paths.profile() / "health.db")
