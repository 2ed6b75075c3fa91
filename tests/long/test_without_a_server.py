# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Kodi follows a catalogue of which it knows the key alone, in a network where no HTTP server is.

The network is a namespace of its own, so that its addresses can be such as are public elsewhere: the add-on
takes nothing of a public catalogue from this machine or network. It takes the right to make namespaces.
"""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from bench.network import Namespace, ip
from commonreel.publish import keys
from lab.command import ROOT, Command
from lab.commonreel import ADDON_ID, all_titles, open_addon, open_films, wait_listed, wait_unlisted, way
from lab.commonreel import ROOT as HOME
from lab.curator import Curator
from lab.dht import Dht
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU, YES_NO_DIALOG, KodiLab
from lab.records import free, gone

PICTURES = ROOT / "build" / "e2e"
NETWORK = "20.0"  # public elsewhere, and none of those that libtorrent takes for dark
NODES, CURATOR, DEVICE = 6, "20.0.101.1", "20.0.100.1"
SECONDS = 120  # that a look by the DHT may take
FOLLOW = "Follow another catalogue…"


@pytest.fixture
def addon_zip():
    command = [sys.executable, str(ROOT / ".ci" / "build_zip.py")]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


@pytest.fixture
def dht():
    """In a network of its own, in which all that this test starts is."""
    namespace = Namespace()
    try:
        with namespace.entered():
            ip("link", "add", "line", "type", "veth", "peer", "name", "end")
            for host in (CURATOR, DEVICE, *("%s.%d.1" % (NETWORK, number) for number in range(1, NODES + 1))):
                ip("addr", "add", host + "/32", "dev", "line")
            for name in ("line", "end"):
                ip("link", "set", name, "up")
            with Dht(NODES, NETWORK) as dht:
                yield dht
    finally:
        namespace.close()


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path / "curator")
    made.about = {"name": "Festival of Tests", "dht": keys.pointer(made.keys / "dht.pem")}
    made.build(free("t:one"), free("t:two"))
    return made


@pytest.fixture
def announced(curator, dht):
    """`commonreel catalog announce` runs; the link that it tells, with its own address."""
    words = ["catalog", "announce", curator.out, "--key", curator.keys / "dht.pem", "--json", "--every", 5]
    with Command(*words, "--listen", CURATOR + ":0", "--bootstrap", "%s:%d" % dht.entrance) as command:
        port = command.line()["listening"].rpartition(":")[2]
        link = command.wait_line(lambda row: row.get("stored", 0) > 1, 60)["link"]
        yield "%s&x.pe=%s:%s" % (link, CURATOR, port)
        command.signal(signal.SIGTERM)
        assert command.end()[0] == 0


@pytest.fixture
def kodi(addon_zip, announced):
    settings = {ADDON_ID: {"interface": DEVICE}}
    with KodiLab(addon_settings=settings) as kodi:
        kodi.install_zip(addon_zip)
        kodi.wait_service(ADDON_ID)
        yield kodi
        assert not kodi.tracebacks()
    assert kodi.quit_seconds is not None
    assert kodi.processes_left == []


def open_catalogues(kodi):
    kodi.select_label("Catalogues", down="Up")
    kodi.wait_listing(HOME + "catalogues/")
    kodi.wait_row(FOLLOW)


def back(kodi):
    kodi.press("Back")
    wait_for(lambda: kodi.label("Container.FolderPath") == HOME, 10, "the first screen")
    wait_for(lambda: way(kodi, "Films"), 20, "its rows")


@pytest.mark.timeout(400)
def test_the_key_alone_brings_the_catalogue_and_its_next_build(kodi, curator, announced):
    PICTURES.mkdir(parents=True, exist_ok=True)
    open_addon(kodi)
    open_catalogues(kodi)
    kodi.select_label(FOLLOW)
    kodi.type_text(announced)
    kodi.wait_still()
    kodi.screenshot(PICTURES / "serverless-asking.png")
    kodi.wait_window(YES_NO_DIALOG, SECONDS)
    kodi.wait_still()
    kodi.screenshot(PICTURES / "serverless-fingerprint.png")
    kodi.focus_label("Yes", down="Left")
    kodi.press("Select")
    wait_listed(kodi, "Film t:one", SECONDS)
    back(kodi)
    open_catalogues(kodi)
    kodi.wait_row("Festival of Tests")
    kodi.focus_label("Festival of Tests")
    kodi.wait_still()
    kodi.screenshot(PICTURES / "serverless-followed.png")

    curator.build(free("t:three"), gone("t:two"))
    kodi.select_label("Festival of Tests")
    kodi.wait_window(CONTEXT_MENU)
    kodi.focus_label("Look for new works now")
    kodi.press("Select")
    wait_listed(kodi, "Film t:three", SECONDS)
    wait_unlisted(kodi, "Film t:two")
    back(kodi)
    open_films(kodi)
    assert {"Film t:one", "Film t:three"} <= set(all_titles(kodi))
