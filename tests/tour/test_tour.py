# SPDX-License-Identifier: GPL-3.0-or-later
"""Through all the screens with a remote, in the order of docs/tour.md, whose pictures are made here.

The parts are one walk in one Kodi: a later one may need what an earlier one has done.
"""

from __future__ import annotations

from lab import codes
from lab.commonreel import (
    NARROW,
    ROOT,
    SHARING_QUESTION,
    answer_country,
    country_row,
    go,
    open_films,
    wait_refused,
    way,
)
from lab.films import SECONDS
from lab.jsonrpc import wait_for
from lab.kodi_lab import (
    FULLSCREEN_VIDEO,
    HOME_WINDOW,
    SELECT_DIALOG,
    TEXT_VIEWER,
)
from lab.showcase import (
    BARE,
    FESTIVAL,
    LEFT,
    LONG,
    NO_PLOT,
    OTHER_SCRIPTS,
    PUT_ASIDE,
    SEASONS,
    SEEN,
    SERIES,
    STUDIO,
)
from lab.touring import choose, menu, step_to, to_the_last_page

ADDONS, OSD, ADDON_SETTINGS, INFORMATION = 11100, 12901, 10140, 12003
APPEAL = "Window.IsVisible(commonreel-appeal.xml)"
SCAN = "Window.IsVisible(commonreel-scan.xml)"
CATEGORIES = ("General", "Engine", "Network", "Help and privacy")


def test_the_way_to_the_add_on(tour):
    kodi = tour.kodi
    kodi.press("Home")
    kodi.wait_window(HOME_WINDOW)
    kodi.select_label("Add-ons")
    kodi.wait_window(ADDONS)
    kodi.focus_label("Video add-ons")
    kodi.focus_label("Common Reel", down="Right", limit=3)
    tour.look("01-add-on")
    kodi.press("Select")
    kodi.wait_listing(ROOT)
    wait_for(lambda: way(kodi, "Films"), 20, "the first screen")
    assert kodi.rows()[:2] == [country_row(kodi), SHARING_QUESTION]
    kodi.focus_label(country_row(kodi))
    tour.look("02-first-screen")


def test_the_two_questions(tour):
    kodi = tour.kodi
    kodi.select_label(country_row(kodi))
    kodi.wait_window(SELECT_DIALOG)
    tour.look("03-country")
    kodi.press("Back")
    answer_country(kodi)
    kodi.select_label(SHARING_QUESTION)
    kodi.wait_window(SELECT_DIALOG)
    tour.look("04-sharing")
    choose(kodi, "Share while watching")
    wait_for(lambda: SHARING_QUESTION not in kodi.rows(), 20, "the question to be gone")
    films = wait_for(lambda: way(kodi, "Films"), 20, "the first screen")
    kodi.focus_label(films)
    tour.look("05-home")


def test_films(tour):
    kodi = tour.kodi
    open_films(kodi)
    rows = kodi.rows()
    assert rows[0] == NARROW
    assert {SEEN, LEFT, PUT_ASIDE, BARE, NO_PLOT, LONG} <= set(rows)
    for title, name in (
        (SEEN, "06-films"),
        (LONG, "07-long-title"),
        (BARE, "08-no-art"),
        (NO_PLOT, "09-no-plot"),
    ):
        step_to(kodi, title)
        tour.look(name)
    step_to(kodi, SEEN)
    assert "8.4 of 10, by 57 at the Harbour's cinema" in kodi.label("ListItem.Tagline")
    assert kodi.label("ListItem.Rating") == "8.4"
    kodi.press("Info")
    kodi.wait_window(INFORMATION)
    tour.look("10-information")


def test_titles_in_other_scripts(tour):
    kodi = tour.kodi
    kodi.rpc("Settings.SetSettingValue", setting="lookandfeel.font", value="Arial")
    kodi.wait_still()
    go(kodi, "Countries and languages", "places/")
    rows = kodi.rows()
    assert any(row.startswith("Japanese (") for row in rows)
    tour.look("11-places")
    kodi.press("Back")
    kodi.wait_listing(ROOT)
    go(kodi, "Films", "films/")
    assert set(OTHER_SCRIPTS.values()) <= set(to_the_last_page(kodi))
    step_to(kodi, OTHER_SCRIPTS["zh"])
    tour.look("12-other-scripts")
    kodi.rpc("Settings.SetSettingValue", setting="lookandfeel.font", value="Default")
    kodi.wait_still()


