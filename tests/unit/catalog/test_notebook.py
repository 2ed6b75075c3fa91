# SPDX-License-Identifier: GPL-3.0-or-later
"""What a small file of this device's own does while somebody else writes to it."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, contextmanager

import pytest

from commonreel.catalog.history import History

LATE = 3.0  # seconds: earlier than it would give up by itself


@pytest.fixture
def history(tmp_path):
    history = History(tmp_path / "history.db")
    history.enlist("ia:Cops")
    return history


@contextmanager
def written(path):
    """Somebody writes to it, for long."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield other
        other.rollback()


def test_it_waits_for_who_writes(history, tmp_path):
    with written(tmp_path / "history.db") as other:
        release = threading.Timer(0.3, other.rollback)
        release.start()
        assert history.listed() == ["ia:Cops"]
        release.join()


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_in_a_hurry_it_waits_for_nobody(history, tmp_path, when):
    began = time.monotonic()
    with written(tmp_path / "history.db"):
        hurry = threading.Timer(0.0 if when == "before" else 0.3, history.hurry)
        hurry.start()
        if when == "before":
            hurry.join()
        assert history.listed() == []
        hurry.join()
    assert time.monotonic() - began < LATE
    assert history.listed() == ["ia:Cops"]
