# SPDX-License-Identifier: GPL-3.0-or-later
"""What the web is asked for next, with lines that only take notes."""

from __future__ import annotations

import random

import pytest

from commonreel.net.ranged import Failure
from commonreel.streaming import weborders
from commonreel.streaming.pieces import Pieces
from commonreel.streaming.weborders import LINES, REQUEST, RUNS, Orders
from commonreel.streaming.webseeds import Seed
from commonreel.works import metainfo
from lab.torrents import make

PIECE = 64 << 10
CONTENT = random.Random(1).randbytes(40 * PIECE - 1000)
FILES = {"a.jpg": random.Random(2).randbytes(10_000), "film.mp4": CONTENT, "z.txt": bytes(range(100))}


class NotedLine:
    received = 0
    cuts = 0

    def mend(self):
        self.cuts = 0

    def cut(self):
        self.cuts += 1


class Lab:
    def __init__(self, folder, files=None, piece=PIECE):
        self.files = files or FILES
        self.meta = metainfo.parse(make("item", self.files, piece_length=piece))
        self.pieces = Pieces(self.meta, folder)
        self.stream = b"".join(self.files.values())
        self.have = bytearray(self.pieces.count)
        self.taken = set()
        self.orders = Orders(self.pieces, self.have, self.taken.__contains__)
        self.now = 100.0

    def seed(self, name="one", files=None):
        made = Seed(name, self.meta, files)
        self.orders.add_seed(made)
        return made

    def want(self, *pieces, priority=4):
        self.orders.prioritise((piece, priority) for piece in pieces)

    def next(self):
        task, self.until = self.orders.next(NotedLine(), self.now)
        if task:
            self.orders.begin(task)
        return task

    def bytes_of(self, task):
        at = task.part.file.offset + task.part.start
        return memoryview(self.stream[at : at + task.part.length])

    def come(self, task, data=None):
        """The pieces that were right, if that completed a run."""
        if not self.orders.end(task, data or self.bytes_of(task), None):
            return []
        found = []
        for piece in range(task.run.first, task.run.stop):
            right = self.pieces.proves(piece, task.run.bytes_of(piece))
            if right:
                self.have[piece] = 1
                found.append(piece)
            self.orders.settle(task.run, piece, right, right)
        return found

    def fail(self, task, failure):
        self.orders.end(task, None, failure)


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path)


def covered(task, piece_length=PIECE):
    at = task.part.file.offset + task.part.start
    return at // piece_length, -(-(at + task.part.length) // piece_length)


def test_nothing_is_asked_for_that_is_not_wanted(lab):
    lab.seed()
    assert lab.next() is None
    assert not lab.orders.hopeless


def test_what_is_wanted_comes_from_the_front_in_runs(lab):
    lab.seed()
    lab.want(*range(5, 25))
    tasks = [lab.next() for _ in range(LINES)]
    reach = 20 * PIECE // LINES // PIECE
    assert [covered(task) for task in tasks] == [(5 + reach * n, 5 + reach * (n + 1)) for n in range(LINES)]


def test_never_a_piece_that_is_here_or_not_wanted(lab):
    lab.seed()
    lab.want(5, 6, 7, 9, 10)
    lab.have[7] = 1
    asked = set()
    task = lab.next()
    while task:
        asked |= set(range(*covered(task)))
        lab.come(task)
        task = lab.next()
    assert asked == {5, 6, 9, 10}


