# SPDX-License-Identifier: GPL-3.0-or-later
"""Films that their user names: what is refused before anything is asked of the network."""

from __future__ import annotations

import hashlib
import socket
from urllib.parse import urlsplit

import pytest

from commonreel.service import direct
from commonreel.service.direct import Direct, Request
from commonreel.works import bencode
from commonreel.works.errors import (
    AddressRefused,
    CommonReelError,
    FetchFailed,
    TorrentInvalid,
    TorrentPrivate,
)
from lab import torrents
from lab.streams import FakeStream, noise

FILM = noise(100_000)
PEER = ("192.0.2.7", 6881)


class FakeEngine:
    """Opens everything, and has the metadata of one torrent."""

    name, web_only = "fake", ""

    def __init__(self, *_):
        self.asked, self.opened, self.metadata = [], [], b""

    def warm_up(self, local):
        pass

    def magnet(self, info_hash, trackers, timeout, local, peers=()):
        self.asked.append((info_hash, trackers, local, peers))
        return self.metadata

    def open(self, torrent):
        self.opened.append(torrent)
        return FakeStream(FILM, name="film.mp4")

    def close(self):
        pass


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setattr(direct, "best", FakeEngine)
    found = Direct(tmp_path / "cache", "1.0", local=True)
    found.start()
    yield found
    found.stop()


@pytest.fixture
def engine(house):
    return house._engine


def info_hash(data):
    return hashlib.sha1(bencode.fields(data)[b"info"].raw).hexdigest()


def film(house, address):
    """What the proxy finds at an address."""
    return house._films.media(urlsplit(address).path.split("/")[3])


def test_a_file(house, engine, tmp_path):
    file = tmp_path / "x.torrent"
    file.write_bytes(torrents.make("item", {"film.mp4": FILM, "other.bin": b"x"}))
    address = house.open(Request(str(file), "other.bin", (PEER,)))
    [torrent] = engine.opened
    assert (torrent.metainfo, torrent.file, torrent.peers) == (file.read_bytes(), 1, (PEER,))
    assert torrent.local
    assert film(house, address).name == "film.mp4"


def test_a_magnet_link(house, engine):
    engine.metadata = torrents.make("item", {"film.mp4": FILM})
    link = (
        "magnet:?xt=urn:btih:%s&tr=udp://t.example:1&x.pe=192.0.2.8:5&x.pe=no.such.host.invalid:5&dn=A+film"
    )
    address = house.open(Request(link % info_hash(engine.metadata), peers=(PEER,)))
    assert address.endswith("/A%20film")
    assert film(house, address).name == "film.mp4"
    peers = (PEER, ("192.0.2.8", 5))
    assert engine.asked == [(info_hash(engine.metadata), ("udp://t.example:1",), True, peers)]
    [torrent] = engine.opened
    assert (torrent.trackers, torrent.peers) == (("udp://t.example:1",), peers)


@pytest.mark.parametrize(
    ("private", "other", "error"), [(True, False, TorrentPrivate), (False, True, TorrentInvalid)]
)
def test_a_magnet_links_torrent_that_is_private_or_another(house, engine, private, other, error):
    engine.metadata = torrents.make("item", {"film.mp4": FILM}, private=private)
    wanted = "1" * 40 if other else info_hash(engine.metadata)
    address = house.open(Request("magnet:?xt=urn:btih:" + wanted))
    with pytest.raises(error):
        film(house, address)
    assert not engine.opened


def test_both_hashes_of_a_magnet_link_must_hold(house, engine):
    engine.metadata = torrents.make("item", {"film.mp4": FILM}, version=torrents.HYBRID)
    good = hashlib.sha256(bencode.fields(engine.metadata)[b"info"].raw).hexdigest()
    link = "magnet:?xt=urn:btih:" + info_hash(engine.metadata) + "&xt=urn:btmh:1220"
    assert film(house, house.open(Request(link + good)))
    with pytest.raises(TorrentInvalid):
        film(house, house.open(Request(link + "1" * 64)))


def test_an_engine_that_breaks_leaves_nobody_waiting(house, engine, monkeypatch):
    monkeypatch.setattr(engine, "magnet", lambda *_: 1 / 0)
    with pytest.raises(CommonReelError, match="ZeroDivisionError"):
        film(house, house.open(Request("magnet:?xt=urn:btih:" + "1" * 40)))


def test_private_files_and_what_cannot_be_read(house, engine, tmp_path):
    file = tmp_path / "x.torrent"
    file.write_bytes(torrents.make("film.mp4", FILM, private=True))
    for source, error in (
        (str(file), TorrentPrivate),
        (str(tmp_path), OSError),
        ("a\0b", (OSError, ValueError)),
        ("\ud800", (OSError, ValueError)),
        ("file:///etc/passwd", OSError),
        ("magnet:", TorrentInvalid),
    ):
        with pytest.raises(error):
            house.open(Request(source))
    assert not engine.opened


def test_only_public_peers_where_local_ones_are_not_allowed(tmp_path, monkeypatch):
    monkeypatch.setattr(direct, "best", FakeEngine)
    house = Direct(tmp_path / "cache", "1.0")
    file = tmp_path / "x.torrent"
    file.write_bytes(torrents.make("film.mp4", FILM))
    for host in ("127.0.0.1", "10.0.0.1", "::1", "localhost", "::ffff:10.0.0.1"):
        with pytest.raises(AddressRefused):
            house.open(Request(str(file), peers=((host, 5),)))
    with pytest.raises(FetchFailed):
        house.open(Request(str(file), peers=(("a..b", 5),)))
    house.open(Request(str(file), peers=(("9.9.9.9", 5),)))
    assert house._engine.opened[0].peers == (("9.9.9.9", 5),)
    house.stop()


def test_a_port_that_is_taken(tmp_path, monkeypatch):
    monkeypatch.setattr(direct, "best", FakeEngine)
    with socket.create_server(("127.0.0.1", 0)) as held:
        house = Direct(tmp_path / "cache", "1.0", port=held.getsockname()[1])
        with pytest.raises(OSError, match="in use"):
            house.start()
        house.stop()
