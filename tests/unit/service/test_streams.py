# SPDX-License-Identifier: GPL-3.0-or-later
"""Streams: promised at once, opened behind, closed by whoever is done."""

import threading
import time

import pytest

from commonreel.service import streams
from commonreel.service.streams import Streams
from commonreel.service.subtitles import Subtitles
from commonreel.works.errors import (
    NoSource,
    NotFreeHere,
    TorrentPrivate,
    UnknownWork,
    WorkWithdrawn,
)
from commonreel.works.protocols import StreamStatus, Torrent
from commonreel.works.subtitles import Track
from commonreel.works.work import Encoding, License, Rights, Source, Work

WORK = Work(
    id="ia:Cops",
    name={"en": "Cops"},
    license=License("https://creativecommons.org/publicdomain/mark/1.0/"),
    rights=Rights("C", ("US",), ()),
    source=Source("archive.org", "https://archive.org/details/Cops"),
    encoding=(Encoding(torrent="https://archive.org/download/Cops/Cops_archive.torrent"),),
)
TORRENT = Torrent(metainfo=b"d4:infode", file=0)
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello\n"


class Film:
    name, length, info_hash = "Cops 1.mp4", 1000, "aa" * 20

    def __init__(self):
        self.readers = set()
        self.closed = threading.Event()
        self.web_seeds = []

    def add_web_seed(self, address):
        self.web_seeds.append(address)

    def status(self):
        return StreamStatus("ready", seconds_ready=4.26, peers=3)

    def close(self):
        self.closed.set()


class Engine:
    name, web_only = "an engine", ""

    def __init__(self):
        self.films, self.dropped = [], []

    def drop(self, info_hash):
        self.dropped.append(info_hash)

    def open(self, torrent):
        assert torrent is TORRENT
        self.films.append(Film())
        return self.films[-1]


def open_nothing(track):
    raise NoSource("no engine for files")


class House:
    """A Streams with everything around it, and the say over when a torrent is there."""

    def __init__(self):
        self.engine = Engine()
        self.works = {WORK.id: WORK}
        self.refusal = None
        self.web_seeds_fail = False
        self.may_get = threading.Event()
        self.web_engine = Engine()
        self.web_engine.web_only = "web-copy-chosen"
        self.web_copy = True
        self.tracks = []
        self.streams = Streams(
            self,  # is a Repertoire, too
            lambda via: self.web_engine if via == "web" else self.engine,
            self.address,
            self.subtitles_address,
        )

    def find(self, work):
        if self.refusal:
            raise self.refusal
        if work not in self.works:
            raise UnknownWork(work)
        return self.works[work]

    def refused(self, works):
        return works if self.refusal else frozenset()

    def has_web_copy(self, torrent):
        return self.web_copy

    def torrent(self, work, encoding, resume):
        assert self.may_get.wait(10)
        if isinstance(self.may_get, Refusing):
            raise self.may_get.error
        return TORRENT

    def web_seeds(self, torrent, encoding):
        yield "https://example.org/films/"
        if self.web_seeds_fail:
            raise ZeroDivisionError

    def subtitles(self, engine, film, work, encoding, torrent, languages):
        return Subtitles(film, lambda: self.tracks, open_nothing, lambda track: SRT, languages)

    @staticmethod
    def subtitles_address(secret, number, name):
        return "http://127.0.0.1:1/v1/subtitles/%s/%d/%s" % (secret, number, name)

    @staticmethod
    def address(secret, name):
        return "http://127.0.0.1:1/v1/media/%s/%s" % (secret, name)

    def open(self, via=""):
        stream = self.streams.open("ia:Cops", "", 0.0, via=via)
        if self.may_get.is_set():
            self.streams._open[stream].thread.join(10)
            self.streams.join(time.monotonic() + 10)
        return stream


class Refusing(threading.Event):
    def __init__(self, error):
        super().__init__()
        self.error = error
        self.set()


@pytest.fixture
def house():
    house = House()
    yield house
    house.may_get.set()
    house.streams.stop()


