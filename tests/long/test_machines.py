# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes on between two machines, for a program that is told no address and takes those that it finds."""

from __future__ import annotations

import os
import time

import pytest

from commonreel.publish import keys, shelf
from commonreel.publish.announcing import Announcing
from commonreel.publish.seeding import SEEDING, Seeding
from commonreel.streaming.cache import Cache
from commonreel.streaming.options import RECONNECT
from commonreel.streaming.session import EngineOptions, LibtorrentEngine
from commonreel.works.protocols import Torrent
from lab.curator import Curator
from lab.dht import Dht
from lab.jsonrpc import wait_for
from lab.line import Line
from lab.playing import read
from lab.records import free
from lab.torrents import make

NODES, ENOUGH = 6, 4
FILM = os.urandom(900_000)


@pytest.mark.parametrize("host", ["20.0.%d.1", "2a00:%d::1"], ids=["IPv4", "IPv6"])
def test_who_announces_is_heard_by_those_that_its_own_node_knows(tmp_path, host):
    curator = Curator(tmp_path / "curator")
    curator.about = {"name": "Festival", "dht": keys.pointer(curator.keys / "dht.pem")}
    curator.build(free("t:one"))
    with Line([host % 101], [host % number for number in range(1, NODES + 1)]) as line:
        with line.other.entered():
            dht = Dht(NODES, host)
        with dht, line.one.entered():
            seeding = Seeding(nodes=[dht.entrance])
            announcing = Announcing(curator.out, keys.load(curator.keys / "dht.pem"), seeding)

            def is_there():
                seeding.tick()
                return any(said.get("stored", 0) >= ENOUGH for said in announcing.tick())

            wait_for(is_there, 30, "the build to be in the DHT")
            seeding.close()


def test_a_film_of_the_local_folder_is_found_at_who_gives_it_on_the_same_network(tmp_path):
    given = tmp_path / "given"
    given.mkdir()
    (given / "One.mp4").write_bytes(FILM)
    (given / "film.torrent").write_bytes(make("One.mp4", FILM))
    with Line(["192.168.0.1"], ["192.168.0.2"]) as line:
        with line.one.entered():
            seeding = Seeding()
            [found] = shelf.find(given)
            seeding.add(found)
            wait_for(lambda: seeding.status()[0].state == SEEDING, 10, "the film to be given")
        with line.other.entered():
            options = EngineOptions(lsd=True, dht=False, upnp=False)
            engine = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), options)
            began = time.monotonic()
            film = engine.open(Torrent((given / "film.torrent").read_bytes(), 0, local=True))
            reader = film.reader()
            assert read(reader, 0, len(FILM)) == FILM
            assert time.monotonic() - began < RECONNECT  # nobody had to call twice
            reader.close()
            film.close()
            engine.close()
        with line.one.entered():
            seeding.close()
