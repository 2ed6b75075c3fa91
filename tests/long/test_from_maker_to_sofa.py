# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole story, each step by its command or by remote: a maker sends a film in, two people accept it, a
viewer sees it come, watches it and finds whom to give to; and it goes once its maker takes it back.

The film comes from who is found by the DHT: its web seed is at a place that nobody in this network knows.
"""

from __future__ import annotations

import contextlib

import pytest

from commonreel.proxy.client import Client
from lab import codes
from lab.catalogues import back_home, follow, look_for_new_works, open_catalogues
from lab.command import Command, StreamCommand, get
from lab.commonreel import ADDON_ID, ROOT, go, open_addon, titles, wait_listed, wait_unlisted
from lab.curator import Host
from lab.desk import Desk
from lab.jsonrpc import wait_for
from lab.open_network import CURATOR, DEVICE, bootstrap
from lab.submissions import ITEM
from lab.submitting import film
from lab.swarm import Seeder
from lab.touring import menu

TITLE, MAKER, GIVE = "La route", "Ada Lund", "https://liberapay.com/ada"
WORK, SECONDS = "ia:" + ITEM, 30
NAME = "Films of Makers"
ABOUT = {"name": NAME}
NEW = "films/?order=new"
PASSED = {"ok": True, "class": "A", "problems": []}


@pytest.fixture
def desk(dht, tmp_path):
    with bootstrap(dht), Desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def sent(desk, tmp_path):
    """The folder of a submission that the catalogue has accepted, and built in."""
    made = film(tmp_path / "Route.mp4", seconds=SECONDS)
    sent = desk.submit(made, "--title", TITLE)
    assert desk.ask("check", sent).told == [PASSED]
    desk.accept(sent, "Ana")
    assert desk.build(ABOUT) == []
    desk.accept(sent, "Ben")
    assert desk.build(ABOUT) == [WORK]
    return sent


def watch(kodi, picture):
    """The film, which is the first of those that are new."""
    back_home(kodi)
    go(kodi, "New", NEW)
    assert titles(kodi)[0] == TITLE
    kodi.focus_label(TITLE)
    kodi.wait_still()
    picture(kodi, "new")
    kodi.press("Select")
    kodi.wait_playing(2, 120)
    kodi.wait_moving()
    picture(kodi, "playing")
    assert abs(kodi.player_length() - SECONDS) < 2


def see_the_maker(kodi, picture):
    """The page of whoever has made it, and the code by which to give."""
    menu(kodi, TITLE, "More by %s…" % MAKER)
    page = ROOT + "maker/?id=key%3A"
    wait_for(lambda: kodi.label("Container.FolderPath").startswith(page), 20, "the maker's page")
    kodi.wait_row(TITLE)
    assert titles(kodi) == ["About " + MAKER, "Support " + MAKER, TITLE]
    kodi.wait_still()
    picture(kodi, "maker")
    menu(kodi, TITLE, "Support the makers")
    assert codes.scanned(kodi, picture, "code") == GIVE
    codes.put_away(kodi)


def given_on(port, sent, cache):
    """The film as another viewer gets it, from Kodi alone."""
    given = "--peer", "%s:%d" % (DEVICE, port), "--cache", cache
    with StreamCommand(sent / "film.torrent", *given) as other:
        return get(other.line()["url"])


@pytest.mark.timeout(600)
def test_a_film_comes_from_its_maker_to_the_sofa_and_goes(kodi, desk, sent, tmp_path, picture):
    made = sent / "Route.mp4"
    with Host(desk.catalogue) as host:
        with Command("seed", sent, "--listen", CURATOR + ":0", "--json", "--every", 5) as seed:
            seed.wait_line(lambda row: row.get("state") == "seeding")
            open_addon(kodi)
            open_catalogues(kodi)
            follow(kodi, host.address, picture)
            wait_listed(kodi, TITLE)
            watch(kodi, picture)
            seed.wait_line(lambda row: row["given"] >= made.stat().st_size, 60)
            kodi.stop_playing()
        kodi.wait_listing(ROOT + NEW)
        see_the_maker(kodi, picture)

        state = kodi.wait_service(ADDON_ID)
        port = Client(state["port"], state["secret"]).health()["port"]
        assert given_on(port, sent, tmp_path / "other") == made.read_bytes()
        neighbour = Seeder((sent / "film.torrent").read_bytes(), sent, host=CURATOR)
        with contextlib.closing(neighbour):
            neighbour.meet((DEVICE, port))
            wait_for(neighbour.callers, 20, "the film to be shared")
            desk.withdraw(WORK)
            assert desk.build(ABOUT) == []
            look_for_new_works(kodi, NAME)
            wait_unlisted(kodi, TITLE)
            wait_for(lambda: not neighbour.callers(), 20, "the film to be shared no more")
        back_home(kodi)
        go(kodi, "New", NEW)
        assert TITLE not in titles(kodi)
        kodi.wait_still()
        picture(kodi, "gone")
