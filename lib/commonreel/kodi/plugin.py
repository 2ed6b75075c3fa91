# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers Kodi's calls: each address to its screen, and each call to exactly one end."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Callable, Iterator, Optional, Sequence
from urllib.parse import urlsplit

import routing

from ..works.errors import CommonReelError, foreseen
from . import address, dialogs, listing
from . import log as kodi_log
from .api import xbmcplugin
from .call import Call
from .strings import error_text, listen

log = logging.getLogger(__name__)

# A screen with no list to give, such as a dialog, answers None.
Screen = Callable[[Call], Optional[listing.Listing]]
# By the names of its module and of its function: what a call does not need is not imported.
SCREENS = {
    "/": "home.home",
    "/films": "films.films",
    "/filter": "filters.of_films",
    "/filter/series": "filters.of_series",
    "/decades": "shelves.decades",
    "/genres": "shelves.genres",
    "/shelves": "shelves.shelves",
    "/places": "shelves.places",
    "/series": "series.series",
    "/maker": "maker.page",
    "/maker/open": "maker.open_page",
    "/maker/words": "about.maker",
    "/maker/links": "support.links",
    "/lists": "selections.selections",
    "/list": "selections.selection",
    "/list/words": "about.selection",
    # Kept by favourites from before lists could be narrowed
    "/decade": "films.decade",
    "/genre": "films.genre",
    "/open": "films.open_films",
    "/search": "search.searches",
    "/search/new": "search.ask",
    "/search/results": "search.results",
    "/search/forget": "search.forget",
    "/continue": "personal.to_continue",
    "/continue/forget": "personal.forget",
    "/seen": "personal.seen",
    "/seen/forget": "personal.forget_seen",
    "/mylist": "personal.my_list",
    "/mylist/add": "personal.enlist",
    "/mylist/remove": "personal.unlist",
    "/work": "about.work",
    "/quality": "quality.ask",
    "/trailer": "trailer.play",
    "/try": "play.try_start",
    "/support": "support.support",
    "/report": "objection.report",
    "/country": "country.choose",
    "/settings": "settings.show",
    "/library": "library.library",
    "/library/films": "library.films",
    "/library/add": "library.add",
    "/library/remove": "library.remove",
    "/library/all": "library.toggle_all",
    "/library/update": "library.toggle_update",
    "/library/guide": "library.guide",
    "/library/open": "library.show_folder",
    "/library/movies": "library.show_movies",
    "/library/shows": "library.show_series",
    "/library/clear": "library.clear",
    "/parental": "parental.choose",
    "/cache/clear": "cache.clear",
    "/check": "selfcheck.rows",
    "/check/words": "selfcheck.words",
    "/check/save": "report.save",
    "/sharing": "sharing.choose",
    "/patron": "patron.giving",
    "/patron/given": "patron.given",
    "/patron/film": "patron.choose",
    "/catalogues": "following.catalogues",
    "/catalogues/follow": "following.follow",
    "/catalogue": "following.choose",
}


def run(argv: Sequence[str]) -> None:
    """Answer one call; argv is Kodi's. No state outlives it: Kodi may keep the interpreter."""
    kodi_log.install()
    listen()
    call = Call.read(argv)
    router = routing.Plugin(address.ROOT)
    for path, answer in _routes(call):
        router.add_route(answer, path)
    try:
        router.run(list(argv))
    except routing.RoutingError:
        log.warning("no such address: %s", call.address)
        _end(call, None)


def _routes(call: Call) -> Iterator[tuple[str, Callable[[], None]]]:
    """The one that the call may take: each that is added costs as much as a row of a list."""
    path = urlsplit(call.address).path.rstrip("/")
    if path == "/play":
        yield path, _film(call)
    elif path in SCREENS:
        yield path, _listing(call, screen(path))
    elif not path:
        yield "/", _listing(call, screen("/"))


def screen(path: str) -> Screen:
    """The one at a path of SCREENS."""
    module, _, name = SCREENS[path].partition(".")
    found: Screen = getattr(import_module("." + module, __package__), name)
    return found


def _listing(call: Call, screen: Screen) -> Callable[[], None]:
    """A route that ends with one endOfDirectory."""

    def answer() -> None:
        found = None
        try:
            found = screen(call)
        except (CommonReelError, OSError) as error:
            log.warning("%s: %s", call.address, error)
            tell = dialogs.explain if call.handle < 0 else dialogs.warn
            tell(error_text(foreseen(error)))
        finally:
            _end(call, found)

    return answer


def _film(call: Call) -> Callable[[], None]:
    """A route that ends with one setResolvedUrl."""

    from . import play  # no list needs it

    def answer() -> None:
        waiting = play.Waiting(call.handle)
        item = problem = None
        try:
            item = play.play(call, waiting)
        except (CommonReelError, OSError) as error:
            log.warning("%s: %s", call.address, error)
            problem = error_text(foreseen(error))
        finally:
            waiting.answer(item)
        if problem:
            dialogs.explain(problem)

    return answer


def _end(call: Call, found: listing.Listing | None) -> None:
    if call.handle < 0:
        return
    if found is None:
        xbmcplugin.endOfDirectory(call.handle, succeeded=False)
    else:
        listing.show(call.handle, found)
