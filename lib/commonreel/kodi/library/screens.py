# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's screens: what the user wants among Kodi's films and series, and how it comes there.

They only take down wishes; the service makes the files (see librarian).
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from ...catalog.holdings import PLACE, Holdings
from ...works.query import PAGE_SIZE
from .. import address, catalogue, dialogs, paths, settings, viewer, windows
from ..api import xbmc, xbmcaddon, xbmcgui
from ..call import Call
from ..lists import items
from ..lists.listing import Listing, Row
from ..lists.rows import action, folder, next_page
from ..paths import MOVIES, NO_MEDIA, SERIES
from ..viewer import Viewer
from ..words.strings import Text, text
from . import medialibrary

log = logging.getLogger(__name__)

# Kodi's own texts
NO, YES, SET_CONTENT, CONTAINS, PROVIDER = 106, 107, 20333, 20344, 38025
MOVIES_LABEL, SHOWS_LABEL = 342, 20343


class _Folder(NamedTuple):
    """One of the library's, each with a content of its own in Kodi."""

    name: str
    content: int  # Kodi's text for it
    icon: str
    unseen: Text
    seen: Text
    seen_help: Text
    shown: str  # address of what Kodi shows of it

    @property
    def argument(self) -> str:
        """In an address, where the films' goes without saying."""
        return "" if self.name == MOVIES else self.name


def _folder(name: str) -> _Folder:
    if name == SERIES:
        said = Text.SERIES_UNSEEN, Text.SERIES_SEEN, Text.SERIES_SEEN_HELP
        return _Folder(SERIES, SHOWS_LABEL, "DefaultTVShows.png", *said, address.library_shows())
    said = Text.LIBRARY_UNSEEN, Text.LIBRARY_SEEN, Text.LIBRARY_SEEN_HELP
    return _Folder(MOVIES, MOVIES_LABEL, "DefaultMovies.png", *said, address.library_movies())


def library(_call: Call) -> Listing:
    """How the library is, and what can be done with it."""
    who = viewer.now()
    with _holdings() as holdings:
        (films, series), everything = holdings.count(), holdings.everything
    count = films + series
    rows = _seen(films, series)
    if count:
        label = text(Text.LIBRARY_FILMS, count=count)
        rows.append(
            folder(label, address.library_films(), "DefaultMovies.png", text(Text.LIBRARY_FILMS_HELP))
        )
    rows += [_all(everything, who), _update()]
    if count or everything:
        rows.append(_action(Text.LIBRARY_CLEAR, Text.LIBRARY_CLEAR_HELP, address.library_clear()))
    return Listing(tuple(rows), text(Text.LIBRARY), lasting=False)


def films(call: Call) -> Listing:
    """The films and series that are in it, as far as they may be shown."""
    who = viewer.now()
    with _holdings() as holdings:
        ids = holdings.page(PAGE_SIZE + 1, (call.page - 1) * PAGE_SIZE)
    with catalogue.store() as store:
        works = store.works(ids[:PAGE_SIZE], who.country, who.level)
    rows = items.rows(works, who.country)
    if len(ids) > PAGE_SIZE:
        rows.append(next_page(call.page + 1, address.library_films(call.page + 1)))
    content = "tvshows" if works and all(work.series for work in works) else "movies"
    return Listing(tuple(rows), text(Text.LIBRARY), content, lasting=False, rated=items.rated(works))


def add(call: Call) -> None:
    """Have a film, a series or an episode in the library. Raises UnknownWork, WorkWithdrawn."""
    _wish(call, True)


def remove(call: Call) -> None:
    """Have it there no more. Raises UnknownWork, WorkWithdrawn."""
    _wish(call, False)


def toggle_all(_call: Call) -> None:
    """Have all films there from now on; or no longer all."""
    with _holdings() as holdings:
        if holdings.everything:
            holdings.want_what_is_there()
        else:
            holdings.want_everything()
    _refresh()


def toggle_update(_call: Call) -> None:
    settings.set_library_update(not settings.read().library_update)
    _refresh()


def clear(_call: Call) -> None:
    """Empty the library, once the user has said so again."""
    with _holdings() as holdings:
        question = text(Text.LIBRARY_CLEAR_QUESTION, count=sum(holdings.count()))
        if xbmcgui.Dialog().yesno(dialogs.NAME, question):
            holdings.want_nothing()
    _refresh()


def guide(call: Call) -> Listing:
    """What is missing for Kodi to show the films, or the series: a few steps, to be gone once."""
    of = _folder(call.text("folder"))
    with _holdings() as holdings:
        empty = not any(holdings.count())
    open_it = address.library_open(of.argument)
    why = _why(of, bool(medialibrary.place(paths.library_address())))
    rows = [action(step, open_it, "DefaultAddSource.png", why) for step in _steps(of)]
    if empty:
        rows.insert(0, folder(text(Text.GUIDE_EMPTY), address.films(), "DefaultMovies.png"))
    return Listing(tuple(rows), text(Text.LIBRARY), lasting=False)


