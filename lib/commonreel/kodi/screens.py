# SPDX-License-Identifier: GPL-3.0-or-later
"""Each address of the add-on to its screen, and each call of Kodi's to exactly one end."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Callable, Iterator, Optional, Sequence
from urllib.parse import urlsplit

import routing

from ..works.errors import CommonReelError, foreseen
from . import address, dialogs, kept, listing
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


# Of whose lists kept.basis() tells all that they are made of.
KEPT = {
    *("/", "/films", "/open", "/decades", "/genres", "/shelves", "/places", "/series", "/maker"),
    *("/lists", "/list"),
}


def answer(call: Call, argv: Sequence[str], basis: str) -> None:
    """Answer one call; argv is Kodi's. `basis`: what kept.basis() was before. No state outlives the call:
    Kodi may keep the interpreter."""
    kodi_log.install()
    listen()
    router = routing.Plugin(address.ROOT)
    for path, route in _routes(call, basis):
        router.add_route(route, path)
    try:
        router.run(list(argv))
    except routing.RoutingError:
        log.warning("no such address: %s", call.address)
        _end(call, None)


def _routes(call: Call, basis: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """The one that the call may take: each that is added costs as much as a row of a list."""
    path = _path(call.address)
    if path == "/play":
        yield path, _film(call)
    elif path in SCREENS:
        yield path, _listing(call, basis)


def made(call: Call) -> listing.Listing | None:
    """The list that it asks for. Raises what its screen does."""
    return screen(_path(call.address))(call)


def is_kept(url: str) -> bool:
    """Whether it leads to a list that can be kept."""
    return url.startswith(address.ROOT) and _path(url) in KEPT


def _path(url: str) -> str:
    return urlsplit(url).path.rstrip("/") or "/"


def screen(path: str) -> Screen:
    """The one at a path of SCREENS."""
    module, _, name = SCREENS[path].partition(".")
    found: Screen = getattr(import_module("." + module, __package__), name)
    return found


def _listing(call: Call, basis: str) -> Callable[[], None]:
    """A route that ends with one endOfDirectory."""

    def answer() -> None:
        found = None
        try:
            found = made(call)
        except (CommonReelError, OSError) as error:
            log.warning("%s: %s", call.address, error)
            tell = dialogs.explain if call.handle < 0 else dialogs.warn
            tell(error_text(foreseen(error)))
        finally:
            _end(call, found)
        if found and is_kept(call.address):
            _keep(call, basis, found)

    return answer


def _keep(call: Call, basis: str, found: listing.Listing) -> None:
    """It is shown already: nobody waits for this."""
    try:
        kept.keep(call.address, basis, found)
    except OSError as error:
        log.info("%s is not kept: %s", call.address, error)


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
