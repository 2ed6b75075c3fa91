# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the swarm, and in which order."""

from __future__ import annotations

import math

from commonreel.streaming.window import FARTHEST, LATE, PATIENCE, WAITING, Place, plan

MIB = 1 << 20
NOW = 1000.0


def place(piece, have, last=99, length=MIB, sought=False, asked=NOW, is_index=False):
    made = Place(piece, last, length, sought, is_index)
    made.advance(have)
    made.asked = asked
    return made


def nothing(count=100):
    return bytearray(count)


def wanted(places, count=100, now=NOW):
    found = plan(places, count, now)
    return [piece for piece in range(count) if found.wanted[piece]]


def test_the_start_wants_the_first_piece_alone():
    assert wanted([place(0, nothing())]) == [0]


def test_a_seek_wants_its_piece_and_the_next():
    assert wanted([place(40, nothing(), sought=True)]) == [40, 41]


def test_small_pieces_are_wanted_by_half_a_mebibyte():
    assert wanted([place(3, nothing(), length=MIB // 16)]) == list(range(3, 11))


def test_each_piece_that_comes_doubles_the_window():
    have = nothing()
    reader = place(10, have)
    sizes = []
    for piece in range(10, 14):
        have[piece] = 1
        reader.advance(have)
        sizes.append(reader.end - 10)
    assert sizes == [4, 8, 16, 32]


def test_the_window_ends_with_the_film():
    have = nothing()
    have[90:96] = b"\x01" * 6
    assert wanted([place(90, have, last=97)])[-1] == 97


def test_the_window_never_reaches_far_beyond_what_is_missing():
    count = 4 * FARTHEST // MIB
    have = nothing(count)
    have[: count // 2] = b"\x01" * (count // 2)
    reader = place(0, have, last=count - 1)
    ahead = (reader.end - reader.frontier) * MIB
    assert FARTHEST // 2 <= ahead <= FARTHEST


def test_a_large_window_moves_seldom():
    count = 4 * FARTHEST // MIB
    have = nothing(count)
    reader = place(0, have, last=count - 1)
    ends = set()
    for piece in range(count // 2):
        have[piece] = 1
        reader.advance(have)
        ends.add(reader.end)
    assert len(ends) < 12


def test_one_reader_needs_no_urgency():
    assert plan([place(0, nothing())], 100, NOW).urgent == frozenset()


def test_of_two_readers_each_gets_its_piece_first():
    have = nothing()
    have[10] = have[60] = 1
    found = plan([place(10, have), place(60, have)], 100, NOW)
    assert found.urgent == {11, 61}
    assert (found.priority(11), found.priority(12), found.priority(99)) == (7, 4, 0)


def test_two_windows_are_both_fetched():
    have = nothing()
    have[10] = have[60] = 1
    assert wanted([place(10, have), place(60, have)]) == [10, 11, 12, 13, 60, 61, 62, 63]


def test_a_jump_narrows_what_others_want():
    have = nothing()
    have[10:14] = b"\x01" * 4
    watching = place(10, have)
    assert wanted([watching, place(60, have, sought=True)]) == [14, 60, 61]


def test_beside_a_jump_only_who_waits_this_moment_is_served():
    have = nothing()
    have[10] = 1
    lately = place(10, have, asked=NOW - 2 * WAITING)
    assert wanted([lately, place(60, have, sought=True)]) == [60, 61]


def test_an_index_is_wanted_as_a_whole_and_before_the_film():
    have = nothing()
    have[0] = 1
    found = plan([place(0, have), place(96, have, is_index=True)], 100, NOW)
    assert [piece for piece in range(100) if found.wanted[piece]] == [1, 96, 97, 98, 99]
    assert found.urgent == {96, 97, 98, 99}


def test_a_jump_comes_before_the_index():
    have = nothing()
    found = plan([place(50, have, sought=True), place(96, have, is_index=True)], 100, NOW)
    assert found.urgent == {50, 96}


def test_a_reader_who_is_served_waits_for_those_who_are_not():
    have = nothing()
    have[10] = 1
    served = place(10, have, asked=NOW - PATIENCE - 1)
    assert wanted([served, place(60, have)]) == [60]
    assert wanted([served]) == [10, 11, 12, 13]


def test_who_has_all_wants_nothing():
    have = bytearray(b"\x01" * 100)
    assert wanted([place(0, have)]) == []


def test_nobody_wants_nothing():
    assert plan([], 5, NOW) == (bytes(5), frozenset())


def test_reading_on_is_no_jump():
    have = nothing()
    have[10:14] = b"\x01" * 4
    reader = place(10, have)
    assert [reader.holds(piece) for piece in (9, 10, 12, 14, 15)] == [False, True, True, True, False]


def test_a_piece_that_does_not_come_is_late():
    reader = place(5, nothing(), asked=math.inf)
    assert not reader.late(NOW)
    assert not reader.late(NOW + LATE / 2)
    assert reader.late(NOW + LATE)


def test_progress_is_not_late():
    have = nothing()
    reader = place(5, have, asked=math.inf)
    assert not reader.late(NOW)
    have[5] = 1
    reader.advance(have)
    assert not reader.late(NOW + LATE)


def test_nobody_who_waits_is_not_late():
    reader = place(5, nothing(), asked=NOW - PATIENCE - 1)
    assert not reader.late(NOW)
    assert not reader.late(NOW + 10 * LATE)
