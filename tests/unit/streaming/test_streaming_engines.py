# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a film can be had from its web copy, and how engines end."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

from commonreel.streaming import engines
from commonreel.streaming.cache import Cache
from commonreel.streaming.options import EngineOptions, Proxy
from commonreel.works.protocols import Torrent
from lab import torrents

BARE = torrents.make("film.mp4", b"x" * 1000, piece_length=16 << 10)
SEEDED = torrents.make(
    "film.mp4", b"x" * 1000, piece_length=16 << 10, url_list=["https://a.example/film.mp4"]
)
WEB = ("https://a.example/film.mp4",)


@pytest.mark.parametrize(
    ("torrent", "there"),
    [
        (Torrent(BARE, 0), False),
        (Torrent(BARE, 0, web=WEB), True),
        (Torrent(BARE, 0, web_seeds=WEB), True),
        (Torrent(SEEDED, 0), True),
    ],
)
def test_a_web_copy_is_an_address_from_wherever(torrent, there):
    assert engines.has_web_copy(torrent, EngineOptions()) is there


@pytest.mark.parametrize(
    ("options", "there"),
    [
        (EngineOptions(interface="192.0.2.7"), True),
        (EngineOptions(interface="2001:db8::7"), True),
        (EngineOptions(interface="tun0"), False),
        (EngineOptions(proxy=Proxy("socks5", "proxy.example", 1080)), False),
    ],
)
def test_none_is_offered_that_would_go_round_what_the_user_wants(options, there):
    assert engines.has_web_copy(Torrent(BARE, 0, web=WEB), options) is there


def test_the_engine_beside_another_leaves_alone_what_that_is_at(tmp_path):
    cache = Cache(tmp_path, 0)
    playing, idle = "a" * 40, "b" * 40
    for info_hash in (playing, idle):
        (cache.keep_torrent(info_hash, b"x" * 100).parent / "resume.new").touch()
    beside = SimpleNamespace(playing=lambda: [playing])
    engine = engines.web_copy(cache, EngineOptions(), beside)
    assert (tmp_path / playing / "resume.new").exists()
    assert not (tmp_path / idle).exists()
    engine.close()


def test_engines_end_in_the_time_of_one():
    together = threading.Barrier(2, timeout=5)

    class Engine:
        def close(self, seconds):
            together.wait()

    engines.close([Engine(), Engine()])
    assert not together.broken
