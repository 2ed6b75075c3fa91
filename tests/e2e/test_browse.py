# SPDX-License-Identifier: GPL-3.0-or-later
"""From the zip to lists of films, by remote."""

from __future__ import annotations

import json
from pathlib import Path

from lab.commonreel import (
    ADDON_ID,
    ROOT,
    all_titles,
    answer_country,
    country_row,
    go,
    go_to_next_page,
    next_page_row,
    open_addon,
    open_films,
    titles,
    wait_listed,
    way,
)
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU, KEYBOARD, SELECT_DIALOG, TEXT_VIEWER

CATALOGUE = Path(__file__).resolve().parents[2] / "resources" / "catalogue.json"
STARTER = json.loads(CATALOGUE.read_text(encoding="utf-8"))
EVERYWHERE = [work for work in STARTER if "*" in work["rights"]["territories"]]
FREE_IN_US = [work for work in STARTER if {"*", "US"} & set(work["rights"]["territories"])]
FREE_IN_FR = [work for work in STARTER if {"*", "FR"} & set(work["rights"]["territories"])]


def test_install_and_open(bare_kodi, addon_zip, picture):
    kodi = bare_kodi
    kodi.install_zip(addon_zip)
    open_addon(kodi)
    rows = kodi.rows()
    assert rows[0].startswith("Which country are you in?")
    assert all(way(kodi, name) for name in ("New", "Films", "Open movies", "Search", "Settings"))
    kodi.wait_still()
    picture(kodi, "root")


def test_answering_the_country_row_brings_the_films_of_that_country(kodi, picture):
    open_addon(kodi)
    open_films(kodi)
    assert len(all_titles(kodi)) == len(EVERYWHERE)
    assert country_row(kodi) == "Which country are you in? %d more films" % (
        len(FREE_IN_US) - len(EVERYWHERE)
    )
    picture(kodi, "before")
    assert answer_country(kodi) == "United States"
    kodi.wait_still()
    picture(kodi, "after")
    assert len(all_titles(kodi)) == len(FREE_IN_US)


def test_pages_and_back(kodi, picture):
    open_addon(kodi)
    answer_country(kodi)
    open_films(kodi)
    first = titles(kodi)
    assert len(first) == 100
    go_to_next_page(kodi)
    second = titles(kodi)
    assert len(second) == 100
    assert first != second
    kodi.wait_still()
    picture(kodi, "second-page")
    kodi.press("Back")
    kodi.wait_listing(ROOT + "films/")
    assert titles(kodi) == first
    kodi.press("Back")
    kodi.wait_listing(ROOT)
    assert wait_for(lambda: way(kodi, "Films"), 20, "the first screen")


def test_decades_lead_to_films(kodi, picture):
    open_addon(kodi)
    answer_country(kodi)
    go(kodi, "Decades", "decades/")
    decades = kodi.rows()
    assert any(row.startswith("1920s") for row in decades)
    kodi.wait_still()
    picture(kodi, "list")
    kodi.select_label(next(row for row in decades if row.startswith("1920s")))
    kodi.wait_listing(ROOT + "films/?decade=1920")
    in_the_twenties = [work for work in FREE_IN_US if 1920 <= work.get("year", 0) <= 1929]
    assert len(all_titles(kodi)) == len(in_the_twenties)


def kept_list(kodi, address):
    """The file of a list that the service has made ahead, after all else that it writes at first."""
    for file in (kodi.userdata / "addon_data" / ADDON_ID / "lists").glob("*.json"):
        made_of = file.read_text("ascii").partition("\n")[0]
        if json.loads(made_of)[0] == address and "history.db" in made_of:
            return file
    return None


def test_a_list_is_shown_as_it_was_kept_until_something_changes(premiere, kodi, picture):
    premiere.show("The First", "demo.mp4", peers=0)
    wait_listed(kodi, "The First")
    kept = wait_for(lambda: kept_list(kodi, ROOT + "films/"), 60, "the list to be made ahead")
    kept.write_text(kept.read_text("ascii").replace('"The First"', '"As it was kept"'), "ascii")
    open_addon(kodi)
    open_films(kodi)
    assert "As it was kept" in all_titles(kodi)
    picture(kodi, "kept")
    premiere.show("The Second", "demo.mp4", peers=0)
    wait_listed(kodi, "The Second")
    kodi.press("Back")
    kodi.wait_listing(ROOT)
    open_films(kodi)
    assert {"The First", "The Second"} <= set(all_titles(kodi))


