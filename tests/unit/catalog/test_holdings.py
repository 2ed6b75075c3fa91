# SPDX-License-Identifier: GPL-3.0-or-later
"""The account of the library."""

from __future__ import annotations

import sqlite3

import pytest

from commonreel.catalog import holdings as module
from commonreel.catalog.holdings import EVERYTHING, Holdings
from commonreel.works.errors import ServiceUnavailable
from commonreel.works.work import PartOf
from lab.few_works import OPEN

SERIES = OPEN._replace(id="s", type="TVSeries", encoding=())
EPISODES = [OPEN._replace(id="e%d" % n, type="TVEpisode", part_of=PartOf("s", 1, n)) for n in (1, 2)]


def film(id):
    return OPEN._replace(id=id)


def films(*ids):
    return [film(id) for id in ids]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profile" / "library.db"


@pytest.fixture
def holdings(path):
    with Holdings(path) as holdings:
        yield holdings


def test_nothing_is_wanted_at_first(holdings):
    assert holdings.wanted(films("a", "b")) == set()
    assert not holdings.everything


def test_what_is_left_out_of_everything_stays_out_until_everything_is_asked_for_again(holdings):
    holdings.want(film("a"))
    holdings.want_everything()
    holdings.want(film("b"), False)
    assert holdings.wanted(films("a", "b", "c")) == {"a", "c"}
    holdings.want_everything()
    assert holdings.wanted(films("a", "b", "c")) == {"a", "b", "c"}
    holdings.want_nothing()
    assert holdings.wanted(films("a", "b", "c")) == set()


def test_a_wish_that_changes_while_it_is_seen_to_is_not_settled(holdings):
    holdings.want(film("a"))
    assert holdings.unsettled() == [("a", True)]
    holdings.want(film("a"), False)
    holdings.settled("a", True)
    assert holdings.unsettled() == [("a", False)]
    holdings.settled("a", False)
    holdings.want_everything()
    assert holdings.unsettled() == [(EVERYTHING, True)]


def test_a_series_is_wanted_with_its_episodes_whatever_was_said_of_them_before(holdings):
    holdings.want(EPISODES[0], False)
    holdings.want(SERIES)
    assert holdings.wanted([SERIES, *EPISODES]) == {"s", "e1", "e2"}
    assert holdings.series() == ["s"]
    holdings.want(EPISODES[1], False)
    assert holdings.wanted([SERIES, *EPISODES]) == {"s", "e1"}
    holdings.want(EPISODES[0])
    holdings.want(SERIES, False)
    assert holdings.wanted([SERIES, *EPISODES]) == set()
    assert holdings.series() == []


def test_all_films_are_films(holdings):
    holdings.want_everything()
    assert holdings.wanted([film("a"), SERIES, *EPISODES]) == {"a"}
    holdings.want(EPISODES[0])
    for work in (film("a"), SERIES, EPISODES[0]):
        holdings.written("%s.nfo" % work.id, work, "digest")
    assert holdings.count() == (1, 1)
    assert holdings.page(10, 0) == ["a", "s"]
    holdings.want_what_is_there()
    assert holdings.wanted([film("a"), film("b"), SERIES, *EPISODES]) == {"a", "e1"}


def test_two_read_and_write_at_once(holdings, path):
    with Holdings(path) as other:
        other.want(film("a"))
        assert holdings.wanted(films("a")) == {"a"}
        holdings.want(film("b"))
        assert other.wanted(films("a", "b")) == {"a", "b"}


def test_ids_that_are_no_text_for_sqlite(holdings):
    holdings.want(film("a\udc80"))
    assert holdings.wanted(films("a\udc80")) == {"a\udc80"}
    assert holdings.files("a\udc80") == []


@pytest.mark.parametrize("content", [b"no database at all" * 100, b"SQLite format 3\0" + b"x" * 4096])
def test_a_damaged_one_is_set_aside(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    with Holdings(path) as holdings:
        holdings.want(film("a"))
        assert holdings.wanted(films("a")) == {"a"}
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
        waiting.want(film("a"))
    other.close()
