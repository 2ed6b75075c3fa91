# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue without a server: several nodes of a DHT on this machine, a curator who announces, and devices
that know nothing but a key and a fingerprint."""

from __future__ import annotations

import contextlib
import itertools
import json
import threading
import time

import pytest

from commonreel import cli
from commonreel.publish import dht, keys
from commonreel.publish.announcing import Announcing
from commonreel.publish.seeding import Seeding
from commonreel.service.announced import Announced
from commonreel.streaming import items, options
from commonreel.streaming.cache import Cache
from commonreel.streaming.session import EngineOptions, LibtorrentEngine
from commonreel.works import pointer
from commonreel.works.errors import DhtBehindProxy, DhtOff, FetchFailed, NoSource
from commonreel.works.pointer import Item, Pointer
from lab.curator import Curator
from lab.dht import Dht, Liar, place
from lab.jsonrpc import wait_for
from lab.records import free

DEVICE, SALT = "127.0.100.1:0", b"reel"


@pytest.fixture(autouse=True)
def this_machine_is_the_world(monkeypatch):
    """Else no source of a public catalogue may be here."""
    monkeypatch.setattr(options, "NOT_PUBLIC", ())


@pytest.fixture(scope="module")
def network():
    with Dht() as network:
        yield network


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path / "curator")
    made.about = {"name": "Festival", "dht": keys.pointer(made.keys / "dht.pem", SALT.decode())}
    made.build(free("t:a"), free("t:b"))
    return made


class Announcer:
    """Somebody at whose machine `commonreel catalog announce` runs, until it is left."""

    def __init__(self, curator, network):
        self._seeding = Seeding("127.0.101.1:0", 0, [network.entrance])
        key = keys.load(curator.keys / "dht.pem")
        self._announcing = Announcing(curator.out, key, self._seeding, [network.entrance])
        self.link = self._announcing.pointer.link
        self.told = []
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while not self._stopped.wait(0.05):
            self._seeding.tick()
            self.told += self._announcing.tick()

    def has_told(self, version, nodes=1):
        return any(each["version"] == version and each.get("stored", 0) >= nodes for each in self.told)

    def wait(self, version):
        wait_for(lambda: self.has_told(version), 30, "version %d to be in the DHT" % version, 0.05)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._stopped.set()
        self._thread.join()
        self._seeding.close()


@pytest.fixture
def fetch(curator, network, tmp_path, capsys):
    """`commonreel catalog fetch` on a device that knows the key and the fingerprint; what it says."""
    named = Pointer(**curator.about["dht"])

    def fetch(*more):
        words = [
            "catalog",
            "fetch",
            "--dht",
            named.key,
            "--salt",
            SALT.decode(),
            "--fingerprint",
            curator.fingerprint,
        ]
        words += ["--dir", str(tmp_path / "device"), "--listen", DEVICE]
        status = cli.main([*words, "--bootstrap", "%s:%d" % network.entrance, *more])
        said = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (status == 0) == ("error" not in said)
        return said

    return fetch


def test_key_and_fingerprint_alone_bring_the_catalogue_and_then_its_next_build(curator, network, fetch):
    with Announcer(curator, network) as announcer:
        announcer.wait(1)
        assert outcome(fetch()) == (1, 2, True)
        curator.build(free("t:c"))
        announcer.wait(2)
        assert outcome(fetch()) == (2, 3, True)
    assert outcome(fetch()) == (2, 3, False)  # nobody has the torrent any more, but there is nothing new


def test_nobody_who_looks_waits_for_the_one_that_has_put_it(curator, tmp_path):
    with Dht() as network, Announcer(curator, network) as announcer:
        announcer.wait(1)
        with engine(tmp_path, network.entrance) as device:
            began = time.monotonic()
            assert device.item(public(curator), SALT, 20).number == 1
            assert time.monotonic() - began < items.SETTLED


def outcome(said):
    return said["build"], said["works"], said["changed"]


@contextlib.contextmanager
def engine(tmp_path, *nodes, listen=DEVICE, **chosen):
    """A device's. `nodes`: all that it knows of the DHT."""
    made = LibtorrentEngine(
        Cache(tmp_path / "cache", 1 << 30),
        EngineOptions(
            listen=listen, dht_nodes=",".join(itertools.starmap(place, nodes)), upnp=False, **chosen
        ),
    )
    try:
        yield made
    finally:
        made.close()


