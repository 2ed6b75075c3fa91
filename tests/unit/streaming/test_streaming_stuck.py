# SPDX-License-Identifier: GPL-3.0-or-later
"""When libtorrent gets no further by itself, and what a torrent begins anew with."""

from __future__ import annotations

import types

import pytest

from commonreel.streaming import swarm as module
from commonreel.streaming.swarm import Pace, Swarm

PEER, WEB_SEED = 0, 1
RECEIVED, FINISHED = 2, 3  # libtorrent's states of a block


class NotedHandle:
    """A torrent as libtorrent tells of it."""

    def __init__(self):
        self.queue, self.peers, self.seeds = [], [], []

    def get_download_queue(self):
        return self.queue

    def get_peer_info(self):
        return self.peers

    def trackers(self):
        return [{"url": "udp://tracker", "tier": 0}]

    def status(self, *_):
        return types.SimpleNamespace(
            total_payload_download=700, all_time_upload=20, all_time_download=900, total_done=800
        )


class NotedSession:
    """What is added to a session, and taken out again."""

    def __init__(self):
        self.added, self.removed = [], []

    def add_torrent(self, wanted):
        self.added.append(types.SimpleNamespace(**vars(wanted)))
        return NotedHandle()

    def remove_torrent(self, handle):
        self.removed.append(handle)

    def apply_settings(self, _):
        """Not looked at."""


@pytest.fixture
def session():
    return NotedSession()


@pytest.fixture
def swarm(session):
    wanted = types.SimpleNamespace(
        url_seeds=["http://a/", "http://b/"], peers=[("192.0.2.1", 1)], total_uploaded=0
    )
    return Swarm(wanted, Pace(session), lambda: None)


def peer(number, flags=2, connection_type=PEER):
    """`flags`: 2 for one that we called."""
    return types.SimpleNamespace(
        flags=flags,
        local_connection=2,
        connection_type=connection_type,
        standard_bittorrent=PEER,
        ip=("192.0.2.%d" % number, number),
    )


def queued(piece, *states):
    return {"piece_index": piece, "blocks": [{"state": state} for state in states]}


def test_a_piece_that_was_wrong_and_is_not_checked_again(swarm):
    swarm.handle.queue = [queued(7, FINISHED, RECEIVED), queued(8, FINISHED, FINISHED)]
    assert not swarm.at_a_loss([8])  # it may be about to be checked
    swarm.was_wrong(8)
    swarm.was_wrong(7)
    assert swarm.at_a_loss([8])
    assert not swarm.at_a_loss([7])  # it comes
    assert not swarm.at_a_loss([9])
    assert not swarm.at_a_loss([])


def test_nobody_is_left_because_they_were_banned(swarm):
    assert not swarm.at_a_loss([1])  # nobody has come yet
    swarm.banned()
    assert swarm.at_a_loss([1])
    assert not swarm.at_a_loss([])
    swarm.handle.peers = [object()]
    assert not swarm.at_a_loss([1])


def test_it_begins_anew_with_all_that_counts_and_nobody_is_banned_any_more(session, swarm):
    old = swarm.handle
    old.peers = [peer(2), peer(3, flags=0), peer(4, connection_type=WEB_SEED)]
    swarm.banned()
    swarm.was_wrong(1)
    swarm.renew([7, 0], [1, 0])
    begun = session.added[-1]
    assert (session.removed, swarm.handle is old) == ([old], False)
    assert sorted(begun.peers) == [("192.0.2.1", 1), ("192.0.2.2", 2)]
    assert (begun.piece_priorities, begun.have_pieces) == ([7, 0], [True, False])
    assert (begun.total_uploaded, begun.total_downloaded) == (20, 900)
    assert begun.trackers == ["udp://tracker"]
    assert not swarm.at_a_loss([1])


def test_a_web_seed_that_was_banned_is_left_alone_for_a_while(session, swarm, monkeypatch):
    swarm.banned_web_seed("http://a/")
    swarm.renew([], [])
    assert session.added[-1].url_seeds == ["http://b/"]
    later = module.time.monotonic() + 61
    monkeypatch.setattr(module.time, "monotonic", lambda: later)
    swarm.renew([], [])
    assert session.added[-1].url_seeds == ["http://a/", "http://b/"]
