# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes next is fetched ahead, but never at the cost of what plays."""

from __future__ import annotations

import pytest

from commonreel.service import prefetch
from commonreel.service.prefetch import ROOM, Prefetch
from commonreel.works.errors import ServiceUnavailable, UnknownWork, WebCopyChosen


class Streams:
    """The film that plays, `now`, and what is opened beside it."""

    def __init__(self):
        self.states = {"now": {"state": "ready", "settled": False, "infoHash": "aa"}}
        self.opened, self.closed = [], []
        self.error = None

    def open(self, work, encoding, resume):
        if self.error:
            raise self.error
        self.opened.append((work, encoding, resume))
        self.states["ahead"] = {"state": "fetching"}
        return "ahead"

    def status(self, stream):
        if stream not in self.states:
            raise UnknownWork(stream)
        return self.states[stream]

    def close(self, stream):
        self.closed.append(stream)
        del self.states[stream]


@pytest.fixture
def streams():
    return Streams()


@pytest.fixture
def ahead(streams):
    ahead = Prefetch(streams, lambda: "now" if "now" in streams.states else "", lambda _: ROOM)
    ahead.want("ia:two", "key")
    return ahead


def settle(streams):
    streams.states["now"]["settled"] = True


def test_an_engine_that_says_nonsense_is_let_go_in_time(streams, ahead, monkeypatch):
    settle(streams)
    ahead.tick()
    streams.states["ahead"] = {}
    ahead.tick()
    monkeypatch.setattr(prefetch.time, "monotonic", lambda: 1e12)
    ahead.tick()
    assert streams.closed == ["ahead"]


def test_what_plays_comes_first(streams, ahead):
    ahead.tick()
    assert streams.opened == []
    settle(streams)
    ahead.tick()
    ahead.tick()
    assert streams.opened == [("ia:two", "key", 0.0)]
    assert streams.closed == []


@pytest.mark.parametrize("state", ["ready", "failed"])
def test_it_is_let_go_once_it_could_start_and_not_fetched_again(streams, ahead, state):
    settle(streams)
    ahead.tick()
    streams.states["ahead"] = {"state": "buffering"}
    ahead.tick()
    assert streams.closed == []
    streams.states["ahead"] = {"state": state}
    for _ in range(3):
        ahead.tick()
    assert streams.closed == ["ahead"]
    assert len(streams.opened) == 1


def test_beside_a_web_copy_nothing_is_fetched(streams, ahead):
    """It may be the same torrent, which then two engines would write."""
    settle(streams)
    streams.states["now"]["webOnly"] = WebCopyChosen.code
    ahead.tick()
    assert streams.opened == []
    streams.states["now"]["webOnly"] = ""
    ahead.tick()
    assert len(streams.opened) == 1


def test_it_is_let_go_after_a_while(streams, ahead, monkeypatch):
    settle(streams)
    monkeypatch.setattr(prefetch, "SECONDS", -1.0)
    ahead.tick()
    ahead.tick()
    assert streams.closed == ["ahead"]


def test_what_has_begun_to_come_is_let_go_though_nothing_plays_any_more(streams, ahead):
    settle(streams)
    ahead.tick()
    del streams.states["now"]
    ahead.want("", "")
    streams.states["ahead"] = {"state": "ready"}
    ahead.tick()
    assert streams.closed == ["ahead"]


def test_nothing_is_wanted(streams, ahead):
    settle(streams)
    ahead.want("", "")
    ahead.tick()
    assert streams.opened == []


def test_nothing_plays(streams, ahead):
    del streams.states["now"]
    ahead.tick()
    assert streams.opened == []


def test_a_short_disk(streams):
    asked = []
    ahead = Prefetch(streams, lambda: "now", lambda playing: asked.append(playing) or ROOM - 1)
    ahead.want("ia:two", "")
    settle(streams)
    ahead.tick()
    ahead.tick()
    assert streams.opened == []
    assert asked == ["aa"]  # to ask walks through the cache


def test_a_failure_is_nobodys_concern(streams, ahead):
    settle(streams)
    streams.error = ServiceUnavailable("x")
    ahead.tick()
    streams.error = None
    ahead.tick()
    assert streams.opened == []
    ahead.want("ia:three", "")
    ahead.tick()
    assert streams.opened == [("ia:three", "", 0.0)]


def test_somebody_else_has_closed_it(streams, ahead):
    settle(streams)
    ahead.tick()
    del streams.states["ahead"]
    ahead.tick()
    ahead.tick()
    assert streams.closed == []
