# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be given: the switch, ratio, time, and quiet hours."""

from __future__ import annotations

import time

import pytest

from commonreel.streaming import sharing
from commonreel.streaming.options import EngineOptions
from commonreel.streaming.sharing import is_quiet, may_share
from commonreel.streaming.swarm import Pace

GIB = 1 << 30
HOUR = 3600.0
NOON = 12 * 60


def at(clock):
    hours, minutes = clock.split(":")
    return 60 * int(hours) + int(minutes)


@pytest.mark.parametrize(
    ("start", "end", "quiet", "loud"),
    [
        ("18:00", "23:00", ["18:00", "20:30", "22:59"], ["17:59", "23:00", "00:00", "06:00"]),
        ("22:00", "07:00", ["22:00", "23:59", "00:00", "02:30", "06:59"], ["07:00", "12:00", "21:59"]),
        ("23:59", "00:01", ["23:59", "00:00"], ["00:01", "23:58"]),
        ("00:00", "00:01", ["00:00"], ["00:01", "23:59"]),
        ("12:00", "00:00", ["12:00", "23:59"], ["00:00", "11:59"]),
        ("00:00", "00:00", [], ["00:00", "12:00", "23:59"]),
        ("09:00", "09:00", [], ["08:59", "09:00", "09:01"]),
    ],
)
def test_quiet_hours(start, end, quiet, loud):
    hours = (at(start), at(end))
    assert [clock for clock in quiet if not is_quiet(at(clock), hours)] == []
    assert [clock for clock in loud if is_quiet(at(clock), hours)] == []


def test_every_minute_is_quiet_in_one_of_two_halves_of_the_day():
    for start in range(0, 1440, 97):
        end = (start + 500) % 1440
        for minute in range(1440):
            assert is_quiet(minute, (start, end)) != is_quiet(minute, (end, start))


@pytest.mark.parametrize(
    ("options", "given", "taken", "since", "wanted"),
    [
        ({}, 0, 0, 0, True),
        ({}, 0, GIB, 0, True),
        ({}, 2 * GIB - 1, GIB, 0, True),
        ({}, 2 * GIB, GIB, 0, False),
        ({}, 1, 0, 0, False),  # something was given of nothing that is here
        ({"ratio": 0}, 99 * GIB, GIB, 0, True),
        ({"ratio": 0.5}, GIB // 2, GIB, 0, False),
        ({}, 0, GIB, 24 * HOUR - 1, True),
        ({}, 0, GIB, 24 * HOUR, False),
        ({"hours": 0}, 0, GIB, 1e9, True),
        ({"hours": 0.5}, 0, GIB, 1800, False),
        ({"hours": 0, "ratio": 0}, 99 * GIB, GIB, 1e9, True),
        ({"share": False}, 0, GIB, 0, False),
        ({"share": False, "hours": 0, "ratio": 0}, 0, GIB, 0, False),
        ({"quiet": (NOON, NOON + 1)}, 0, GIB, 0, False),
        ({"quiet": (NOON + 1, NOON)}, 0, GIB, 0, True),
        ({"quiet": (NOON - 60, NOON)}, 0, GIB, 0, True),
    ],
)
def test_what_may_be_given_at_noon(options, given, taken, since, wanted):
    assert may_share(NOON, EngineOptions(**options), given, taken, since) is wanted


@pytest.mark.parametrize("zone", ["UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "<-11>11", "<+1245>-12:45"])
def test_the_clock_is_the_one_on_the_wall(monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        before = time.strftime("%H:%M")
        minute = sharing.local_minute()
        assert at(before) <= minute <= at(time.strftime("%H:%M")) or minute == 0
    finally:
        monkeypatch.undo()
        time.tzset()


class FakeSession:
    def __init__(self):
        self.slots = None

    def apply_settings(self, settings):
        self.slots = settings["unchoke_slots_limit"]


class FakeSwarm:
    def __init__(self, given=0, taken=100):
        self.given, self.taken, self.paused, self.saved = given, taken, False, 0

    def balance(self):
        if self.given is None:
            raise RuntimeError("invalid torrent handle used")
        return self.given, self.taken

    def pause(self):
        self.paused = True

    def resume(self):
        self.paused = False

    def save(self):
        self.saved += 1


class Keeping:
    """Sharing of some swarms, looked at now and then."""

    def __init__(self, monkeypatch, swarms, **options):
        self.minute, self.playing, self.swarms = NOON, [], swarms
        monkeypatch.setattr(sharing, "local_minute", lambda: self.minute)
        self.options = EngineOptions(**options)
        self.session = FakeSession()
        self.sharing = sharing.Sharing(Pace(self.session), self.options)

    def look(self, now=0.0):
        allowed = self.sharing.allowed(self.options, self.swarms, self.playing, now)
        self.sharing.keep(allowed, self.swarms, self.playing)
        return sorted(name for name, swarm in self.swarms.items() if not swarm.paused)


def test_before_there_is_anything_the_clock_decides(monkeypatch):
    assert Keeping(monkeypatch, {}).session.slots > 0
    assert Keeping(monkeypatch, {}, quiet=(0, 1439)).session.slots == 0
    assert Keeping(monkeypatch, {}, share=False).session.slots == 0


def test_what_has_given_enough_rests_and_the_others_go_on(monkeypatch):
    keeping = Keeping(monkeypatch, {"much": FakeSwarm(200), "little": FakeSwarm(199)})
    assert keeping.look() == ["little"]
    assert keeping.session.slots > 0
    keeping.swarms["little"].given = 200
    assert keeping.look() == []
    assert keeping.session.slots == 0
    assert [swarm.saved for swarm in keeping.swarms.values()] == [1, 1]


def test_the_hours_begin_when_nobody_watches_any_more(monkeypatch):
    keeping = Keeping(monkeypatch, {"film": FakeSwarm()}, hours=1)
    keeping.playing = ["film"]
    assert keeping.look(0) == keeping.look(2 * HOUR) == ["film"]
    keeping.playing = []
    assert keeping.look(3 * HOUR - 1) == ["film"]
    assert keeping.look(3 * HOUR) == []
    keeping.playing = ["film"]
    assert keeping.look(4 * HOUR) == ["film"]
    assert keeping.session.slots > 0


def test_quiet_hours_rest_all_but_what_is_watched(monkeypatch):
    keeping = Keeping(monkeypatch, {"film": FakeSwarm(), "other": FakeSwarm()}, quiet=(18 * 60, 23 * 60))
    keeping.playing = ["film"]
    keeping.minute = 18 * 60
    assert keeping.look() == ["film"]
    assert keeping.session.slots == 0
    keeping.minute = 23 * 60
    assert keeping.look() == ["film", "other"]
    assert keeping.session.slots > 0


def test_a_film_watched_again_between_two_looks_rests_again(monkeypatch):
    keeping = Keeping(monkeypatch, {"film": FakeSwarm(200)})
    assert keeping.look() == []
    keeping.swarms["film"].resume()  # as opening it does
    assert keeping.look() == []


def test_what_is_dropped_meanwhile_does_no_harm(monkeypatch):
    keeping = Keeping(monkeypatch, {"film": FakeSwarm(), "gone": FakeSwarm(None)})
    allowed = keeping.sharing.allowed(keeping.options, dict(keeping.swarms), [], 0.0)
    del keeping.swarms["gone"]
    keeping.sharing.keep(allowed, keeping.swarms, [])
    assert keeping.look() == ["film"]
