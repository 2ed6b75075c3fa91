# SPDX-License-Identifier: GPL-3.0-or-later
"""Which works a patron takes and leaves."""

from __future__ import annotations

import random

import pytest

from commonreel.works.need import UNKNOWN, Candidate, Change, change

GB = 10**9


def film(work, size=1, seeds=UNKNOWN, given=0):
    return Candidate(work, size * GB, seeds, given)


def names(found: Change):
    return found.leave, tuple(each.work for each in found.take)


def test_fewest_seeds_first_then_least_given():
    waiting = [film("many", seeds=9), film("often given", seeds=1, given=5), film("rare", seeds=1)]
    assert names(change([], waiting, 2 * GB)) == ((), ("rare", "often given"))


def test_what_nobody_knows_comes_behind_what_is_rare_and_before_what_is_common():
    waiting = [film("common", seeds=50), film("unknown"), film("rare", seeds=2), film("lost", seeds=0)]
    assert names(change([], waiting, 4 * GB))[1] == ("lost", "rare", "unknown", "common")


@pytest.mark.parametrize(("room", "taken"), [(10, ("large", "small")), (5, ("small",)), (1, ()), (0, ())])
def test_only_what_fits_is_taken(room, taken):
    waiting = [film("large", 8, seeds=0), film("small", 2, seeds=1)]
    assert names(change([], waiting, room * GB)) == ((), taken)


def test_a_film_of_no_size_is_not_taken():
    assert names(change([], [film("empty", 0)], GB)) == ((), ())


def test_where_there_is_no_room_the_best_served_gives_way_to_the_rarest():
    kept = [film("served", 3, seeds=20), film("also", 3, seeds=9), film("rare", 3, seeds=1)]
    waiting = [film("new", 3, seeds=2), film("newer", 3, seeds=0)]
    assert names(change(kept, waiting, 10 * GB)) == (("served",), ("newer",))


@pytest.mark.parametrize(("seeds", "leave"), [(5, ("kept",)), (4, ()), (UNKNOWN, ())])
def test_who_is_hardly_rarer_changes_nothing(seeds, leave):
    assert names(change([film("kept", seeds=seeds)], [film("new", seeds=2)], GB))[0] == leave


def test_less_room_than_there_was():
    kept = [film("served", 3, seeds=20), film("rare", 3, seeds=1), film("also", 3, seeds=9)]
    assert names(change(kept, [], 4 * GB)) == (("served", "also"), ())
    assert names(change(kept, [film("new", 1, seeds=0)], 4 * GB)) == (("served", "also"), ("new",))


def test_whatever_comes_it_fits_and_comes_once():
    for number in range(300):
        chance = random.Random(number)
        kept = [film("k%d" % n, chance.randrange(1, 9), chance.randrange(-1, 30)) for n in range(8)]
        waiting = [film("w%d" % n, chance.randrange(9), chance.randrange(-1, 30)) for n in range(20)]
        room = chance.randrange(60) * GB
        found = change(kept, waiting, room)
        left = [each for each in kept if each.work not in found.leave]
        assert sum(each.size for each in [*left, *found.take]) <= room
        assert len({each.work for each in found.take}) == len(found.take)
