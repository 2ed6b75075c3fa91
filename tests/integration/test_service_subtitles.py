# SPDX-License-Identifier: GPL-3.0-or-later
"""Subtitles out of a real swarm and off a real web server, good ones and bad ones."""

from __future__ import annotations

import http.client
import random
import time
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from commonreel.proxy.client import Client
from commonreel.service.config import Config
from commonreel.service.service import Service
from commonreel.service.subtitles import MOST_BYTES
from commonreel.streaming import engines
from commonreel.works.errors import NoEngine
from commonreel.works.subtitles import AT_MOST, MAX_BYTES
from lab import torrents
from lab.catalogue_folder import CatalogueFolder
from lab.playing import eventually
from lab.serve import Serve
from lab.swarm import Swarm
from lab.webseed import WebSeed

SRT = "1\n00:00:01,000 --> 00:00:02,000\n%s\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n%s\n"
HTML = b"<!doctype html><title>Please log in</title>"
FILM = random.Random(1).randbytes(3_000_001)
STOP_SECONDS = 2.0


class Cinema:
    """A catalogue folder, a swarm or a web seed for the films in it, a web server, and a service."""

    def __init__(self, folder, stack):
        self.folder, self._stack = folder, stack
        self.mine = CatalogueFolder(folder / "mine")
        (folder / "starter.json").write_text("[]")
        (folder / "web").mkdir()
        self.web = stack.enter_context(WebSeed(folder / "web"))
        self.states = []

    def show(self, beside, stated=(), rate=0, web_only=False):
        """A film, those files beside it in its torrent, and the subtitles that its record states."""
        files = {"Film.mp4": FILM, **beside}
        for name, content in files.items():
            path = self.folder / "item" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if web_only:
            seed = self._stack.enter_context(WebSeed(self.folder))
            more = {"url_list": [seed.address]}
        else:
            bare = torrents.make("item", files)
            swarm = self._stack.enter_context(Swarm(bare, self.folder, rate=rate))
            more = {"announce": swarm.tracker.address}
        encoding = {"torrent": "film.torrent", "subtitles": [*stated]}
        self.mine.add("local:film", "Film", torrents.make("item", files, **more), encoding=[encoding])

    def start(self):
        config = Config(
            profile=self.folder / "profile",
            starter=self.folder / "starter.json",
            version="1.0",
            local_folder=self.mine.folder,
        )
        self.service = Service(config, self.states.append, lambda problems: None)
        self.service.start()
        self._stack.callback(self.service.stop)
        return Client(self.states[-1].port, self.states[-1].secret)


@pytest.fixture
def cinema(tmp_path):
    with ExitStack() as stack:
        yield Cinema(tmp_path, stack)


def all_of(client, languages=("fr", "en")):
    """The stream's id, and its subtitles once no more come."""
    stream = client.open("local:film", languages=languages)
    eventually(lambda: client.status(stream).get("subtitlesComing") is False)
    return stream, client.status(stream)["subtitles"]


def get(url):
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
    try:
        connection.request("GET", where.path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


GOOD = {
    "Film.fr.srt": (SRT % "Où ça").encode("cp1252"),
    "Subs/made.de.srt": (SRT % "Wörter").encode("utf-16"),
}


def stated(web):
    return [
        {"lang": "en", "url": web.address + "en.vtt", "format": "vtt"},
        {"lang": "de", "path": "Subs/made.de.srt", "machine": True},
    ]


def check_good(client):
    stream, found = all_of(client)
    assert [(each["lang"], each["machine"]) for each in found] == [("fr", False), ("en", False), ("de", True)]
    texts = [get(each["url"]) for each in found]
    assert texts == [(200, SRT % "Où ça"), (200, VTT % "Words"), (200, SRT % "Wörter")]
    client.close(stream)
    assert get(found[0]["url"])[0] == 404


def test_subtitles_of_a_swarm_and_of_the_web(cinema):
    cinema.show(GOOD, stated(cinema.web))
    (cinema.folder / "web" / "en.vtt").write_text(VTT % "Words")
    check_good(cinema.start())


def test_without_libtorrent_they_come_from_web_servers(cinema, monkeypatch):
    def refuse(*_):
        raise NoEngine("none here")

    monkeypatch.setattr(engines, "LibtorrentEngine", refuse)
    cinema.show(GOOD, stated(cinema.web), web_only=True)
    (cinema.folder / "web" / "en.vtt").write_text(VTT % "Words")
    check_good(cinema.start())


def test_from_an_engine_on_another_machine(cinema):
    cinema.show(GOOD, stated(cinema.web))
    (cinema.folder / "web" / "en.vtt").write_text(VTT % "Words")
    with Serve(cinema.folder, cinema.mine.folder) as engine:
        client = engine.client()
        _, found = all_of(client)
        assert found[0]["url"].startswith("http://%s/v1/subtitles/" % engine.address)
        check_good(client)


def test_hostile_ones_are_left_out_and_the_good_one_comes(cinema):
    bad = {"Film.%d.en.srt" % number: HTML for number in range(8)}
    bad["Film.html.en.vtt"] = HTML
    bad["Film.binary.en.srt"] = bytes(range(256)) * 40
    bad["Film.huge.en.srt"] = (SRT % "x").encode() + b"x" * MAX_BYTES
    addresses = ["page", "huge", "gone", "moved"]
    cinema.show({**bad, **GOOD}, [{"lang": "en", "url": cinema.web.address + name} for name in addresses])
    (cinema.folder / "web" / "page").write_bytes(HTML)
    (cinema.folder / "web" / "huge").write_bytes((SRT % "x").encode() * (MAX_BYTES // 30))
    _, found = all_of(cinema.start(), ["en"])
    assert {each["lang"] for each in found} == {"fr", "de"}


def test_a_hundred_files_are_bounded(cinema):
    cinema.show({"Film.%d.de.srt" % number: (SRT % "x").encode() for number in range(100)})
    _, found = all_of(cinema.start())
    assert len(found) == AT_MOST


def test_what_is_kept_in_memory_is_bounded(cinema):
    large = (SRT % "x").encode() + b"x\n" * ((MAX_BYTES - 100) // 2)
    cinema.show({"Film.%d.de.srt" % number: large for number in range(6)})
    _, found = all_of(cinema.start())
    assert len(found) == MOST_BYTES // len(large)


def test_a_slow_web_server_holds_up_neither_the_film_nor_the_end(cinema):
    cinema.show(GOOD, [{"lang": "fr", "url": cinema.web.address + "fr.srt"}])
    (cinema.folder / "web" / "fr.srt").write_text(SRT % "x" * 100)
    cinema.web.drip = 0.2
    client = cinema.start()
    stream = client.open("local:film", languages=["fr"])
    eventually(lambda: client.status(stream)["state"] == "ready")
    eventually(lambda: [each["lang"] for each in client.status(stream)["subtitles"]] == ["fr", "de"])
    assert client.status(stream)["subtitlesComing"]
    began = time.monotonic()
    cinema.service.stop()
    assert time.monotonic() - began < STOP_SECONDS


def test_the_film_closed_ends_what_its_swarm_has_not_sent(cinema):
    cinema.show({"Film.fr.srt": (SRT % "x").encode() * 20_000}, rate=3_000)
    client = cinema.start()
    stream = client.open("local:film", languages=["fr"])
    eventually(lambda: client.status(stream)["state"] not in ("fetching",))
    client.close(stream)
    began = time.monotonic()
    cinema.service.stop()
    assert time.monotonic() - began < STOP_SECONDS
    assert not [each for each in cinema.service._streams._threads if each.is_alive()]
