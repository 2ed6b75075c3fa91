# SPDX-License-Identifier: GPL-3.0-or-later
"""What the screens show, row by row."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from commonreel.catalog.history import History
from commonreel.catalog.store import Store
from commonreel.kodi.api import xbmcplugin
from commonreel.works.query import PAGE_SIZE
from commonreel.works.work import Evidence, PartOf, Rating, Rights, Subtitle
from lab.few_works import COPS, OPEN, silent
from lab.kodi_api import ROOT, texts

PLUGIN = "plugin://plugin.video.commonreel"
QUEUE_ITEM = "#13347"  # a text of Kodi's own
NARROW = "Narrow this list…"
QUESTION = "Which country are you in? 3 more films"
OPEN_ROW = PLUGIN + "/play/?id=open%3Abunny"


@pytest.fixture
def in_france(kodi):
    kodi.settings["country"] = "FR"


@pytest.fixture
def in_usa(kodi):
    kodi.settings["country"] = "US"


def addresses(kodi):
    return [address[len(PLUGIN) :] for address, _, _ in kodi.rows]


# Home, and the country


def test_home_asks_for_the_country_first(call):
    kodi = call("/")
    assert kodi.labels[:3] == [QUESTION, "New", "Films (1)"]
    address, item, is_folder = kodi.rows[0]
    assert (address, is_folder) == (PLUGIN + "/country/", False)
    assert item.properties == {"SpecialSort": "top"}
    assert all(is_folder for _, _, is_folder in kodi.rows[1:-1])


def test_home_asks_no_more_once_it_knows(call, in_usa):
    kodi = call("/")
    assert kodi.labels == [
        "New",
        "Films (4)",
        "Genres (2)",
        "Decades (4)",
        "Short films (1)",
        "Open movies (1)",
        "Makers (1)",
        "Search",
        "Library",
        "What you give",
        "Catalogues",
        "Settings",
    ]
    assert all(item.art["icon"].startswith("Default") for _, item, _ in kodi.rows)


def test_the_settings_row_opens_the_settings(call, kodi):
    [(url, _, is_folder)] = [row for row in call("/").rows if row[1].label == "Settings"]
    assert not is_folder
    call(url[len(PLUGIN) :], handle=-1)
    kodi.addon.openSettings.assert_called_once_with()


def test_the_question_counts_for_the_country_it_would_preselect(call, kodi):
    kodi.region = "fr-FR"
    call("/")
    assert kodi.labels[0] == "Which country are you in? 1 more films"


def test_the_question_promises_nothing_where_there_is_nothing(call, kodi):
    kodi.region = "ja-JP"
    call("/")
    assert kodi.labels[0] == "Which country are you in?"


@pytest.mark.parametrize(
    ("language", "region", "country"),
    [
        ("en_gb", "en-US", "US"),
        ("en_gb", "en-IE", "IE"),
        ("en_gb", "en", "US"),
        ("en_gb", "xx-99", "US"),
        ("fr_fr", "fr-BE", "FR"),
        ("pt_br", "pt-BR", "BR"),
        ("es_419", "es-MX", "MX"),
        ("eo", "eo", "US"),
    ],
)
def test_choosing_the_country(call, kodi, language, region, country):
    kodi.region = region
    kodi.rpc.return_value = json.dumps({"result": {"value": "resource.language." + language}})
    kodi.dialog.select.side_effect = lambda heading, names, preselect: preselect
    call("/country/", handle=-1)
    assert kodi.settings["country"] == country
    kodi.builtin.assert_called_once_with("Container.Refresh")
    assert kodi.ends == []


def test_the_countries_are_in_alphabetical_order_of_their_names(call, kodi):
    kodi.texts = texts("fr_fr")
    kodi.dialog.select.return_value = -1
    call("/country/", handle=-1)
    names = kodi.dialog.select.call_args[0][1]
    assert names[:3] == ["Afghanistan", "Afrique du Sud", "Albanie"]
    assert abs(names.index("Égypte") - names.index("Équateur")) < 10
    assert kodi.settings["country"] == ""
    kodi.builtin.assert_not_called()


# Lists of films


def test_without_a_country_only_what_is_free_everywhere_is_listed(call):
    kodi = call("/films/")
    assert kodi.labels == [QUESTION, NARROW, "A Rabbit"]


@pytest.mark.parametrize(
    ("country", "titles"),
    [
        ("US", ["A Rabbit", "A Trip to the Moon", "Cops", "The Trap"]),
        ("FR", ["A Rabbit", "A Trip to the Moon"]),
        ("JP", ["A Rabbit"]),
    ],
)
def test_a_country_lists_what_is_free_there(call, kodi, country, titles):
    kodi.settings["country"] = country
    call("/films")
    assert kodi.labels == [NARROW, *titles]


def test_a_films_row(call, in_usa):
    kodi = call("/genre/", "?name=Comedy")
    _, (address, item, is_folder) = kodi.rows
    assert (address, is_folder) == (PLUGIN + "/play/?id=ia%3ACops", False)
    assert item.label == "Cops"
    assert item.properties == {"IsPlayable": "true", "ForceResolvePlugin": "true"}
    assert item.menu == [
        ("Add to my list", "RunPlugin(%s/mylist/add/?id=ia%%3ACops)" % PLUGIN),
        ("Add to library", "RunPlugin(%s/library/add/?id=ia%%3ACops)" % PLUGIN),
        ("How well does it start?", "RunPlugin(%s/try/?id=ia%%3ACops)" % PLUGIN),
        (QUEUE_ITEM, "Action(Queue)"),
        ("More by Buster Keaton…", "RunPlugin(%s/maker/open/?name=buster%%20keaton)" % PLUGIN),
        ("Why may I watch this?", "RunPlugin(%s/work/?id=ia%%3ACops)" % PLUGIN),
        ("Report a problem", "RunPlugin(%s/report/?id=ia%%3ACops)" % PLUGIN),
    ]
    assert item.art["poster"] == "https://archive.org/services/img/Cops"
    tag = item.getVideoInfoTag()
    tag.setMediaType.assert_called_once_with("movie")
    tag.setTitle.assert_called_once_with("Cops")
    tag.setYear.assert_called_once_with(1922)
    tag.setDuration.assert_called_once_with(1080)
    tag.setDirectors.assert_called_once_with(["Buster Keaton"])
    tag.setGenres.assert_called_once_with(["Comedy"])
    tag.setUniqueIDs.assert_called_once_with(
        {"commonreel": "ia:Cops", "imdb": "tt0012345", "wikidata": "Q2"}, "commonreel"
    )
    tag.setTagLine.assert_called_once_with("Public domain in the US: published 1922")


def test_an_unknown_fact_is_not_told(call, kodi):
    call("/open/")
    tag = kodi.rows[1][1].getVideoInfoTag()
    tag.setDuration.assert_not_called()
    tag.setOriginalTitle.assert_not_called()


def test_a_film_from_its_maker_names_the_maker(call, kodi, tmp_path):
    rights = Rights("A", ("*",), (Evidence("signed-declaration", by="ed25519:0a1b"),))
    made = OPEN._replace(id="maker:film", rights=rights)
    with Store(tmp_path / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [made])
    call("/open/")
    assert [address for address, _, _ in kodi.rows[1:]] == [PLUGIN + "/play/?id=maker%3Afilm", OPEN_ROW]
    tag = kodi.rows[1][1].getVideoInfoTag()
    tag.setTagLine.assert_called_once_with("CC BY 3.0 – © A Foundation")


@pytest.mark.parametrize(
    ("country", "title", "reason"),
    [
        ("US", "A Rabbit", "CC BY 3.0 – A Foundation"),
        ("US", "The Trap", "Public domain in the US: published 1913"),
        ("FR", "A Trip to the Moon", "Public domain: its makers died more than 70 years ago"),
    ],
)
def test_every_row_says_why_it_may_be_watched(call, kodi, country, title, reason):
    kodi.settings["country"] = country
    call("/films/")
    [item] = [item for _, item, _ in kodi.rows if item.label == title]
    item.getVideoInfoTag().setTagLine.assert_called_once_with(reason)


def test_titles_are_in_the_viewers_language(call, kodi):
    kodi.region = "fr-FR"
    call("/open/")
    assert kodi.labels[1:] == ["Un lapin"]


def test_lists_of_films_are_films_in_our_order_first(call, in_usa):
    kodi = call("/films/")
    kodi.plugin.setContent.assert_called_once_with(7, "movies")
    kodi.plugin.setPluginCategory.assert_called_once_with(7, "Films")
    methods = [called[0][1] for called in kodi.plugin.addSortMethod.call_args_list]
    assert methods[0] == kodi.plugin.SORT_METHOD_UNSORTED
    assert len(methods) == 4


def test_pages_lead_on_until_the_last(call, kodi, in_usa):
    many = [silent("ia:%d" % n, "Film %03d" % n, 1920) for n in range(PAGE_SIZE + 3)]
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", many)
    call("/decade/", "?year=1920")
    assert len(kodi.rows) == PAGE_SIZE + 2
    address, item, is_folder = kodi.rows[-1]
    assert (address, is_folder) == (PLUGIN + "/films/?decade=1920&page=2", True)
    assert (item.label, item.properties) == ("Next page (2)", {"SpecialSort": "bottom"})
    call("/decade/", "?year=1920&page=2")
    assert len(kodi.rows) == 3
    call("/decade/", "?year=1920&page=9")
    assert kodi.rows == []


def test_only_the_first_page_asks_for_the_country(call):
    assert QUESTION not in call("/films/", "?page=2").labels


def test_decades(call, in_usa):
    kodi = call("/decades/")
    assert sorted(zip(kodi.labels, addresses(kodi))) == [
        ("1900s (1)", "/films/?decade=1900"),
        ("1910s (1)", "/films/?decade=1910"),
        ("1920s (1)", "/films/?decade=1920"),
        ("2000s (1)", "/films/?decade=2000"),
    ]
    for path, query in (("/films/", "?decade=1910"), ("/decade/", "?year=1910")):
        call(path, query)
        assert kodi.labels == [NARROW, "The Trap"]


def test_genres(call, in_usa):
    kodi = call("/genres/")
    assert list(zip(kodi.labels, addresses(kodi))) == [
        ("Comedy (1)", "/films/?genre=comedy"),
        ("Fantasy (1)", "/films/?genre=fantasy"),
    ]


def test_genres_are_in_the_viewers_language(call, kodi, in_usa):
    kodi.texts = texts("fr_fr")
    assert call("/genres/").labels == ["Comédie (1)", "Fantastique (1)"]


def test_makers(call, kodi, in_usa):
    assert list(zip(call("/shelves/", "?kind=maker").labels, addresses(kodi))) == [
        ("Buster Keaton (1)", "/maker/?name=buster%20keaton")
    ]
    call("/films/", "?maker=buster%20keaton")
    assert kodi.labels == [NARROW, "Cops"]


def test_many_makers_are_behind_their_first_letters(call, kodi):
    names = ["%s Maker %03d" % (letter, n) for n in range(70) for letter in "ABÉ"]
    works = [OPEN._replace(id="open:%d" % n, director=(name,)) for n, name in enumerate(names)]
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", works)
    assert list(zip(call("/shelves/", "?kind=maker").labels, addresses(kodi))) == [
        ("A…", "/shelves/?kind=maker&letter=a"),
        ("B…", "/shelves/?kind=maker&letter=b"),
        ("E…", "/shelves/?kind=maker&letter=e"),
    ]
    call("/shelves/", "?kind=maker&letter=e")
    assert kodi.labels[0] == "É Maker 000 (1)"
    assert len(kodi.rows) == 70


@pytest.mark.parametrize(("kind", "field"), [("maker", "director"), ("genre", "genre")])
def test_the_letters_of_a_shelf_lead_on(call, kodi, kind, field):
    names = ["Jo Maker %03d" % n for n in range(250)] + ["Joan"]
    works = [OPEN._replace(**{"id": "open:%d" % n, field: (name,)}) for n, name in enumerate(names)]
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", works)
    path = "/shelves/?kind=%s" % kind
    for letters in ("j", "jo", "jo%20", "jo%20m"):
        call(*(lambda way: (way[0], "?" + way[2]))(path.partition("?")))
        path = "/shelves/?kind=%s&letter=%s" % (kind, letters)
        assert path in addresses(kodi)


def test_a_shelf_of_nothing_we_know(call, kodi):
    call("/shelves/", "?kind=secret")
    assert kodi.ends == [("list", False)]


def test_places(call, kodi):
    made = OPEN._replace(in_language=("fr", "mul"), country=("BE",))
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", [made])
    assert list(zip(call("/places/").labels, addresses(kodi))) == [
        ("French (1)", "/films/?language=fr"),
        ("mul (1)", "/films/?language=mul"),
        ("Belgium (1)", "/films/?country=BE"),
    ]


# Narrowing a list


def narrow(call, kodi, query, *answers, path="/filter/"):
    """Answer the questions by the beginning of what is offered; returns what was offered each time."""
    offered, left = [], list(answers)

    def choose(heading, labels):
        offered.append(labels)
        answer = left.pop(0)
        return -1 if answer is None else next(n for n, text in enumerate(labels) if text.startswith(answer))

    kodi.dialog.select.side_effect = choose
    call(path, query, handle=-1)
    return offered


def test_a_list_is_narrowed_step_by_step(call, kodi, in_usa):
    kinds, values = narrow(call, kodi, "?decade=1920", "Genre", "Comedy")
    assert kinds[:3] == ["Show everything again", "Decade: 1920s", "Genre"]
    assert "Subtitles" not in kinds  # no film has any: there would be nothing to choose
    assert values == ["Any", "Comedy (1)"]
    kodi.builtin.assert_called_once_with("Container.Update(%s/films/?decade=1920&genre=comedy)" % PLUGIN)
    call("/films/", "?decade=1920&genre=comedy")
    kodi.plugin.setPluginCategory.assert_called_with(7, "Films · 1920s · Comedy")


def test_what_a_list_is_narrowed_to_is_told_as_the_viewers_language_has_it(call, kodi, in_usa):
    kodi.texts = texts("fr_fr")
    [kinds] = narrow(call, kodi, "?decade=1920", None)
    assert kinds[1] == "Décennie : Années 1920"


@pytest.mark.parametrize(
    ("query", "answers", "address"),
    [
        ("?decade=1920&genre=comedy", ["Show everything"], "/films/"),
        ("?decade=1920&genre=comedy", ["Decade", "Any"], "/films/?genre=comedy"),
        ("?decade=1920", ["Decade", "1910s"], "/films/?decade=1910"),
        ("?order=new", ["Licence", "CC BY"], "/films/?licence=by&order=new"),
        ("", ["First letter", "C"], "/films/?letter=c"),
    ],
)
def test_what_a_list_is_narrowed_to(call, kodi, in_usa, query, answers, address):
    narrow(call, kodi, query, *answers)
    kodi.builtin.assert_called_once_with("Container.Update(%s%s)" % (PLUGIN, address))


def test_one_of_many_makers_is_found_by_its_first_letters(call, kodi):
    names = ["%s Maker %03d" % (letter, n) for n in range(150) for letter in "AB"]
    works = [OPEN._replace(id="open:%d" % n, director=(name,)) for n, name in enumerate(names)]
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", works)
    _, letters, makers = narrow(call, kodi, "", "Maker", "B", "B Maker 007")
    assert letters == ["Any", "A…", "B…"]
    assert len(makers) == 151
    kodi.builtin.assert_called_once_with("Container.Update(%s/films/?maker=b%%20maker%%20007)" % PLUGIN)


@pytest.mark.parametrize("answers", [[None], ["Decade", None]])
def test_who_backs_out_of_narrowing_stays_where_they_were(call, kodi, answers):
    narrow(call, kodi, "?decade=1920", *answers)
    kodi.builtin.assert_not_called()
    assert kodi.ends == []


def test_subtitles_are_said_to_be_subtitles(call, kodi):
    call("/films/", "?subtitles=fr&language=fr")
    kodi.plugin.setPluginCategory.assert_called_with(7, "Films · French · subtitles: French")


# Series

SOAP = OPEN._replace(id="house:soap", type="TVSeries", name={"en": "Soap"}, encoding=())


def episode(season, number):
    part = PartOf(SOAP.id, season, number)
    name = {"en": "Episode %d" % number}
    return OPEN._replace(id="house:s%de%d" % (season, number), type="TVEpisode", part_of=part, name=name)


def with_series(kodi, *numbers):
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [SOAP, *(episode(*each) for each in numbers)])


def test_seasons_and_episodes(call, kodi):
    with_series(kodi, (1, 1), (1, 2), (2, 1), (0, 1))
    assert "Series (1)" in call("/").labels
    assert list(zip(call("/series/").labels, addresses(kodi))) == [
        ("Narrow this list…", "/filter/series/"),
        ("Soap", "/series/?id=house%3Asoap"),
    ]
    kodi.plugin.setContent.assert_called_with(7, "tvshows")
    call("/series/", "?id=house%3Asoap")
    assert addresses(kodi) == ["/series/?id=house%%3Asoap&season=%d" % n for n in (1, 2, 0)]
    assert kodi.labels == ["Season 1", "Season 2", "Specials"]
    kodi.plugin.setContent.assert_called_with(7, "seasons")
    assert kodi.plugin.addSortMethod.call_args_list[-1][0][2:] == ("%T", "%M")
    counts = [item.getVideoInfoTag().setEpisode.call_args[0][0] for _, item, _ in kodi.rows]
    assert counts == [2, 1, 1]
    call("/series/", "?id=house%3Asoap&season=1")
    assert list(zip(kodi.labels, addresses(kodi))) == [
        ("Episode 1", "/play/?id=house%3As1e1"),
        ("Episode 2", "/play/?id=house%3As1e2"),
    ]
    kodi.plugin.setContent.assert_called_with(7, "episodes")
    tag = kodi.rows[1][1].getVideoInfoTag()
    for setter, value in (("MediaType", "episode"), ("Season", 1), ("Episode", 2), ("TvShowTitle", "Soap")):
        getattr(tag, "set" + setter).assert_called_once_with(value)


def test_a_series_of_one_season_shows_its_episodes_at_once(call, kodi):
    with_series(kodi, (1, 1), (1, 2))
    call("/series/", "?id=house%3Asoap")
    assert kodi.labels == ["Episode 1", "Episode 2"]


def test_series_are_narrowed_as_films_are(call, kodi):
    soaps = [
        SOAP._replace(id="house:%d" % year, name={"en": "Soap of %d" % year}, year=year, genre=(genre,))
        for year, genre in ((1952, "Drama"), (1958, "Comedy"), (1963, "Drama"))
    ]
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", soaps)
    kinds, values = narrow(call, kodi, "?decade=1950", "Genre", "Drama", path="/filter/series/")
    assert kinds[:3] == ["Show everything again", "Decade: 1950s", "Genre"]
    assert "Length" not in kinds
    assert values == ["Any", "Comedy (1)", "Drama (1)"]
    kodi.builtin.assert_called_once_with("Container.Update(%s/series/?decade=1950&genre=drama)" % PLUGIN)
    call("/series/", "?decade=1950&genre=drama")
    assert list(zip(kodi.labels, addresses(kodi))) == [
        ("Narrow this list…", "/filter/series/?decade=1950&genre=drama"),
        ("Soap of 1952", "/series/?id=house%3A1952"),
    ]
    kodi.plugin.setPluginCategory.assert_called_with(7, "Series · 1950s · Drama")
    kodi.plugin.setContent.assert_called_with(7, "tvshows")


def test_pages_of_narrowed_series_keep_to_that(call, kodi):
    soaps = [SOAP._replace(id="house:%d" % n, name={"en": "Soap %d" % n}, year=1950) for n in range(101)]
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("local", "1", soaps)
    assert addresses(call("/series/", "?decade=1950"))[-1] == "/series/?decade=1950&page=2"
    assert kodi.labels[0] == "Narrow this list…"
    assert len(call("/series/", "?decade=1950&page=2").rows) == 1


# What others think of it


def test_a_rating_is_shown_with_its_count_and_source_and_sorts(call, kodi, in_usa):
    by = [method[0][1] for method in call("/films/").plugin.addSortMethod.call_args_list]
    assert xbmcplugin.SORT_METHOD_VIDEO_RATING not in by
    rated = OPEN._replace(rating=Rating(8.4, 57, "archive.org"))
    with Store(kodi.profile / "catalogue.db", writable=True) as store:
        store.fill("starter", "2", [COPS, rated])
    call("/films/")
    rabbit, cops = (item.getVideoInfoTag() for _, item, _ in kodi.rows[-2:])
    rabbit.setRating.assert_called_once_with(8.4, 57, "archive.org", True)
    assert rabbit.setTagLine.call_args[0][0].endswith(" · 8.4 of 10, by 57 at archive.org")
    cops.setRating.assert_not_called()
    assert kodi.plugin.addSortMethod.call_args_list[-1][0][1] == xbmcplugin.SORT_METHOD_VIDEO_RATING


def test_a_series_that_is_not_there_says_so(call, kodi):
    call("/series/", "?id=house%3Anone")
    assert kodi.ends == [("list", False)]
    assert kodi.dialog.notification.call_args[0][1] == kodi.texts[30401]


# Search


def test_search_offers_the_earlier_ones(call, kodi):
    with History(kodi.profile / "history.db") as history:
        history.searched("moon")
        history.searched("méliès")
    call("/search/")
    assert list(zip(kodi.labels, addresses(kodi))) == [
        ("New search…", "/search/new/"),
        ("méliès", "/search/results/?q=m%C3%A9li%C3%A8s"),
        ("moon", "/search/results/?q=moon"),
    ]
    assert not kodi.rows[0][2], "a row that calls the keyboard must not be a place to go back to"
    assert kodi.rows[1][1].menu[0] == (
        "Forget this search",
        "RunPlugin(%s/search/forget/?q=m%%C3%%A9li%%C3%%A8s)" % PLUGIN,
    )


def test_a_new_search_goes_to_its_results(call, kodi):
    kodi.dialog.input.return_value = " Rabbit "
    call("/search/new/", handle=-1)
    kodi.builtin.assert_called_once_with("Container.Update(%s/search/results/?q=Rabbit)" % PLUGIN)
    assert kodi.ends == []
    with History(kodi.profile / "history.db") as history:
        assert history.searches() == ["Rabbit"]


def test_a_new_search_that_is_opened_as_a_folder_lists_its_results(call, kodi):
    kodi.dialog.input.return_value = "rabbit"
    call("/search/new/")
    assert kodi.labels == ["A Rabbit"]
    kodi.builtin.assert_not_called()


def test_a_cancelled_keyboard_searches_nothing(call, kodi):
    kodi.dialog.input.return_value = ""
    call("/search/new/")
    assert kodi.ends == [("list", False)]


def test_results(call, in_usa):
    kodi = call("/search/results/", "?q=tr")
    assert sorted(kodi.labels) == ["A Trip to the Moon", "The Trap"]
    assert kodi.plugin.endOfDirectory.call_args[1]["cacheToDisc"] is False


def test_no_results_are_said_to_be_none(call, kodi):
    call("/search/results/", "?q=zzz")
    assert kodi.ends == [("list", True)]
    assert kodi.dialog.notification.call_args[0][1] == "Nothing found for “zzz”."
    [(url, again, is_folder)] = kodi.rows  # and leave nobody in an empty list
    assert (url, is_folder) == (PLUGIN + "/search/new/", False)
    again.getVideoInfoTag().setPlot.assert_called_once_with("Nothing found for “zzz”.")


@pytest.mark.parametrize(("query", "left"), [("?q=moon", ["trap"]), ("", [])])
def test_forgetting(call, kodi, query, left):
    with History(kodi.profile / "history.db") as history:
        history.searched("trap")
        history.searched("moon")
    call("/search/forget/", query, handle=-1)
    with History(kodi.profile / "history.db") as history:
        assert history.searches() == left
    kodi.builtin.assert_called_once_with("Container.Refresh")


# A work's page


def test_the_page_of_a_free_licence(call, kodi):
    call("/work/", "?id=open%3Abunny", handle=-1)
    title, page = kodi.dialog.textviewer.call_args[0]
    assert title == "A Rabbit (2008)"
    assert page.split("\n\n") == [
        "An institution vouches that this film is free to share.",
        "[B]Licence[/B]\nCC BY 3.0\nhttps://creativecommons.org/licenses/by/3.0/\n"
        "If you share it, name its makers.",
        "[B]Where[/B]\nEverywhere",
        "[B]Evidence[/B]\nStatement of an institution · A Foundation · https://example.org/",
        "[B]Credit[/B]\n© A Foundation",
        "[B]Source[/B]\nA Foundation\nhttps://example.org/",
    ]


def test_the_page_says_what_is_spoken_and_what_can_be_read(call, kodi, tmp_path):
    one, other = Subtitle("fr", "a.srt"), Subtitle("fr-CA", "b.srt", machine=True)
    third = Subtitle("de", "c.srt", machine=True)
    encoding = OPEN.encoding[0]._replace(subtitles=(one, other, third))
    work = OPEN._replace(in_language=("en", "pt-BR"), encoding=(encoding, encoding._replace(height=480)))
    with Store(tmp_path / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [work])
    call("/work/", "?id=open%3Abunny", handle=-1)
    page = kodi.dialog.textviewer.call_args[0][1]
    assert "[B]Language[/B]\nEnglish, Portuguese\n" in page
    assert "[B]Subtitles[/B]\nFrench, German (machine-made)\n" in page


def test_the_page_of_a_record_of_ones_own_claims_no_proof(call, kodi, tmp_path):
    with Store(tmp_path / "catalogue.db", writable=True) as store:
        store.fill("local", "1", [OPEN])
    call("/work/", "?id=open%3Abunny", handle=-1)
    page = kodi.dialog.textviewer.call_args[0][1]
    assert page.startswith("This record comes from your own catalogue folder. Nobody has checked")


def test_the_page_of_the_public_domain(call, kodi):
    call("/work/", "?id=ia:Moon", handle=-1)
    page = kodi.dialog.textviewer.call_args[0][1]
    assert "[B]Where[/B]\nFrance, Germany, United States" in page
    assert "Copyright ends 70 years after the death of the last of its authors" in page
    assert "Wikidata, as a second witness · https://www.wikidata.org/wiki/Q1" in page


def test_a_page_of_nothing_says_so(call, kodi):
    call("/work/", "?id=ia:None", handle=-1)
    kodi.dialog.textviewer.assert_not_called()
    assert kodi.dialog.ok.call_args[0][1] == kodi.texts[30401]


# Cost


def test_a_list_asks_for_each_text_once_and_in_the_language_of_the_moment(call, kodi, in_usa):
    call("/films/")
    asked = [ask[0][0] for ask in kodi.addon.getLocalizedString.call_args_list]
    assert len(asked) == len(set(asked))
    before = dict(kodi.rows[-1][1].menu)
    kodi.texts = texts("de_de")
    after = dict(call("/films/").rows[-1][1].menu)
    assert before.keys() & after.keys() == {QUEUE_ITEM}


def imported_by(code):
    """What a fresh interpreter has imported after those lines, in Kodi."""
    stand_ins = ["tests/lab/addons/script.module.%s/lib" % name for name in ("kodi-six", "routing")]
    lines = "import sys; sys.path[:0] = %r\n%s\nprint(*sys.modules)" % (["lib", *stand_ins], code)
    done = subprocess.run([sys.executable, "-c", lines], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_a_list_needs_neither_network_nor_engine_nor_what_is_slow_to_import():
    imported = imported_by("from commonreel.kodi import router\nfor path in router.KEPT: router.screen(path)")
    assert "commonreel.kodi.screens.films" in imported
    assert not imported & {"requests", "libtorrent", "http", "ssl", "email"}
    assert not imported & {"dataclasses", "inspect", "hashlib", "xml", "segno"}


def test_a_list_that_was_kept_needs_next_to_nothing():
    imported = imported_by("import commonreel.kodi.plugin")
    assert "commonreel.kodi.lists.kept" in imported
    assert not imported & {"logging", "sqlite3", "routing", "commonreel.works", "commonreel.catalog"}
