# SPDX-License-Identifier: GPL-3.0-or-later
"""Search: what was searched for before, the keyboard, and what was found."""

from __future__ import annotations

from .. import address, catalogue, viewer, windows
from ..api import xbmc, xbmcgui
from ..call import Call
from ..dialogs import notify
from ..lists import menu
from ..lists.listing import Listing, Row
from ..lists.rows import action, folder
from ..words.strings import Text, text
from . import films


def searches(_call: Call) -> Listing:
    """A new search, and the earlier ones, latest first."""
    with catalogue.history() as history:
        earlier = history.searches()
    forget_all = menu.call(Text.FORGET_ALL, address.search_forget())
    rows = [_new()]
    for words in earlier:
        forget = menu.call(Text.FORGET, address.search_forget(words))
        url = address.search_results(words)
        rows.append(folder(words, url, "DefaultFolder.png", menu=[forget, forget_all]))
    return Listing(tuple(rows), text(Text.SEARCH), lasting=False)


def ask(call: Call) -> Listing | None:
    """The keyboard. Its results get an address of their own, so that Back does not bring it up again."""
    words = xbmcgui.Dialog().input(text(Text.SEARCH_PROMPT)).strip()
    if not words:
        return None
    with catalogue.history() as history:
        history.searched(words)
    if call.handle < 0:
        windows.go_to(address.search_results(words))
        return None
    return _found(call, words)


def results(call: Call) -> Listing:
    words = call.text("q")
    return _found(call, words) if words else searches(call)


def forget(call: Call) -> None:
    """Forget one search, or all of them."""
    with catalogue.history() as history:
        history.forget(call.text("q"))
    if not call.text("q"):
        notify(text(Text.ALL_FORGOTTEN))
    xbmc.executebuiltin("Container.Refresh")


def _found(call: Call, words: str) -> Listing:
    listing = films.found(
        call,
        viewer.now().asks("")._replace(text=words),
        words,
        lambda page: address.search_results(words, page),
    )
    if listing.rows:
        return listing._replace(lasting=False)
    nothing = text(Text.NOTHING_FOUND, text=words)
    notify(nothing)
    return Listing((_new(nothing),), words, lasting=False)


def _new(plot: str = "") -> Row:
    return action(text(Text.NEW_SEARCH), address.search_new(), "DefaultAddonsSearch.png", plot)
