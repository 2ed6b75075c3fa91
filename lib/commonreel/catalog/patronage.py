# SPDX-License-Identifier: GPL-3.0-or-later
"""What this device keeps for others, and the tally of what it has given them. It never leaves the device."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..works.folding import storable
from .notebook import Notebook

_TABLES = """
CREATE TABLE IF NOT EXISTS kept (
    work TEXT PRIMARY KEY,
    size INTEGER NOT NULL,              -- bytes of its film
    seeds INTEGER NOT NULL,             -- as last heard; -1: nobody has told
    since REAL NOT NULL,                -- seconds since 1970
    info_hash TEXT NOT NULL DEFAULT '', -- of what lies on the disk; '' before anything does
    whole INTEGER NOT NULL DEFAULT 0,   -- all of it has come
    unwanted INTEGER NOT NULL DEFAULT 0 -- the viewer wants it kept no more, and not again
);
CREATE TABLE IF NOT EXISTS given (
    day TEXT NOT NULL,                  -- YYYY-MM-DD, local; '' for all before this month
    work TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (day, work)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS look (
    at REAL NOT NULL                    -- when it was last seen which works are in need
);
"""
_KEPT = "SELECT work, size, seeds, since, info_hash, whole FROM kept WHERE unwanted = ? ORDER BY since, work"
_KEEP = "INSERT OR REPLACE INTO kept (work, size, seeds, since) VALUES (?, ?, ?, ?)"
_CAME = "UPDATE kept SET info_hash = ?, size = ? WHERE work = ?"
_WHOLE = "UPDATE kept SET whole = 1 WHERE work = ?"
_SEEDS = "UPDATE kept SET seeds = ? WHERE work = ?"
_LEAVE = "DELETE FROM kept WHERE work = ? AND unwanted = 0"
_UNWANTED = "UPDATE kept SET unwanted = 1 WHERE work = ?"
_GONE = "UPDATE kept SET info_hash = '', whole = 0 WHERE work = ?"
# What is older than a month is wanted as a sum only.
_FOLD = (
    "INSERT OR REPLACE INTO given SELECT '', work, SUM(bytes) FROM given "
    "WHERE day < ? AND work IN (SELECT work FROM given WHERE day <> '' AND day < ?) GROUP BY work"
)
_FOLDED = "DELETE FROM given WHERE day <> '' AND day < ?"
_GAVE = (
    "INSERT OR REPLACE INTO given VALUES (?, ?, "
    "? + COALESCE((SELECT bytes FROM given WHERE day = ? AND work = ?), 0))"
)
_GIVEN = "SELECT COALESCE(SUM(bytes), 0) FROM given WHERE day >= ?"
_GIVEN_OF = "SELECT work, SUM(bytes) AS total FROM given GROUP BY work ORDER BY total DESC, work"
_LOOKED = "SELECT at FROM look"


@dataclass(frozen=True)
class Kept:
    """A work that is kept for others."""

    work: str  # id
    size: int  # bytes of its film
    seeds: int  # -1 where nobody has told
    since: float  # seconds since 1970
    info_hash: str = ""  # of what lies on the disk
    whole: bool = False


@dataclass(frozen=True)
class Tally:
    """Bytes given to others."""

    today: int
    month: int
    total: int


class Patronage(Notebook):
    """What is kept, what was given, and when it was last seen which works are in need."""

    tables = _TABLES

    def kept(self) -> list[Kept]:
        """The longest kept first."""
        return [_kept(row) for row in self._do((_KEPT, (0,)))]

    def unwanted(self) -> list[Kept]:
        """What the viewer wants to be kept no more."""
        return [_kept(row) for row in self._do((_KEPT, (1,)))]

    def keep(self, work: str, size: int, seeds: int, now: float) -> None:
        """From now on, it is to be fetched and kept."""
        self._do((_KEEP, (storable(work), size, seeds, now)))

    def came(self, work: str, info_hash: str, size: int) -> None:
        """It is being fetched into the cache's folder of that name."""
        self._do((_CAME, (info_hash, size, work)))

    def is_whole(self, work: str) -> None:
        self._do((_WHOLE, (work,)))

    def has_seeds(self, work: str, seeds: int) -> None:
        self._do((_SEEDS, (seeds, work)))

    def leave(self, work: str) -> None:
        """It is kept no more, and may be again."""
        self._do((_LEAVE, (work,)))

    def refuse(self, work: str) -> None:
        """The viewer wants it kept no more, and not again."""
        self._do((_UNWANTED, (work,)))

    def gone(self, work: str) -> None:
        """Nothing of it lies on the disk any more."""
        self._do((_GONE, (work,)))

    def gave(self, given: dict[str, int], day: str) -> None:
        """So many more bytes of each work have been given. `day`: YYYY-MM-DD."""
        month = day[:7]
        added = [(_GAVE, (day, work, count, day, work)) for work, count in given.items()]
        self._do((_FOLD, (month, month)), (_FOLDED, (month,)), *added)

    def tally(self, day: str) -> Tally:
        """As of that day."""
        sums = [self._do((_GIVEN, (since,))) for since in (day, day[:7], "")]
        return Tally(*(int(rows[0][0]) if rows else 0 for rows in sums))

    def given(self) -> dict[str, int]:
        """Work → bytes given in all, the most first."""
        return {str(work): int(total) for work, total in self._do((_GIVEN_OF, ()))}

    def looked(self) -> float:
        """When works in need were last looked for, seconds since 1970; 0.0 for never."""
        return next((float(at) for (at,) in self._do((_LOOKED, ()))), 0.0)

    def looks(self, now: float) -> None:
        self._do(("DELETE FROM look", ()), ("INSERT INTO look VALUES (?)", (now,)))


def _kept(row: tuple[Any, ...]) -> Kept:
    work, size, seeds, since, info_hash, whole = row
    return Kept(work, size, seeds, since, info_hash, bool(whole))
