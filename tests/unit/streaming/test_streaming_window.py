# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the swarm, and in which order."""

from __future__ import annotations

import math
import time

import pytest

from commonreel.streaming.window import (
    COMFORT,
    COPYING,
    FARTHEST,
    LATE,
    PATIENCE,
    TOP,
    WAITING,
    Place,
    changes,
    plan,
)

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
    return list(graded(places, count, now))


def graded(places, count=100, now=NOW):
    """The priority of each piece that is wanted."""
    return {piece: priority for piece, priority in enumerate(plan(places, count, now)) if priority}


def test_the_start_wants_the_first_piece_alone():
    assert wanted([place(0, nothing())]) == [0]


def test_a_jump_wants_its_piece_first_and_then_the_next_ones():
    assert graded([place(40, nothing(), sought=True)]) == {40: TOP, 41: TOP - 1, 42: TOP - 2, 43: TOP - 2}


def test_small_pieces_are_wanted_by_half_a_mebibyte():
    assert wanted([place(3, nothing(), length=MIB // 16)]) == list(range(3, 11))


def test_each_piece_that_comes_doubles_the_window():
    have = nothing()
    reader = place(10, have, length=MIB // 2)
    sizes = []
    for piece in range(10, 14):
        have[piece] = 1
        reader.advance(have)
        sizes.append(reader.end - reader.frontier)
    assert sizes == [4, 8, 16, 32]


def test_pieces_that_come_ahead_of_their_turn_widen_it_too():
    have = nothing()
    have[11:13] = b"\x01" * 2
    assert place(10, have).end == 10 + 8


def test_the_farther_ahead_the_lower_the_priority():
    have = nothing()
    have[:5] = b"\x01" * 5
    found = list(graded([place(0, have, length=MIB // 2)]).values())
    assert found[:9] == [7, 6, 5, 5, 4, 4, 4, 4, 3]
    assert found == sorted(found, reverse=True)


def test_however_far_ahead_what_is_in_the_window_is_wanted():
    have = nothing()
    have[:5] = b"\x01" * 5
    found = [priority for _, priority in place(0, have, length=MIB // 2).priorities(2)]
    assert (found[:3], min(found)) == ([2, 1, 1], 1)


def test_small_pieces_are_graded_by_half_a_mebibyte():
    have = nothing()
    have[:8] = b"\x01" * 8
    found = graded([place(0, have, length=MIB // 16)])
    assert [found[piece] for piece in range(8, 40)] == [7] * 8 + [6] * 8 + [5] * 16


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


def test_each_piece_that_comes_changes_few_priorities():
    count = 1000
    have = nothing(count)
    have[:500] = b"\x01" * 500
    reader = place(0, have, last=count - 1)
    before = plan([reader], count, NOW)
    for piece in range(500, 550):
        have[piece] = 1
        reader.advance(have)
        after = plan([reader], count, NOW)
        assert len(list(changes(before, after))) <= 2 * TOP
        before = after


def test_of_two_readers_each_gets_its_piece_first():
    have = nothing()
    have[10] = have[60] = 1
    found = graded([place(10, have), place(60, have)])
    assert (found[11], found[12], found[61], found[62]) == (TOP, TOP - 1, TOP, TOP - 1)


def test_where_two_windows_meet_the_nearer_one_counts():
    have = nothing()
    have[10] = have[12] = 1
    found = graded([place(10, have), place(12, have)])
    assert [found[piece] for piece in (11, 13, 14, 15, 16)] == [7, 7, 6, 5, 5]


def test_two_windows_are_both_fetched():
    have = nothing()
    have[10] = have[60] = 1
    assert wanted([place(10, have), place(60, have)]) == [*range(11, 15), *range(61, 65)]


def test_a_jump_narrows_what_others_want():
    have = nothing()
    have[10:14] = b"\x01" * 4
    watching = place(10, have)
    assert graded([watching])[17] == 5
    assert graded([watching, place(60, have, sought=True)]) == {14: TOP, 60: TOP, 61: 6, 62: 5, 63: 5}


def test_once_a_jump_has_been_served_others_are_as_before():
    have = nothing()
    have[10:14] = b"\x01" * 4
    have[60] = 1
    watching, jumped = place(10, have), place(60, have, sought=True)
    assert graded([watching, jumped]) == {**graded([watching]), **graded([jumped])}


def test_beside_a_jump_only_who_waits_this_moment_is_served():
    have = nothing()
    have[10] = 1
    lately = place(10, have, asked=NOW - 2 * WAITING)
    assert wanted([lately, place(60, have, sought=True)]) == [60, 61, 62, 63]


def test_an_index_is_wanted_as_a_whole_and_before_the_film():
    have = nothing()
    have[0] = 1
    found = graded([place(0, have), place(96, have, is_index=True)])
    assert {found[piece] for piece in range(96, 100)} == {TOP}
    assert list(found) == [1, 96, 97, 98, 99]
    assert 0 < found[1] < TOP


def test_once_the_index_is_here_the_film_is_fetched_as_ever():
    have = nothing()
    have[0] = 1
    have[96:] = b"\x01" * 4
    film = place(0, have)
    assert graded([film, place(96, have, is_index=True)]) == graded([film])


def test_a_guessed_index_comes_behind_the_head():
    guess = place(96, nothing(), is_index=True)
    guess.is_guess = True
    head = place(0, nothing())
    found = graded([head, guess])
    assert found[0] == TOP
    assert {found[piece] for piece in range(96, 100)} == {5}


def test_a_jump_comes_with_what_is_waited_for_of_the_index():
    have = nothing()
    found = graded([place(50, have, sought=True), place(96, have, is_index=True)])
    assert found == {50: TOP, 51: 6, 52: 5, 53: 5, 96: TOP}


def test_a_reader_who_is_served_waits_for_those_who_are_not():
    have = nothing()
    have[10] = 1
    served = place(10, have, asked=NOW - PATIENCE - 1)
    assert wanted([served, place(60, have)]) == [60]
    assert wanted([served]) == [11, 12, 13, 14]


def test_who_has_all_wants_nothing():
    have = bytearray(b"\x01" * 100)
    assert wanted([place(0, have)]) == []


def test_nobody_wants_nothing():
    assert plan([], 5, NOW) == bytes(5)


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


@pytest.mark.parametrize("count", [1, 255, 256, 257, 3000])
def test_changes_tell_every_difference_and_no_more(count):
    before, after = bytes(count), bytearray(count)
    different = {0: 7, count // 2: 1, count - 1: 3}
    for piece, priority in different.items():
        after[piece] = priority
    assert dict(changes(before, bytes(after))) == {piece: after[piece] for piece in different}
    assert dict(changes(bytes(after), before)) == dict.fromkeys(different, 0)
    assert list(changes(bytes(after), bytes(after))) == []


RATE = MIB / 4  # bytes of film a second


def ahead(pieces, **more):
    """A place with that many pieces before its player, who has just come."""
    have = nothing(200)
    have[:pieces] = b"\x01" * pieces
    return place(0, have, last=199, **more)


def test_with_some_seconds_ahead_nobody_is_in_need():
    enough = math.ceil(COMFORT * RATE / MIB)
    assert ahead(enough - 1).needy(RATE, time.monotonic())
    assert not ahead(enough + 1).needy(RATE, time.monotonic())


def test_what_is_ahead_is_used_up():
    reader, started = ahead(10), time.monotonic()
    assert not reader.needy(RATE, started + 30)
    assert reader.needy(RATE, started + 40)


def test_who_waits_far_ahead_of_any_player_copies():
    """And is in need until the film is here."""
    now = time.monotonic()
    far = COPYING // MIB + 8
    assert ahead(far, asked=now).needy(RATE, now)
    assert not ahead(far, asked=now - PATIENCE).needy(RATE, now)
    assert not ahead(200, asked=now).needy(RATE, now)
