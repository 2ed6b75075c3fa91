# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's addresses, to the letter: favourites and Kodi's database keep them."""

from __future__ import annotations

import pytest

from commonreel.kodi import address
from commonreel.works.query import SUPPORT, Facet

PINNED = [
    (address.home(), "/"),
    (address.nothing(), "/?nothing=1"),
    (address.films(), "/films/"),
    (address.films(page=2), "/films/?page=2"),
    (address.films(newest=True), "/films/?order=new"),
    (address.films([Facet("genre", "A&B")], page=2), "/films/?genre=A%26B&page=2"),
    (
        address.films(
            [Facet("subtitles", "fr"), Facet("genre", "film noir"), Facet("decade", "1940")], True, 3
        ),
        "/films/?decade=1940&genre=film%20noir&subtitles=fr&order=new&page=3",
    ),
    (address.films([SUPPORT]), "/films/?support=yes"),
    (address.filter_films([Facet("country", "FR")]), "/filter/?country=FR"),
    (address.shelves("decade"), "/decades/"),
    (address.shelves("genre"), "/genres/"),
    (address.shelves("maker"), "/shelves/?kind=maker"),
    (address.shelves("maker", "k"), "/shelves/?kind=maker&letter=k"),
    (address.places(), "/places/"),
    (address.series(), "/series/"),
    (address.series(page=2), "/series/?page=2"),
    (address.series("house:soap"), "/series/?id=house%3Asoap"),
    (address.series("house:soap", 0), "/series/?id=house%3Asoap&season=0"),
    (
        address.series(facets=[Facet("genre", "drama"), Facet("decade", "1950")]),
        "/series/?decade=1950&genre=drama",
    ),
    (address.series(facets=[Facet("decade", "1950")], page=2), "/series/?decade=1950&page=2"),
    (address.filter_series([Facet("decade", "1950")]), "/filter/series/?decade=1950"),
    (address.maker("fest:jane"), "/maker/?id=fest%3Ajane"),
    (address.maker(name="buster keaton", page=2), "/maker/?name=buster%20keaton&page=2"),
    (address.open_maker("fest:jane"), "/maker/open/?id=fest%3Ajane"),
    (address.open_maker(name="buster keaton"), "/maker/open/?name=buster%20keaton"),
    (address.maker_words("fest:jane"), "/maker/words/?id=fest%3Ajane"),
    (address.maker_links("fest:jane"), "/maker/links/?id=fest%3Ajane"),
    (address.selections(), "/lists/"),
    (address.selection("fest:2026"), "/list/?id=fest%3A2026"),
    (address.selection("fest:2026", 2), "/list/?id=fest%3A2026&page=2"),
    (address.selection_words("fest:2026"), "/list/words/?id=fest%3A2026"),
    (address.settings(), "/settings/"),
    (address.search(), "/search/"),
    (address.search_new(), "/search/new/"),
    (address.search_results("Méliès & co"), "/search/results/?q=M%C3%A9li%C3%A8s%20%26%20co"),
    (address.search_results("a", 2), "/search/results/?q=a&page=2"),
    (address.search_forget(), "/search/forget/"),
    (address.search_forget("a"), "/search/forget/?q=a"),
    (address.work("ia:Cops"), "/work/?id=ia%3ACops"),
    (address.support("ia:Cops"), "/support/?id=ia%3ACops"),
    (address.support_maker("fest:jane"), "/support/?maker=fest%3Ajane"),
    (address.report("ia:Cops"), "/report/?id=ia%3ACops"),
    (address.play("ia:Cops"), "/play/?id=ia%3ACops"),
    (address.try_start("ia:Cops"), "/try/?id=ia%3ACops"),
    (address.quality("ia:Cops"), "/quality/?id=ia%3ACops"),
    (address.trailer("ia:Cops"), "/trailer/?id=ia%3ACops"),
    (address.seen(), "/seen/"),
    (address.forget_seen(), "/seen/forget/"),
    (address.forget_seen("ia:Cops"), "/seen/forget/?id=ia%3ACops"),
    (address.country(), "/country/"),
    (address.library(), "/library/"),
    (address.library_films(), "/library/films/"),
    (address.library_films(2), "/library/films/?page=2"),
    (address.library_add("ia:Cops"), "/library/add/?id=ia%3ACops"),
    (address.library_remove("ia:Cops"), "/library/remove/?id=ia%3ACops"),
    (address.library_all(), "/library/all/"),
    (address.library_update(), "/library/update/"),
    (address.library_guide(), "/library/guide/"),
    (address.library_guide("Series"), "/library/guide/?folder=Series"),
    (address.library_open(), "/library/open/"),
    (address.library_open("Series"), "/library/open/?folder=Series"),
    (address.library_movies(), "/library/movies/"),
    (address.library_shows(), "/library/shows/"),
    (address.library_clear(), "/library/clear/"),
    (address.parental(), "/parental/"),
    (address.cache_clear(), "/cache/clear/"),
    (address.check(), "/check/"),
    (address.check_words("disk"), "/check/words/?name=disk"),
    (address.check_save(), "/check/save/"),
    (address.sharing(), "/sharing/"),
    (address.patron(), "/patron/"),
    (address.given(), "/patron/given/"),
    (address.kept("ia:Cops"), "/patron/film/?id=ia%3ACops"),
    (address.continue_watching(), "/continue/"),
    (address.forget_begun("ia:Cops"), "/continue/forget/?id=ia%3ACops"),
    (address.my_list(), "/mylist/"),
    (address.my_list(2), "/mylist/?page=2"),
    (address.enlist("ia:Cops"), "/mylist/add/?id=ia%3ACops"),
    (address.unlist("ia:Cops"), "/mylist/remove/?id=ia%3ACops"),
    (address.catalogues(), "/catalogues/"),
    (address.follow(), "/catalogues/follow/"),
    (address.catalogue("0123456789abcdef"), "/catalogue/?id=0123456789abcdef"),
]


@pytest.mark.parametrize(("built", "pinned"), PINNED)
def test_addresses_stay_as_they_are(built, pinned):
    assert built == "plugin://plugin.video.commonreel" + pinned


def test_nothing_in_an_address_can_end_a_built_in_command():
    built = address.search_results('a),Quit("b",)')
    assert not set(built) & set('(),"')
