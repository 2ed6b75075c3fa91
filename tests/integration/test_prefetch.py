# SPDX-License-Identifier: GPL-3.0-or-later
"""The next episode's beginning comes while the one before still plays: another torrent, another swarm."""

from __future__ import annotations

import http.client
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from commonreel.proxy.client import Client
from commonreel.service.config import Config
from commonreel.service.service import Service
from lab import torrents
from lab.catalogue_folder import CatalogueFolder
from lab.films import film
from lab.playing import eventually
from lab.swarm import Swarm

PIECE = 64 << 10
RATE = 400_000  # bytes a second of each peer: three of them take some seconds for a film
TICKS = 8
LITTLE = 0.25  # of a film


class Evening:
    """Two films, of which the first plays."""

    def __init__(self, folder, swarms):
        self.mine = CatalogueFolder(folder / "mine")
        self.swarms = {
            name: self._show(name, film(file), swarms)
            for name, file in (("one", "demo.mp4"), ("two", "demo.mkv"))
        }
        self.length = film("demo.mkv").stat().st_size
        starter = folder / "starter.json"
        starter.write_text("[]")
        states = []
        self.config = Config(folder / "profile", starter, "1.0", country="FR", local_folder=self.mine.folder)
        self.service = Service(self.config, states.append, lambda _: None)
        self.service.start()
        self.client = Client(states[-1].port, states[-1].secret)

    def _show(self, name, path, swarms):
        bare = torrents.make(path.name, path.read_bytes(), piece_length=PIECE)
        swarm = swarms.enter_context(Swarm(bare, path.parent, rate=RATE))
        announced = torrents.make(
            path.name, path.read_bytes(), piece_length=PIECE, announce=swarm.tracker.address
        )
        self.mine.add("local:" + name, name, announced, duration=600)
        return swarm

    def play(self, name):
        """The player has its first bytes."""
        stream = self.client.open("local:" + name, "", 0.0)
        eventually(lambda: self.client.status(stream)["state"] == "ready")
        self.url = str(self.client.status(stream)["url"])
        self.service.playing(self.url)
        self.read("bytes=0-9999")

    def read(self, part):
        """As the player does."""
        where = urlsplit(self.url)
        connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
        try:
            connection.request("GET", where.path, headers={"Range": part})
            return len(connection.getresponse().read())
        finally:
            connection.close()

    def read_all(self):
        for seeder in self.swarms["one"].seeders:
            seeder.unlimit()
        self.read("bytes=0-")

    def given(self, name):
        return self.swarms[name].given

    def ahead(self):
        """Whether the next film's beginning has come, and has been let go."""
        self.service.tick()
        return self.given("two") and not self.service._prefetch._stream


@pytest.fixture
def evening(tmp_path):
    with ExitStack() as swarms:
        evening = Evening(tmp_path, swarms)
        yield evening
        evening.service.stop()


def test_the_next_film_starts_at_once(evening):
    evening.play("one")
    evening.service.comes_next("local:two")
    evening.read_all()
    eventually(evening.ahead)
    fetched = evening.given("two")
    assert 0 < fetched < LITTLE * evening.length
    for _ in range(TICKS):
        evening.service.tick()
    assert evening.given("two") < LITTLE * evening.length

    evening.service.playing("")
    for seeder in evening.swarms["two"].seeders:
        seeder.close()
    evening.play("two")  # from what is here


def test_not_before_the_film_that_plays_has_come(evening):
    evening.play("one")
    evening.service.comes_next("local:two")
    for _ in range(TICKS):
        evening.service.tick()
    assert evening.given("two") == 0


def test_when_the_rest_of_it_is_here_though_not_all(evening):
    evening.play("one")
    evening.service.comes_next("local:two")
    size = film("demo.mp4").stat().st_size
    evening.read("bytes=%d-" % (size * 9 // 10))
    eventually(evening.ahead)
    assert evening.given("one") < size


def test_not_on_a_disk_that_is_short(evening):
    evening.service.reconfigure(replace(evening.config, cache_limit=32 << 20))
    evening.play("one")
    evening.service.comes_next("local:two")
    evening.read_all()
    for _ in range(TICKS):
        evening.service.tick()
    assert evening.given("two") == 0
