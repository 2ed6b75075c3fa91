# SPDX-License-Identifier: GPL-3.0-or-later
"""Each address of the add-on to its screen, and each call of Kodi's to exactly one end."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Callable, Iterator, Optional, Sequence
from urllib.parse import urlsplit

import routing

from ..works.errors import CommonReelError, foreseen
from . import address, dialogs
from . import log as kodi_log
from .api import xbmcplugin
from .call import Call
from .lists import kept, listing
from .words.strings import error_text, listen

log = logging.getLogger(__name__)

# A screen with no list to give, such as a dialog, answers None.
Screen = Callable[[Call], Optional[listing.Listing]]
# By the names of its module and of its function: what a call does not need is not imported.
SCREENS = {
    "/": "screens.home.home",
    "/films": "screens.films.films",
    "/filter": "screens.filters.of_films",
    "/filter/series": "screens.filters.of_series",
    "/decades": "screens.shelves.decades",
    "/genres": "screens.shelves.genres",
    "/shelves": "screens.shelves.shelves",
    "/places": "screens.shelves.places",
    "/series": "screens.series.series",
    "/maker": "screens.maker.page",
    "/maker/open": "screens.maker.open_page",
    "/maker/words": "screens.about.maker",
    "/maker/links": "codes.support.links",
    "/lists": "screens.selections.selections",
    "/list": "screens.selections.selection",
    "/list/words": "screens.about.selection",
    # Kept by favourites from before lists could be narrowed
    "/decade": "screens.films.decade",
    "/genre": "screens.films.genre",
    "/open": "screens.films.open_films",
    "/search": "screens.search.searches",
    "/search/new": "screens.search.ask",
    "/search/results": "screens.search.results",
    "/search/forget": "screens.search.forget",
    "/continue": "screens.personal.to_continue",
    "/continue/forget": "screens.personal.forget",
    "/seen": "screens.personal.seen",
    "/seen/forget": "screens.personal.forget_seen",
    "/mylist": "screens.personal.my_list",
    "/mylist/add": "screens.personal.enlist",
    "/mylist/remove": "screens.personal.unlist",
    "/work": "screens.about.work",
    "/quality": "screens.quality.ask",
    "/trailer": "playing.trailer.play",
    "/try": "playing.play.try_start",
    "/support": "codes.support.support",
    "/report": "codes.objection.report",
    "/country": "screens.country.choose",
    "/settings": "settings.show",
    "/library": "library.screens.library",
    "/library/films": "library.screens.films",
    "/library/add": "library.screens.add",
    "/library/remove": "library.screens.remove",
    "/library/all": "library.screens.toggle_all",
    "/library/update": "library.screens.toggle_update",
    "/library/guide": "library.screens.guide",
    "/library/open": "library.screens.show_folder",
    "/library/movies": "library.screens.show_movies",
    "/library/shows": "library.screens.show_series",
    "/library/clear": "library.screens.clear",
    "/parental": "screens.parental.choose",
    "/cache/clear": "screens.cache.clear",
    "/check": "check.selfcheck.rows",
    "/check/words": "check.selfcheck.words",
    "/check/save": "check.report.save",
    "/sharing": "screens.sharing.choose",
    "/patron": "screens.patron.giving",
    "/patron/given": "screens.patron.given",
    "/patron/film": "screens.patron.choose",
    "/catalogues": "screens.following.catalogues",
    "/catalogues/follow": "screens.following.follow",
    "/catalogue": "screens.following.choose",
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
    module, _, name = SCREENS[path].rpartition(".")
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

    from .playing import play  # no list needs it

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
