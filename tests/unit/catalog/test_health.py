# SPDX-License-Identifier: GPL-3.0-or-later
"""What is remembered of how films came."""

from __future__ import annotations

import pytest

from commonreel.catalog import health
from commonreel.catalog.health import FRESH_SECONDS, Health, HealthBook

NOW = 1e9


@pytest.fixture
def book(tmp_path):
    return HealthBook(tmp_path / "profile" / "health.db")


def test_nothing_is_known_at_first_and_asking_makes_no_file(book, tmp_path):
    assert book.known(["a"], NOW) == {}
    assert list(tmp_path.iterdir()) == []


def test_what_was_noted_last_is_known(book):
    book.note("a", Health(3, 9.5), NOW)
    book.note("a", Health(12, 4.25), NOW + 1)
    book.note("b", Health(0, 1.0), NOW)
    assert book.known(["a", "b", "c"], NOW + 2) == {"a": Health(12, 4.25), "b": Health(0, 1.0)}
    assert book.known([], NOW) == {}


def test_what_is_old_says_nothing_of_today(book):
    book.note("a", Health(3, 9.5), NOW)
    assert book.known(["a"], NOW + FRESH_SECONDS - 1)
    assert not book.known(["a"], NOW + FRESH_SECONDS + 1)


def test_the_oldest_go(book, monkeypatch):
    monkeypatch.setattr(health, "AT_MOST", 2)
    for n, work in enumerate("abc"):
        book.note(work, Health(n, 1.0), NOW + n)
    assert set(book.known(list("abc"), NOW + 3)) == {"b", "c"}


def test_a_damaged_file_is_set_aside(book, tmp_path):
    file = tmp_path / "profile" / "health.db"
    file.parent.mkdir()
    file.write_bytes(b"no database at all, but long enough to be looked at" * 50)
    assert book.known(["a"], NOW) == {}
    assert (file.parent / "health.db.damaged").is_file()
    book.note("a", Health(1, 2.0), NOW)
    assert book.known(["a"], NOW) == {"a": Health(1, 2.0)}


def test_a_folder_in_its_place_is_no_reason_to_fail(book, tmp_path):
    (tmp_path / "profile" / "health.db").mkdir(parents=True)
    book.note("a", Health(1, 2.0), NOW)
    assert book.known(["a"], NOW) == {}
