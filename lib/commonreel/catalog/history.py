# SPDX-License-Identifier: GPL-3.0-or-later
"""What this device remembers by itself: searches, works begun, seen, or put on the viewer's list, which of a
work's encodings was chosen, and which torrent was found at which address.

A file of its own, see notebook.py.
"""

from __future__ import annotations

from types import TracebackType

from ..works.folding import storable
from .notebook import Notebook

MAX_SEARCHES = 50
MAX_TEXT = 200  # characters of a search
MAX_BEGUN = 50
MAX_LISTED = 500
MAX_SEEN = 200
MAX_CHOSEN = 500

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
CREATE TABLE IF NOT EXISTS begun (
    key INTEGER PRIMARY KEY,            -- grows, here and below
    id TEXT NOT NULL UNIQUE,
    series TEXT NOT NULL                -- of an episode, '' for none
);
CREATE TABLE IF NOT EXISTS listed (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS seen (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE
);
CREATE TABLE IF NOT EXISTS chosen (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    encoding TEXT NOT NULL              -- what names it, see works.work.Encoding.key
);
"""
_SEARCHES = "SELECT text FROM search ORDER BY key DESC"
_SEARCHED = "INSERT OR REPLACE INTO search (casefolded, text) VALUES (?, ?)"
_TRIM = "DELETE FROM search WHERE key NOT IN (SELECT key FROM search ORDER BY key DESC LIMIT ?)"
_FORGET = "DELETE FROM search WHERE casefolded = ? OR ? = ''"
_TORRENT = "SELECT info_hash FROM torrent WHERE address = ?"
_SAW_TORRENT = "INSERT OR REPLACE INTO torrent (address, info_hash) VALUES (?, ?)"
_BEGUN = "SELECT id FROM begun ORDER BY key DESC LIMIT ?"
_BEGAN = "INSERT INTO begun (id, series) VALUES (?, ?)"
_END = "DELETE FROM begun WHERE id = ? OR (series = ? AND series <> '')"
_TRIM_BEGUN = "DELETE FROM begun WHERE key NOT IN (SELECT key FROM begun ORDER BY key DESC LIMIT ?)"
_LISTED = "SELECT id FROM listed ORDER BY key DESC"
_LIST = "INSERT OR REPLACE INTO listed (id) VALUES (?)"
_UNLIST = "DELETE FROM listed WHERE id = ?"
_TRIM_LISTED = "DELETE FROM listed WHERE key NOT IN (SELECT key FROM listed ORDER BY key DESC LIMIT ?)"
_SEEN = "SELECT id FROM seen ORDER BY key DESC"
_SAW = "INSERT OR REPLACE INTO seen (id) VALUES (?)"
_FORGET_SEEN = "DELETE FROM seen WHERE id = ? OR ? = ''"
_TRIM_SEEN = "DELETE FROM seen WHERE key NOT IN (SELECT key FROM seen ORDER BY key DESC LIMIT ?)"
_CHOSEN = "SELECT id, encoding FROM chosen"
_CHOOSE = "INSERT OR REPLACE INTO chosen (id, encoding) VALUES (?, ?)"
_UNCHOOSE = "DELETE FROM chosen WHERE id = ?"
_TRIM_CHOSEN = "DELETE FROM chosen WHERE key NOT IN (SELECT key FROM chosen ORDER BY key DESC LIMIT ?)"


class History(Notebook):
    """Searches, works begun, seen and listed, encodings chosen, and torrents seen."""

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
        found = self._do((_TORRENT, (storable(address),)))
        return str(found[0][0]) if found else ""

    def saw_torrent(self, address: str, info_hash: str) -> None:
        """Remember the info hash of the torrent at that address, in the place of an older one."""
        self._do((_SAW_TORRENT, (storable(address), info_hash)))

    def begun(self, limit: int = MAX_BEGUN) -> list[str]:
        """The ids of works that were begun and not finished, the latest first."""
        return [str(id) for (id,) in self._do((_BEGUN, (limit,)))]

    def began(self, work: str, series: str = "") -> None:
        """Remember a work as begun. Of a series only the episode that was begun last is remembered."""
        work, series = storable(work), storable(series)
        self._do((_END, (work, series)), (_BEGAN, (work, series)), (_TRIM_BEGUN, (MAX_BEGUN,)))

    def ended(self, work: str) -> None:
        """It is begun no more: seen to its end, or to be forgotten."""
        self._do((_END, (storable(work), "")))

    def listed(self) -> list[str]:
        """The ids of the works on the viewer's list, the latest first, at most MAX_LISTED."""
        return [str(id) for (id,) in self._do((_LISTED, ()))]

    def enlist(self, work: str) -> None:
        """Put a work on top of the viewer's list."""
        self._do((_LIST, (storable(work),)), (_TRIM_LISTED, (MAX_LISTED,)))

    def unlist(self, work: str) -> None:
        """Take a work off the viewer's list."""
        self._do((_UNLIST, (storable(work),)))

    def seen(self) -> list[str]:
        """The ids of the works that were seen to their end, the latest first, at most MAX_SEEN."""
        return [str(id) for (id,) in self._do((_SEEN, ()))]

    def saw(self, work: str) -> None:
        """Remember a work as seen."""
        self._do((_SAW, (storable(work),)), (_TRIM_SEEN, (MAX_SEEN,)))

    def forget_seen(self, work: str = "") -> None:
        """Forget that one work was seen, or all."""
        self._do((_FORGET_SEEN, (storable(work), storable(work))))

    def chosen(self) -> dict[str, str]:
        """What names the encoding that was chosen for a work, by the work's id; of the last MAX_CHOSEN."""
        return {str(id): str(encoding) for id, encoding in self._do((_CHOSEN, ()))}

    def choose(self, work: str, encoding: str) -> None:
        """Remember which encoding was chosen for a work; '' is none."""
        work = storable(work)
        if encoding:
            self._do((_CHOOSE, (work, storable(encoding))), (_TRIM_CHOSEN, (MAX_CHOSEN,)))
        else:
            self._do((_UNCHOOSE, (work,)))


def _kept(text: str) -> str:
    return storable(text.strip()[:MAX_TEXT])
