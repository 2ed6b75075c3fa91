# SPDX-License-Identifier: GPL-3.0-or-later
"""What the engine gives to others, how much of it, when, and by which way: real swarms on loopback."""

from __future__ import annotations

import dataclasses
import socket
import threading
import time
from contextlib import ExitStack

import pytest

from commonreel.proxy.client import Client
from commonreel.service.config import Config
from commonreel.service.service import Service
from commonreel.streaming import interface, sharing, transfers
from commonreel.streaming.cache import Cache
from commonreel.streaming.options import Proxy
from commonreel.streaming.session import LibtorrentEngine
from commonreel.works.errors import InterfaceMissing, ProxyMissing
from commonreel.works.protocols import Torrent
from lab.catalogue_folder import EVERYWHERE, CatalogueFolder
from lab.playing import OPTIONS, eventually, read
from lab.proxies import ProxyServer
from lab.swarm import Seeder, Swarm
from lab.webseed import WebSeed

NOON = 12 * 60
ENOUGH = 2.0  # seconds in which what may not come would have come
PLAINTEXT, ENCRYPTED = {"in_enc_policy": 2, "out_enc_policy": 2}, {"in_enc_policy": 0, "out_enc_policy": 0}


class Clock:
    """The minute of the day, as the test says."""

    def __init__(self, monkeypatch):
        self.minute = NOON
        monkeypatch.setattr(sharing, "local_minute", lambda: self.minute)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture(autouse=True)
def _looks_often(monkeypatch):
    monkeypatch.setattr(transfers, "LOOK", 0.1)
    monkeypatch.setattr(transfers, "TICK", 0.1)


@pytest.fixture
def make_engine(tmp_path):
    """Engines with options of their own, each with its own cache unless told otherwise."""
    with ExitStack() as ending:

        def make(name="cache", **choices):
            options = dataclasses.replace(OPTIONS, **choices)
            engine = LibtorrentEngine(Cache(tmp_path / name, 1 << 30), options)
            ending.callback(engine.close)
            return engine

        yield make


def place(engine):
    return ("127.0.0.1", engine._sessions[True]._session.listen_port())


def watch(engine, item):
    """All of the film, and then no more."""
    with Swarm(item.torrent, item.folder) as swarm:
        stream = engine.open(item.of(swarm.peers))
        assert read(stream.reader(), 0, item.length) == item.content
        stream.close()
    return place(engine)


def took(stream):
    return stream.status().from_peers


def stands_still(stream, seconds=ENOUGH):
    before = took(stream)
    threading.Event().wait(seconds)
    return took(stream) == before


# How much


