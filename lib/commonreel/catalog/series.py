# SPDX-License-Identifier: GPL-3.0-or-later
"""Seasons and episodes, as SQL: what a series holds, and what comes next in it."""

from __future__ import annotations

import sqlite3

from ..works.folding import storable
from ..works.parental import Level
from ..works.work import PartOf
from . import reach

_SEASONS = """
SELECT season, count(*) FROM work
WHERE shown = 1 AND series = :series AND series != '' AND episode > 0
    AND reach IN ({open})
GROUP BY season ORDER BY season = 0, season
"""
_SEASON = (
    "SELECT key FROM work WHERE shown = 1 AND series = ? AND series != '' AND season = ? AND episode = 0"
)
_EPISODES = """
SELECT key FROM work
WHERE shown = 1 AND series = :series AND series != '' AND season = :season AND episode > 0
    AND reach IN ({open})
ORDER BY episode, id
"""
# Specials are outside of the order: from one it goes on to the next, and from the last nowhere.
_NEXT = """
SELECT key FROM work
WHERE shown = 1 AND series = :series AND series != '' AND (season > 0) = (:season > 0)
    AND (season = :season AND episode > :episode OR season > :season AND episode > 0)
    AND reach IN ({open})
ORDER BY season, episode, id LIMIT 1
"""


def seasons(view: sqlite3.Connection, series: str, country: str, level: Level) -> list[tuple[int, int]]:
    """(season, episodes) of a series, the specials last."""
    return list(
        view.execute(
            _SEASONS.format(open=reach.OPEN), {"series": storable(series), **reach.viewer(country, level)}
        )
    )


def season(view: sqlite3.Connection, series: str, number: int) -> int | None:
    """The key of a season itself."""
    return _first(view.execute(_SEASON, (storable(series), number)))


def episodes(view: sqlite3.Connection, series: str, season: int, country: str, level: Level) -> list[int]:
    """The keys of a season's episodes, in order."""
    values = {"series": storable(series), "season": season, **reach.viewer(country, level)}
    return [int(key) for (key,) in view.execute(_EPISODES.format(open=reach.OPEN), values)]


def next_episode(view: sqlite3.Connection, part: PartOf, country: str, level: Level) -> int | None:
    """The key of what follows an episode."""
    return _first(
        view.execute(_NEXT.format(open=reach.OPEN), {**part._asdict(), **reach.viewer(country, level)})
    )


def _first(found: sqlite3.Cursor) -> int | None:
    row = found.fetchone()
    return int(row[0]) if row else None