def item(curator, number, timestamp=b"{}", salt=b""):
    key = keys.load(curator.keys / "dht.pem")
    return dht.signed(key, salt, number, pointer.value(Item("00" * 20, timestamp)))


def public(curator):
    return keys.public(keys.load(curator.keys / "dht.pem"))


def test_the_highest_number_counts_and_a_wrong_signature_not_at_all(curator, tmp_path):
    key = public(curator)
    forged = {**item(curator, 9, b"nine"), b"seq": 10}
    with Dht(1, "127.10.%d.1") as honest, Liar(item(curator, 3, b"three")) as old, Liar(forged) as liar:
        assert dht.put(item(curator, 7, b"seven"), dht.place(key, b""), [honest.entrance], 10).stored
        with engine(tmp_path, old.address, liar.address, honest.entrance) as device:
            found = device.item(key, b"", 20)
        assert old.asked
        assert liar.asked
    assert (found.number, pointer.read(found.value).timestamp) == (7, b"seven")


def test_what_is_put_by_ipv6_is_found_by_ipv6(curator, tmp_path):
    key = public(curator)
    with Dht(1, "127.10.%d.1") as old, Dht(1, "::%d") as new:
        nodes = [old.entrance, new.entrance]
        assert dht.put(item(curator, 7, b"seven"), dht.place(key, b""), nodes, 10).stored == 2
        with engine(tmp_path, new.entrance, listen="[::1]:0") as device:
            assert device.item(key, b"", 20).number == 7


def test_a_lower_number_than_is_held_is_refused(curator, tmp_path):
    held = json.dumps({"signed": {"version": 5}}).encode()
    with Liar(item(curator, 4, b"four")) as old, engine(tmp_path, old.address) as device:
        announced = Announced(lambda: device, Pointer(public(curator).hex()), lambda: held)
        with pytest.raises(FetchFailed, match="older than what is here"):
            announced.get("metadata/timestamp.json", 1000)


def test_the_nodes_refuse_a_lower_number_too(curator, network):
    place = dht.place(public(curator), b"low")
    assert dht.put(item(curator, 5, salt=b"low"), place, [network.entrance], 10).stored
    lower = dht.put(item(curator, 4, salt=b"low"), place, [network.entrance], 10)
    assert lower.refused
    same = dht.put(item(curator, 5, salt=b"low"), place, [network.entrance], 10)
    assert same.stored


def test_a_value_that_is_no_catalogue_is_refused(curator, tmp_path):
    key = keys.load(curator.keys / "dht.pem")
    poisoned = dht.signed(key, b"", 9, {b"ih": b"short", b"timestamp": [b"x"]})
    with Liar(poisoned) as liar, engine(tmp_path, liar.address) as device:
        announced = Announced(lambda: device, Pointer(keys.public(key).hex()))
        with pytest.raises(FetchFailed, match="no catalogue"):
            announced.get("metadata/timestamp.json", 1000)


@pytest.mark.parametrize(
    ("chosen", "why"),
    [({"dht": False}, DhtOff), ({"proxy": options.Proxy("socks5", "127.0.0.1", 9)}, DhtBehindProxy)],
)
def test_who_wants_no_dht_asks_nobody(curator, tmp_path, chosen, why):
    with Liar(item(curator, 1)) as node, engine(tmp_path, node.address, **chosen) as device:
        with pytest.raises(why):
            device.item(public(curator), b"", 5)
        assert not node.asked


def test_who_waits_is_woken_when_the_engine_closes(curator, tmp_path):
    raised = []

    def ask():
        try:
            device.item(public(curator), b"", 60)
        except NoSource as error:
            raised.append(error)

    with Liar({}) as node:
        with engine(tmp_path, node.address) as device:
            asking = threading.Thread(target=ask)
            asking.start()
            wait_for(lambda: node.asked, 10, "the question", 0.02)
        asking.join(5)
    assert raised
