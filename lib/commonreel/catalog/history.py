# SPDX-License-Identifier: GPL-3.0-or-later
"""What this device remembers by itself: searches, and which torrent was found at which address.

A file of its own, see notebook.py.
"""

from __future__ import annotations

from types import TracebackType

from .folding import storable
from .notebook import Notebook

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


class History(Notebook):
    """Searches, and torrents seen."""

    tables = _TABLES

    def __enter__(self) -> History:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open; there for the sake of `with`."""

    def searches(self) -> list[str]:
        """What was searched for, the newest first, at most MAX_SEARCHES."""
        return [str(text) for (text,) in self._do((_SEARCHES, ()))]

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
        found = self._do((_SEEN, (storable(address),)))
        return str(found[0][0]) if found else ""

    def saw_torrent(self, address: str, info_hash: str) -> None:
        """Remember the info hash of the torrent at that address, in the place of an older one."""
        self._do((_SAW, (storable(address), info_hash)))


def _kept(text: str) -> str:
    return storable(text.strip()[:MAX_TEXT])
