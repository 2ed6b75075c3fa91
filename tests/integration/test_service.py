# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole service without Kodi: what a player gets is the film, byte by byte, from a real swarm."""

import hashlib
import http.client
import json
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from commonreel.proxy.client import Client
from commonreel.proxy.server import Proxy
from commonreel.service.config import Config
from commonreel.service.patron import Patron
from commonreel.service.service import Service
from commonreel.service.streams import Streams
from commonreel.service.torrents import Torrents
from commonreel.service.updates import Updates
from commonreel.streaming import engines
from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from commonreel.works.errors import NoEngine, NotFreeHere, RestartNeeded, StreamClosed, UnknownWork
from commonreel.works.protocols import Reach
from lab import torrents
from lab.catalogue_folder import CatalogueFolder
from lab.films import film
from lab.jsonrpc import wait_for
from lab.swarm import Swarm
from lab.webseed import WebSeed

PIECE = 64 << 10


class House:
    """A running service with a local catalogue folder."""

    def __init__(self, folder):
        self.folder = folder
        self.mine = CatalogueFolder(folder / "mine")
        (folder / "starter.json").write_text("[]")
        self.states, self.complaints = [], []
        self.config = Config(
            profile=folder / "profile",
            starter=folder / "starter.json",
            version="1.0",
            country="FR",
            local_folder=self.mine.folder,
        )
        self.service = Service(self.config, self.states.append, self.complaints.extend)

    def start(self):
        self.service.start()
        state = self.states[-1]
        assert state.status == "ready", self.states
        self.client = Client(state.port, state.secret)

    def add(self, name, path, trackers=(), web_seeds=(), **fields):
        torrent = torrents.make(
            path.name,
            path.read_bytes(),
            piece_length=PIECE,
            announce=trackers[0] if trackers else None,
            url_list=list(web_seeds) or None,
        )
        self.mine.add("local:" + name, name, torrent, duration=600, **fields)
        self.service.tick()
        return torrent

    def open(self, name, via=""):
        return self.client.open("local:" + name, "", 0.0, via=via)

    def wait(self, stream, *states):
        until = time.monotonic() + 20
        while time.monotonic() < until:
            status = self.client.status(stream)
            if status["state"] in states:
                return status
            threading.Event().wait(0.05)
        raise AssertionError("still %s" % status)


@pytest.fixture
def house(tmp_path):
    house = House(tmp_path)
    house.start()
    yield house
    house.service.stop()


@pytest.fixture
def swarmed(house):
    """Adds a film to the house and gives it a swarm."""

    def add(name, path, **options):
        torrent = house.add(name, path)
        swarm = swarms.enter_context(Swarm(torrent, path.parent, **options))
        house.add(name, path, trackers=[swarm.tracker.address])
        return swarm

    with ExitStack() as swarms:
        yield add


