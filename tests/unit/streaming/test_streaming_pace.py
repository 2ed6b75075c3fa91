# SPDX-License-Identifier: GPL-3.0-or-later
"""How much is asked for ahead, and when peers that have gone are called again: settings of a session."""

from __future__ import annotations

import pytest

from commonreel.streaming.swarm import Pace


class NotedSession:
    """A session's settings, one after the other."""

    def __init__(self):
        self.applied = []

    def apply_settings(self, settings):
        self.applied.append(settings)

    def values(self, name):
        return [settings[name] for settings in self.applied if name in settings]


@pytest.fixture
def session():
    return NotedSession()


def test_one_torrent_in_need_speaks_for_all(session):
    pace = Pace(session)
    for handle, needy in (("a", True), ("b", True), ("a", False), ("b", False)):
        pace.press(handle, needy)
    assert session.values("request_queue_time") == [1, 1, 1, 0]
    assert session.values("tick_interval") == [20, 20, 20, 100]


def test_libtorrent_counts_anew_whom_it_may_call(session):
    """It does when this setting changes; in the end it is as it was."""
    Pace(session).call_again()
    assert session.values("max_failcount") == [4, 3]
