# SPDX-License-Identifier: GPL-3.0-or-later
"""What comes by a key in the DHT: asked for as little as will do, and believed no more than a host."""

from __future__ import annotations

import json
import time

import pytest

from commonreel.catalog import asking, following
from commonreel.catalog.following import Offer, State
from commonreel.catalog.store import Store
from commonreel.publish import keys
from commonreel.service import announced, looking
from commonreel.service.announced import Announced
from commonreel.service.inquiries import Inquiries
from commonreel.works import metainfo, pointer
from commonreel.works.errors import (
    CatalogueRefused,
    CatalogueUnavailable,
    DhtOff,
    FetchFailed,
    NoSource,
    TooLarge,
    WebChosen,
)
from commonreel.works.pointer import Item, Pointer
from commonreel.works.protocols import SignedItem
from lab.curator import Curator
from lab.records import free

TIMESTAMP = "metadata/timestamp.json"
NAMED = Pointer("ab" * 32)


def stamp(version):
    return json.dumps({"signed": {"version": version}}).encode()


class Engine:
    """Knows of one item."""

    web_only = ""

    def __init__(self, number=1, timestamp=b""):
        self.asked = 0
        self.found = SignedItem(number, pointer.value(Item("00" * 20, timestamp or stamp(number))))

    def item(self, key, salt, timeout, nodes=()):
        self.asked += 1
        if isinstance(self.found, Exception):
            raise self.found
        return self.found


@pytest.fixture
def swarm(monkeypatch):
    """Path → content of what the torrent of an item has."""
    files = {}

    class Snapshot:
        def __init__(self, _engine, _info_hash, *_more):
            """Whichever it is."""

        name = "torrent"

        def get(self, path, _limit):
            if path not in files:
                raise FetchFailed(path, 404)
            return files[path]

    monkeypatch.setattr(announced, "Snapshot", Snapshot)
    monkeypatch.setattr(looking, "Snapshot", Snapshot)
    return files


def test_the_timestamp_comes_with_the_item_and_the_rest_from_its_torrent(swarm):
    engine = Engine(3)
    swarm["metadata/2.root.json"] = b"root"
    way = Announced(lambda: engine, NAMED, lambda: stamp(2))
    assert way.get("metadata/2.root.json", 100) == b"root"
    assert way.get(TIMESTAMP, 100) == stamp(3)
    assert engine.asked == 1


def test_records_are_not_asked_for_there(swarm):
    engine = Engine()
    with pytest.raises(FetchFailed):
        Announced(lambda: engine, NAMED).get("targets/shards/00.ndjson.gz", 100)
    assert engine.asked == 0


def test_where_nothing_is_new_nobody_has_to_have_the_torrent():
    engine = Engine(3)
    way = Announced(lambda: engine, NAMED, lambda: stamp(3))
    assert way.get(TIMESTAMP, 100) == stamp(3)
    with pytest.raises(FetchFailed) as none:
        way.get("metadata/2.root.json", 100)
    assert none.value.status == 404


def test_an_older_one_is_refused():
    with pytest.raises(FetchFailed, match="older"):
        Announced(lambda: Engine(2), NAMED, lambda: stamp(3)).get(TIMESTAMP, 100)


def test_one_that_is_too_large_is_refused():
    with pytest.raises(TooLarge):
        Announced(lambda: Engine(1), NAMED).get(TIMESTAMP, 5)


@pytest.mark.parametrize("found", [NoSource("nobody"), SignedItem(1, b"junk"), SignedItem(1, {b"ih": 3})])
def test_what_is_no_item_is_a_failed_fetch(found):
    engine = Engine()
    engine.found = found
    with pytest.raises(FetchFailed):
        Announced(lambda: engine, NAMED).get(TIMESTAMP, 100)


# A whole look, with the catalogue's own keys


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path / "curator")
    made.about = {"dht": {"key": NAMED.key}}
    made.build(free("t:a"))
    return made


