# SPDX-License-Identifier: GPL-3.0-or-later
"""Films and series of the add-on among the user's own in Kodi's library."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from lab.commonreel import ADDON_ID, ROOT, open_addon, open_films, wait_listed
from lab.jsonrpc import wait_for
from lab.kodi_lab import CONTEXT_MENU, SELECT_DIALOG, YES_NO_DIALOG

FOLDER = "special://profile/addon_data/%s/library/" % ADDON_ID
SET_CONTENT_DIALOG = 10132
EPISODE_FACTS = ["title", "showtitle", "season", "episode", "file", "playcount"]
FACTS = [
    "title",
    "year",
    "plot",
    "uniqueid",
    "file",
    "runtime",
    "tag",
    "playcount",
    "trailer",
    "ratings",
    "art",
]
MINE = "https://example.org/mine.jpg"


@pytest.fixture
def library(kodi):
    """The add-on's folder for Kodi's library."""
    return kodi.userdata / "addon_data" / ADDON_ID / "library"


def movies(kodi):
    found = kodi.rpc("VideoLibrary.GetMovies", properties=FACTS).get("movies") or []
    return {movie["title"]: movie for movie in found}


def wait_movies(kodi, *titles):
    """Wait until Kodi's library has these films, and no others."""
    wait_for(lambda: set(movies(kodi)) == set(titles), 40, "the library to hold %s" % (titles,), 0.3)
    return movies(kodi)


def episodes(kodi):
    found = kodi.rpc("VideoLibrary.GetEpisodes", properties=EPISODE_FACTS).get("episodes") or []
    return {episode["title"]: episode for episode in found}


def wait_episodes(kodi, *titles):
    """Wait until Kodi's library has these episodes, and no others."""
    wait_for(lambda: set(episodes(kodi)) == set(titles), 40, "the library to hold %s" % (titles,), 0.3)
    return episodes(kodi)


def from_menu(kodi, title, entry, path="films/"):
    """Choose from the context menu of a film or a series, in the list on the screen."""
    kodi.focus_label(title)
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    kodi.select_label(entry)
    kodi.wait_listing(ROOT + path)


def set_content(kodi, folder="Movies", content="Movies"):
    """What the guide says: that content, by local information only."""
    kodi.wait_listing(FOLDER)
    kodi.focus_label(folder)
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    kodi.select_label("Set content")
    kodi.wait_window(SET_CONTENT_DIALOG)
    for row, choice in (
        ("This directory contains", content),
        ("Choose information provider", "Local information only"),
    ):
        kodi.select_label(row)
        kodi.wait_window(SELECT_DIALOG)
        kodi.select_label(choice)
        kodi.wait_window(SET_CONTENT_DIALOG)
    kodi.select_label("OK", down="Right")
    kodi.wait_window(YES_NO_DIALOG)
    kodi.select_label("Yes", down="Right")


def test_films_in_kodis_library(premiere, kodi, library, picture):
    plot = {"en": "A clock counts ten minutes."}
    facts = {"description": plot, "sameAs": ["imdb:tt0000001"]}
    premiere.show("Clock: part 1?", "demo.mp4", image={"poster": "https://example.org/old.jpg"}, **facts)
    wait_listed(kodi, "Clock: part 1?")
    open_addon(kodi)
    open_films(kodi)
    from_menu(kodi, "Clock: part 1?", "Add to library")
    name = "Movies/Clock part 1 (2020)/Clock part 1 (2020)"
    wait_for((library / (name + ".strm")).exists, 20, "the film's file")

    kodi.open_videos(ROOT + "library/")
    kodi.wait_row("Show the library in Kodi's Movies…")
    kodi.wait_still()
    picture(kodi, "screen")
    kodi.select_label("Show the library in Kodi's Movies…")
    kodi.wait_row("3. This directory contains: Movies")
    kodi.focus_label("1. Open the folder")
    kodi.wait_still()
    picture(kodi, "guide")
    kodi.press("Select")
    set_content(kodi)
    movie = wait_movies(kodi, "Clock: part 1?")["Clock: part 1?"]
    assert movie["plot"] == plot["en"]
    assert movie["uniqueid"] == {"imdb": "tt0000001", "commonreel": "local:clock-part-1"}
    assert (movie["year"], movie["runtime"], movie["tag"]) == (2020, 600, ["Common Reel"])
    kodi.open_videos(ROOT + "library/")
    kodi.wait_row("In Kodi's Movies: 1 of 1")
    kodi.wait_still()
    picture(kodi, "seen")

    kodi.play(movieid=movie["movieid"])
    kodi.wait_playing()
    kodi.stop_playing()
    kodi.rpc("VideoLibrary.SetMovieDetails", movieid=movie["movieid"], playcount=1, art={"poster": MINE})

    # The catalogue goes on: one more, another title, one withdrawn.
    premiere.show("Second", "demo.mp4", peers=0)
    wait_listed(kodi, "Second")
    kodi.open_videos(ROOT + "films/")
    kodi.focus_label("Clock: part 1?")
    from_menu(kodi, "Second", "Add to library")
    wait_movies(kodi, "Clock: part 1?", "Second")
    premiere.catalogue.change(
        "local:clock-part-1",
        name={"en": "A new title"},
        image={"poster": "https://example.org/new.jpg"},
        trailer="https://example.org/trailer.mp4",
        aggregateRating={"ratingValue": 4, "bestRating": 5, "ratingCount": 57, "by": "example.org"},
    )
    renamed = wait_movies(kodi, "A new title", "Second")["A new title"]
    assert renamed["file"] == movie["file"]
    assert renamed["playcount"] == 1
    assert renamed["trailer"] == "https://example.org/trailer.mp4"
    assert renamed["ratings"] == {"example.org": {"default": True, "rating": 8.0, "votes": 57}}
    assert unquote(renamed["art"]["poster"]) == "image://%s/" % MINE
    kodi.open_videos(ROOT + "library/")
    kodi.wait_row("In Kodi's Movies: 2 of 2")
    kodi.select_label("In Kodi's Movies: 2 of 2")
    kodi.wait_row("A new title")
    kodi.wait_still()
    picture(kodi, "in-kodi")
    premiere.catalogue.remove("local:second")
    wait_movies(kodi, "A new title")
    assert [path.name for path in (library / "Movies").iterdir()] == ["Clock part 1 (2020)"]

    kodi.open_videos(ROOT + "films/")
    from_menu(kodi, "A new title", "Remove from library")
    wait_movies(kodi)
    assert list((library / "Movies").iterdir()) == []


