# SPDX-License-Identifier: GPL-3.0-or-later
"""A torrent is the one that the catalogue means, or none."""

import pytest

from commonreel.service.torrents import Torrents
from commonreel.works import metainfo
from commonreel.works.errors import (
    FetchFailed,
    LocalFolderInvalid,
    NothingPlayable,
    TorrentChanged,
    TorrentInvalid,
    TorrentPrivate,
)
from commonreel.works.work import Encoding, FilmFile
from lab import torrents
from lab.few_works import COPS

FILES = {"Cops.mp4": b"film" * 9000, "Cops_meta.xml": b"<x/>"}
ITEM = torrents.make("Cops", FILES)
ADDRESS = COPS.encoding[0].torrent


class Web:
    """Stands for both fetchers: what lies at which address."""

    def __init__(self):
        self.pages, self.places, self.asked = {}, {}, []

    def get(self, url, limit, timeout):
        self.asked.append(url)
        if url not in self.pages:
            raise FetchFailed(url)
        return self.pages[url]

    def locate(self, url, timeout):
        self.asked.append(url)
        if url not in self.places:
            raise FetchFailed(url)
        return self.places[url]


class Shelf:
    def __init__(self):
        self.kept = {}

    def torrent(self, info_hash):
        return self.kept.get(info_hash)


class Swarm:
    def __init__(self, answer):
        self.answer = answer

    def magnet(self, info_hash, trackers, timeout, local):
        return self.answer


class Place:
    def __init__(self, folder):
        self.web, self.shelf = Web(), Shelf()
        self.torrents = Torrents("test", folder / "history.db", self.shelf)
        self.torrents._public = self.torrents._local = self.web

    def get(self, encoding, folder=None, engine=None, resume=0.0):
        return self.torrents.get(COPS, encoding, engine, folder, resume)


@pytest.fixture
def place(tmp_path):
    place = Place(tmp_path)
    place.web.pages[ADDRESS] = ITEM
    return place


def test_an_item_known_by_its_address_alone(place):
    found = place.get(Encoding(torrent=ADDRESS), resume=12.5)
    assert metainfo.parse(found.metainfo).files[found.file].path == "Cops.mp4"
    assert (found.duration, found.resume, found.local) == (COPS.duration, 12.5, False)


def test_another_torrent_at_the_same_address_is_refused_from_then_on(place):
    place.get(Encoding(torrent=ADDRESS))
    place.web.pages[ADDRESS] = torrents.make("Cops", {**FILES, "Cops_meta.xml": b"<y/>"})
    with pytest.raises(TorrentChanged):
        place.get(Encoding(torrent=ADDRESS))


def test_until_the_catalogue_says_which_one_it_is(place):
    place.get(Encoding(torrent=ADDRESS))
    fresh = torrents.make("Cops", {**FILES, "Cops_meta.xml": b"<y/>"})
    place.web.pages[ADDRESS] = fresh
    said = Encoding(torrent=ADDRESS, info_hash=metainfo.parse(fresh).info_hash)
    assert place.get(said).metainfo == fresh


def test_the_catalogues_info_hash_decides(place):
    with pytest.raises(TorrentChanged):
        place.get(Encoding(torrent=ADDRESS, info_hash="ab" * 20))


def test_a_torrent_seen_before_needs_no_network(place):
    place.get(Encoding(torrent=ADDRESS))
    place.shelf.kept[metainfo.parse(ITEM).info_hash] = ITEM
    place.web.asked.clear()
    place.get(Encoding(torrent=ADDRESS))
    assert place.web.asked == []


def test_a_kept_torrent_that_has_come_to_harm_is_fetched_again(place):
    place.get(Encoding(torrent=ADDRESS))
    place.shelf.kept[metainfo.parse(ITEM).info_hash] = ITEM[:100]
    assert place.get(Encoding(torrent=ADDRESS)).metainfo == ITEM


def test_a_torrent_gone_from_its_address_comes_from_the_swarm(place):
    del place.web.pages[ADDRESS]
    encoding = Encoding(torrent=ADDRESS, info_hash=metainfo.parse(ITEM).info_hash)
    assert place.get(encoding, engine=Swarm(ITEM)).metainfo == ITEM