def secret_of(status):
    return str(status["url"]).split("/")[-2]


def test_opening_answers_before_the_torrent_is_there(house):
    stream = house.open()
    assert house.streams.status(stream) == {"state": "fetching"}


def test_a_stream_that_is_open_tells_how_it_does(house):
    house.may_get.set()
    status = house.streams.status(house.open())
    assert (status["state"], status["secondsReady"], status["peers"]) == ("ready", 4.3, 3)
    assert (status["mime"], status["length"]) == ("video/mp4", 1000)


def test_web_seeds_join_once_they_are_found(house):
    house.may_get.set()
    house.open()
    assert house.engine.films[0].web_seeds == ["https://example.org/films/"]


def test_a_stream_that_is_open_does_not_fail_for_want_of_more_web_seeds(house):
    house.may_get.set()
    house.web_seeds_fail = True
    assert house.streams.status(house.open())["state"] == "ready"


def test_each_stream_has_a_secret_of_its_own_and_that_opens_it_alone(house):
    house.may_get.set()
    first, second = (house.streams.status(house.open()) for _ in range(2))
    assert secret_of(first) != secret_of(second)
    assert house.streams.media(secret_of(first)) is house.engine.films[0]
    assert house.streams.media("x" + secret_of(first)[1:]) is None
    assert house.streams.media("é") is None


def test_the_secret_dies_with_the_stream(house):
    house.may_get.set()
    stream = house.open()
    secret = secret_of(house.streams.status(stream))
    house.streams.close(stream)
    assert house.streams.media(secret) is None
    assert house.engine.films[0].closed.is_set()
    with pytest.raises(UnknownWork):
        house.streams.status(stream)


def test_why_a_stream_failed_is_told(house):
    house.may_get = Refusing(TorrentPrivate("Cops"))
    assert house.streams.status(house.open()) == {
        "state": "failed",
        "error": "torrent-private",
        "detail": "Cops",
    }


def test_a_failure_that_nobody_foresaw_is_told_too(house):
    house.may_get = Refusing(ZeroDivisionError())
    assert house.streams.status(house.open())["error"] == "internal"


def test_only_works_of_the_catalogue_open(house):
    with pytest.raises(UnknownWork):
        house.streams.open("magnet:?xt=urn:btih:" + "a" * 40, "", 0.0)


def test_closed_while_the_torrent_is_still_fetched_leaves_nothing_open(house):
    stream = house.open()
    thread = house.streams._open[stream].thread
    house.streams.close(stream)
    house.may_get.set()
    thread.join(10)
    assert house.engine.films[0].closed.is_set()


def test_the_stream_that_played_is_closed_when_the_player_stops(house):
    house.may_get.set()
    playing, prepared = house.open(), house.open()
    house.streams.playing(str(house.streams.status(playing)["url"]))
    house.streams.playing("")
    with pytest.raises(UnknownWork):
        house.streams.status(playing)
    assert house.streams.status(prepared)["state"] == "ready"


def test_a_stream_nobody_came_for_is_swept(house, monkeypatch):
    house.may_get.set()
    playing, forgotten = house.open(), house.open()
    house.streams.playing(str(house.streams.status(playing)["url"]))
    monkeypatch.setattr(streams, "UNUSED_SECONDS", -1.0)
    house.streams.sweep()
    assert house.streams.status(playing)["state"] == "ready"
    with pytest.raises(UnknownWork):
        house.streams.status(forgotten)


def test_a_stream_that_is_being_read_is_not_swept_and_has_its_time_afterwards(house, monkeypatch):
    house.may_get.set()
    stream = house.open()
    [film] = house.engine.films
    film.readers.add("a player elsewhere")
    house.streams._open[stream].touched -= 1000
    house.streams.sweep()
    film.readers.clear()
    house.streams.sweep()
    assert house.streams.status(stream)["state"] == "ready"
    house.streams._open[stream].touched -= 1000
    house.streams.sweep()
    assert film.closed.is_set()


