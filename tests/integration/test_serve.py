# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel serve`: a real process on another address, real sockets, films from a real swarm."""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import signal
import socket
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from commonreel.proxy.client import RemoteClient
from commonreel.works.errors import (
    NotOnRemote,
    RemoteUnavailable,
    VersionMismatch,
    WrongToken,
)
from lab import torrents
from lab.catalogue_folder import CatalogueFolder
from lab.films import film
from lab.playing import eventually
from lab.serve import Serve
from lab.swarm import Swarm

PIECE = 64 << 10
STOP_SECONDS = 2.0
US_ONLY = {
    "class": "C",
    "territories": ["US"],
    "evidence": [
        {"kind": "pd-rule", "rule": "us-95"},
        {"kind": "wikidata", "url": "https://www.wikidata.org/wiki/Q1"},
    ],
}


class Owner:
    """Whoever runs the engine: a catalogue folder, and swarms of the films in it."""

    def __init__(self, folder, stack):
        self.folder = folder
        self.mine = CatalogueFolder(folder / "mine")
        self._stack = stack

    def add(self, name, path, rate=0, **fields):
        """A film with a swarm of three."""
        data = path.read_bytes()
        bare = torrents.make(path.name, data, piece_length=PIECE)
        swarm = self._stack.enter_context(Swarm(bare, path.parent, rate=rate))
        torrent = torrents.make(path.name, data, piece_length=PIECE, announce=swarm.tracker.address)
        self.mine.add("local:" + name, name, torrent, duration=600, **fields)
        return swarm

    def serve(self, *options, listen="127.0.0.2:0"):
        return Serve(self.folder, self.mine.folder, *options, listen=listen)


@pytest.fixture
def owner(tmp_path):
    with ExitStack() as stack:
        yield Owner(tmp_path, stack)


@pytest.fixture
def engine(owner):
    with owner.serve() as engine:
        yield engine


def wait(client, stream, *states):
    until = time.monotonic() + 20
    while time.monotonic() < until:
        status = client.status(stream)
        if status["state"] in states:
            return status
        threading.Event().wait(0.05)
    raise AssertionError("still %s" % status)


