# SPDX-License-Identifier: GPL-3.0-or-later
"""The viewer's own lists: what was begun and not finished, what was seen, and what was put aside.

Works that have been withdrawn, or are not free here, are left out; the device goes on remembering them.
"""

from __future__ import annotations

from typing import Sequence

from ...catalog.store import Store
from ...works.query import PAGE_SIZE
from .. import address, catalogue, viewer
from ..api import xbmc
from ..call import Call
from ..dialogs import notify
from ..lists import items
from ..lists.listing import Listing, Row
from ..lists.marks import Forget
from ..lists.rows import action, folder, next_page
from ..viewer import Viewer
from ..words.strings import Text, counted, text


def begun_way(store: Store, who: Viewer) -> list[Row]:
    """The first screen's row to what was begun, if there is anything that may be shown."""
    with catalogue.history() as history:
        begun = len(store.shown(history.begun(), who.country, who.level))
    icon = "DefaultInProgressShows.png"
    return _way(begun, Text.CONTINUE, Text.CONTINUE_HELP, address.continue_watching(), icon)


def list_way(store: Store, who: Viewer) -> list[Row]:
    """The first screen's row to the viewer's list, if there is anything on it that may be shown."""
    with catalogue.history() as history:
        listed = len(store.shown(history.listed(), who.country, who.level))
    return _way(listed, Text.MY_LIST, Text.MY_LIST_HELP, address.my_list(), "DefaultPlaylist.png")


def seen_way(store: Store, who: Viewer) -> list[Row]:
    """The first screen's row to what was seen lately, if there is anything that may be shown."""
    with catalogue.history() as history:
        held = len(store.shown(history.seen(), who.country, who.level))
    return _way(held, Text.SEEN, Text.SEEN_HELP, address.seen(), "DefaultMovies.png")


def to_continue(_call: Call) -> Listing:
    """What was begun, the latest first. Kodi itself knows how far it was seen."""
    with catalogue.history() as history:
        begun = history.begun()
    return _shown(begun, Text.CONTINUE, address.forget_begun)


def forget(call: Call) -> None:
    """Leave a work out of what is to be continued. Kodi keeps its resume point."""
    with catalogue.history() as history:
        history.ended(call.text("id"))
    xbmc.executebuiltin("Container.Refresh")


def seen(_call: Call) -> Listing:
    """What was seen to its end, the latest first, and the way to forget it."""
    with catalogue.history() as history:
        lately = history.seen()
    below = []
    if lately:
        help_ = text(Text.FORGET_SEEN_HELP)
        url, icon = address.forget_seen(), "DefaultFolder.png"
        below.append(action(text(Text.FORGET_SEEN), url, icon, help_, bottom=True))
    return _shown(lately, Text.SEEN, address.forget_seen, below)


def forget_seen(call: Call) -> None:
    """Forget that one work was seen, or all. Kodi keeps its marks."""
    with catalogue.history() as history:
        history.forget_seen(call.text("id"))
    if not call.text("id"):
        notify(text(Text.SEEN_FORGOTTEN))
    xbmc.executebuiltin("Container.Refresh")


def my_list(call: Call) -> Listing:
    """What the viewer has put aside, the latest first."""
    who, page = viewer.now(), call.page
    with catalogue.history() as history:
        listed = history.listed()
    with catalogue.store() as store:
        listed = store.shown(listed, who.country, who.level)
        works = store.works(listed[(page - 1) * PAGE_SIZE : page * PAGE_SIZE], who.country, who.level)
    rows = items.rows(works, who.country)
    if len(listed) > page * PAGE_SIZE:
        rows.append(next_page(page + 1, address.my_list(page + 1)))
    return Listing(tuple(rows), text(Text.MY_LIST), "movies", lasting=False, rated=items.rated(works))


def enlist(call: Call) -> None:
    """Put a work of the catalogue on the viewer's list. Raises UnknownWork, WorkWithdrawn."""
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    with catalogue.history() as history:
        history.enlist(work.id)
    notify(text(Text.ENLISTED))


def unlist(call: Call) -> None:
    """Take a work off the viewer's list."""
    with catalogue.history() as history:
        history.unlist(call.text("id"))
    xbmc.executebuiltin("Container.Refresh")


def _shown(ids: Sequence[str], title: Text, forget: Forget, below: Sequence[Row] = ()) -> Listing:
    """Those that may be shown, in this order."""
    who = viewer.now()
    with catalogue.store() as store:
        works = store.works(ids, who.country, who.level)
    rows = items.rows(works, who.country, forget=forget)
    return Listing((*rows, *below), text(title), "movies", lasting=False, rated=items.rated(works))


def _way(held: int, label: Text, help_: Text, url: str, icon: str) -> list[Row]:
    return [folder(counted(text(label), held), url, icon, text(help_))] if held else []