def test_once_the_ratio_is_given_back_the_film_rests(item, make_engine):
    giver = make_engine(ratio=0.25, upload_rate=1_000_000)
    leecher = make_engine("leecher", share=False)
    film = leecher.open(item.of([watch(giver, item)]))
    film.reader()
    eventually(lambda: took(film) > item.length // 5)
    eventually(lambda: film.status().peers == 0)
    assert stands_still(film)
    assert took(film) < item.length // 2


def test_what_was_given_counts_after_a_restart_too(item, make_engine):
    giver = make_engine(ratio=0.25, upload_rate=2_000_000)
    leecher = make_engine("leecher", share=False)
    film = leecher.open(item.of([watch(giver, item)]))
    film.reader()
    eventually(lambda: took(film) and film.status().peers == 0)
    giver.close()
    giver = make_engine(ratio=0.25)
    again = giver.open(item.of())
    read(again.reader(), 0, 10)
    again.close()
    before = took(film)
    film.close()
    film = leecher.open(item.of([place(giver)]))
    reader = film.reader()
    assert reader.span(item.length - 10, 10, ENOUGH) is None
    assert took(film) <= before + item.length // 10


def test_without_limits_all_is_given(item, make_engine):
    giver = make_engine(ratio=0, hours=0)
    where = watch(giver, item)
    for name in ("one", "two", "three"):
        leecher = make_engine(name, share=False)
        assert read(leecher.open(item.of([where])).reader(), 0, item.length) == item.content


def test_after_its_time_a_film_rests(item, make_engine):
    giver = make_engine(hours=4 / 3600, upload_rate=1_000_000)
    leecher = make_engine("leecher", share=False)
    film = leecher.open(item.of([watch(giver, item)]))
    film.reader()
    eventually(lambda: took(film))
    eventually(lambda: film.status().peers == 0)
    assert stands_still(film)
    assert took(film) < item.length // 2


def test_the_upload_limit_holds(item, make_engine):
    giver = make_engine(upload_rate=400_000)
    leecher = make_engine("leecher", share=False)
    film = leecher.open(item.of([watch(giver, item)]))
    film.reader()
    eventually(lambda: took(film) > 200_000)
    before, began = took(film), time.monotonic()
    threading.Event().wait(3)
    rate = (took(film) - before) / (time.monotonic() - began)
    assert 100_000 < rate < 600_000


def test_the_limit_of_connections_holds(item, make_engine):
    engine = make_engine(connections=5)
    with Swarm(item.torrent, item.folder, seeders=12, rate=200_000) as swarm:
        film = engine.open(item.of(swarm.peers))
        read(film.reader(), 0, 2_000_000)
        assert 1 <= sum(len(seeder.callers()) for seeder in swarm.seeders) <= 5


# When


def test_in_quiet_hours_nothing_is_given_and_afterwards_it_goes_on(item, make_engine, clock):
    giver = make_engine(quiet=(18 * 60, 7 * 60), upload_rate=1_000_000)
    leecher = make_engine("leecher", share=False)
    where = watch(giver, item)
    film = leecher.open(item.of([where]))
    reader = film.reader()
    eventually(lambda: took(film))
    clock.minute = 23 * 60
    eventually(lambda: film.status().peers == 0)
    assert stands_still(film)
    assert took(film) < item.length
    clock.minute = 7 * 60
    assert read(reader, 0, item.length) == item.content


def test_in_quiet_hours_the_viewer_watches_and_nobody_gets_of_it(item, make_engine, clock):
    clock.minute = 20 * 60
    viewer = make_engine(quiet=(18 * 60, 23 * 60))
    leecher = make_engine("leecher", share=False)
    with Swarm(item.torrent, item.folder, rate=1_000_000) as swarm:
        film = viewer.open(item.of(swarm.peers))
        reader = film.reader()
        read(reader, 0, 100_000)
        taking = leecher.open(item.of([place(viewer)]))
        assert taking.reader().span(0, 1, 0.1) is None
        assert read(reader, 0, item.length) == item.content
        assert taking.status().peers
        assert viewer._sessions[True]._torrents.swarm(film.info_hash).balance()[0] == 0


def test_switched_off_while_somebody_takes(item, make_engine):
    giver = make_engine(upload_rate=1_000_000)
    leecher = make_engine("leecher", share=False)
    film = leecher.open(item.of([watch(giver, item)]))
    film.reader()
    eventually(lambda: took(film))
    giver.configure(dataclasses.replace(OPTIONS, share=False))
    eventually(lambda: film.status().peers == 0, 2.0)
    assert stands_still(film)


@pytest.mark.parametrize("why", ["another country", "withdrawn"])
def test_what_may_be_shown_no_more_is_shared_no_more(item, make_engine, tmp_path, why):
    mine = CatalogueFolder(tmp_path / "mine")
    (tmp_path / "starter.json").write_text("[]")
    config = Config(
        profile=tmp_path / "profile",
        starter=tmp_path / "starter.json",
        version="1.0",
        country="US",
        local_folder=mine.folder,
        streaming=dataclasses.replace(OPTIONS, upload_rate=1_000_000),
    )
    states = []
    service = Service(config, states.append, lambda _: None)
    service.start()
    leecher = make_engine("leecher", share=False)
    with Swarm(item.torrent, item.folder) as swarm:
        here = {"duration": 60, "rights": {**EVERYWHERE, "territories": ["US"]}}
        mine.add("local:film", "Film", item.torrent, **here)
        mine._records["local:film"]["encoding"][0]["trackers"] = [swarm.tracker.address]
        mine._write()
        service.tick()
        client = Client(states[-1].port, states[-1].secret)
        stream = client.open("local:film", "", 0.0)
        eventually(lambda: client.status(stream).get("complete"))
        client.close(stream)
        film = leecher.open(item.of([place(service._engines.first)]))
        film.reader()
        eventually(lambda: took(film))
        if why == "withdrawn":
            mine._records.clear()
            mine._write()
            service.tick()
        else:
            service.reconfigure(dataclasses.replace(config, country="FR"))
        eventually(lambda: film.status().peers == 0, 1.0)
        assert stands_still(film)
        assert took(film) < item.length
        service.stop()


# By which way


@pytest.mark.parametrize("name", ["192.0.2.99", "2001:db8::99", "tun99"])
def test_a_missing_interface_is_said_and_nothing_goes_out(item, make_engine, name):
    engine = make_engine(interface=name)
    with Swarm(item.torrent, item.folder) as swarm:
        for call in (
            lambda: engine.open(Torrent(item.torrent, item.file.index, (swarm.tracker.address,), local=True)),
            lambda: engine.open(item.of(swarm.peers)),
            lambda: engine.magnet(item.meta.info_hash, (swarm.tracker.address,), 5.0, local=True),
        ):
            with pytest.raises(InterfaceMissing):
                call()
        threading.Event().wait(0.5)
        assert engine._sessions == {}
        assert swarm.tracker.announces == 0
        assert [seeder.callers() for seeder in swarm.seeders] == [[], [], []]


@pytest.mark.parametrize("name", ["127.0.0.1", "lo"])
def test_an_interface_that_is_there_is_used(item, make_engine, name):
    engine = make_engine(interface=name)
    with Swarm(item.torrent, item.folder) as swarm:
        assert read(engine.open(item.of(swarm.peers)).reader(), 0, item.length) == item.content


def test_libtorrent_itself_goes_no_other_way(item, make_engine, monkeypatch):
    """Even where we did not notice that the interface is not there."""
    monkeypatch.setattr(interface, "check", lambda _: None)
    engine = make_engine(interface="192.0.2.99")
    monkeypatch.setattr(transfers.Transfers, "_check_network", lambda _: None)
    with Swarm(item.torrent, item.folder) as swarm:
        film = engine.open(
            Torrent(item.torrent, item.file.index, (swarm.tracker.address,), peers=swarm.peers, local=True)
        )
        assert film.reader().span(0, 1, ENOUGH) is None
        assert (swarm.tracker.announces, place(engine)[1]) == (0, 0)
        assert sum(len(seeder.callers()) for seeder in swarm.seeders) == 0


def test_an_interface_that_goes_and_comes_back(item, make_engine, monkeypatch):
    """Nothing goes out meanwhile, who reads is told, and afterwards the film plays on."""
    engine = make_engine(interface="127.0.0.1")
    with Swarm(item.torrent, item.folder, rate=500_000) as swarm:
        film = engine.open(item.of(swarm.peers))
        reader = film.reader()
        head = read(reader, 0, 100_000)
        with monkeypatch.context() as gone:
            gone.setattr(interface, "present", lambda _: False)
            eventually(lambda: sum(len(seeder.callers()) for seeder in swarm.seeders) == 0)
            eventually(swarm.quiet)
            with pytest.raises(InterfaceMissing):
                read(reader, item.length // 2, item.length // 2)
            with pytest.raises(InterfaceMissing):
                engine.open(item.of(swarm.peers))
        eventually(lambda: film.download.error is None)
        assert head + read(reader, 100_000, 900_000) == item.content[:1_000_000]


def test_an_interface_chosen_while_a_film_plays(item, make_engine):
    """What goes another way ends; to one that is there it moves."""
    engine = make_engine()
    with Swarm(item.torrent, item.folder, rate=500_000) as swarm:
        film = engine.open(item.of(swarm.peers))
        reader = film.reader()
        read(reader, 0, 100_000)
        engine.configure(dataclasses.replace(OPTIONS, interface="192.0.2.99"))
        eventually(lambda: sum(len(seeder.callers()) for seeder in swarm.seeders) == 0)
        eventually(swarm.quiet)
        with pytest.raises(InterfaceMissing):
            engine.open(item.of(swarm.peers))
        engine.configure(dataclasses.replace(OPTIONS, interface="127.0.0.1"))
        eventually(lambda: film.download.error is None)
        assert read(reader, 0, 1_000_000) == item.content[:1_000_000]


def test_what_does_not_concern_the_way_leaves_the_port_alone(item, make_engine):
    engine = make_engine()
    where = watch(engine, item)
    engine.configure(dataclasses.replace(OPTIONS, connections=10, ratio=1.0, upload_rate=9))
    assert place(engine) == where


@pytest.mark.parametrize(
    ("encryption", "seeders", "plays"),
    [
        ("required", PLAINTEXT, False),
        ("required", ENCRYPTED, True),
        ("allowed", PLAINTEXT, True),
        ("allowed", ENCRYPTED, True),
        ("off", PLAINTEXT, True),
        ("off", ENCRYPTED, False),
    ],
)
def test_encryption(item, make_engine, encryption, seeders, plays):
    engine = make_engine(encryption=encryption)
    seeder = Seeder(item.torrent, item.folder, settings=seeders)
    try:
        reader = engine.open(item.of([seeder.address])).reader()
        if plays:
            assert read(reader, 0, item.length) == item.content
        else:
            assert reader.span(0, 1, ENOUGH) is None
            assert seeder.given == 0
    finally:
        seeder.close()


class UdpTracker:
    """Hears whether anybody asks (BEP 15)."""

    def __init__(self):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.address = "udp://127.0.0.1:%d/announce" % self._socket.getsockname()[1]

    def asked(self):
        try:
            return bool(self._socket.recv(100))
        except BlockingIOError:
            return False

    def close(self):
        self._socket.close()


@pytest.fixture
def udp_tracker():
    tracker = UdpTracker()
    yield tracker
    tracker.close()


@pytest.fixture
def web_seed(item):
    seed = WebSeed(item.folder)
    yield seed
    seed.close()


@pytest.mark.parametrize("kind", ["socks5", "http"])
def test_web_seeds_go_through_the_proxy(item, make_engine, web_seed, kind):
    with ProxyServer(kind) as proxy:
        engine = make_engine(proxy=Proxy(kind, "127.0.0.1", proxy.port))
        film = engine.open(item.of(web_seeds=(web_seed.address,)))
        assert read(film.reader(), 0, item.length) == item.content
        assert len(proxy.asked) >= web_seed.connections > 0


@pytest.mark.parametrize("kind", ["socks5", "http"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_proxy_is_no_way_for_a_public_torrent_into_this_network(item, make_engine, web_seed, kind, host):
    with ProxyServer(kind) as proxy, Swarm(item.torrent, item.folder) as swarm:
        engine = make_engine(proxy=Proxy(kind, "127.0.0.1", proxy.port))
        trackers = (swarm.tracker.address.replace("127.0.0.1", host),)
        seeds = (web_seed.address.replace("127.0.0.1", host),)
        film = engine.open(Torrent(item.torrent, item.file.index, trackers, seeds, swarm.peers))
        assert film.reader().span(0, 1, ENOUGH) is None
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("kind", "user", "password"), [("socks5", "", ""), ("socks5", "me", "hush"), ("http", "", "")]
)
def test_everything_goes_through_the_proxy(item, make_engine, udp_tracker, kind, user, password):
    with ProxyServer(kind, user, password) as proxy, Swarm(item.torrent, item.folder) as swarm:
        engine = make_engine(proxy=Proxy(kind, "127.0.0.1", proxy.port, user, password))
        by_name = swarm.tracker.address.replace("127.0.0.1", "localhost")
        film = engine.open(
            Torrent(
                item.torrent, item.file.index, (by_name, udp_tracker.address), peers=swarm.peers, local=True
            )
        )
        reader = film.reader()
        assert read(reader, 0, item.length // 2) == item.content[: item.length // 2]
        eventually(lambda: swarm.tracker.announces)
        callers = [place for seeder in swarm.seeders for place in seeder.callers()]
        assert callers
        assert set(callers) <= proxy.places
        assert ("localhost", int(by_name.split(":")[2].split("/")[0])) in proxy.asked  # not looked up here
        assert not udp_tracker.asked()
        assert proxy.refused == 0


@pytest.mark.parametrize("kind", ["socks5", "http"])
def test_with_a_dead_proxy_nothing_goes_round_it(item, make_engine, udp_tracker, web_seed, kind, monkeypatch):
    monkeypatch.setattr(transfers, "LATE_UTP", 0.5)
    with Swarm(item.torrent, item.folder) as swarm:
        with ProxyServer() as dead:
            port = dead.port
        engine = make_engine(proxy=Proxy(kind, "127.0.0.1", port))
        trackers = (swarm.tracker.address, udp_tracker.address)
        film = engine.open(
            Torrent(
                item.torrent,
                item.file.index,
                trackers,
                (web_seed.address, web_seed.address.replace("127.0.0.1", "localhost")),
                swarm.peers,
                local=True,
            )
        )
        assert film.reader().span(0, 1, 2 * ENOUGH) is None
        assert web_seed.requests == 0
        assert swarm.tracker.announces == 0
        assert sum(len(seeder.callers()) for seeder in swarm.seeders) == 0
        assert not udp_tracker.asked()


def test_a_wrong_password_gets_nothing(item, make_engine):
    with ProxyServer("socks5", "me", "hush") as proxy, Swarm(item.torrent, item.folder) as swarm:
        engine = make_engine(proxy=Proxy("socks5", "127.0.0.1", proxy.port, "me", "wrong"))
        assert engine.open(item.of(swarm.peers)).reader().span(0, 1, ENOUGH) is None
        assert (proxy.asked, proxy.refused > 0) == ([], True)


def test_nobody_gets_in_beside_the_proxy(item, make_engine):
    with ProxyServer() as proxy, Swarm(item.torrent, item.folder, rate=1_000_000) as swarm:
        with socket.create_server(("127.0.0.1", 0)) as free:
            door = free.getsockname()
        listen = "%s:%d" % door
        engine = make_engine(listen=listen, proxy=Proxy("socks5", "127.0.0.1", proxy.port))
        film = engine.open(item.of(swarm.peers))
        read(film.reader(), 0, 100_000)
        leecher = make_engine("leecher", share=False)
        assert leecher.open(item.of([door])).reader().span(0, 1, ENOUGH) is None


def test_a_proxy_chosen_while_a_film_plays(item, make_engine):
    """The direct connections end."""
    engine = make_engine()
    with ProxyServer() as proxy, Swarm(item.torrent, item.folder, rate=300_000) as swarm:
        film = engine.open(item.of(swarm.peers))
        reader = film.reader()
        read(reader, 0, 100_000)
        engine.configure(dataclasses.replace(OPTIONS, proxy=Proxy("socks5", "127.0.0.1", proxy.port)))
        eventually(lambda: proxy.asked)
        callers = {place for seeder in swarm.seeders for place in seeder.callers()}
        assert callers <= proxy.places
        assert read(reader, 0, 1_000_000) == item.content[:1_000_000]


def test_a_proxy_without_an_address_is_said(item, make_engine):
    engine = make_engine(proxy=Proxy("socks5"))
    with pytest.raises(ProxyMissing):
        engine.open(item.of())
    assert engine._sessions == {}


@pytest.fixture
def ipv6_peers(item):
    seeder = Seeder(item.torrent, item.folder, host="[::1]")
    yield [("::1", seeder.address[1])]
    seeder.close()


def test_ipv6(item, make_engine, ipv6_peers):
    engine = make_engine(listen="[::1]:0")
    assert read(engine.open(item.of(ipv6_peers)).reader(), 0, item.length) == item.content


def test_ipv6_switched_off(item, make_engine, ipv6_peers):
    engine = make_engine(listen="127.0.0.1:0,[::1]:0", ipv6=False)
    assert engine.open(item.of(ipv6_peers)).reader().span(0, 1, ENOUGH) is None


# At rest


@pytest.mark.parametrize("resting", [False, True])
def test_an_idle_engine_burns_nothing(item, make_engine, monkeypatch, resting):
    monkeypatch.undo()  # it looks and ticks as it does at home
    engine = make_engine()
    if resting:
        watch(engine, item)
    else:
        engine.warm_up(local=True)
    eventually(lambda: calm(0.5))
    before = time.process_time()
    threading.Event().wait(3)
    assert time.process_time() - before < 0.15


def calm(seconds):
    before = time.process_time()
    threading.Event().wait(seconds)
    return time.process_time() - before < 0.2 * seconds
