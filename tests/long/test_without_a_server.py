# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Kodi follows a catalogue of which it knows the key alone, in a network where no HTTP server is."""

from __future__ import annotations

import signal

import pytest

from commonreel.publish import keys
from lab.catalogues import back_home, follow, look_for_new_works, open_catalogues
from lab.command import Command
from lab.commonreel import all_titles, open_addon, open_films, wait_listed, wait_unlisted
from lab.curator import Curator
from lab.open_network import CURATOR
from lab.records import free, gone

NAME = "Festival of Tests"
SECONDS = 120  # that a look by the DHT may take


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path / "curator")
    made.about = {"name": NAME, "dht": keys.pointer(made.keys / "dht.pem")}
    made.build(free("t:one"), free("t:two"))
    return made


@pytest.fixture
def announcing(curator, dht):
    """`commonreel catalog announce`, which runs."""
    words = ["catalog", "announce", curator.out, "--key", curator.keys / "dht.pem", "--json", "--every", 5]
    with Command(*words, "--listen", CURATOR + ":0", "--bootstrap", "%s:%d" % dht.entrance) as command:
        yield command
        command.signal(signal.SIGTERM)
        assert command.end()[0] == 0


@pytest.fixture
def link(announcing):
    """The link that it tells, with its own address."""
    port = announcing.line()["listening"].rpartition(":")[2]
    return "%s&x.pe=%s:%s" % (wait_announced(announcing, 1)["link"], CURATOR, port)


def wait_announced(announcing, version):
    """Until several nodes tell of that build; what the command has said then."""
    return announcing.wait_line(lambda row: row.get("version") == version and row.get("stored", 0) > 1, 60)


@pytest.mark.timeout(400)
def test_the_key_alone_brings_the_catalogue_and_its_next_build(announcing, link, kodi, curator, picture):
    open_addon(kodi)
    open_catalogues(kodi)
    follow(kodi, link, picture, SECONDS)
    wait_listed(kodi, "Film t:one", SECONDS)
    back_home(kodi)
    open_catalogues(kodi)
    kodi.wait_row(NAME)
    kodi.focus_label(NAME)
    kodi.wait_still()
    picture(kodi, "followed")

    curator.build(free("t:three"), gone("t:two"))
    wait_announced(announcing, 2)
    look_for_new_works(kodi, NAME)
    wait_listed(kodi, "Film t:three", SECONDS)
    wait_unlisted(kodi, "Film t:two")
    back_home(kodi)
    open_films(kodi)
    assert {"Film t:one", "Film t:three"} <= set(all_titles(kodi))
