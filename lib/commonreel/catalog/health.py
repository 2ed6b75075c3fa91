# SPDX-License-Identifier: GPL-3.0-or-later
"""What this device remembers of how films came when they were last asked for.

A small file of its own. It is a convenience: trouble with it is logged, and answered as if nothing were
remembered. A damaged file is set aside.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, Sequence

from . import database

AT_MOST = 2000  # works and encodings
AT_ONCE = 500  # asked for in one query
FRESH_SECONDS = 30 * 24 * 3600.0  # after which it says nothing of today

_TABLE = """
CREATE TABLE IF NOT EXISTS health (
    work TEXT PRIMARY KEY,              -- its id, or what names one of its encodings
    seeds INTEGER NOT NULL,
    seconds REAL NOT NULL,
    at REAL NOT NULL                    -- seconds since 1970
)
"""
_NOTE = "INSERT OR REPLACE INTO health (work, seeds, seconds, at) VALUES (?, ?, ?, ?)"
_TRIM = "DELETE FROM health WHERE work NOT IN (SELECT work FROM health ORDER BY at DESC LIMIT ?)"
_KNOWN = "SELECT work, seeds, seconds FROM health WHERE at > ? AND work IN (%s)"

_log = logging.getLogger(__name__)


class Health(NamedTuple):
    """How a film came when it was last asked for."""

    seeds: int  # viewers who had all of it; 0: none, or not known
    seconds: float  # until it was ready


class HealthBook:
    """Read by lists and written by plays, at once. It holds no file open between calls."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, work: str, health: Health, now: float) -> None:
        """Remember how a work, or an encoding, came just now, in the place of what was known before."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(database.connect(self._path, writable=True)) as connection:
                connection.execute(_TABLE)
                connection.execute(_NOTE, (work, health.seeds, health.seconds, now))
                connection.execute(_TRIM, (AT_MOST,))
        except (sqlite3.Error, OSError) as error:
            self._trouble(error)

    def known(self, works: Sequence[str], now: float) -> dict[str, Health]:
        """What is remembered of these works or encodings, and not too old: one query."""
        asked = list(works)[:AT_ONCE]
        if not asked or not self._path.is_file():
            return {}
        query = _KNOWN % ",".join("?" * len(asked))
        try:
            with closing(database.connect(self._path, writable=False)) as connection:
                rows = connection.execute(query, (now - FRESH_SECONDS, *asked)).fetchall()
            return {str(work): Health(int(seeds), float(seconds)) for work, seeds, seconds in rows}
        except (sqlite3.Error, OSError, ValueError, TypeError) as error:
            self._trouble(error)
            return {}

    def _trouble(self, error: Exception) -> None:
        _log.warning("%s: %s", self._path.name, error)
        if database.means_damage(error):
            try:
                database.set_aside(self._path)
            except OSError as stuck:
                _log.warning("%s cannot be set aside: %s", self._path.name, stuck)
