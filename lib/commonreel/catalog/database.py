# SPDX-License-Identifier: GPL-3.0-or-later
"""Opening the SQLite files of this device, telling a damaged one, and setting it aside.

Nothing here opens the file but SQLite itself: on POSIX, closing any other handle of a database drops
the locks that every connection of the same process holds on it (sqlite.org/howtocorrupt.html, 2.2).
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

BUSY_TIMEOUT = 5.0  # seconds to wait for another writer

# Trouble that is not the file's content.
_PASSING = ("locked", "full", "readonly", "unable to open", "interrupted")

_log = logging.getLogger(__name__)


class _Connection(sqlite3.Connection):
    """What SQLite says of a damaged file may quote it, and be no text."""

    def execute(self, *statement: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*statement)
        except UnicodeDecodeError as error:
            raise sqlite3.DatabaseError("told in no text: %s" % error) from error


def connect(path: Path, writable: bool, patience: float = BUSY_TIMEOUT) -> sqlite3.Connection:
    """A connection without implicit transactions. Read-only ones never make the file. `patience`: seconds
    to wait for another writer.

    Raises sqlite3.OperationalError where there is no such file, or no right to it.
    """
    name = quote(os.fsencode(path.absolute().as_posix()))
    if not name.startswith("/"):  # C:/… needs the third slash, //server/share has its two
        name = "/" + name
    mode = "rwc" if writable else "ro"
    address = "file://%s?mode=%s" % (name, mode)
    return sqlite3.connect(address, timeout=patience, isolation_level=None, uri=True, factory=_Connection)


def look(path: Path) -> tuple[tuple[int, ...], ...]:
    """By which it shows that somebody has written to the file, or made it anew. The log beside it counts,
    but not an empty one, which a reader makes."""
    found = []
    for name in (path, path.with_name(path.name + "-wal")):
        with contextlib.suppress(FileNotFoundError):
            stat = name.stat()
            if stat.st_size:
                found.append((stat.st_ino, stat.st_mtime_ns, stat.st_size))
    return tuple(found)


def means_damage(error: Exception) -> bool:
    """Whether `error`, met while reading or writing, says that the file's content is broken."""
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, sqlite3.ProgrammingError):
        return False
    return not any(word in str(error) for word in _PASSING)


def set_aside(path: Path) -> None:
    """Rename a damaged file to `<name>.damaged`, over an older one, its -wal and -shm with it.

    Raises OSError where it cannot be moved (on Windows: while somebody has it open).
    """
    names = (path.name + ".damaged" + ("-%d" % n if n else "") for n in count())
    target = next(place for place in map(path.with_name, names) if not place.is_dir())
    _log.warning("%s is set aside as %s", path.name, target.name)
    # The log goes first: SQLite would replay one that is left beside the next, empty database.
    for suffix in ("-wal", "-shm", "-journal", ""):
        part, place = path.with_name(path.name + suffix), target.with_name(target.name + suffix)
        place.unlink(missing_ok=True)
        if part.exists():
            part.replace(place)
