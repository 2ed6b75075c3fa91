# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's addresses inside Kodi.

They are an interface: favourites, .strm files and Kodi's own database keep them as text. So each is
built here and nowhere else, short and in a fixed order, and a test pins them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Iterable
from urllib.parse import quote

from ..works.query import Facet
from .paths import ADDON_ID

ROOT = "plugin://" + ADDON_ID

# The kinds of facets, in the order of an address.
FACETS = (
    *("decade", "genre", "length", "language", "subtitles"),
    *("country", "licence", "maker", "letter", "rights", "support"),
)


def _address(path: str, **arguments: object) -> str:
    """`path` with the arguments that say something: page 1 goes without saying."""
    said = {name: value for name, value in arguments.items() if value and (name, value) != ("page", 1)}
    pairs = ["%s=%s" % (name, _quoted(str(value))) for name, value in said.items()]
    return ROOT + path + ("?" + "&".join(pairs) if pairs else "")


def _each(facets: Iterable[Facet]) -> dict[str, object]:
    """A list's facets as arguments, in their order."""
    said = {facet.kind: facet.value for facet in facets}
    return {kind: said.get(kind) for kind in FACETS}


def _of(path: str, id: str) -> str:
    """The address of one thing: the most frequent kind, and without questions."""
    return "%s%s?id=%s" % (ROOT, path, _quoted(id)) if id else ROOT + path


@lru_cache(maxsize=512)  # a row's menu has its id in every entry
def _quoted(value: str) -> str:
    return quote(value, safe="")


def home() -> str:
    return _address("/")


def nothing() -> str:
    """In the place of the first screen, a list that fails."""
    return _address("/", nothing=1)


def films(facets: Iterable[Facet] = (), newest: bool = False, page: int = 1) -> str:
    """The films that have all these facets, whatever the order that they are named in."""
    return _address("/films/", **_each(facets), order="new" if newest else "", page=page)


def filter_films(facets: Iterable[Facet] = (), newest: bool = False) -> str:
    """The question by what to narrow that list."""
    return films(facets, newest).replace("/films/", "/filter/", 1)


def shelves(kind: str, letter: str = "") -> str:
    """The facets of a kind, each with its films; where they are many, those of one letter."""
    known = {"decade": "/decades/", "genre": "/genres/"}
    if kind in known and not letter:
        return _address(known[kind])
    return _address("/shelves/", kind=kind, letter=letter)


def places() -> str:
    """Languages and countries."""
    return _address("/places/")


def series(
    series_id: str = "", season: int | None = None, facets: Iterable[Facet] = (), page: int = 1
) -> str:
    """The series that have all these facets; or one, or one season of it."""
    chosen = "" if season is None else str(season)
    return _address("/series/", id=series_id, season=chosen, **_each(facets), page=page)


def filter_series(facets: Iterable[Facet] = ()) -> str:
    """The question by what to narrow the list of series."""
    return series(facets=facets).replace("/series/", "/filter/series/", 1)


def maker(id: str = "", name: str = "", page: int = 1) -> str:
    """The page of a maker: by its id where it has a record, else by its folded name."""
    return _address("/maker/", id=id, name=name, page=page)


def open_maker(id: str = "", name: str = "") -> str:
    """The way to that page, from wherever it is offered."""
    return _address("/maker/open/", id=id, name=name)


def maker_words(id: str) -> str:
    """All that is told of a maker."""
    return _address("/maker/words/", id=id)


def maker_links(id: str) -> str:
    """Where a maker is on the web."""
    return _address("/maker/links/", id=id)


def selections() -> str:
    """The lists that festivals and curators have made."""
    return _address("/lists/")


def selection(id: str, page: int = 1) -> str:
    """The works of one of them."""
    return _address("/list/", id=id, page=page)


def selection_words(id: str) -> str:
    """All that is told of it."""
    return _address("/list/words/", id=id)


def search() -> str:
    return _address("/search/")


def search_new() -> str:
    return _address("/search/new/")


def search_results(text: str, page: int = 1) -> str:
    return _address("/search/results/", q=text, page=page)


