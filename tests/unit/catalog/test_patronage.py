# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept for others, and the tally."""

from __future__ import annotations

import pytest

from commonreel.catalog.patronage import Kept, Patronage, Tally


@pytest.fixture
def patronage(tmp_path):
    return Patronage(tmp_path / "patronage.db")


def test_a_work_comes_is_whole_and_goes(patronage, tmp_path):
    patronage.keep("ia:Cops", 100, 2, 1.5)
    assert patronage.kept() == [Kept("ia:Cops", 100, 2, 1.5)]
    patronage.came("ia:Cops", "aa" * 20, 101)
    patronage.is_whole("ia:Cops")
    patronage.has_seeds("ia:Cops", 7)
    again = Patronage(tmp_path / "patronage.db")
    assert again.kept() == [Kept("ia:Cops", 101, 7, 1.5, "aa" * 20, whole=True)]
    again.leave("ia:Cops")
    assert patronage.kept() == []


def test_what_the_viewer_refused_is_remembered(patronage):
    patronage.keep("ia:Cops", 100, 2, 1.5)
    patronage.came("ia:Cops", "aa" * 20, 100)
    patronage.refuse("ia:Cops")
    assert patronage.kept() == []
    assert [each.info_hash for each in patronage.unwanted()] == ["aa" * 20]
    patronage.gone("ia:Cops")
    patronage.leave("ia:Cops")
    assert [(each.work, each.info_hash) for each in patronage.unwanted()] == [("ia:Cops", "")]


def test_the_tally(patronage):
    assert patronage.tally("2026-11-25") == Tally(0, 0, 0)
    patronage.gave({"a": 5}, "2026-09-30")
    patronage.gave({"a": 10, "b": 1}, "2026-10-31")
    patronage.gave({"a": 100}, "2026-11-01")
    patronage.gave({"a": 1000, "b": 30}, "2026-11-25")
    patronage.gave({"b": 70}, "2026-11-25")
    assert patronage.tally("2026-11-25") == Tally(1100, 1200, 1216)
    assert patronage.given() == {"a": 1115, "b": 101}
    assert patronage.tally("2026-12-01") == Tally(0, 0, 1216)


def test_days_of_the_past_are_kept_as_a_sum_only(patronage):
    for day in ("2026-09-01", "2026-09-02", "2026-10-01", "2026-11-01"):
        patronage.gave({"a": 1}, day)
    rows = patronage._do(("SELECT day, bytes FROM given ORDER BY day", ()))
    assert rows == [("", 3), ("2026-11-01", 1)]


def test_a_damaged_file_is_set_aside(patronage, tmp_path):
    (tmp_path / "patronage.db").write_bytes(b"no database" * 100)
    assert patronage.kept() == []
    patronage.keep("a", 1, 0, 0.0)
    assert [each.work for each in patronage.kept()] == ["a"]


def test_when_it_was_last_looked(patronage):
    assert patronage.looked() == 0.0
    patronage.looks(5.0)
    patronage.looks(7.5)
    assert patronage.looked() == 7.5