def test_a_series_in_kodis_library(premiere, kodi, library, picture):
    premiere.catalogue.add("local:hours", "The Hours", b"", type="TVSeries", encoding=[], year=2020)
    for number, title in ((1, "Morning"), (2, "Noon")):
        place = {"series": "local:hours", "season": 1, "episode": number}
        premiere.show(title, "demo.mp4", peers=3 if number == 1 else 0, type="TVEpisode", partOf=place)
    wait_listed(kodi, "Noon")
    kodi.open_videos(ROOT + "series/")
    from_menu(kodi, "The Hours", "Add to library", "series/")
    home = library / "Series" / "The Hours (2020)"
    wait_for((home / "Season 01" / "The Hours (2020) - s01e02.strm").exists, 20, "the episodes' files")

    kodi.open_videos(ROOT + "library/")
    kodi.wait_row("Show the series in Kodi's TV shows…")
    kodi.wait_still()
    picture(kodi, "screen")
    kodi.select_label("Show the series in Kodi's TV shows…")
    kodi.wait_row("3. This directory contains: TV shows")
    kodi.focus_label("1. Open the folder")
    kodi.wait_still()
    picture(kodi, "guide")
    kodi.press("Select")
    set_content(kodi, "Series", "TV shows")
    found = wait_episodes(kodi, "Morning", "Noon")
    morning = found["Morning"]
    assert (morning["showtitle"], morning["season"], morning["episode"]) == ("The Hours", 1, 1)
    assert kodi.rpc("VideoLibrary.GetTVShows", properties=["year"])["tvshows"][0]["year"] == 2020

    kodi.play(episodeid=morning["episodeid"])
    kodi.wait_playing()
    kodi.stop_playing()
    kodi.rpc("VideoLibrary.SetEpisodeDetails", episodeid=morning["episodeid"], playcount=1)

    # The catalogue goes on: one more, another title, one withdrawn.
    place = {"series": "local:hours", "season": 2, "episode": 1}
    premiere.show("Night", "demo.mp4", peers=0, type="TVEpisode", partOf=place)
    premiere.catalogue.change("local:morning", name={"en": "Dawn"})
    premiere.catalogue.change("local:hours", name={"en": "All Hours"})
    premiere.catalogue.remove("local:noon")
    found = wait_episodes(kodi, "Dawn", "Night")
    assert (found["Dawn"]["playcount"], found["Dawn"]["showtitle"]) == (1, "All Hours")
    assert movies(kodi) == {}
    kodi.open_videos(ROOT + "library/")
    kodi.wait_row("In Kodi's TV shows: 1 of 1")
    kodi.select_label("In Kodi's TV shows: 1 of 1")
    kodi.wait_row("All Hours")
    kodi.wait_still()
    picture(kodi, "in-kodi")

    kodi.open_videos(ROOT + "library/films/")
    kodi.wait_still()
    picture(kodi, "list")
    from_menu(kodi, "All Hours", "Remove from library", "library/films/")
    wait_episodes(kodi)
    kodi.rpc("Settings.SetSettingValue", setting="videolibrary.showemptytvshows", value=True)
    wait_for(lambda: not kodi.rpc("VideoLibrary.GetTVShows").get("tvshows"), 20, "the series to be gone")
    assert list((library / "Series").iterdir()) == []
