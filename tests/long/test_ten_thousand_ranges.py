# SPDX-License-Identifier: GPL-3.0-or-later
"""Ten thousand ranges of a film, asked for at the proxy while it downloads."""

from __future__ import annotations

import pytest

from commonreel.proxy.server import Proxy
from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from lab.playing import OPTIONS, Item, ask_here_and_there
from lab.streams import FakeControl
from lab.swarm import Swarm

PATH = "/v1/media/%s/film.mp4" % FakeControl.SECRET


@pytest.mark.parametrize("version", ["v1", "hybrid", "v2"])
def test_ten_thousand_ranges_by_eight_readers(tmp_path, version):
    """At the end of the download the last of them are asked for."""
    item = Item(tmp_path, version, length=40_000_001, piece_length=256 << 10)
    engine = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    with Swarm(item.torrent, item.folder, rate=2_000_000) as swarm:
        stream = engine.open(item.of(swarm.peers))
        proxy = Proxy(FakeControl(stream), "1.2.3")
        proxy.start()
        ask_here_and_there(proxy.port, PATH, item.content, readers=8, ranges=10_000)
        proxy.stop()
    engine.close()