def ask(engine, method, path, host="", body=None, **headers):
    """Status and body of a request made as told, to wherever the engine listens."""
    where = urlsplit("//" + engine.address)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=60)
    try:
        connection.request(method, path, body, {"Host": host or engine.address, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def control(engine, method, path, host="", asked=None):
    body = json.dumps(asked) if asked is not None else None
    headers = {"Authorization": "Bearer " + engine.token, "Content-Type": "application/json"}
    status, said = ask(engine, method, path, host, body, **headers)
    return status, json.loads(said)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# A film


def test_a_film_comes_through_it_byte_by_byte(owner):
    path = film("demo.mp4")
    original = path.read_bytes()
    swarm = owner.add("demo", path, rate=2_000_000)
    dice = random.Random(1)
    with owner.serve() as engine:
        client = engine.client()
        stream = client.open("local:demo")
        url = wait(client, stream, "ready")["url"]
        assert url.startswith("http://%s/v1/media/" % engine.address)
        assert client.stream_at(url) == stream

        def some_range(_):
            start = dice.randrange(len(original))
            stop = min(len(original), start + dice.randrange(1, 1 << 18))
            asked = "bytes=%d-%d" % (start, stop - 1)
            return ask(engine, "GET", urlsplit(url).path, Range=asked) == (206, original[start:stop])

        with ThreadPoolExecutor(2) as pool:
            whole = pool.submit(ask, engine, "GET", urlsplit(url).path)
            assert all(pool.map(some_range, range(50)))
            status, body = whole.result(60)
        assert (status, sha256(body)) == (200, sha256(original))
        eventually(lambda: swarm.given >= len(original), 5.0)
        client.close(stream)
        assert ask(engine, "GET", urlsplit(url).path)[0] == 404


def test_its_films_survive_a_restart_and_so_does_its_token(owner):
    path = film("demo.mp4")
    swarm = owner.add("demo", path)
    with owner.serve() as engine:
        client, token = engine.client(), engine.token
        url = wait(client, client.open("local:demo"), "ready")["url"]
        ask(engine, "GET", urlsplit(url).path)
        engine.stop()
        swarm.close()
        engine.start()
        assert engine.token == token
        client = engine.client()
        again = wait(client, client.open("local:demo"), "ready")
        assert again["complete"]
        assert again["url"].rpartition("/")[0] != url.rpartition("/")[0]
        assert sha256(ask(engine, "GET", urlsplit(again["url"]).path)[1]) == sha256(path.read_bytes())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_in_mid_stream(owner, number):
    owner.add("demo", film("demo.mkv"), rate=20_000)
    with owner.serve() as engine:
        client = engine.client()
        url = wait(client, client.open("local:demo"), "ready", "buffering")["url"]
        host, _, port = engine.address.rpartition(":")
        player = http.client.HTTPConnection(host, int(port), timeout=20)
        player.request("GET", urlsplit(url).path)
        answer = player.getresponse()
        assert answer.read(1000)
        took, status, said = engine.stop(number)
        with pytest.raises((http.client.HTTPException, OSError)):
            answer.read()
        player.close()
    assert took < STOP_SECONDS
    assert status == 0
    assert "Traceback" not in said


def test_nothing_of_the_token_is_in_the_log(owner):
    with owner.serve() as engine:
        engine.client()._call("GET", "/v1/")
        with pytest.raises(WrongToken):
            engine.client(token="x" * 32)._call("GET", "/v1/")
        token = engine.token
        _, _, said = engine.stop()
    assert token not in said


# Its catalogue


def test_only_works_of_its_own_catalogue_open(engine):
    for asked in ("local:none", "magnet:?xt=urn:btih:" + "a" * 40, "https://example.org/x.torrent"):
        with pytest.raises(NotOnRemote):
            engine.client().open(asked)
        answer = control(engine, "POST", "/v1/streams", asked={"work": asked})
        assert (answer[0], answer[1]["error"]) == (404, "unknown-work")


def test_what_comes_into_its_folder_while_it_runs_opens(owner, engine):
    owner.add("late", film("demo.mp4"))
    until = time.monotonic() + 15
    while control(engine, "POST", "/v1/streams", asked={"work": "local:late"})[0] != 201:
        assert time.monotonic() < until
        threading.Event().wait(0.2)


@pytest.mark.parametrize(("options", "opens"), [((), False), (("--country", "us"), True)])
def test_without_a_country_only_what_is_free_everywhere_opens(owner, options, opens):
    owner.add("old", film("demo.mp4"), year=1920, rights=US_ONLY)
    with owner.serve(*options) as engine:
        if opens:
            assert engine.client().open("local:old")
        else:
            with pytest.raises(NotOnRemote):
                engine.client().open("local:old")
            assert control(engine, "POST", "/v1/streams", asked={"work": "local:old"})[0] == 403


# Who may call it, and under which name


def test_a_wrong_token_opens_nothing(engine):
    for token in ("x" * 32, engine.token[:-1], engine.token + "x"):
        with pytest.raises(WrongToken):
            engine.client(token=token).open("local:none")
    assert ask(engine, "GET", "/v1/")[0] == 401


@pytest.mark.parametrize("token", ["", "x\r\nX-More: 1", "é" * 20, "\u2603" * 20])
def test_a_token_that_can_be_none_is_a_wrong_token(engine, token):
    with pytest.raises(WrongToken):
        engine.client(token=token or " ").open("local:none")


@pytest.mark.parametrize("host", ["evil.example:{port}", "nas.lan", "127.0.0.1:{port}", "{address}.", ""])
def test_another_host_is_refused(engine, host):
    host = host.format(port=engine.port, address=engine.address) or "[::1]:%d" % engine.port
    assert control(engine, "GET", "/v1/", host)[0] == 403


def test_an_allowed_host_is_what_its_films_are_called_by(owner):
    owner.add("demo", film("demo.mp4"))
    with owner.serve("--allow-host", "nas.lan", "--allow-host", "Films.example:80") as engine:
        lan = "NAS.lan:%d" % engine.port
        stream = control(engine, "POST", "/v1/streams", lan, {"work": "local:demo"})[1]["id"]
        until = time.monotonic() + 20
        while "url" not in control(engine, "GET", "/v1/streams/" + stream, lan)[1]:
            assert time.monotonic() < until
        for host, status in ((lan, 200), ("films.example", 200), ("films.example:81", 403), ("nas.lan", 403)):
            assert control(engine, "GET", "/v1/streams/" + stream, host)[0] == status
        url = control(engine, "GET", "/v1/streams/" + stream, "films.example")[1]["url"]
        assert url.startswith("http://films.example/v1/media/")
        assert ask(engine, "HEAD", urlsplit(url).path, "films.example")[0] == 200
        assert ask(engine, "HEAD", urlsplit(url).path, "evil.example")[0] == 403


def test_on_every_address_each_is_its_host_and_that_of_its_films(owner):
    owner.add("demo", film("demo.mp4"))
    with owner.serve(listen="0.0.0.0:0") as engine:
        for address in ("127.0.0.1:%d" % engine.port, "127.0.0.3:%d" % engine.port):
            client = engine.client(address=address)
            status = wait(client, client.open("local:demo"), "ready", "buffering")
            assert status["url"].startswith("http://%s/v1/media/" % address)
        engine.address = "127.0.0.1:%d" % engine.port
        for host in ("0.0.0.0:%d" % engine.port, "127.0.0.3:%d" % engine.port):
            assert control(engine, "GET", "/v1/", host)[0] == 403


@pytest.mark.parametrize("listen", ["[::1]:0", "[::]:0"])
def test_ipv6(owner, listen):
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    owner.add("demo", film("demo.mp4"))
    with owner.serve(listen=listen) as engine:
        engine.address = "[0:0::1]:%d" % engine.port
        client = engine.client()
        url = wait(client, client.open("local:demo"), "ready", "buffering")["url"]
        assert url.startswith("http://[::1]:%d/" % engine.port)
        assert ask(engine, "HEAD", urlsplit(url).path)[0] == 200
        if listen == "[::]:0":  # the other family too, under its own numbers
            assert engine.client(address="127.0.0.1:%d" % engine.port)._call("GET", "/v1/")


@pytest.mark.parametrize("version", ["0.0.1", "99.0.0", "0.10", ""])
def test_another_version_is_told_with_both(engine, version):
    with pytest.raises(VersionMismatch) as raised:
        engine.client(version=version).open("local:none")
    assert control(engine, "GET", "/v1/")[1]["version"] in raised.value.detail
    assert version in raised.value.detail


def test_a_later_patch_of_the_same_version_is_none_the_worse(engine):
    version = control(engine, "GET", "/v1/")[1]["version"]
    with pytest.raises(NotOnRemote):
        engine.client(version=version.rpartition(".")[0] + ".99").open("local:none")


def test_a_machine_that_is_down_is_told_by_its_address(owner, engine):
    client, address = engine.client(), engine.address
    engine.stop()
    began = time.monotonic()
    with pytest.raises(RemoteUnavailable) as raised:
        client.open("local:none")
    assert time.monotonic() - began < 5
    assert raised.value.detail.startswith(address + ": ")


@pytest.mark.parametrize("address", ["", "nas", "nas:0x50", "http://nas:80", "nas:99999", "[::1", "a b:1"])
def test_an_address_that_is_none(engine, address):
    with pytest.raises(RemoteUnavailable):
        engine.client(address=address or " ")


def test_who_is_no_engine_gives_no_film():
    """A film's address elsewhere than on the engine would be played by Kodi, whatever it is."""
    body = b'{"state": "ready", "url": "plugin://plugin.video.other/delete/"}'
    with socket.create_server(("127.0.0.2", 0)) as listener:

        def answer():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

        thread = threading.Thread(target=answer)
        thread.start()
        client = RemoteClient("127.0.0.2:%d" % listener.getsockname()[1], "t" * 20, "1.0")
        with pytest.raises(RemoteUnavailable):
            client.status("s1")
        thread.join(5)


# How it starts


def refused(engine):
    """The one line that it says when it does not start."""
    process = engine.spawn()
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "Traceback" not in err
    return json.loads(out)["error"]


def test_a_token_file_is_made_for_its_owner_alone(owner):
    with owner.serve() as engine:
        assert stat.S_IMODE(engine.token_file.stat().st_mode) == 0o600
        assert len(engine.token) >= 32


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o602])
def test_a_token_file_that_others_may_read_is_refused(owner, mode):
    engine = owner.serve()
    engine.token_file.write_text("t" * 32, encoding="ascii")
    engine.token_file.chmod(mode)
    assert "others than its owner" in refused(engine)


