# SPDX-License-Identifier: GPL-3.0-or-later
"""The store's file damaged, missing, busy, or read while it is written: real files, real processes."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import sqlite3
import threading
from contextlib import closing, contextmanager, suppress

import pytest

from commonreel.catalog.store import Store
from commonreel.works.errors import ServiceUnavailable, UnknownWork
from commonreel.works.query import Facet, Query
from lab.few_works import silent

ALL = Query(country="US", size=500)
WORKS = [
    silent("ia:%03d" % n, "Film %d about trains" % n, 1900 + n % 30, genre=("Drama",)) for n in range(300)
]
OTHERS = [silent("ia:%03d" % n, "Other %d" % n, 1920) for n in range(0, 600, 2)]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "catalogue.db"


@pytest.fixture
def filled(path):
    with Store(path, writable=True) as store:
        store.fill("starter", "1", WORKS)
    assert sorted(p.name for p in path.parent.iterdir()) == ["catalogue.db"]
    return path


def cut(size):
    def damage(path):
        os.truncate(path, size if size >= 0 else path.stat().st_size + size)

    return damage


def scribble(at, length=3000):
    """Random bytes over a part of the file, `at` a share of it."""

    def damage(path):
        noise = random.Random(at).randbytes(length)
        with path.open("r+b") as file:
            file.seek(int(path.stat().st_size * at))
            file.write(noise)

    return damage


def text_file(path):
    path.write_text("This is not the file you are looking for.\n" * 500)


def folder(path):
    path.unlink()
    path.mkdir()
    (path / "inside").touch()


def other_version(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 2147483647")


def other_application(path):
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE work (other)")


def lost_table(path):
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TABLE record")


def scribbled_schema(path):
    """SQLite names the table in what it says, and the name is no text."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        scribble = (
            "UPDATE sqlite_master SET sql = 'nothing', name = CAST(X'D3D3' AS TEXT) WHERE name = 'work'"
        )
        connection.execute(scribble)
        connection.commit()


DAMAGE = {
    "empty": cut(0),
    "cut in the header": cut(50),
    "cut after the header": cut(100),
    "cut after the first page": cut(4096),
    "cut in the middle": cut(40_000),
    "cut at the end": cut(-1),
    "text": text_file,
    "folder": folder,
    "other version": other_version,
    "other application": other_application,
    "lost table": lost_table,
    "scribbled schema": scribbled_schema,
    "scribble in front": scribble(0),
    "scribble behind the magic": scribble(0.0005),
    **{"scribble at %d %%" % n: scribble(n / 100) for n in range(2, 99, 8)},
}


def use(store):
    """Everything a reader asks."""
    page = store.page(ALL)
    store.page(Query(country="US", text="trains"))
    store.page(Query(country="US", text="fil"))
    facets = (Facet("genre", "drama"), Facet("decade", "1920"))
    store.page(Query(country="US", facets=facets))
    store.shelves("decade", Query(country="US")), store.version("starter")
    for work in WORKS:
        store.work(work.id), store.origin(work.id)
    return page


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_damage_is_never_more_than_an_error_of_ours_and_is_cured(filled, damage):
    damage(filled)
    with suppress(ServiceUnavailable, UnknownWork), Store(filled) as reader:
        use(reader)  # nothing else is ever raised

    with Store(filled, writable=True) as writer:
        writer.check()
        if writer.version("starter") != "1":
            writer.fill("starter", "1", WORKS)
    with Store(filled) as reader:
        assert use(reader).total == len(WORKS)
        assert {work.id: work for work in reader.page(ALL).works} == {work.id: work for work in WORKS}