def test_a_narrowed_list(tour):
    kodi = tour.kodi
    open_films(kodi)
    step_to(kodi, NARROW)
    kodi.press("Select")
    kodi.wait_window(SELECT_DIALOG)
    tour.look("13-narrow")
    choose(kodi, "Decade")
    choose(kodi, "1920s")
    kodi.wait_listing(ROOT + "films/?decade=1920")
    kodi.wait_row(NARROW)
    step_to(kodi, NARROW)
    kodi.press("Select")
    choose(kodi, "Genre")
    choose(kodi, "Comedy")
    kodi.wait_listing(ROOT + "films/?decade=1920&genre=comedy")
    assert kodi.label("Container.PluginCategory") == "Films · 1920s · Comedy"
    kodi.focus_label("Almost a Comedy")
    tour.look("14-narrowed")


def test_letters(tour):
    kodi = tour.kodi
    open_films(kodi)
    step_to(kodi, NARROW)
    kodi.press("Select")
    choose(kodi, "First letter")
    kodi.wait_window(SELECT_DIALOG)
    tour.look("15-letters")


def test_shelves(tour):
    kodi = tour.kodi
    for name, path, picture in (
        ("Genres", "genres/", "16-genres"),
        ("Makers", "shelves/?kind=maker", "17-makers"),
        ("New", "films/?order=new", "18-new"),
    ):
        go(kodi, name, path)
        assert kodi.rows()
        kodi.press("Down")
        tour.look(picture)
        tour.home()


def test_makers_and_festivals(tour):
    kodi = tour.kodi
    go(kodi, "Makers", "shelves/?kind=maker")
    kodi.select_label("%s (3)" % STUDIO)
    kodi.wait_row("About " + STUDIO)
    rows = ["About " + STUDIO, "Support " + STUDIO, "Links"]
    assert kodi.rows()[:6] == [*rows, "Almost a Comedy", "Ashes and Snow Peas", "August Machines"]
    kodi.focus_label("About " + STUDIO)
    tour.look("17a-maker")
    kodi.press("Select")
    kodi.wait_window(TEXT_VIEWER)
    tour.look("17b-about-a-maker")
    kodi.press("Back")
    for row, picture, address in (
        ("Support " + STUDIO, "17c-support-a-maker", "https://liberapay.com/makers"),
        ("Links", "17d-links", "https://lantern.example/"),
    ):
        kodi.select_label(row)
        kodi.wait_condition(SCAN)
        kodi.wait_still()
        assert codes.read(tour.look(picture)) == [address]
        kodi.press("Back")
        wait_for(lambda: not kodi.condition(SCAN), 10, "the window to be gone")
    tour.home()
    go(kodi, "Festivals and lists", "lists/")
    kodi.focus_label(FESTIVAL + " (3)")
    tour.look("17e-festivals")
    kodi.press("Select")
    kodi.wait_row(SEEN)
    assert kodi.rows() == ["Chosen by The Harbour Festival", LEFT, "August Machines", SEEN]
    kodi.focus_label("August Machines")
    tour.look("17f-festival")
    menu(kodi, "August Machines", "More by %s…" % STUDIO)
    kodi.wait_row("About " + STUDIO)


def test_a_series(tour):
    kodi = tour.kodi
    go(kodi, "Series", "series/")
    kodi.focus_label(SERIES)
    tour.look("19-series")
    kodi.press("Select")
    kodi.wait_row("Season %d" % SEASONS)
    assert kodi.rows() == ["Season %d" % number for number in range(1, SEASONS + 1)]
    kodi.focus_label("Season 12")
    tour.look("20-seasons")
    kodi.press("Select")
    kodi.wait_row("02. Summer")
    assert kodi.rows() == ["01. Winter", "02. Summer"]
    kodi.focus_label("01. Winter")
    tour.look("21-episodes")


def test_search(tour):
    kodi = tour.kodi
    kodi.select_label("Search")
    kodi.wait_listing(ROOT + "search/")
    kodi.select_label("New search…", down="Up")
    kodi.type_text("harbour")
    kodi.wait_row(SEEN)
    kodi.focus_label(SEEN)
    tour.look("22-found")