@pytest.mark.parametrize(
    "token", ["", "fifteen-letters", "sixteen letters!", "é" * 20, "t" * 300, "a\nb" * 9]
)
def test_a_token_that_is_none_is_refused(owner, token):
    engine = owner.serve()
    engine.token_file.write_text(token + "\n", encoding="utf-8")
    engine.token_file.chmod(0o600)
    assert "not a token" in refused(engine)


def test_a_token_of_ones_own(owner):
    engine = owner.serve()
    engine.token_file.write_text("sixteen-letters!\n", encoding="ascii")
    engine.token_file.chmod(0o600)
    with engine:
        assert engine.client()._call("GET", "/v1/")


def test_a_port_that_is_taken_is_told(owner):
    with socket.create_server(("127.0.0.2", 0)) as taken:
        engine = owner.serve(listen="127.0.0.2:%d" % taken.getsockname()[1])
        assert "127.0.0.2:%d" % taken.getsockname()[1] in refused(engine)


@pytest.mark.parametrize(
    "wrong",
    [
        ["--listen", "nas.lan:80"],
        ["--listen", "127.0.0.1"],
        ["--listen", "127.0.0.1:70000"],
        ["--country", "XX"],
        ["--catalog", "/nonexistent"],
        ["--starter", "/nonexistent"],
        ["--cache-gb", "-1"],
    ],
)
def test_arguments_that_make_no_sense(owner, wrong):
    engine = owner.serve(*wrong)
    process = engine.spawn()
    _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert wrong[0] in err.splitlines()[-1]


def test_a_host_that_is_none(owner):
    assert "a/b" in refused(owner.serve("--allow-host", "a/b"))


def test_it_comes_back_to_its_port_at_once(owner):
    """A connection that it closed itself must not keep the port."""
    with owner.serve() as engine:
        engine.client()._call("GET", "/v1/")
        address = engine.address
        with socket.create_connection((address.rpartition(":")[0], engine.port)):
            engine.stop()
        with owner.serve(listen=address) as again:
            assert again.client()._call("GET", "/v1/")
