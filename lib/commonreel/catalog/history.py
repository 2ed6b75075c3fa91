# SPDX-License-Identifier: GPL-3.0-or-later
"""What this device remembers by itself: searches, and which torrent was found at which address.

A small file of its own, since the catalogue's is made anew now and then. It is a convenience: trouble
with it is logged, and answered as if nothing were remembered. A damaged file is set aside.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Tuple

from . import database
from .folding import storable

MAX_SEARCHES = 50
MAX_TEXT = 200  # characters of a search

_TABLES = """
CREATE TABLE IF NOT EXISTS search (
    key INTEGER PRIMARY KEY,            -- grows: the newest has the greatest
    casefolded TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS torrent (
    address TEXT PRIMARY KEY,
    info_hash TEXT NOT NULL
);
"""
_SEARCHES = "SELECT text FROM search ORDER BY key DESC"
_SEARCHED = "INSERT OR REPLACE INTO search (casefolded, text) VALUES (?, ?)"
_TRIM = "DELETE FROM search WHERE key NOT IN (SELECT key FROM search ORDER BY key DESC LIMIT ?)"
_FORGET = "DELETE FROM search WHERE casefolded = ? OR ? = ''"
_SEEN = "SELECT info_hash FROM torrent WHERE address = ?"
_SAW = "INSERT OR REPLACE INTO torrent (address, info_hash) VALUES (?, ?)"

Statement = Tuple[str, Tuple[object, ...]]  # SQL and its values

_log = logging.getLogger(__name__)


class History:
    """Read and written by plugin calls and by the service at once, from any thread.

    It holds no file open between calls.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open; there for the sake of `with`."""

    def searches(self) -> list[str]:
        """What was searched for, the newest first, at most MAX_SEARCHES."""
        return self._do((_SEARCHES, ()))

    def searched(self, text: str) -> None:
        """Remember a search; one that differs in case only takes the place of the older."""
        text = _kept(text)
        if text:
            self._do((_SEARCHED, (text.casefold(), text)), (_TRIM, (MAX_SEARCHES,)))

    def forget(self, text: str = "") -> None:
        """Forget one search, or all."""
        folded = _kept(text).casefold()
        self._do((_FORGET, (folded, folded)))

    def seen_torrent(self, address: str) -> str:
        """The info hash of the torrent that was first found at that address; '' if none was."""
        return next(iter(self._do((_SEEN, (storable(address),)))), "")

    def saw_torrent(self, address: str, info_hash: str) -> None:
        """Remember the info hash of the torrent at that address, in the place of an older one."""
        self._do((_SAW, (storable(address), info_hash)))

    def _do(self, *statements: Statement) -> list[str]:
        """Run the statements in one transaction; the first column of the last one's rows."""
        try:
            return self._run(statements)
        except (sqlite3.Error, OSError) as error:
            _log.warning("%s: %s", self._path.name, error)
            if not database.means_damage(error) and not self._path.is_dir():
                return []
        try:
            database.set_aside(self._path)
            return self._run(statements)
        except (sqlite3.Error, OSError) as error:
            _log.warning("%s cannot be made anew: %s", self._path.name, error)
            return []

    def _run(self, statements: tuple[Statement, ...]) -> list[str]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(database.connect(self._path, writable=True)) as connection:
            connection.executescript(_TABLES)
            rows: list[str] = []
            with connection:
                connection.execute("BEGIN")
                for sql, values in statements:
                    rows = [str(row[0]) for row in connection.execute(sql, values)]
        return rows


def _kept(text: str) -> str:
    return storable(text.strip()[:MAX_TEXT])