def test_one_large_piece_is_shared_among_the_lines(tmp_path):
    lab = Lab(tmp_path, {"film.mp4": bytes(4 << 20)}, piece=1 << 20)
    lab.seed()
    lab.want(2)
    tasks = [lab.next() for _ in range(LINES)]
    assert [(task.part.start, task.part.length) for task in tasks] == [
        ((2 << 20) + n * (REQUEST // LINES), REQUEST // LINES) for n in range(LINES)
    ]


def test_urgent_and_hurried_pieces_come_first(lab):
    lab.seed()
    lab.want(*range(1, 20))
    lab.want(10, priority=7)
    lab.orders.hurry(15)
    assert [covered(lab.next())[0] for _ in range(3)] == [15, 10, 1]


def test_a_piece_of_several_files_takes_a_range_of_each(lab):
    lab.seed()
    lab.want(0)
    tasks = [lab.next(), lab.next()]
    assert [(task.part.file.path, task.part.start, task.part.length) for task in tasks] == [
        ("a.jpg", 0, 10_000),
        ("film.mp4", 0, PIECE - 10_000),
    ]
    assert lab.come(tasks[0]) == []
    assert lab.come(tasks[1]) == [0]


def test_padding_is_not_asked_for(tmp_path):
    files = {"a.jpg": bytes(10_000), "film.mp4": CONTENT}
    lab = Lab(tmp_path, files)
    lab.meta = metainfo.parse(make("item", files, piece_length=PIECE, pad=True))
    lab.pieces = Pieces(lab.meta, tmp_path)
    lab.have = bytearray(lab.pieces.count)
    lab.orders = Orders(lab.pieces, lab.have, lambda _: False)
    lab.seed()
    lab.want(0)
    task = lab.next()
    assert (task.part.length, lab.next()) == (10_000, None)
    lab.orders.end(task, memoryview(bytes(10_000)), None)
    assert lab.pieces.proves(0, task.run.bytes_of(0))


def test_the_edge_comes_from_who_has_the_neighbour(lab):
    film = lab.meta.files[1]
    alone = lab.seed("alone", {film.index: "https://example.org/film"})
    other = lab.seed("other")
    other.rate, alone.rate = 1.0, 1000.0
    lab.want(0)
    assert [(task.part.file.path, task.seed) for task in (lab.next(), lab.next())] == [
        ("a.jpg", other),
        ("film.mp4", alone),
    ]


def test_an_edge_that_nobody_has_is_left_out(lab):
    film = lab.meta.files[1]
    lab.seed("alone", {film.index: "https://example.org/film"})
    lab.want(0, 1)
    assert covered(lab.next()) == (1, 2)
    assert lab.next() is None
    assert lab.until == float("inf")


def test_a_seed_that_gave_a_wrong_piece_is_banned_and_the_piece_fetched_again(lab):
    bad = lab.seed("bad")
    lab.want(5)
    task = lab.next()
    assert lab.come(task, memoryview(bytes(task.part.length))) == []
    assert bad.banned
    lab.seed("good")
    assert lab.come(lab.next()) == [5]


def test_of_several_givers_none_is_banned_until_one_did_it_alone(tmp_path):
    lab = Lab(tmp_path, {"film.mp4": random.Random(3).randbytes(4 << 20)}, piece=1 << 20)
    one, two = lab.seed("one"), lab.seed("two")
    lab.want(1)
    tasks = []
    while not tasks or tasks[-1]:
        tasks.append(lab.next())
    assert {task.seed for task in tasks[:-1]} == {one, two}
    for task in tasks[:-1]:
        lab.come(task, memoryview(bytes(task.part.length)) if task.seed is two else None)
    assert [one.banned, two.banned] == [False, False]
    while not lab.have[1]:
        task = lab.next()
        lab.come(task, memoryview(bytes(task.part.length)) if task.seed is two else None)
    assert not one.banned


def test_a_wrong_edge_costs_the_edge_and_not_the_seed(lab):
    found = lab.seed()
    lab.want(0, 1)
    for _ in range(10):
        task = lab.next()
        if not task:
            break
        bad = task.part.file.path == "a.jpg"
        lab.come(task, memoryview(bytes(task.part.length)) if bad else None)
    assert not found.banned
    assert (lab.have[0], lab.have[1]) == (0, 1)
    assert lab.orders.hopeless


def test_after_a_failure_it_is_asked_again_in_a_while(lab):
    lab.seed()
    lab.want(5)
    lab.fail(lab.next(), Failure("refused"))
    assert lab.next() is None
    assert not lab.orders.hopeless
    assert lab.until > lab.now
    lab.now = lab.until + 0.01
    assert lab.next()


def test_without_anybody_left_there_is_no_hope(lab):
    lab.seed()
    lab.want(5)
    lab.fail(lab.next(), Failure("HTTP 200 to a range", tries=1))
    assert lab.next() is None
    assert (lab.orders.hopeless, lab.orders.reason) == (True, "HTTP 200 to a range")
    lab.seed("another")
    assert lab.next()


@pytest.mark.parametrize("tries", [1, 2, 3])
def test_without_anybody_left_there_is_no_hope_for_what_had_failed_before_either(lab, tries):
    lab.seed()
    lab.want(*range(5, 25))
    tasks = [lab.next() for _ in range(tries)]
    for task in tasks:
        lab.fail(task, Failure("404", tries=tries))
    assert lab.next() is None
    assert lab.orders.hopeless


def test_a_seek_cuts_what_nobody_wants_any_more(lab):
    lab.seed()
    lab.want(*range(1, 20))
    tasks = [lab.next() for _ in range(LINES)]
    lab.want(*range(1, 20), priority=0)
    assert [task.line.cuts for task in tasks] == [1] * LINES
    for task in tasks:
        lab.fail(task, Failure("cut"))
    assert not lab.orders.held
    lab.want(30)
    assert covered(lab.next()) == (30, 31)


def test_a_seek_gets_a_line_also_when_all_are_busy_with_what_is_wanted(lab):
    lab.seed()
    lab.want(*range(1, 30))
    tasks = [lab.next() for _ in range(LINES)]
    lab.orders.hurry(35)
    assert sum(task.line.cuts for task in tasks) == 1


def test_what_is_late_is_raced_for_and_the_loser_cut(lab):
    slow, quick = lab.seed("slow"), lab.seed("quick")
    quick.active = 1
    lab.want(5)
    first = lab.next()
    assert (first.seed, lab.next()) == (slow, None)
    quick.active = 0
    lab.orders.hurry(5)
    first.began -= weborders.RACE + 0.1
    lab.now = first.began + weborders.RACE + 0.1
    second = lab.next()
    assert (second.seed, second.part) == (quick, first.part)
    assert lab.next() is None
    assert lab.come(second) == [5]
    assert first.line.cuts == 1
    assert lab.come(first) == []


def test_who_never_gave_anything_does_not_hold_up_the_first_piece(lab):
    dead, good = lab.seed("dead"), lab.seed("good")
    lab.want(0)
    first, second = lab.next(), lab.next()
    assert {first.seed, second.seed} == {dead, good}
    given = first if first.seed is good else second
    lab.come(given)
    third = lab.next()
    assert (third.seed, third.part) == (good, (second if given is first else first).part)
    assert lab.come(third) == [0]


def test_what_peers_fetch_is_left_to_them_unless_somebody_waits(lab):
    lab.seed()
    lab.want(5, 6)
    lab.taken.add(5)
    assert covered(lab.next()) == (6, 7)
    assert lab.next() is None
    lab.orders.hurry(5)
    assert covered(lab.next()) == (5, 6)


def test_memory_is_bounded(tmp_path):
    lab = Lab(tmp_path, {"film.mp4": bytes(16 << 20)}, piece=256 << 10)
    lab.seed()
    lab.want(*range(lab.pieces.count))
    tasks = []
    while not tasks or tasks[-1]:
        tasks.append(lab.next())
    assert len(set(lab.orders.held.values())) <= RUNS