def test_search_by_typed_text(premiere, kodi, picture):
    premiere.show("Un Noël à l’île", "demo.mp4", peers=0)
    open_addon(kodi)
    kodi.select_label("Search")
    kodi.wait_listing(ROOT + "search/")
    for typed in ("noël ÎLE", "noel ile"):
        kodi.select_label("New search…", down="Up")
        kodi.type_text(typed)
        kodi.wait_row("Un Noël à l’île")
        assert titles(kodi) == ["Un Noël à l’île"]
        kodi.wait_still()
        picture(kodi, "results")
        kodi.press("Back")
        kodi.wait_row("New search…")
        assert kodi.window() != KEYBOARD
    assert {"noël ÎLE", "noel ile"} <= set(kodi.rows())
    picture(kodi, "history")


def test_search_that_is_cancelled_or_finds_nothing(kodi):
    open_addon(kodi)
    kodi.select_label("Search")
    kodi.wait_listing(ROOT + "search/")
    kodi.select_label("New search…")
    kodi.wait_window(KEYBOARD)
    kodi.press("Back")
    kodi.wait_row("New search…")
    kodi.select_label("New search…")
    kodi.type_text("xyzzy nothing is called so")
    kodi.wait_listing(ROOT + "search/results/?q=xyzzy%20nothing%20is%20called%20so")
    assert kodi.rows() == ["New search…"]
    kodi.press("Back")
    kodi.wait_listing(ROOT + "search/")


def test_kodi_shows_title_year_and_art(premiere, kodi, picture):
    facts = {"year": 2021, "duration": 600, "genre": ["drama"], "director": ["A. Director"]}
    plot = {"en": "A clock counts ten minutes."}
    premiere.show("Clock", "demo.mp4", peers=0, description=plot, **facts)
    wait_listed(kodi, "Clock")
    properties = ["title", "year", "runtime", "genre", "director", "plot", "art"]
    row = next(row for row in kodi.files(ROOT + "films/", properties) if row["title"] == "Clock")
    assert (row["year"], row["runtime"], row["genre"]) == (2021, 600, ["Drama"])
    assert row["director"] == ["A. Director"]
    assert row["plot"].startswith("A clock counts ten minutes.")
    assert "fanart.jpg" in row["art"]["fanart"]
    open_addon(kodi)
    open_films(kodi)
    kodi.focus_label("Clock")
    kodi.wait_still()
    picture(kodi, "row")
    assert kodi.addon(ADDON_ID)["enabled"]


def test_why_a_film_may_be_watched(premiere, kodi, picture):
    premiere.show("Clock", "demo.mp4", peers=0)
    wait_listed(kodi, "Clock")
    open_addon(kodi)
    open_films(kodi)
    kodi.focus_label("Clock")
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    kodi.select_label("Why may I watch this?")
    kodi.wait_window(TEXT_VIEWER)
    kodi.wait_still()
    picture(kodi, "page")
    kodi.press("Back")
    kodi.wait_listing(ROOT + "films/")


def test_the_last_page_has_no_next(kodi):
    open_addon(kodi)
    answer_country(kodi)
    open_films(kodi)
    pages = 1
    while next_page_row(kodi):
        go_to_next_page(kodi)
        pages += 1
    assert pages == -(-len(FREE_IN_US) // 100)


def test_in_french(kodi, picture):
    kodi.rpc("Settings.SetSettingValue", setting="locale.language", value="resource.language.fr_fr")
    wait_for(lambda: kodi.label("System.Language").startswith("Fr"), 20, "Kodi to speak French")
    kodi.wait_still()
    kodi.open_videos(ROOT)
    kodi.wait_row("Recherche")
    rows = kodi.rows()
    assert rows[0] == "Dans quel pays êtes-vous ? %d films de plus" % (len(FREE_IN_FR) - len(EVERYWHERE))
    assert any(row.startswith("Décennies (") for row in rows)
    kodi.select_label(rows[0])
    kodi.wait_window(SELECT_DIALOG)
    assert wait_for(kodi.focused, 5, "a preselected country") == "France"
    picture(kodi, "countries")
    kodi.press("Select")
    wait_for(lambda: kodi.rows()[0] != rows[0], 20, "the question to be gone")
    kodi.wait_still()
    picture(kodi, "root")