def test_what_a_film_s_menu_offers(tour):
    kodi = tour.kodi
    open_films(kodi)
    menu(kodi, SEEN)
    tour.look("23-menu")
    kodi.select_label("Why may I watch this?", limit=15)
    kodi.wait_window(TEXT_VIEWER)
    tour.look("24-why")
    kodi.press("Back")
    menu(kodi, PUT_ASIDE, "Play in another quality…")
    kodi.wait_window(SELECT_DIALOG)
    tour.look("23b-quality")
    kodi.press("Back")
    menu(kodi, SEEN, "Support the makers")
    kodi.wait_condition(SCAN)
    kodi.wait_still()
    assert codes.read(tour.look("25-support")) == ["https://liberapay.com/makers"]
    kodi.press("Back")
    menu(kodi, "Big Buck Bunny", "Report a problem")
    kodi.wait_condition(SCAN)
    kodi.wait_still()
    assert codes.read(tour.look("26-report")) == ["https://peach.blender.org/"]
    kodi.press("Back")
    menu(kodi, PUT_ASIDE, "Add to my list")
    tour.home()
    go(kodi, "My list", "mylist/")
    assert kodi.rows() == [PUT_ASIDE]
    kodi.focus_label(PUT_ASIDE)
    tour.look("27-my-list")


def test_a_film_that_was_seen_to_its_end(tour):
    kodi = tour.kodi
    open_films(kodi)
    step_to(kodi, SEEN)
    kodi.press("Select")
    kodi.wait_playing(1, timeout=60)
    kodi.seek(SECONDS - 4)
    kodi.wait_condition(APPEAL, 30)
    tour.look("28b-after-a-film")
    kodi.press("Back")
    wait_for(lambda: not kodi.condition(APPEAL), 10, "it to be gone")
    tour.home()


def test_playing(tour):
    kodi = tour.kodi
    open_films(kodi)
    step_to(kodi, SEEN)
    kodi.press("Select")
    kodi.wait_playing(1, timeout=60)
    kodi.seek(250)
    kodi.wait_playing(252, timeout=60)
    assert kodi.window() == FULLSCREEN_VIDEO
    kodi.action("playpause")
    kodi.rpc("Input.ShowOSD")  # what OK does while a film plays
    kodi.wait_window(OSD)
    tour.look("28-playing")
    kodi.stop_playing()
    tour.home()
    go(kodi, "Continue watching", "continue/")
    assert kodi.rows() == [SEEN]
    kodi.focus_label(SEEN)
    tour.look("29-continue")


def test_the_library(tour):
    kodi = tour.kodi
    open_films(kodi)
    menu(kodi, SEEN, "Add to library")
    kodi.wait_listing(ROOT + "films/")
    tour.home()
    go(kodi, "Library", "library/")
    kodi.wait_row("In the library (1)")
    kodi.press("Down")
    tour.look("30-library")
    kodi.select_label("Show the library in Kodi's Movies…")
    kodi.wait_row("1. Open the folder")
    kodi.press("Down")
    tour.look("31-library-guide")


def test_giving_and_catalogues(tour):
    kodi = tour.kodi
    go(kodi, "What you give", "patron/")
    assert any(row.startswith("Given: ") for row in kodi.rows())
    kodi.press("Down")
    tour.look("32-giving")
    tour.home()
    go(kodi, "Catalogues", "catalogues/")
    assert "Follow another catalogue…" in kodi.rows()
    kodi.press("Down")
    tour.look("33-catalogues")


def test_settings(tour):
    kodi = tour.kodi
    kodi.select_label("Settings", down="Up")
    kodi.wait_window(ADDON_SETTINGS)
    kodi.press("Left")
    for number, category in enumerate(CATEGORIES, 34):
        kodi.focus_label(category, limit=8)
        tour.look("%d-settings-%s" % (number, category.split()[0].lower()))
    kodi.press("Right")
    kodi.select_label("Check that all is well")
    kodi.wait_listing(ROOT + "check/")
    wait_for(lambda: "Background service: works" in kodi.rows(), 60, "the check")
    kodi.press("Down")
    tour.look("38-check")


def test_an_old_favourite_says_what_has_become_of_its_film(tour):
    kodi = tour.kodi
    open_films(kodi)
    menu(kodi, LEFT, "Add to favourites")
    tour.showcase.withdraw(LEFT)
    wait_for(lambda: LEFT not in [row["label"] for row in kodi.files(ROOT + "films/")], 20, "it to be gone")
    kodi.press("Home")
    kodi.wait_window(HOME_WINDOW)
    kodi.select_label("Favourites", down="Up")
    kodi.select_label(LEFT)
    assert "taken out of the catalogue" in wait_refused(kodi)
    tour.look("39-withdrawn")
    kodi.press("Select")
