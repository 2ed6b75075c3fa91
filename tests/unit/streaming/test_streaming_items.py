# SPDX-License-Identifier: GPL-3.0-or-later
"""Items of the DHT, as the alerts of libtorrent's versions bring them."""

from __future__ import annotations

import pytest

from commonreel.streaming.items import Items
from commonreel.works.errors import NoSource

KEY, SALT = b"\xab" * 32, b"reel"
VALUE = {b"ih": b"\xf0" * 20, b"timestamp": b'{"version":1}'}
TEXT = "DHT mutable item (key=%s salt=reel seq=3 auth) [ {\n 'ih': '%s',\n 'timestamp': '{\"version\":1}' } ]"


class Alert:
    """One of libtorrent 2.1."""

    key, salt, authoritative = KEY, SALT, True

    def __init__(self, seq=3, item=VALUE, **more):
        self.seq, self.item = seq, item
        self.__dict__.update(more)


class OldAlert(Alert):
    """One of libtorrent 2.0."""

    salt = SALT.decode()
    item = property(lambda _self: _fail(), lambda _self, _value: None)

    def message(self):
        return TEXT % (KEY.hex(), "f0" * 20)


def _fail():
    raise RuntimeError("invalid type requested from entry")


class Session:
    """Answers each question at once, with the same alerts."""

    def __init__(self, *alerts):
        self.alerts, self.settings, self.nodes = alerts, [], []

    def dht_get_mutable_item(self, _key, _salt):
        for alert in self.alerts:
            self.items.heard(alert)

    def apply_settings(self, settings):
        self.settings.append(settings["alert_mask"])

    def add_dht_node(self, node):
        self.nodes.append(node)


class Lt:
    class alert_category:
        dht = 8


def items(*alerts):
    session = Session(*alerts)
    session.items = Items(Lt, session, 1)
    return session.items, session


@pytest.mark.parametrize("kind", [Alert, OldAlert])
def test_a_dictionary_by_either_version(kind):
    found, session = items(kind())
    assert found.get(KEY, SALT, 5, [("192.0.2.1", 1)]) == (3, VALUE)
    assert session.nodes == [("192.0.2.1", 1)]
    assert session.settings == [9, 1]  # the DHT is listened to only meanwhile


def test_the_highest_number_counts():
    alerts = [Alert(seq, {b"n": seq}, authoritative=seq == 4) for seq in (2, 7, 4)]
    assert items(*alerts)[0].get(KEY, SALT, 5) == (7, {b"n": 7})


@pytest.mark.parametrize("alert", [Alert(item=b""), Alert(key=b"\xcd" * 32), Alert(salt=b"")])
def test_nothing_and_what_is_anothers(alert):
    with pytest.raises(NoSource):
        items(alert)[0].get(KEY, SALT, 0.1)
