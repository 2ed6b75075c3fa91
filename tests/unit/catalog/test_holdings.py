# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of the library."""

from __future__ import annotations

import sqlite3

import pytest

from commonreel.catalog import holdings as module
from commonreel.catalog.holdings import EVERYTHING, Holdings
from commonreel.works.errors import ServiceUnavailable


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profile" / "library.db"


@pytest.fixture
def holdings(path):
    with Holdings(path) as holdings:
        yield holdings


def test_nothing_is_wanted_at_first(holdings):
    assert holdings.wanted(["a", "b"]) == set()
    assert not holdings.everything


def test_what_is_left_out_of_everything_stays_out_until_everything_is_asked_for_again(holdings):
    holdings.want("a")
    holdings.want_everything()
    holdings.want("b", False)
    assert holdings.wanted(["a", "b", "c"]) == {"a", "c"}
    holdings.want_everything()
    assert holdings.wanted(["a", "b", "c"]) == {"a", "b", "c"}
    holdings.want_nothing()
    assert holdings.wanted(["a", "b", "c"]) == set()


def test_a_wish_that_changes_while_it_is_seen_to_is_not_settled(holdings):
    holdings.want("a")
    assert holdings.unsettled() == [("a", True)]
    holdings.want("a", False)
    holdings.settled("a", True)
    assert holdings.unsettled() == [("a", False)]
    holdings.settled("a", False)
    holdings.want_everything()
    assert holdings.unsettled() == [(EVERYTHING, True)]


def test_two_read_and_write_at_once(holdings, path):
    with Holdings(path) as other:
        other.want("a")
        assert holdings.wanted(["a"]) == {"a"}
        holdings.want("b")
        assert other.wanted(["a", "b"]) == {"a", "b"}


def test_ids_that_are_no_text_for_sqlite(holdings):
    holdings.want("a\udc80")
    assert holdings.wanted(["a\udc80"]) == {"a\udc80"}
    assert holdings.files("a\udc80") == []


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"x" * 4096])
def test_a_damaged_one_is_set_aside(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with Holdings(path) as holdings:
        holdings.want("a")
        assert holdings.wanted(["a"]) == {"a"}
    assert path.with_name("library.db.damaged").read_bytes() == content


def test_one_that_cannot_be_read(path):
    path.mkdir(parents=True)
    with pytest.raises(ServiceUnavailable):
        Holdings(path)


def test_one_that_somebody_else_writes(path, holdings, monkeypatch):
    monkeypatch.setattr(module.database, "BUSY_TIMEOUT", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Holdings(path) as waiting, pytest.raises(ServiceUnavailable):
        waiting.want("a")
    other.close()
