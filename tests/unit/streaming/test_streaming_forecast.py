# SPDX-License-Identifier: GPL-3.0-or-later
"""A forecast of when a film will be ready: right in the end, and steady until then."""

from __future__ import annotations

import pytest

from commonreel.streaming.forecast import LONGEST, SOONEST, SPAN, Forecast

POLL = 0.25
QUIET = int(SOONEST / POLL)  # looks at which it is too early to say anything


def looks(amounts):
    forecast = Forecast()
    return [forecast.look(100 + n * POLL, amount) for n, amount in enumerate(amounts)]


def jumps(told):
    return [abs(after - before) for before, after in zip(told, told[1:])]


def test_at_an_even_rate_it_counts_down():
    told = looks([100_000 - 2500 * n for n in range(41)])
    assert told[:QUIET] == [None] * QUIET
    assert told[QUIET:] == pytest.approx([10 - POLL * n for n in range(QUIET, 41)])


def test_pieces_that_come_all_at_once_do_not_make_it_jump():
    """Eight of 25 kB, 2.5 seconds each, nothing in between."""
    told = looks([200_000 - 25_000 * (n // 10) for n in range(80)])
    assert told[:10] == [None] * 10
    assert max(jumps(told[20:])) < 1
    assert told[-1] < 5


def test_a_rate_that_swings_does_not_make_it_jump():
    amounts = [400_000.0]
    for n in range(70):
        amounts.append(amounts[-1] - (1_000 if n % 8 < 4 else 8_000))
    told = looks(amounts)[QUIET:]
    assert told == sorted(told, reverse=True)  # each look for itself would say 100 s, 12 s, 100 s, …
    assert max(jumps(told[20:])) < 2


def test_a_line_that_gets_better_is_believed_soon():
    slow = [1_000_000 - 1_000 * n for n in range(40)]
    fast = [slow[-1] - 12_500 * n for n in range(60)]
    told = looks([*slow, *fast])
    assert told[39] > 200
    assert told[-1] == pytest.approx(fast[-1] / 50_000, abs=4)


def test_where_nothing_comes_it_says_nothing():
    assert looks([100_000] * 20) == [None] * 20
    told = looks([100_000, *[90_000] * 60])
    assert told[QUIET] is not None
    assert told[-1] is None  # nothing for longer than it looks back
    assert SPAN < 60 * POLL


def test_what_is_too_far_off_is_not_foretold():
    assert looks([LONGEST * 40_000 - 2_500 * n for n in range(20)])[-1] is None


def test_more_that_is_asked_for_is_no_step_back():
    """Once the head is here it turns out that an index is wanted too."""
    told = looks([*(100_000 - 2500 * n for n in range(20)), *(150_000 - 2500 * n for n in range(20, 40))])
    assert told[19] < told[21] < told[25] < 11
    assert max(jumps(told[QUIET:])) < 1
