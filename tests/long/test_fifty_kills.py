# SPDX-License-Identifier: GPL-3.0-or-later
"""Killed fifty times while a catalogue comes: the store opens each time, as it was or whole."""

from __future__ import annotations

import time

import pytest

from lab.curator import Curator, Host
from lab.killed import ids, kill_at_random, whole
from lab.records import free

KILLS = 50
WORKS = 4000


@pytest.mark.timeout(1200)
def test_fifty_kills(tmp_path):
    curator = Curator(tmp_path / "curator")
    films = [free("t:%d" % number) for number in range(WORKS)]
    curator.build(*films)
    before, fresh = sorted(film["id"] for film in films), {"t:new%d" % number for number in range(KILLS)}
    with Host(curator.out) as host:
        began = time.monotonic()
        whole(host, curator, tmp_path / "measured")
        seconds = time.monotonic() - began

        def all_or_nothing(found):
            assert found is None or found in ([], before)

        copy = tmp_path / "copy"
        quicker = kill_at_random(host, curator, copy, KILLS // 2, seconds, all_or_nothing)
        assert quicker < KILLS // 2
        assert whole(host, curator, copy)["works"] == WORKS
        assert ids(copy) == before

        states = [before]

        def one_of_the_builds(found):
            assert found in states

        for turn in range(KILLS // 2):  # by deltas, from builds far apart and near
            curator.build(free("t:new%d" % turn))
            states.append(sorted([*states[-1], "t:new%d" % turn]))
            kill_at_random(host, curator, copy, 1, 1.2, one_of_the_builds)
        assert whole(host, curator, copy)["works"] == WORKS + KILLS // 2
        assert ids(copy) == states[-1]
        assert fresh >= set(ids(copy)) - set(before)