def get(url, headers=()):
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    try:
        connection.request("GET", where.path, headers=dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("name", ["demo.mp4", "demo.mkv"])
@pytest.mark.parametrize("readers", [1, 4])
def test_a_player_gets_the_film_itself_while_it_downloads(house, swarmed, name, readers):
    path = film(name)
    original = path.read_bytes()
    swarmed(name, path, rate=2_000_000)
    url = house.wait(house.open(name), "ready")["url"]
    dice = random.Random(readers)

    def whole(_):
        status, body = get(url)
        return status == 200 and hashlib.sha256(body).digest() == hashlib.sha256(original).digest()

    def some_range(_):
        start = dice.randrange(len(original))
        stop = min(len(original), start + dice.randrange(1, 1 << 18))
        status, body = get(url, {"Range": "bytes=%d-%d" % (start, stop - 1)})
        return status == 206 and body == original[start:stop]

    with ThreadPoolExecutor(readers + 1) as pool:
        wholes = pool.map(whole, range(readers))
        ranges = pool.map(some_range, range(200))
        assert all(wholes)
        assert all(ranges)


def test_bytes_come_from_peers_and_are_counted(house, swarmed):
    path = film("demo.mp4")
    swarm = swarmed("demo", path)
    stream = house.open("demo")
    get(str(house.wait(stream, "ready")["url"]))
    status = house.client.status(stream)
    assert status["complete"]
    assert status["fromPeers"] >= path.stat().st_size
    assert status["fromWeb"] == 0
    wait_for(lambda: swarm.given >= path.stat().st_size, 5, "the seeders to count it", 0.01)


def test_a_finished_film_is_ready_at_once_after_a_restart(house, swarmed):
    path = film("demo.mp4")
    swarmed("demo", path)
    get(str(house.wait(house.open("demo"), "ready")["url"]))
    house.service.stop()
    house.add("demo", path)  # nobody has it now
    house.service = Service(house.config, house.states.append, house.complaints.extend)
    house.start()
    url = house.wait(house.open("demo"), "ready")["url"]
    assert hashlib.sha256(get(url)[1]).digest() == hashlib.sha256(path.read_bytes()).digest()


def test_stopping_in_mid_stream_takes_less_than_two_seconds_and_leaves_no_thread(house, swarmed):
    before = {thread for thread in threading.enumerate() if "commonreel" in thread.name}
    swarmed("demo", film("demo.mkv"), rate=20_000)
    url = house.wait(house.open("demo"), "ready", "buffering")["url"]
    with ThreadPoolExecutor(1) as pool:
        broken = pool.submit(get, url)
        house.wait(house.open("demo"), "ready", "buffering")
        began = time.monotonic()
        house.service.stop()
        assert time.monotonic() - began < 2
        with pytest.raises((http.client.HTTPException, OSError)):
            broken.result(10)
    assert {t for t in threading.enumerate() if "commonreel" in t.name} <= before


def test_only_what_is_free_here_opens_and_a_new_country_stops_the_rest(house, swarmed):
    path = film("demo.mp4")
    us_only = {
        "class": "C",
        "territories": ["US"],
        "evidence": [
            {"kind": "pd-rule", "rule": "us-95"},
            {"kind": "wikidata", "url": "https://www.wikidata.org/wiki/Q1"},
        ],
    }
    house.add("old", path, year=1920, rights=us_only)
    with pytest.raises(NotFreeHere):
        house.open("old")
    house.service.reconfigure(with_country(house.config, "US"))
    stream = house.open("old")
    house.service.reconfigure(house.config)
    with pytest.raises(UnknownWork):
        house.client.status(stream)


def test_without_an_engine_the_catalogue_is_kept_and_nothing_streams(house, swarmed):
    path = film("demo.mp4")
    swarm = swarmed("demo", path)
    stream = house.open("demo")
    house.wait(stream, "ready")
    house.service.reconfigure(replace(house.config, engine=False))
    assert swarm.quiet()
    with pytest.raises(UnknownWork):
        house.client.status(stream)
    house.add("later", path)
    assert house.wait(house.open("later"), "failed")["error"] == "no-engine"
    house.service.reconfigure(replace(house.config, engine=False, country="US"))

    house.service.reconfigure(house.config)
    url = house.wait(house.open("demo"), "ready")["url"]
    assert get(url)[1] == path.read_bytes()


def with_country(config, country):
    return Config(**{**config.__dict__, "country": country})


def test_nothing_but_works_of_the_catalogue_opens(house):
    for asked in ("magnet:?xt=urn:btih:" + "a" * 40, "../../etc/passwd", "https://example.org/x.torrent"):
        with pytest.raises(UnknownWork):
            house.client.open(asked, "", 0.0)


class Archive:
    """A server shaped like the archive: items below /download/, each answer by way of a redirect."""

    def __init__(self, folder):
        archive = self
        self.asked = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                archive.asked.append(self.path)
                _, place, name = self.path.split("/", 2)
                if place == "download":
                    self.answer(302, b"", ("Location", "/12/items/" + name))
                elif (folder / name).is_file():
                    self.send_file(folder / name)
                else:
                    self.answer(404, b"")

            def send_file(self, path):
                data, asked = path.read_bytes(), self.headers.get("Range")
                if not asked:
                    return self.answer(200, data)
                first, _, last = asked[len("bytes=") :].partition("-")
                stop = min(int(last or len(data) - 1) + 1, len(data))
                span = "bytes %s-%d/%d" % (first, stop - 1, len(data))
                return self.answer(206, data[int(first) : stop], ("Content-Range", span))

            def answer(self, status, body, *headers):
                self.send_response(status)
                for name, value in (*headers, ("Content-Length", str(len(body)))):
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """Tests read standard error."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = "http://127.0.0.1:%d/download/" % self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def archive(tmp_path):
    archive = Archive(tmp_path)
    yield archive
    archive.close()


def item(folder, name, films):
    """An item as the archive has it: films and other files, and a torrent whose web seeds are rotten."""
    files = {"%s_meta.xml" % name: b"<metadata/>", **films}
    place = folder / "items" / name
    place.mkdir(parents=True)
    for file, data in files.items():
        (place / file).write_bytes(data)
    torrent = torrents.make(name, files, sha1=True, url_list=["http://127.0.0.1:9/12/items/", "/12/items/"])
    (place / (name + "_archive.torrent")).write_bytes(torrent)


def test_an_item_of_which_only_the_torrents_address_is_known(house, archive, tmp_path):
    data = film("demo.mp4").read_bytes()
    item(tmp_path, "Cops", {"Cops.mp4": data, "Cops_512kb.mp4": data[:2_000_000]})
    address = archive.address + "Cops/Cops_archive.torrent"
    house.mine.add("local:cops", "Cops", b"", encoding=[{"torrent": address}], duration=600)
    house.service.tick()
    stream = house.open("cops")
    status = house.wait(stream, "ready")
    assert status["name"] == "Cops.mp4"
    assert get(status["url"]) == (200, data)
    assert house.client.status(stream)["fromWeb"] >= len(data)


@pytest.mark.parametrize(
    ("files", "error"),
    [({"notes.pdf": b"%PDF" * 100}, "nothing-playable"), (None, "fetch-failed")],
)
def test_an_item_that_cannot_be_played_says_why(house, archive, tmp_path, files, error):
    if files:
        item(tmp_path, "Cops", files)
    address = archive.address + "Cops/Cops_archive.torrent"
    house.mine.add("local:cops", "Cops", b"", encoding=[{"torrent": address}])
    house.service.tick()
    assert house.wait(house.open("cops"), "failed")["error"] == error


def test_the_state_says_where_the_service_is_and_no_more_than_that(house):
    assert [state.status for state in house.states] == ["starting", "ready"]
    assert set(json.loads(json.dumps(house.states[-1]._asdict()))) == {
        *("status", "version", "port", "secret", "reason"),
    }


def test_a_faulty_record_in_the_local_folder_is_complained_about_once(house):
    (house.mine.folder / "more.json").write_text('[{"id": "local:x"}]')
    house.service.tick()
    house.service.tick()
    assert len(house.complaints) == 1
    assert "more.json" in house.complaints[0]


@pytest.fixture(params=[NoEngine("No module named 'libtorrent'"), RestartNeeded("loaded before")])
def lack(request, monkeypatch):
    """A device without libtorrent, or with one that Kodi must be restarted for."""

    def refuse(*_):
        raise request.param

    monkeypatch.setattr(engines, "LibtorrentEngine", refuse)
    return request.param


@pytest.fixture
def webhouse(lack, house):
    return house


def test_without_libtorrent_a_film_comes_from_the_web(webhouse, lack, tmp_path):
    path = film("demo.mp4")
    with WebSeed(path.parent) as seed:
        webhouse.add("demo", path, web_seeds=[seed.address])
        stream = webhouse.open("demo")
        status = webhouse.wait(stream, "ready")
        assert get(status["url"]) == (200, path.read_bytes())
        status = webhouse.client.status(stream)
        assert (status["engine"], status["webOnly"]) == ("web servers", lack.code)
        assert (status["fromPeers"], status["complete"]) == (0, True)


def test_without_libtorrent_an_archives_item_is_found_and_its_redirects_followed(webhouse, archive, tmp_path):
    data = film("demo.mp4").read_bytes()
    item(tmp_path, "Cops", {"Cops.mp4": data, "Cops_512kb.mp4": data[:2_000_000]})
    address = archive.address + "Cops/Cops_archive.torrent"
    webhouse.mine.add("local:cops", "Cops", b"", encoding=[{"torrent": address}], duration=600)
    webhouse.service.tick()
    status = webhouse.wait(webhouse.open("cops"), "ready")
    assert get(status["url"]) == (200, data)


def test_without_libtorrent_and_web_seeds_it_says_so_at_once(webhouse, lack):
    webhouse.add("demo", film("demo.mp4"))
    began = time.monotonic()
    status = webhouse.wait(webhouse.open("demo"), "failed")
    assert (status["error"], status["webOnly"]) == ("no-source", lack.code)
    assert time.monotonic() - began < 3


def test_without_libtorrent_a_torrent_of_which_only_the_hash_is_known_says_why(webhouse, lack):
    webhouse.mine.add("local:far", "Far", b"", encoding=[{"infoHash": "ab" * 20}], duration=600)
    webhouse.service.tick()
    assert webhouse.wait(webhouse.open("far"), "failed")["error"] == lack.code


def test_without_libtorrent_stopping_leaves_no_thread(webhouse):
    path = film("demo.mkv")
    with WebSeed(path.parent, rate=20_000) as seed:
        webhouse.add("demo", path, web_seeds=[seed.address])
        webhouse.wait(webhouse.open("demo"), "ready", "buffering")
        began = time.monotonic()
        webhouse.service.stop()
        assert time.monotonic() - began < 2
    assert not [t.name for t in threading.enumerate() if "commonreel-web" in t.name]


def test_with_libtorrent_nothing_is_said_of_the_web(house, swarmed):
    path = film("demo.mp4")
    swarmed("demo", path)
    status = house.wait(house.open("demo"), "ready")
    assert status["webOnly"] == ""
    assert status["engine"].startswith("libtorrent")


# How it is, and its disk


def held(house):
    return [entry.name for entry in house.config.cache.iterdir() if len(entry.name) == 40]


def test_it_tells_how_its_engine_is_and_nothing_of_what_is_watched(house, swarmed):
    before = house.client.health()
    assert before["engine"].startswith("libtorrent ")
    assert (before["webOnly"], before["port"], before["incoming"]) == ("", 0, False)
    swarmed("demo", film("demo.mp4"))
    house.wait(house.open("demo"), "ready")
    now = house.client.health()
    assert set(now) == set(before) == {"version", "engine", "webOnly", "port", "mapped", "incoming"}
    assert "demo" not in json.dumps(now)


def test_it_knows_how_others_get_here(house):
    """libtorrent does not count who comes from this machine, so what it would say is put into its mouth."""
    engine = house.service._engines.get()
    assert engine.reach() == Reach()
    engine.warm_up(True)
    assert engine.reach() == Reach()  # the world does not come to the session for local films
    engine.warm_up(False)
    wait_for(lambda: engine.reach().port, 10, "a port")
    public = engine._transfers(False)._hearing
    public._port_mapped(SimpleNamespace(map_transport=1, mapping=3))
    assert engine.reach().mapped
    somebody = SimpleNamespace(values={"net.has_incoming_connections": 1})
    wait_for(
        lambda: public._counted(somebody) or engine.reach().incoming, 5, "it, though libtorrent knows better"
    )
    public._port_unmapped(SimpleNamespace(map_transport=1, mapping=3))
    assert not engine.reach().mapped


@pytest.mark.parametrize("engine", [True, False])
def test_an_unwanted_cache_is_emptied_but_for_what_plays(house, swarmed, engine):
    swarmed("demo", film("demo.mp4"))
    stream = house.open("demo")
    house.wait(stream, "ready")
    old = Cache(house.config.cache, 0)
    old.keep_torrent("a" * 40, b"old")
    if not engine:
        house.service.reconfigure(replace(house.config, engine=False))
    old.unwant()
    wait_for(lambda: house.service.tick() or not old.unwanted, 10, "the cache to be emptied")
    assert "a" * 40 not in held(house)
    assert len(held(house)) == engine
    if engine:
        assert house.client.status(stream)["state"] == "ready"
        house.client.close(stream)
        old.unwant()
        wait_for(lambda: house.service.tick() or not old.unwanted, 10, "the rest to be gone")
        assert held(house) == []


# The web copy


def test_a_film_that_crawls_is_had_from_its_web_copy(house):
    """And from both again, with what has come by then."""
    path = film("demo.mp4")
    with WebSeed(path.parent) as seed:
        seed.busy = 1_000_000  # at first
        torrent = house.add("demo", path, web_seeds=[seed.address])
        with Swarm(torrent, path.parent, 1, rate=3_000) as swarm:
            house.add("demo", path, trackers=[swarm.tracker.address], web_seeds=[seed.address])
            slow = house.open("demo")
            status = house.wait(slow, "buffering")
            assert status["webCopy"]
            house.client.close(slow)
            seed.busy = 0
            copy = house.open("demo", "web")
            status = house.wait(copy, "ready")
            assert (status["webOnly"], status["webCopy"]) == ("web-copy-chosen", False)
            assert get(status["url"]) == (200, path.read_bytes())
            house.client.close(copy)
            given = seed.given
            again = house.wait(house.open("demo"), "ready")
            assert (again["webOnly"], again["complete"]) == ("", True)
            assert get(again["url"]) == (200, path.read_bytes())
            assert seed.given - given < PIECE  # it is asked whether it is there, for a byte


def test_the_service_ends_in_time_with_both_engines(house):
    path = film("demo.mp4")
    with WebSeed(path.parent) as seed:
        seed.rate = 50_000
        house.add("demo", path, web_seeds=[seed.address])
        house.wait(house.open("demo"), "ready", "buffering")
        house.wait(house.open("demo", "web"), "ready", "buffering")
        began = time.monotonic()
        house.service.stop()
        assert time.monotonic() - began < 2


@pytest.fixture
def stuck(monkeypatch):
    """Has something take ten seconds, or until the test is over."""
    over = threading.Event()

    def wait(*_, **__):
        over.wait(10)
        return {}

    def stuck(of, name):
        monkeypatch.setattr(of, name, wait)

    yield stuck
    over.set()


def seconds_to_stop(house):
    began = time.monotonic()
    house.service.stop()
    return time.monotonic() - began


@pytest.mark.parametrize(
    ("of", "name"),
    [
        (Updates, "stop"),
        (Patron, "stop"),
        (Streams, "stop"),
        (Torrents, "close"),
        (Proxy, "stop"),
        (LibtorrentEngine, "shares"),
        (LibtorrentEngine, "close"),
        (Streams, "join"),
        (Updates, "join"),
        (Patron, "join"),
    ],
)
def test_the_service_ends_in_time_however_slow_a_part_is(house, stuck, monkeypatch, of, name):
    assert house.service._engines.first
    stuck(of, name)
    assert seconds_to_stop(house) < 2
    monkeypatch.undo()
    house.service._proxy.stop()  # if that was kept from it: no thread of its is to be left behind


def test_it_ends_in_time_while_an_engine_starts_and_leaves_none_behind(tmp_path, monkeypatch):
    house, starting, over = House(tmp_path), threading.Event(), threading.Event()
    house.config = replace(house.config, engine=False)
    house.service.reconfigure(house.config)
    made, best = [], engines.best

    def slow(*options):
        starting.set()
        over.wait(10)
        made.append(best(*options))
        return made[0]

    monkeypatch.setattr(engines, "best", slow)
    house.service.reconfigure(replace(house.config, engine=True))
    asking = threading.Thread(target=house.service._engines.get)
    asking.start()
    assert starting.wait(10)
    assert seconds_to_stop(house) < 2
    over.set()
    asking.join(10)
    wait_for(lambda: made[0]._closed, 10, "the engine to be closed")
    with pytest.raises(StreamClosed):
        house.service._engines.get()


def test_it_ends_in_time_with_its_thread_while_somebody_else_writes(house):
    patron = replace(house.config, patron_limit=1 << 30)
    house.service.reconfigure(patron)
    with closing(sqlite3.connect(patron.patronage, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ticking = threading.Thread(target=house.service.tick)
        ticking.start()
        ticking.join(0.3)
        assert ticking.is_alive()  # it waits
        assert seconds_to_stop(house) < 2
        ticking.join(1)
        assert not ticking.is_alive()
    assert "the service's end" not in [thread.name for thread in threading.enumerate()]


def test_what_came_from_where_adds_up(house):
    path = film("demo.mp4")
    with WebSeed(path.parent) as seed:
        seed.rate = 500_000
        torrent = house.add("demo", path, web_seeds=[seed.address])
        with Swarm(torrent, path.parent, 2, rate=500_000) as swarm:
            house.add("demo", path, trackers=[swarm.tracker.address], web_seeds=[seed.address])
            stream = house.open("demo")
            url = house.wait(stream, "ready")["url"]
            with ThreadPoolExecutor(1) as pool:
                done = pool.submit(get, url)
                while not done.done():
                    status = house.client.status(stream)
                    assert min(status["fromPeers"], status["fromWeb"]) >= 0
                    told = status["fromPeers"]
                    wait_for(lambda told=told: told <= swarm.given, 1, "the seeders to count it", 0.01)
            assert status["seeds"] >= 2