@pytest.mark.parametrize(
    "name", ["cut after the first page", "cut in the middle", "text", "folder", "other version", "lost table"]
)
def test_what_is_damaged_is_set_aside_and_started_empty(filled, name, caplog):
    DAMAGE[name](filled)
    filled.with_name("catalogue.db.damaged").write_bytes(b"an older one")
    with Store(filled, writable=True) as writer:
        writer.check()
        assert writer.version("starter") == ""
        assert writer.page(ALL).total == 0
    aside = filled.with_name("catalogue.db.damaged")
    assert (aside / "inside").exists() if name == "folder" else aside.read_bytes() != b"an older one"
    assert "catalogue.db is set aside as catalogue.db.damaged" in caplog.text
    with pytest.raises(ServiceUnavailable):
        Store(filled)


@pytest.mark.parametrize("name", ["empty", "cut after the header", "text", "folder", "other version"])
def test_a_reader_says_unavailable_and_moves_nothing(filled, name):
    DAMAGE[name](filled)
    with pytest.raises(ServiceUnavailable):
        Store(filled)
    assert not filled.with_name("catalogue.db.damaged").exists()


def test_a_folder_is_not_set_aside_over_another(filled):
    for _ in range(2):
        folder(filled)
        Store(filled, writable=True).close()
    names = [p.name for p in filled.parent.iterdir() if p.is_dir()]
    assert sorted(names) == ["catalogue.db.damaged", "catalogue.db.damaged-1"]


def test_what_a_reader_meets_the_next_writer_knows(filled):
    with closing(sqlite3.connect(filled)) as connection, connection:
        connection.execute("UPDATE record SET json = x'7b22' WHERE work = 7")
    with Store(filled, writable=True) as writer:
        assert writer.version("starter") == "1"  # nobody has met it yet
    with Store(filled) as reader:
        assert reader.count(ALL) == len(WORKS)
        with pytest.raises(ServiceUnavailable):
            reader.page(ALL)
    with Store(filled, writable=True) as writer:
        assert writer.version("starter") == ""
        writer.fill("starter", "1", WORKS)
    with Store(filled) as reader:
        assert use(reader).total == len(WORKS)
    with Store(filled, writable=True) as writer:
        assert writer.version("starter") == "1"