def test_a_films_address_begins_with_the_streams_id(house):
    house.may_get.set()
    stream = house.open()
    secret = str(house.streams.status(stream)["url"]).split("/")[-2]
    name, _, rest = secret.partition("-")
    assert name == stream
    assert len(rest) >= 20


def test_a_work_that_is_no_longer_free_here_stops(house):
    house.may_get.set()
    stream = house.open()
    house.refusal = NotFreeHere("ia:Cops")
    house.streams.recheck()
    assert house.engine.films[0].closed.is_set()
    with pytest.raises(UnknownWork):
        house.streams.status(stream)


def test_a_work_that_is_no_longer_free_here_is_no_longer_shared(house):
    house.may_get.set()
    house.streams.close(house.open())
    house.streams.recheck()
    assert house.engine.dropped == []
    house.refusal = WorkWithdrawn("ia:Cops")
    house.streams.recheck()
    house.streams.recheck()
    assert house.engine.dropped == [Film.info_hash]


def test_streams_do_not_pile_up(house):
    house.may_get.set()
    for _ in range(streams.AT_MOST + 3):
        house.open()
    assert [film.closed.is_set() for film in house.engine.films[:4]] == [True, True, True, False]


def test_subtitles_are_told_once_they_are_here_and_served_by_number(house):
    house.tracks = [Track("fr", "srt", url="https://example.org/fr.srt")]
    house.may_get.set()
    status = house.streams.status(house.open())
    secret = secret_of(status)
    assert status["subtitles"] == [
        {
            "url": "http://127.0.0.1:1/v1/subtitles/%s/0/Cops 1.fr.srt" % secret,
            "lang": "fr",
            "format": "srt",
            "machine": False,
            "forced": False,
            "sdh": False,
        }
    ]
    assert (status["subtitlesComing"], status["subtitlesAwaited"]) == (False, False)
    assert house.streams.subtitles(secret, 0).data == SRT
    assert house.streams.subtitles(secret, 1) is None
    assert house.streams.subtitles("x" + secret[1:], 0) is None


def test_subtitles_end_with_their_stream(house):
    house.tracks = [Track("fr", "srt", url="https://example.org/fr.srt")]
    house.may_get.set()
    stream = house.open()
    secret = secret_of(house.streams.status(stream))
    house.streams.close(stream)
    assert house.streams.subtitles(secret, 0) is None


def test_which_one_plays(house):
    house.may_get.set()
    playing, _ = house.open(), house.open()
    assert house.streams.played == ""
    house.streams.playing(str(house.streams.status(playing)["url"]))
    assert house.streams.played == playing
    house.streams.playing("")
    assert house.streams.played == ""


# The web copy


def test_the_web_copy_comes_from_its_own_engine_and_the_other_lets_go(house):
    house.may_get.set()
    first = house.open()
    assert house.streams.status(first)["webCopy"] is True
    house.streams.close(first)
    second = house.open("web")
    status = house.streams.status(second)
    assert (status["webCopy"], status["webOnly"]) == (False, "web-copy-chosen")
    assert house.engine.dropped == [Film.info_hash]
    assert house.streams.lent == {Film.info_hash}
    assert house.web_engine.films[0].web_seeds == []  # it knows them all by itself
    house.streams.close(second)
    house.open()
    assert house.web_engine.dropped == [Film.info_hash]
    assert house.streams.lent == set()


def test_where_there_is_no_web_copy_none_is_offered(house):
    house.web_copy = False
    house.may_get.set()
    assert house.streams.status(house.open())["webCopy"] is False


def test_who_asks_again_for_a_film_gets_it_the_way_that_was_chosen(house):
    house.may_get.set()
    chosen = house.open("web")
    again = house.open()
    assert house.streams.status(again)["webOnly"] == "web-copy-chosen"
    assert house.web_engine.dropped == []
    house.streams.close(chosen)
    house.streams.close(again)
    assert house.streams.status(house.open())["webOnly"] == ""