def test_a_makers_torrent_beside_the_record_needs_no_address_yet(place, tmp_path):
    folder = tmp_path / "submission"
    folder.mkdir()
    (folder / "a.torrent").write_bytes(b"<html>")
    (folder / "b.torrent").write_bytes(torrents.make("Cops", {**FILES, "other": b"x"}))
    (folder / "film.torrent").write_bytes(ITEM)
    encoding = Encoding(
        torrent="https://example.org/yet-to-be.torrent", info_hash=metainfo.parse(ITEM).info_hash
    )
    found = place.get(encoding, folder)
    assert (found.metainfo, found.local) == (ITEM, True)
    assert place.web.asked == []


def test_what_the_swarm_sends_is_checked_too(place):
    del place.web.pages[ADDRESS]
    encoding = Encoding(torrent=ADDRESS, info_hash="ab" * 20)
    with pytest.raises(TorrentChanged):
        place.get(encoding, engine=Swarm(ITEM))


def test_gone_and_no_hash_to_ask_for_is_a_failed_fetch(place):
    del place.web.pages[ADDRESS]
    with pytest.raises(FetchFailed):
        place.get(Encoding(torrent=ADDRESS))


@pytest.mark.parametrize(
    ("torrent", "error"),
    [
        (torrents.make("Cops", FILES, private=True), TorrentPrivate),
        (torrents.make("Cops", {"Cops_meta.xml": b"<x/>"}), NothingPlayable),
        (b"<html>gone</html>", TorrentInvalid),
    ],
)
def test_refused_and_not_remembered(place, torrent, error):
    place.web.pages[ADDRESS] = torrent
    with pytest.raises(error):
        place.get(Encoding(torrent=ADDRESS))
    place.web.pages[ADDRESS] = ITEM
    assert place.get(Encoding(torrent=ADDRESS)).metainfo == ITEM


def test_the_file_that_the_record_names(place):
    place.web.pages[ADDRESS] = torrents.make("Two", {"a.mp4": b"a" * 50000, "b.mp4": b"b" * 20000})
    encoding = Encoding(torrent=ADDRESS, file=FilmFile("b.mp4", 20000))
    assert place.get(encoding).file == 1
    missing = encoding._replace(file=FilmFile("c.mp4", 20000))
    with pytest.raises(NothingPlayable):
        place.get(missing)


def test_web_seeds_are_where_the_redirects_end(place):
    item = "https://archive.org/download/Cops/Cops.mp4"
    place.web.places = {item: "https://ia1.example.org/12/items/Cops/Cops.mp4"}
    found = place.get(Encoding(torrent=ADDRESS))
    assert list(place.torrents.web_seeds(found, Encoding(torrent=ADDRESS))) == [
        "https://ia1.example.org/12/items/"
    ]


def test_the_address_of_the_film_itself_becomes_a_web_seed(place):
    film = "https://example.org/films/Cops/Cops.mp4"
    place.web.places = {film: film}
    encoding = Encoding(torrent=ADDRESS, web=(film,))
    found = place.get(encoding)
    assert list(place.torrents.web_seeds(found, encoding)) == ["https://example.org/films/"]


def test_a_web_seed_that_leads_to_something_else_is_left_out(place):
    item = "https://archive.org/download/Cops/Cops.mp4"
    place.web.places = {item: "https://example.org/login?next=Cops.mp4"}
    found = place.get(Encoding(torrent=ADDRESS))
    assert list(place.torrents.web_seeds(found, Encoding(torrent=ADDRESS))) == []


def test_a_local_torrent_may_change_as_its_maker_works_on_it(place, tmp_path):
    for content in (b"one" * 9000, b"two" * 9000):
        (tmp_path / "film.torrent").write_bytes(torrents.make("film.mp4", content))
        found = place.get(Encoding(torrent="film.torrent"), folder=tmp_path)
        assert found.local
    with pytest.raises(LocalFolderInvalid):
        place.get(Encoding(torrent="other.torrent"), folder=tmp_path)