def break_words(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE words_data SET block = x'00ff00ff00ff'")


def test_a_look_through_the_file_finds_broken_words(filled):
    break_words(filled)
    with Store(filled, writable=True) as writer:
        assert writer.version("starter") == "1"
        writer.check()
        assert writer.version("starter") == ""


def test_a_look_through_a_sound_file_changes_nothing(filled):
    with Store(filled, writable=True) as writer:
        writer.check()
        assert writer.version("starter") == "1"
    assert not list(filled.parent.glob("*damaged*"))


def test_a_damaged_full_text_index_is_cured(filled):
    break_words(filled)
    with Store(filled) as reader, pytest.raises(ServiceUnavailable):
        reader.page(Query(country="US", text="trains"))
    with Store(filled, writable=True) as writer:
        assert writer.version("starter") == ""


@pytest.mark.parametrize("name", ["cut in the middle", "scribble in front", "lost table"])
def test_a_fill_of_a_file_damaged_meanwhile(filled, name):
    with Store(filled, writable=True) as writer:
        writer.fill("local", "1", [])
        writer.close()
        DAMAGE[name](filled)
        writer._connection = sqlite3.connect(filled, isolation_level=None)  # as if it had been open
        writer.fill("starter", "2", OTHERS)
        assert (writer.version("starter"), writer.version("local")) == ("2", "")
    with Store(filled) as reader:
        assert reader.count(ALL) == len(OTHERS)


def test_a_full_or_locked_file_is_not_taken_for_damaged(filled, monkeypatch):
    monkeypatch.setattr("commonreel.catalog.database.BUSY_TIMEOUT", 0.01)
    with closing(sqlite3.connect(filled, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with Store(filled, writable=True) as writer, pytest.raises(ServiceUnavailable):
            writer.fill("starter", "2", [])
        other.execute("ROLLBACK")
    with Store(filled, writable=True) as writer:
        writer._connection.execute("PRAGMA max_page_count = 1")  # SQLite answers as on a full disk
        with pytest.raises(ServiceUnavailable):
            writer.fill("local", "1", [silent("ia:new%d" % n, "New " * 50, 1920) for n in range(500)])
    with Store(filled) as reader:
        assert reader.version("starter") == "1"
        assert reader.count(ALL) == len(WORKS)
    assert not list(filled.parent.glob("*damaged*"))


def test_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ServiceUnavailable):
        Store(tmp_path / "file" / "catalogue.db", writable=True)
    with pytest.raises(ServiceUnavailable):
        Store(tmp_path / "file" / "catalogue.db")


def test_a_use_from_another_thread_is_a_fault_of_ours_not_of_the_file(filled):
    met = []

    def misuse(store):
        try:
            store.count(ALL)
        except sqlite3.Error as error:
            met.append(error)

    with Store(filled) as store:
        thread = threading.Thread(target=misuse, args=(store,))
        thread.start()
        thread.join()
    assert isinstance(met[0], sqlite3.ProgrammingError)
    with Store(filled, writable=True) as writer:
        assert writer.version("starter") == "1"


# Several at once


def fill_in_turns(path, turns):
    for turn in range(turns):
        with Store(path, writable=True) as store:
            store.fill("starter", str(turn), OTHERS if turn % 2 else WORKS)


def fill_and_hang(path, ready):
    with Store(path, writable=True) as store:

        def works():
            yield from OTHERS

        store.fill("starter", "2", works())
        store._connection.execute("BEGIN IMMEDIATE")
        store._connection.execute("DELETE FROM record")
        ready.set()
        signal.pause()


@contextmanager
def process(target, *args):
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    child = context.Process(target=target, args=(*args, ready) if target is fill_and_hang else args)
    child.start()
    try:
        yield child, ready
    finally:
        child.kill()
        child.join()
        child.close()


def test_readers_go_on_while_another_process_fills(filled):
    seen = set()
    with process(fill_in_turns, filled, 12) as (child, _):
        while child.is_alive():
            with Store(filled) as reader:
                works = reader.page(ALL).works
            assert len(works) == 300
            first_words = {work.title().split()[0] for work in works}
            assert len(first_words) == 1, "the old or the new, never a mixture"
            seen |= first_words
        child.join()
        assert child.exitcode == 0
    assert seen == {"Film", "Other"}


def test_a_reader_that_stays_open_sees_each_fill(filled):
    with Store(filled) as reader:
        assert reader.version("starter") == "1"
        with Store(filled, writable=True) as writer:
            writer.fill("starter", "2", OTHERS)
        assert reader.version("starter") == "2"
        assert reader.count(ALL) == len(OTHERS)


def test_a_writer_killed_in_mid_fill_leaves_what_was_before(filled):
    with process(fill_and_hang, filled) as (child, ready):
        assert ready.wait(30)
        with Store(filled) as reader:
            assert reader.count(ALL) == len(OTHERS)
        child.kill()
        child.join()
    assert filled.with_name("catalogue.db-wal").stat().st_size > 0
    with Store(filled) as reader:  # without the writer's help
        assert len(reader.page(ALL).works) == len(OTHERS)
    with Store(filled, writable=True) as writer:
        assert writer.version("starter") == "2"


def test_the_log_of_a_damaged_file_is_not_replayed_into_the_new_one(filled):
    with process(fill_and_hang, filled) as (child, ready):
        assert ready.wait(30)
        child.kill()
        child.join()
    log = filled.with_name("catalogue.db-wal").read_bytes()
    filled.with_name("catalogue.db.suspect").touch()
    with Store(filled, writable=True) as writer:
        assert filled.with_name("catalogue.db.damaged-wal").read_bytes() == log
        assert writer.version("starter") == ""


def test_reading_needs_no_log_files_and_leaves_the_writer_free(filled):
    with Store(filled) as reader:
        assert reader.count(ALL) == len(WORKS)
        with Store(filled) as second:
            assert second.count(ALL) == len(WORKS)
    with Store(filled, writable=True) as writer:
        writer.fill("starter", "2", [])
        assert writer.version("starter") == "2"
