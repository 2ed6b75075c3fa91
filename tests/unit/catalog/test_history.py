# SPDX-License-Identifier: GPL-3.0-or-later
"""What the device remembers: searches and torrents."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing

import pytest

from commonreel.catalog.history import MAX_BEGUN, MAX_LISTED, MAX_SEARCHES, MAX_TEXT, History


@pytest.fixture
def path(tmp_path):
    return tmp_path / "profile" / "history.db"


@pytest.fixture
def history(path):
    with History(path) as history:
        yield history


def test_nothing_at_first(history):
    assert history.searches() == []
    assert history.seen_torrent("https://example.org/a.torrent") == ""


def test_the_newest_search_comes_first(history, path):
    for text in ("keaton", "  chaplin ", "Méliès"):
        history.searched(text)
    assert history.searches() == ["Méliès", "chaplin", "keaton"]
    assert History(path).searches() == history.searches()


def test_a_search_is_kept_once_whatever_its_case(history):
    for text in ("MÉLIÈS", "keaton", "méliès"):
        history.searched(text)
    assert history.searches() == ["méliès", "keaton"]


def test_at_most_fifty(history):
    for n in range(MAX_SEARCHES + 5):
        history.searched("film %d" % n)
    assert MAX_SEARCHES == 50
    assert history.searches() == ["film %d" % n for n in range(54, 4, -1)]


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_search_is_none(history, text):
    history.searched("keaton")
    history.searched(text)
    assert history.searches() == ["keaton"]


def test_odd_searches(history):
    history.searched("x" * 10_000)
    history.searched("a\udc80")
    history.searched("'; DROP TABLE search; --")
    assert history.searches() == ["'; DROP TABLE search; --", "a?", "x" * MAX_TEXT]


def test_forgetting(history):
    for text in ("one", "Two", "three"):
        history.searched(text)
    history.forget("TWO")
    history.forget("never")
    assert history.searches() == ["three", "one"]
    history.saw_torrent("https://example.org/a.torrent", "a" * 40)
    history.forget()
    assert history.searches() == []
    assert history.seen_torrent("https://example.org/a.torrent") == "a" * 40


def test_the_torrent_of_an_address(history, path):
    history.saw_torrent("https://example.org/a.torrent", "a" * 40)
    history.saw_torrent("https://example.org/b.torrent", "b" * 40)
    assert History(path).seen_torrent("https://example.org/a.torrent") == "a" * 40
    history.saw_torrent("https://example.org/a.torrent", "c" * 40)
    assert history.seen_torrent("https://example.org/a.torrent") == "c" * 40
    assert history.seen_torrent("https://example.org/b.torrent") == "b" * 40


def test_what_was_begun_last_comes_first(history, path):
    for work in ("ia:a", "ia:b", "ia:a"):
        history.began(work)
    assert history.begun() == ["ia:a", "ia:b"]
    assert history.begun(1) == ["ia:a"]
    assert History(path).begun() == history.begun()


def test_what_was_seen_is_begun_no_more(history):
    for work in ("ia:a", "ia:b"):
        history.began(work)
    history.ended("ia:a")
    history.ended("ia:never")
    assert history.begun() == ["ia:b"]


def test_of_a_series_the_latest_episode_stands_for_all(history):
    history.began("ia:one", "ia:series")
    history.began("ia:film")
    history.began("ia:other", "ia:another series")
    history.began("ia:two", "ia:series")
    assert history.begun() == ["ia:two", "ia:other", "ia:film"]


def test_what_is_begun_is_bounded(history):
    for n in range(MAX_BEGUN + 3):
        history.began("ia:%d" % n)
    assert history.begun(1000) == ["ia:%d" % n for n in range(MAX_BEGUN + 2, 2, -1)]


def test_the_viewers_list(history, path):
    for work in ("ia:a", "ia:b", "ia:c", "ia:a"):
        history.enlist(work)
    assert history.listed() == ["ia:a", "ia:c", "ia:b"]
    history.unlist("ia:c")
    history.unlist("ia:never")
    assert History(path).listed() == ["ia:a", "ia:b"]


def test_the_viewers_list_is_bounded(history, path):
    history.enlist("ia:first")
    with closing(sqlite3.connect(path)) as connection, connection:
        rows = [("ia:%d" % n,) for n in range(MAX_LISTED)]
        connection.executemany("INSERT INTO listed (id) VALUES (?)", rows)
    history.enlist("ia:last")
    assert len(history.listed()) == MAX_LISTED
    assert history.listed()[0] == "ia:last"
    assert "ia:first" not in history.listed()


def test_forgetting_searches_keeps_the_rest(history):
    history.began("ia:a")
    history.enlist("ia:a")
    history.searched("keaton")
    history.forget()
    assert (history.begun(), history.listed()) == (["ia:a"], ["ia:a"])


def test_odd_ids(history):
    for odd in ("a\udc80", "'; DROP TABLE begun; --", ""):
        history.began(odd, odd)
        history.enlist(odd)
    assert history.begun() == history.listed() == ["", "'; DROP TABLE begun; --", "a?"]


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_set_aside(history, path, damage, caplog):
    path.parent.mkdir()
    path.write_bytes(damage)
    history.searched("keaton")
    assert history.searches() == ["keaton"]
    assert path.with_name("history.db.damaged").read_bytes() == damage
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]


def test_a_file_of_other_tables_is_set_aside(history, path):
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE search (other)")
    assert history.searches() == []
    history.searched("keaton")
    assert history.searches() == ["keaton"]


def test_a_folder_in_its_place_is_set_aside(history, path):
    path.mkdir(parents=True)
    (path / "kept").touch()
    history.searched("keaton")
    assert history.searches() == ["keaton"]
    assert (path.with_name("history.db.damaged") / "kept").exists()


def test_no_place_for_it_is_no_error(tmp_path, caplog):
    (tmp_path / "file").touch()
    history = History(tmp_path / "file" / "history.db")
    history.searched("keaton")
    assert history.searches() == []
    assert history.seen_torrent("x") == ""
    assert caplog.records


def test_many_writers_at_once(path):
    def write(who):
        history = History(path)
        for n in range(10):
            history.searched("%s %d" % (who, n))
            history.saw_torrent("https://example.org/%s/%d" % (who, n), "%040x" % n)

    writers = [threading.Thread(target=write, args=(who,)) for who in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert set(History(path).searches()) == {"%s %d" % (who, n) for who in "abcd" for n in range(10)}
    assert History(path).seen_torrent("https://example.org/d/9") == "%040x" % 9


# What was seen, and chosen


def test_what_was_seen_comes_once_and_the_latest_first(history):
    for work in ("t:a", "t:b", "t:a"):
        history.saw(work)
    assert history.seen() == ["t:a", "t:b"]
    history.forget_seen("t:a")
    assert history.seen() == ["t:b"]
    history.forget_seen()
    assert history.seen() == []


def test_what_was_seen_and_chosen_is_bounded(history, monkeypatch):
    monkeypatch.setattr("commonreel.catalog.history.MAX_SEEN", 3)
    monkeypatch.setattr("commonreel.catalog.history.MAX_CHOSEN", 3)
    for number in range(5):
        history.saw("t:%d" % number)
        history.choose("t:%d" % number, "a" * 40)
    assert history.seen() == ["t:4", "t:3", "t:2"]
    assert set(history.chosen()) == {"t:4", "t:3", "t:2"}


def test_a_choice_takes_the_place_of_the_one_before(history):
    history.choose("t:a", "one")
    history.choose("t:a", "two")
    assert history.chosen() == {"t:a": "two"}
    history.choose("t:a", "")
    assert history.chosen() == {}
