# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue on a server of this machine is followed, by remote: its works come, change and go."""

from __future__ import annotations

import pytest

from lab.catalogues import FOLLOW, LOOK, back_home, follow, in_menu_of, look_for_new_works, open_catalogues
from lab.commonreel import (
    ADDON_ID,
    ROOT,
    all_titles,
    answer_country,
    open_addon,
    open_films,
    wait_listed,
    wait_unlisted,
)
from lab.curator import Curator, Host
from lab.desk import Desk
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU, TEXT_VIEWER
from lab.records import by_rule, free, gone
from lab.submissions import ITEM
from lab.submitting import film

OWN = "Common Reel's own catalogue"


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path / "curator")
    made.about = {"name": "Festival of Tests"}
    made.build(free("t:one"), free("t:two"), by_rule("t:american"), window=0)
    return made


@pytest.fixture
def host(curator):
    with Host(curator.out) as host:
        yield host


def test_a_catalogue_is_followed_and_left(kodi, curator, host, picture):
    open_addon(kodi)
    open_catalogues(kodi)
    follow(kodi, host.address, picture)
    wait_listed(kodi, "Film t:one")
    back_home(kodi)
    open_catalogues(kodi)
    kodi.wait_row("Festival of Tests")
    kodi.focus_label("Festival of Tests")
    kodi.wait_still()
    picture(kodi, "followed")

    back_home(kodi)
    open_films(kodi)
    there = set(all_titles(kodi))
    assert {"Film t:one", "Film t:two"} <= there
    assert "Film t:american" not in there
    assert answer_country(kodi) == "United States"
    wait_listed(kodi, "Film t:american")
    kodi.wait_still()
    assert "Film t:american" in all_titles(kodi)
    picture(kodi, "films")

    curator.build(free("t:three"), gone("t:two"))
    look_for_new_works(kodi, "Festival of Tests")
    wait_listed(kodi, "Film t:three")
    wait_unlisted(kodi, "Film t:two")

    host.lies = {"metadata/timestamp.json": b"{}"}
    in_menu_of(kodi, "Festival of Tests", LOOK)
    said = wait_for(
        lambda: "not what its curator has signed" in _plot(kodi), 20, "the trouble to be told", 0.5
    )
    assert said
    picture(kodi, "refused")
    wait_listed(kodi, "Film t:three")

    in_menu_of(kodi, "Festival of Tests", "Stop following")
    wait_unlisted(kodi, "Film t:three")
    wait_for(lambda: "Festival of Tests" not in kodi.rows(), 10, "the catalogue to be left")


def test_the_add_ons_own_catalogue_comes_by_itself(bare_kodi, curator, host, zip_with_catalogue, picture):
    kodi = bare_kodi
    starters = "blender:big-buck-bunny"
    curator.build(free(starters))
    curator.build(gone(starters))
    kodi.install_zip(zip_with_catalogue(curator, host.address))
    kodi.wait_service(ADDON_ID)
    wait_listed(kodi, "Film t:one")
    wait_unlisted(kodi, "Big Buck Bunny")

    open_addon(kodi)
    open_catalogues(kodi)
    assert kodi.rows() == [OWN, FOLLOW]
    kodi.focus_label(OWN)
    kodi.wait_still()
    picture(kodi, "own")
    in_menu_of(kodi, OWN, "Switch off")
    kodi.wait_row(OWN + " (off)")
    wait_unlisted(kodi, "Film t:one")
    wait_listed(kodi, "Big Buck Bunny")
    kodi.wait_still()
    picture(kodi, "off")
    in_menu_of(kodi, OWN + " (off)", "Switch on")
    wait_listed(kodi, "Film t:one")
    wait_unlisted(kodi, "Big Buck Bunny")


def test_a_makers_film_comes_once_it_is_accepted_and_goes_once_it_is_taken_back(kodi, tmp_path, picture):
    """From the maker's command to the sofa, and back."""
    name = "Films of Makers"
    with Desk(tmp_path) as desk, Host(desk.catalogue) as host:
        sent = desk.submit(film(tmp_path / "Route.mp4"), "--title", "La route")
        desk.accept(sent, "Ana")
        desk.build({"name": name})
        open_addon(kodi)
        open_catalogues(kodi)
        follow(kodi, host.address, picture)
        wait_for(lambda: name in _labels(kodi), 20, "the catalogue to have come", 0.5)
        back_home(kodi)
        open_catalogues(kodi)
        desk.accept(sent, "Ben")
        assert desk.build({"name": name}) == ["ia:" + ITEM]
        wait_unlisted(kodi, "La route")  # until then, two people had not looked
        in_menu_of(kodi, name, LOOK)
        wait_listed(kodi, "La route")

        back_home(kodi)
        open_films(kodi)
        kodi.focus_label("La route")
        kodi.press("ContextMenu")
        kodi.wait_window(CONTEXT_MENU)
        kodi.select_label("Why may I watch this?")
        kodi.wait_window(TEXT_VIEWER)
        kodi.wait_still()
        picture(kodi, "why")
        kodi.press("Back")
        kodi.wait_listing(ROOT + "films/")

        desk.withdraw("ia:" + ITEM)
        assert desk.build({"name": name}) == []
        look_for_new_works(kodi, name)
        wait_unlisted(kodi, "La route")


def _labels(kodi):
    return [row["label"] for row in kodi.files(ROOT + "catalogues/")]


def _plot(kodi):
    found = kodi.files(ROOT + "catalogues/", ["plot"])
    return " ".join(row["plot"] for row in found)