def show_folder(call: Call) -> None:
    """Go to the folder itself, among Kodi's files. From now on Kodi is told of what is new there, which
    does nothing where the steps are not gone to their end."""
    with _holdings() as holdings:
        holdings.set_mark(PLACE, paths.library_address())
    of = paths.library() / _folder(call.text("folder")).name
    of.mkdir(parents=True, exist_ok=True)
    (of / NO_MEDIA).unlink(missing_ok=True)
    windows.open_videos(paths.library_address())


def show_movies(_call: Call) -> None:
    """Go to Kodi's Movies."""
    windows.open_videos("videodb://movies/titles/")


def show_series(_call: Call) -> None:
    """Go to Kodi's TV shows."""
    windows.open_videos("videodb://tvshows/titles/")


def _why(of: _Folder, known: bool) -> str:
    """What the steps are good for. `known`: whether Kodi looks into the library's folder at all."""
    path = paths.library_address().replace("addon_data/", "addon_data/\n")  # else too wide for the screen
    if of.name == SERIES:
        return text(Text.GUIDE_SERIES, path=path)
    return text(Text.GUIDE_NO_CONTENT if known else Text.GUIDE_UNKNOWN, path=path)


def _steps(of: _Folder) -> list[str]:
    """In Kodi's own words, for these are on the screen."""
    said = xbmc.getLocalizedString
    return [
        text(Text.GUIDE_OPEN),
        text(Text.GUIDE_MENU, folder=of.name, set_content=said(SET_CONTENT)),
        text(Text.GUIDE_CHOICE, number=3, name=said(CONTAINS), value=said(of.content)),
        text(Text.GUIDE_CHOICE, number=4, name=said(PROVIDER), value=_local_information()),
        text(Text.GUIDE_CONFIRM, yes=said(YES)),
    ]


def _local_information() -> str:
    """What Kodi calls the information provider that reads our files."""
    try:
        return xbmcaddon.Addon("metadata.local").getAddonInfo("name")
    except RuntimeError:  # the user has disabled it
        return "Local information only"


def _seen(films: int, series: int) -> list[Row]:
    """Whether Kodi shows what there is, each with the way there, or to how that is done."""
    place = medialibrary.place(paths.library_address())
    rows = []
    if films or not series:
        rows.append(_seen_of(_folder(MOVIES), films, medialibrary.films(place) if place else 0))
    if series:
        rows.append(_seen_of(_folder(SERIES), series, medialibrary.series(place) if place else 0))
    return rows


def _seen_of(of: _Folder, count: int, shown: int) -> Row:
    if not shown:
        label, help_ = text(of.unseen), text(Text.LIBRARY_UNSEEN_HELP)
        return folder(label, address.library_guide(of.argument), "DefaultAddSource.png", help_)
    label = text(of.seen, shown=min(shown, count), count=count)
    return action(label, of.shown, of.icon, text(of.seen_help))


def _all(everything: bool, who: Viewer) -> Row:
    if everything:
        return _action(Text.LIBRARY_NOT_ALL, Text.LIBRARY_NOT_ALL_HELP, address.library_all())
    with catalogue.store() as store:
        count = store.count(who.asks())
    return _action(Text.LIBRARY_ALL, Text.LIBRARY_ALL_HELP, address.library_all(), count=count)


def _update() -> Row:
    answer = xbmc.getLocalizedString(YES if settings.read().library_update else NO)
    label = text(Text.FACT, name=text(Text.LIBRARY_UPDATE), found=answer)
    return action(label, address.library_update(), "DefaultAddonService.png", text(Text.LIBRARY_UPDATE_HELP))


def _action(label: Text, help_: Text, url: str, **values: object) -> Row:
    return action(text(label, **values), url, "DefaultMovies.png", text(help_))


def _wish(call: Call, wanted: bool) -> None:
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    with _holdings() as holdings:
        holdings.want(work, wanted)
        place = medialibrary.place(paths.library_address()) or holdings.mark(PLACE)
    seen = place and (not work.series or medialibrary.series(place))
    added = Text.LIBRARY_ADDED if seen else Text.LIBRARY_ADDED_UNSEEN
    dialogs.notify(text(added if wanted else Text.LIBRARY_REMOVED))
    _refresh()


def _holdings() -> Holdings:
    return Holdings(paths.library_account())


def _refresh() -> None:
    xbmc.executebuiltin("Container.Refresh")
