# SPDX-License-Identifier: GPL-3.0-or-later
"""A patron: takes a film that few have, keeps it, and gives it on. Real swarms on loopback."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time
from contextlib import ExitStack

import pytest

from commonreel.catalog.patronage import Patronage
from commonreel.catalog.store import Store
from commonreel.proxy.client import Client
from commonreel.service import patron as module
from commonreel.service import tally
from commonreel.service.config import Config
from commonreel.service.repertoire import Repertoire
from commonreel.service.service import Service
from commonreel.streaming import sharing, transfers
from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from commonreel.works.errors import WebCopyChosen
from commonreel.works.parental import Level
from commonreel.works.protocols import Torrent
from commonreel.works.query import Query
from lab.catalogue_folder import EVERYWHERE, CatalogueFolder
from lab.playing import OPTIONS, Item, eventually, read
from lab.swarm import Swarm

NOON, EVENING = 12 * 60, 20 * 60
GIB = 1 << 30
ENOUGH = 2.0  # seconds in which what may not come would have come


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(module, "CALM", 0.0)
    monkeypatch.setattr(module, "LOOK", 0.0)
    monkeypatch.setattr(module, "PAUSE", 0.0)
    monkeypatch.setattr(module, "SCRAPE_SECONDS", 0.3)
    monkeypatch.setattr(tally, "PAUSE", 0.0)
    monkeypatch.setattr(transfers, "LOOK", 0.1)
    monkeypatch.setattr(transfers, "TICK", 0.1)
    monkeypatch.setattr(Repertoire, "sample", _all_works)


def _all_works(repertoire, _count):
    """The films of the local folder, whose sources may be on this machine."""
    config = repertoire._config()
    with Store(config.store) as store:
        return store.page(Query(country=config.country, level=config.level)).works


class Device:
    """A service of a patron, and the catalogue folder that it has its films from."""

    def __init__(self, folder):
        self.mine = CatalogueFolder(folder / "mine")
        (folder / "starter.json").write_text("[]")
        self.config = Config(
            profile=folder / "profile",
            starter=folder / "starter.json",
            version="1.0",
            country="US",
            local_folder=self.mine.folder,
            patron_limit=GIB,
            streaming=dataclasses.replace(OPTIONS, quiet=(18 * 60, 23 * 60)),
        )
        self.patronage = Patronage(self.config.patronage)
        self.states = []
        self.service = None
        self._ticking = threading.Event()
        self._thread = None

    def add(self, item, tracker=None, name="film", **fields):
        trackers = [tracker.address] if tracker else []
        self.mine.add("local:" + name, "Film", item.torrent, **fields)
        self.mine._records["local:" + name]["encoding"][0]["trackers"] = trackers
        self.mine._write()

    def start(self, **choices):
        self.config = dataclasses.replace(self.config, **choices)
        self.service = Service(self.config, self.states.append, lambda _: None)
        self.service.start()
        self._ticking.clear()
        self._thread = threading.Thread(target=self._tick)
        self._thread.start()

    def _tick(self):
        while not self._ticking.wait(0.05):
            self.service.tick()

    def stop(self):
        """Returns how many seconds it took."""
        self._ticking.set()
        self._thread.join()
        began = time.monotonic()
        self.service.stop()
        self.service = None
        return time.monotonic() - began

    def close(self):
        if self.service:
            self.stop()

    @property
    def place(self):
        return ("127.0.0.1", self.service._engines.first._sessions[True]._session.listen_port())

    @property
    def has_it(self):
        return [kept.work for kept in self.patronage.kept() if kept.whole] == ["local:film"]

    @property
    def client(self):
        return Client(self.states[-1].port, self.states[-1].secret)

    def on_disk(self, item):
        return (self.config.cache / item.meta.info_hash).exists()


@pytest.fixture
def device(tmp_path):
    device = Device(tmp_path)
    yield device
    device.close()


@pytest.fixture
def make_engine(tmp_path):
    with ExitStack() as ending:

        def make(name):
            engine = LibtorrentEngine(Cache(tmp_path / name, GIB), dataclasses.replace(OPTIONS, share=False))
            ending.callback(engine.close)
            return engine

        yield make


def take_in(device, item, **choices):
    """Have it take the film from a seed, which then goes."""
    with Swarm(item.torrent, item.folder, seeders=1) as swarm:
        device.add(item, swarm.tracker)
        device.start(**choices)
        eventually(lambda: device.has_it)


def test_a_patron_gives_a_film_on_whose_seed_has_gone(device, item, make_engine):
    take_in(device, item)
    reader = make_engine("viewer").open(item.of([device.place])).reader()
    assert read(reader, 0, item.length) == item.content
    eventually(lambda: device.patronage.given().get("local:film", 0) >= item.length)
    today = device.patronage.tally(time.strftime("%Y-%m-%d"))
    assert today.today == today.month == today.total >= item.length


def test_more_is_given_than_was_taken(device, item, make_engine):
    """The limit of ratio is for what was watched."""
    take_in(device, item, streaming=dataclasses.replace(OPTIONS, ratio=0.5))
    for name in ("one", "two"):
        reader = make_engine(name).open(item.of([device.place])).reader()
        assert read(reader, 0, item.length) == item.content


@pytest.mark.parametrize("account", ["kept", "lost"])
def test_a_restart_keeps_what_is_on_the_disk(device, item, make_engine, account):
    take_in(device, item)
    assert device.stop() < 2.0
    if account == "lost":
        (device.config.cache / item.meta.info_hash / "resume").unlink()
    device.start()
    eventually(lambda: device.service._patron._done)
    reader = make_engine("viewer").open(item.of([device.place])).reader()
    assert read(reader, 0, item.length) == item.content


def test_it_goes_on_where_it_was_broken_off(device, item):
    with Swarm(item.torrent, item.folder, seeders=1, rate=1_500_000) as swarm:
        device.add(item, swarm.tracker)
        device.start()
        eventually(lambda: swarm.seeders[0].given > item.length // 3)
        assert device.stop() < 2.0
        assert [thread for thread in threading.enumerate() if "take" in thread.name] == []
        assert not device.has_it
        before = swarm.seeders[0].given
        device.start()
        eventually(lambda: device.has_it)
        assert swarm.seeders[0].given - before < item.length - before + 1_000_000


@pytest.mark.parametrize("why", ["withdrawn", "another country", "unwanted", "no patron any more"])
def test_what_is_kept_no_more_is_given_no_more(device, item, make_engine, why):
    take_in(device, item, patron_rate=1_000_000)
    film = make_engine("viewer").open(item.of([device.place]))
    film.reader()
    eventually(lambda: film.status().from_peers)
    if why == "withdrawn":
        device.mine._records.clear()
        device.mine._write()
    elif why == "another country":
        rights = {**EVERYWHERE, "territories": ["US"]}
        device.mine._records["local:film"]["rights"] = rights
        device.mine._write()
        device.service.reconfigure(dataclasses.replace(device.config, country="FR"))
    elif why == "unwanted":
        device.patronage.refuse("local:film")
    else:
        no_sharing = dataclasses.replace(OPTIONS, share=False)
        device.service.reconfigure(dataclasses.replace(device.config, patron_limit=0, streaming=no_sharing))
    eventually(lambda: film.status().peers == 0, 3.0)
    assert film.status().from_peers < item.length
    if why == "no patron any more":
        assert device.on_disk(item)  # now a film of the cache like any other
    else:
        eventually(lambda: not device.on_disk(item))
        eventually(lambda: device.patronage.kept() == [])


def test_in_quiet_hours_nothing_is_taken_and_nothing_given(device, item, make_engine, monkeypatch):
    clock = [EVENING]
    monkeypatch.setattr(sharing, "local_minute", lambda: clock[0])
    with Swarm(item.torrent, item.folder, seeders=1) as swarm:
        device.add(item, swarm.tracker)
        device.start(patron_rate=1_000_000)
        threading.Event().wait(ENOUGH)
        assert device.patronage.kept() == []
        clock[0] = NOON
        eventually(lambda: device.has_it)
    film = make_engine("viewer").open(item.of([device.place]))
    film.reader()
    eventually(lambda: film.status().from_peers)
    clock[0] = EVENING
    eventually(lambda: film.status().peers == 0)
    assert film.status().from_peers < item.length


def test_while_somebody_watches_nothing_is_taken(device, item, tmp_path):
    watched = Item(tmp_path / "watched", length=3_000_000)
    with ExitStack() as swarms:
        seeds = swarms.enter_context(Swarm(item.torrent, item.folder, seeders=1, rate=500_000))
        others = swarms.enter_context(Swarm(watched.torrent, watched.folder, seeders=1))
        device.add(watched, others.tracker, name="watched")
        device.start(patron_limit=0)
        stream = device.client.open("local:watched", "", 0.0)
        device.add(item, seeds.tracker)
        device.service.reconfigure(dataclasses.replace(device.config, patron_limit=GIB))
        eventually(lambda: device.client.status(stream).get("complete"))
        threading.Event().wait(ENOUGH)
        assert seeds.seeders[0].given == 0
        device.client.close(stream)
        eventually(lambda: seeds.seeders[0].given > 100_000)
        stream = device.client.open("local:watched", "", 0.0)
        eventually(seeds.quiet)
        assert seeds.seeders[0].given < item.length


def test_a_film_that_is_watched_from_the_web_is_kept_and_given_again(device, item):
    take_in(device, item)
    shared = device.service._engines.first.shares
    stream = device.client.open("local:film", "", 0.0, via="web")
    eventually(lambda: device.client.status(stream)["state"] == "ready")
    assert device.client.status(stream)["webOnly"] == WebCopyChosen.code
    eventually(lambda: not shared())
    eventually(lambda: not device.service._patron._here)  # it has looked
    assert device.has_it
    assert device.on_disk(item)
    device.client.close(stream)
    eventually(lambda: item.meta.info_hash in shared())
    eventually(lambda: device.service._patron._done)
    assert device.has_it


def test_what_is_above_the_parental_level_is_not_taken_while_it_is_set(device, item):
    rated = {"contentRating": {"age": 16, "by": "FSK"}}
    with Swarm(item.torrent, item.folder, seeders=1, rate=1_500_000) as swarm:
        device.add(item, swarm.tracker, **rated)
        device.start(level=Level(12))
        threading.Event().wait(ENOUGH)
        assert device.patronage.kept() == []
        device.service.reconfigure(dataclasses.replace(device.config, level=Level()))
        device.patronage.looks(0.0)
        eventually(lambda: swarm.seeders[0].given > item.length // 4)
        device.service.reconfigure(dataclasses.replace(device.config, level=Level(12)))
        eventually(swarm.quiet)
        assert not device.has_it
        assert [kept.work for kept in device.patronage.kept()] == ["local:film"]
        device.service.reconfigure(dataclasses.replace(device.config, level=Level(16)))
        eventually(lambda: device.has_it)


def test_what_was_taken_before_is_given_on_under_a_parental_level(device, item, make_engine):
    take_in(device, item)
    device.mine.change("local:film", contentRating={"age": 16, "by": "FSK"})
    device.stop()
    device.start(level=Level(12))
    eventually(lambda: device.service._patron._done)
    reader = make_engine("viewer").open(item.of([device.place])).reader()
    assert read(reader, 0, item.length) == item.content


def test_a_film_beyond_the_room_is_not_taken(device, item, tmp_path):
    small = Item(tmp_path / "small", length=1_000_000)
    with Swarm(small.torrent, small.folder, seeders=1) as swarm:
        device.add(item, name="large")
        device.add(small, swarm.tracker)
        device.start(patron_limit=5_000_000)
        eventually(lambda: device.has_it)
        assert [kept.work for kept in device.patronage.kept()] == ["local:film"]


def test_seeds_are_asked_for_without_meeting_them(item, make_engine):
    with Swarm(item.torrent, item.folder, seeders=3) as swarm:
        torrent = Torrent(item.torrent, item.file.index, (swarm.tracker.address,), local=True)
        engine = make_engine("curious")
        engine.warm_up(local=True)
        # libtorrent asks a tracker on this machine nothing but /announce, by itself.
        engine._sessions[True]._session.apply_settings({"ssrf_mitigation": False})
        began = time.monotonic()
        assert engine.seeds({item.meta.info_hash: torrent}, 10.0) == {item.meta.info_hash: 3}
        assert time.monotonic() - began < 5.0
        assert swarm.tracker.announces == 0
        assert [seeder.callers() for seeder in swarm.seeders] == [[], [], []]
        assert engine.shares() == {}


def test_what_is_kept_is_no_part_of_the_cache_for_watching(device, item):
    take_in(device, item, cache_limit=1)
    device.service._engines.first.tidy()
    assert device.on_disk(item)


def test_nor_at_the_next_start(device, item):
    """The engine trims the cache as soon as it is there."""
    take_in(device, item, cache_limit=1)
    device.stop()
    device.start()
    assert device.on_disk(item)
    device.service.reconfigure(dataclasses.replace(device.config, engine=False))
    device.service.reconfigure(device.config)
    eventually(lambda: device.service._patron._done)
    assert device.on_disk(item)


def test_a_film_gone_from_the_disk_is_known_to_be_gone(device, item):
    take_in(device, item)
    device.service._engines.first.drop(item.meta.info_hash)
    shutil.rmtree(device.config.cache / item.meta.info_hash, ignore_errors=True)  # the engine may do so too
    eventually(lambda: device.patronage.kept() == [])