@pytest.fixture
def look(tmp_path, curator, swarm):
    """One look of a device that follows by the key alone, at what `maker` has announced."""
    root = (curator.out / "metadata" / "1.root.json").read_bytes()
    followed = following.follow(tmp_path / "catalogues", Offer(NAMED.link, root))

    def look(maker, before=None):
        swarm.clear()
        swarm.update(maker.tree())
        timestamp = swarm.pop(TIMESTAMP)
        engine = Engine(json.loads(timestamp)["signed"]["version"], timestamp)
        with Store(tmp_path / "catalogue.db", writable=True) as store:
            return looking.look(followed, before or State(), store, None, lambda: engine, lambda: None)

    return look


def test_the_first_build_and_the_next(look, curator):
    first = look(curator)
    assert (first.state.works, first.state.dht, first.state.mirror) == (1, NAMED.link, "")
    curator.build(free("t:b"))
    assert look(curator, first.state).state.works == 2


def test_a_catalogue_known_by_its_key_alone_says_that_the_dht_is_off(look, curator, monkeypatch):
    def item(*_asked):
        raise DhtOff

    monkeypatch.setattr(Engine, "item", item)
    with pytest.raises(DhtOff):
        look(curator)


def test_who_has_stolen_the_key_of_the_dht_signs_no_catalogue(look, curator, tmp_path):
    look(curator)
    thief = Curator(tmp_path / "thief")
    thief.build(free("t:theirs"))
    thief.build(free("t:more"))
    with pytest.raises(CatalogueRefused):
        look(thief)


def test_who_holds_the_newest_build_back_is_older_than_what_is_here(look, curator, tmp_path):
    old = Curator(tmp_path / "old")
    old.keys, old.out = curator.keys, tmp_path / "old" / "out"
    for path, content in curator.tree().items():
        (old.out / path).parent.mkdir(parents=True, exist_ok=True)
        (old.out / path).write_bytes(content)
    curator.build(free("t:b"))
    look(curator)
    with pytest.raises(CatalogueUnavailable, match="older"):
        look(old)


def test_who_has_only_the_torrent_begins_with_the_first_keys(curator):
    """After they have been replaced too."""
    (curator.keys / "root-1.pem").rename(curator.keys / "retired-1.pem")
    keys.write(curator.keys / "root-1.pem", keys.Ed25519PrivateKey.generate())
    curator.build(free("t:b"))
    torrent = metainfo.parse((curator.out / "catalogue.torrent").read_bytes())
    assert {"metadata/1.root.json", "metadata/2.root.json"} <= {file.path for file in torrent.files}


# For a person who waits


@pytest.fixture
def inquire(tmp_path, swarm):
    """Ask whose catalogue a key stands for, with an engine; the question, once it has its answer."""

    def inquire(engine):
        question = asking.ask(tmp_path, NAMED.link)
        inquiries = Inquiries(tmp_path, lambda: engine)
        inquiries.tick()
        inquiries.join(time.monotonic() + 10)
        assert asking.waiting(tmp_path, time.time()) == []
        return question

    return inquire


def test_the_first_keys_are_the_answer(inquire, swarm, curator):
    swarm.update(curator.tree())
    assert asking.answered(inquire(Engine())).fingerprint == curator.fingerprint


@pytest.mark.parametrize(
    ("web_only", "found", "error"),
    [
        ("web-chosen", None, WebChosen),
        ("", NoSource("nobody"), CatalogueUnavailable),
        ("", SignedItem(1, b"junk"), CatalogueUnavailable),
        ("", DhtOff(), DhtOff),
    ],
)
def test_why_there_is_no_answer(inquire, web_only, found, error):
    engine = Engine()
    engine.web_only, engine.found = web_only, found
    with pytest.raises(error):
        asking.answered(inquire(engine))
    assert engine.asked == (not web_only)
