# SPDX-License-Identifier: GPL-3.0-or-later
"""A work's page: in which quality it plays, its trailer, what others think of it; series, narrowed."""

from __future__ import annotations

from lab.commonreel import NARROW, ROOT, go, open_addon, open_films, titles, wait_listed, way
from lab.films import SECONDS, film
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU, SELECT_DIALOG, VIDEOS
from lab.touring import choose, menu
from lab.webseed import WebSeed

INFORMATION = 12003
SORT_BY_RATING = 17  # as Kodi itself counts its ways to sort
GOOD, SMALL, SHORTER = "demo.mp4", "shorter.mkv", 590
AGAIN = "Play in another quality…"


def two_in_one(premiere, title):
    """A film in two encodings, both in one torrent; what they say of their lines is made up."""
    small = film(SMALL, SHORTER).read_bytes()
    premiere.show(title, GOOD, beside={SMALL: small})
    torrent = title.lower().replace(" ", "-") + ".torrent"
    lengths = {GOOD: film(GOOD).stat().st_size, SMALL: len(small)}
    encodings = [
        {
            "torrent": torrent,
            "file": {"path": name, "length": lengths[name]},
            "codec": "h264/aac",
            "height": height,
        }
        for name, height in ((SMALL, 90), (GOOD, 180))
    ]
    premiere.catalogue.change("local:" + torrent[:-8], encoding=encodings)


def playing(kodi):
    """Which of them the player has: they are told apart by their length."""
    return GOOD if kodi.player_length() > SHORTER + 2 else SMALL


def offer(kodi, title, picture=None):
    """The list of a film's qualities."""
    menu(kodi, title, AGAIN)
    kodi.wait_window(SELECT_DIALOG)
    if picture:
        kodi.wait_still()
        picture(kodi, "qualities")


def test_a_quality_is_chosen_and_the_place_in_the_film_stays(premiere, kodi, picture):
    two_in_one(premiere, "Ten minutes")
    wait_listed(kodi, "Ten minutes")
    open_addon(kodi)
    open_films(kodi)
    menu(kodi, "Ten minutes")
    kodi.wait_still()
    picture(kodi, "menu")
    kodi.press("Back")
    kodi.select_label("Ten minutes")
    kodi.wait_playing(1)
    assert playing(kodi) == GOOD
    kodi.stop_playing()

    kodi.wait_listing(ROOT + "films/")
    offer(kodi, "Ten minutes", picture)
    choose(kodi, "90p, H.264")
    kodi.wait_playing(1)
    assert playing(kodi) == SMALL
    kodi.seek(300)
    kodi.wait_playing(302)
    kodi.stop_playing()

    kodi.wait_listing(ROOT + "films/")
    kodi.select_label("Ten minutes")
    kodi.wait_window(CONTEXT_MENU)  # where to go on
    kodi.press("Select")
    kodi.wait_playing(290)
    assert playing(kodi) == SMALL
    kodi.stop_playing()

    kodi.wait_listing(ROOT + "films/")
    offer(kodi, "Ten minutes")
    choose(kodi, "As in the settings")
    kodi.wait_window(CONTEXT_MENU)
    kodi.press("Select")
    kodi.wait_playing(290)
    assert playing(kodi) == GOOD
    kodi.seek(SECONDS * 0.95)
    kodi.wait_playing(SECONDS * 0.95 + 2)
    kodi.stop_playing()
    seen_lately(kodi, picture)


def seen_lately(kodi, picture):
    """What was seen has a shelf, until it is emptied."""
    kodi.press("Back")
    kodi.wait_listing(ROOT)
    go(kodi, "Seen lately", "seen/")
    assert kodi.rows() == ["Ten minutes", "Forget what was seen"]
    kodi.wait_still()
    picture(kodi, "seen")
    kodi.select_label("Forget what was seen")
    wait_for(lambda: kodi.rows() == [], 20, "an empty shelf")
    kodi.press("Back")
    kodi.wait_listing(ROOT)
    wait_for(lambda: way(kodi, "Films"), 20, "the first screen")
    assert way(kodi, "Seen lately") is None


def test_trailer_rating_and_series(premiere, kodi, picture):
    trailer = film("trailer.mp4", seconds=60)
    rating = {"ratingValue": 4.2, "bestRating": 5, "ratingCount": 57, "by": "archive.org"}
    with WebSeed(trailer.parent) as web:
        address = web.address + trailer.name
        premiere.show("A Rated Film", GOOD, peers=0, trailer=address, aggregateRating=rating)
        premiere.show("A Worse Film", GOOD, peers=0, aggregateRating={**rating, "ratingValue": 1})
        for year, genre in ((1952, "drama"), (1958, "comedy"), (1963, "drama")):
            facts = {"type": "TVSeries", "encoding": [], "year": year, "genre": [genre]}
            premiere.catalogue.add("local:soap-%d" % year, "Soap of %d" % year, b"", **facts)
        wait_listed(kodi, "Soap of 1963")
        open_addon(kodi)
        open_films(kodi)
        trailers(kodi, web, picture)
    kodi.builtin("Container.SetSortMethod(%d)" % SORT_BY_RATING)
    kodi.wait_condition("String.IsEqual(Container.SortMethod,Rating)")
    kodi.press("Back")
    kodi.wait_listing(ROOT)
    narrowed_series(kodi, picture)


def trailers(kodi, web, picture):
    """By the menu, and by the button of Kodi's own window."""
    menu(kodi, "A Rated Film", "Trailer")
    kodi.wait_playing(1)
    picture(kodi, "trailer")
    assert kodi.label("Player.Title") == "Trailer: A Rated Film"
    kodi.stop_playing()
    kodi.wait_window(VIDEOS)
    kodi.focus_label("A Rated Film")
    kodi.press("Info")
    kodi.wait_window(INFORMATION)
    kodi.wait_still()
    picture(kodi, "information")
    assert kodi.label("ListItem.Rating") == "8.4"
    assert kodi.label("ListItem.Votes") == "57"
    before = web.requests
    kodi.press("Right")
    assert kodi.focused().startswith("Trailer")  # and an empty setting of the skin's behind it
    kodi.press("Select")
    kodi.wait_playing(1)
    assert web.requests > before
    kodi.stop_playing()
    while kodi.window() == INFORMATION:
        kodi.press("Back")


def narrowed_series(kodi, picture):
    go(kodi, "Series", "series/")
    assert titles(kodi) == ["Soap of 1952", "Soap of 1958", "Soap of 1963"]
    kodi.select_label(NARROW)
    choose(kodi, "Genre")
    choose(kodi, "Drama")
    kodi.wait_listing(ROOT + "series/?genre=drama")
    assert titles(kodi) == ["Soap of 1952", "Soap of 1963"]
    assert kodi.label("Container.PluginCategory") == "Series · Drama"
    kodi.wait_still()
    picture(kodi, "series")