def search_forget(text: str = "") -> str:
    """Forget one search, or all of them."""
    return _address("/search/forget/", q=text)


def work(work_id: str) -> str:
    """The page that tells why a work may be watched."""
    return _of("/work/", work_id)


def support(work_id: str) -> str:
    """The ways to give to its makers."""
    return _of("/support/", work_id)


def support_maker(id: str) -> str:
    """The ways to give to a maker."""
    return _address("/support/", maker=id)


def report(work_id: str) -> str:
    """Whom to write to about it."""
    return _of("/report/", work_id)


def play(work_id: str) -> str:
    return _of("/play/", work_id)


def quality(work_id: str) -> str:
    """The question in which of its encodings to play it."""
    return _of("/quality/", work_id)


def trailer(work_id: str) -> str:
    return _of("/trailer/", work_id)


def try_start(work_id: str) -> str:
    """To see how well a film starts, without playing it."""
    return _of("/try/", work_id)


def continue_watching() -> str:
    return _address("/continue/")


def forget_begun(work_id: str) -> str:
    """Leave a work out of what is to be continued."""
    return _of("/continue/forget/", work_id)


def seen() -> str:
    """What was seen lately."""
    return _address("/seen/")


def forget_seen(work_id: str = "") -> str:
    """Forget that one work was seen, or all."""
    return _of("/seen/forget/", work_id)


def my_list(page: int = 1) -> str:
    return _address("/mylist/", page=page)


def enlist(work_id: str) -> str:
    """Put a work on the viewer's list."""
    return _of("/mylist/add/", work_id)


def unlist(work_id: str) -> str:
    return _of("/mylist/remove/", work_id)


def catalogues() -> str:
    return _address("/catalogues/")


def follow() -> str:
    """The question which catalogue to follow."""
    return _address("/catalogues/follow/")


def catalogue(fingerprint: str) -> str:
    """What to do with a catalogue that is followed: the beginning of its fingerprint names it."""
    return _of("/catalogue/", fingerprint)


def settings() -> str:
    return _address("/settings/")


def library() -> str:
    """What is in the library, and what can be done with it."""
    return _address("/library/")


def library_films(page: int = 1) -> str:
    return _address("/library/films/", page=page)


def library_add(work_id: str) -> str:
    return _of("/library/add/", work_id)


def library_remove(work_id: str) -> str:
    return _of("/library/remove/", work_id)


def library_all() -> str:
    """All films from now on, or no longer all."""
    return _address("/library/all/")


def library_update() -> str:
    """Follow the catalogue, or not."""
    return _address("/library/update/")


def library_guide(folder: str = "") -> str:
    """How the library's films come to be seen in Kodi; or what is in another of its folders."""
    return _address("/library/guide/", folder=folder)


def library_open(folder: str = "") -> str:
    """The library's folder, among Kodi's files, to set the content of a folder in it."""
    return _address("/library/open/", folder=folder)


def library_movies() -> str:
    """Kodi's Movies."""
    return _address("/library/movies/")


def library_shows() -> str:
    """Kodi's TV shows."""
    return _address("/library/shows/")


def library_clear() -> str:
    return _address("/library/clear/")


def sharing() -> str:
    """The question how to share."""
    return _address("/sharing/")


def patron() -> str:
    """What is given to others, and kept for them."""
    return _address("/patron/")


def given() -> str:
    """Of which works how much was given."""
    return _address("/patron/given/")


def kept(work_id: str) -> str:
    """What to do with a film that is kept for others."""
    return _of("/patron/film/", work_id)


def country() -> str:
    """The question which country the viewer is in."""
    return _address("/country/")


def parental() -> str:
    """The question for the PIN, and what is shown without it."""
    return _address("/parental/")


def cache_clear() -> str:
    """The question whether the films on this device may go."""
    return _address("/cache/clear/")


def check() -> str:
    """How everything is, and what to do about it."""
    return _address("/check/")


def check_words(name: str) -> str:
    """All that there is to say of one row of the check."""
    return _address("/check/words/", name=name)


def check_save() -> str:
    """The question where to save the check, with the log."""
    return _address("/check/save/")
