# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's screens: what the user wants in Kodi's Movies, and how it comes to be seen there.

They only take down wishes; the service makes the files (see librarian).
"""

from __future__ import annotations

import logging

from ..catalog.holdings import PLACE, Holdings
from ..catalog.store import Store
from ..works.errors import UnknownWork, WorkWithdrawn
from ..works.query import FILM, PAGE_SIZE, Query
from ..works.work import Work
from . import address, catalogue, dialogs, items, medialibrary, paths, settings
from .api import xbmc, xbmcaddon, xbmcgui
from .call import Call
from .listing import Listing, Row, action, folder, next_page
from .paths import MOVIES
from .strings import Text, text

log = logging.getLogger(__name__)

# Kodi's own texts
NO, YES, MOVIES_LABEL, SET_CONTENT, CONTAINS, PROVIDER = 106, 107, 342, 20333, 20344, 38025


def way() -> Row:
    """The row that leads here from the first screen."""
    return folder(text(Text.LIBRARY), address.library(), "DefaultMovies.png", text(Text.LIBRARY_HELP))


def library(_call: Call) -> Listing:
    """How the library is, and what can be done with it."""
    country = settings.read().country
    with _holdings() as holdings:
        count, everything = holdings.count(), holdings.everything
    rows = [_seen(count)]
    if count:
        label = text(Text.LIBRARY_FILMS, count=count)
        rows.append(
            folder(label, address.library_films(), "DefaultMovies.png", text(Text.LIBRARY_FILMS_HELP))
        )
    rows += [_all(everything, country), _update()]
    if count or everything:
        rows.append(_action(Text.LIBRARY_CLEAR, Text.LIBRARY_CLEAR_HELP, address.library_clear()))
    return Listing(tuple(rows), text(Text.LIBRARY), keep=False)


def films(call: Call) -> Listing:
    """The films that are in it."""
    country = settings.read().country
    with _holdings() as holdings:
        ids = holdings.page(PAGE_SIZE + 1, (call.page - 1) * PAGE_SIZE)
    with catalogue.store() as store:
        works = [work for work in (_found(store, id) for id in ids[:PAGE_SIZE]) if work]
    rows = items.rows(works, country)
    if len(ids) > PAGE_SIZE:
        rows.append(next_page(call.page + 1, address.library_films(call.page + 1)))
    return Listing(tuple(rows), text(Text.LIBRARY), content="movies", keep=False)


def add(call: Call) -> None:
    """Have a film in the library. Raises UnknownWork, WorkWithdrawn."""
    with _holdings() as holdings:
        seen = medialibrary.place(paths.library_address()) or holdings.mark(PLACE)
    _wish(call, True, Text.LIBRARY_ADDED if seen else Text.LIBRARY_ADDED_UNSEEN)


def remove(call: Call) -> None:
    """Have a film there no more. Raises UnknownWork, WorkWithdrawn."""
    _wish(call, False, Text.LIBRARY_REMOVED)


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
        question = text(Text.LIBRARY_CLEAR_QUESTION, count=holdings.count())
        if xbmcgui.Dialog().yesno(dialogs.NAME, question):
            holdings.want_nothing()
    _refresh()


def guide(_call: Call) -> Listing:
    """What is missing for Kodi to show the films: a few steps, to be gone once."""
    with _holdings() as holdings:
        empty = not holdings.count()
    seen = medialibrary.place(paths.library_address())
    path = paths.library_address().replace("addon_data/", "addon_data/\n")  # else too wide for the screen
    why = text(Text.GUIDE_NO_CONTENT if seen else Text.GUIDE_UNKNOWN, path=path)
    rows = [action(step, address.library_open(), "DefaultAddSource.png", why) for step in _steps()]
    if empty:
        rows.insert(0, folder(text(Text.GUIDE_EMPTY), address.films(), "DefaultMovies.png"))
    return Listing(tuple(rows), text(Text.LIBRARY), keep=False)


def show_folder(_call: Call) -> None:
    """Go to the folder itself, among Kodi's files. From now on Kodi is told of what is new there, which
    does nothing where the steps are not gone to their end."""
    with _holdings() as holdings:
        holdings.set_mark(PLACE, paths.library_address())
    (paths.library() / MOVIES).mkdir(parents=True, exist_ok=True)
    _go_to(paths.library_address())


def show_movies(_call: Call) -> None:
    """Go to Kodi's Movies."""
    _go_to("videodb://movies/titles/")


def _go_to(place: str) -> None:
    xbmc.executebuiltin('ActivateWindow(videos,"%s",return)' % place)


def _steps() -> list[str]:
    """In Kodi's own words, for these are on the screen."""
    said = xbmc.getLocalizedString
    return [
        text(Text.GUIDE_OPEN),
        text(Text.GUIDE_MENU, folder=MOVIES, set_content=said(SET_CONTENT)),
        text(Text.GUIDE_CHOICE, number=3, name=said(CONTAINS), value=said(MOVIES_LABEL)),
        text(Text.GUIDE_CHOICE, number=4, name=said(PROVIDER), value=_local_information()),
        text(Text.GUIDE_CONFIRM, yes=said(YES)),
    ]


def _local_information() -> str:
    """What Kodi calls the information provider that reads our files."""
    try:
        return xbmcaddon.Addon("metadata.local").getAddonInfo("name")
    except RuntimeError:  # the user has disabled it
        return "Local information only"


def _seen(count: int) -> Row:
    """Whether Kodi shows the films, and the way there, or to how that is done."""
    place = medialibrary.place(paths.library_address())
    shown = medialibrary.count(place) if place else 0
    if not shown:
        label, help_ = text(Text.LIBRARY_UNSEEN), text(Text.LIBRARY_UNSEEN_HELP)
        return folder(label, address.library_guide(), "DefaultAddSource.png", help_)
    label = text(Text.LIBRARY_SEEN, shown=min(shown, count), count=count)
    return action(label, address.library_movies(), "DefaultMovies.png", text(Text.LIBRARY_SEEN_HELP))


def _all(everything: bool, country: str) -> Row:
    if everything:
        return _action(Text.LIBRARY_NOT_ALL, Text.LIBRARY_NOT_ALL_HELP, address.library_all())
    with catalogue.store() as store:
        count = store.count(Query(country=country, form=FILM))
    return _action(Text.LIBRARY_ALL, Text.LIBRARY_ALL_HELP, address.library_all(), count=count)


def _update() -> Row:
    answer = xbmc.getLocalizedString(YES if settings.read().library_update else NO)
    label = "%s: %s" % (text(Text.LIBRARY_UPDATE), answer)
    return action(label, address.library_update(), "DefaultAddonService.png", text(Text.LIBRARY_UPDATE_HELP))


def _action(label: Text, help_: Text, url: str, **values: object) -> Row:
    return action(text(label, **values), url, "DefaultMovies.png", text(help_))


def _wish(call: Call, wanted: bool, said: Text) -> None:
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    with _holdings() as holdings:
        holdings.want(work.id, wanted)
    dialogs.notify(text(said))
    _refresh()


def _found(store: Store, id: str) -> Work | None:
    """What has gone since is left to the librarian."""
    try:
        return store.work(id)
    except (UnknownWork, WorkWithdrawn):
        return None


def _holdings() -> Holdings:
    return Holdings(paths.library_account())


def _refresh() -> None:
    xbmc.executebuiltin("Container.Refresh")
