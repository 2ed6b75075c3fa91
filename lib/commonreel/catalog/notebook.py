# SPDX-License-Identifier: GPL-3.0-or-later
"""A small file of what this device remembers by itself; the catalogue's is made anew now and then.

It is a convenience: trouble with it is logged, and answered as if nothing were remembered. A damaged file
is set aside.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any, List, Tuple

from . import database

Statement = Tuple[str, Tuple[object, ...]]  # SQL and its values
Rows = List[Tuple[Any, ...]]

PAUSE = 0.05  # seconds between two looks whether another has done writing

_log = logging.getLogger(__name__)


class Notebook:
    """Read and written by plugin calls and by the service at once, from any thread.

    It holds no file open between calls.
    """

    tables = ""  # the statements that make them, where they are not there

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hurried = threading.Event()

    def hurry(self) -> None:
        """From now on wait for nobody else who writes to it; who waits now, in any thread, gives up."""
        self._hurried.set()

    def _do(self, *statements: Statement) -> Rows:
        """Run the statements in one transaction; the rows of the last one."""
        try:
            return self._run_in_turn(statements)
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

    def _run_in_turn(self, statements: tuple[Statement, ...]) -> Rows:
        """SQLite could wait by itself, but nobody could end that."""
        until = time.monotonic() + database.BUSY_TIMEOUT
        while True:
            try:
                return self._run(statements)
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until or self._hurried.wait(PAUSE):
                    raise

    def _run(self, statements: tuple[Statement, ...]) -> Rows:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with closing(database.connect(self._path, writable=True, patience=0.0)) as connection:
            connection.executescript(self.tables)
            rows: Rows = []
            with connection:
                connection.execute("BEGIN")
                for sql, values in statements:
                    rows = list(connection.execute(sql, values))
        return rows
