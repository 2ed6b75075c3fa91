# SPDX-License-Identifier: GPL-3.0-or-later
"""The catalogues that the viewer follows: how they are doing, one more, one less."""

from __future__ import annotations

import time
from datetime import date
from typing import Callable, Tuple
from urllib.parse import urlsplit

from ...catalog import asking, following, main
from ...catalog.following import Followed, Offer
from ...catalog.store import MAIN
from ...works import agent, magnet, pointer
from ...works.errors import CatalogueUnavailable, ServiceUnavailable, error_for
from .. import address, dialogs, paths, state
from ..api import xbmc, xbmcgui
from ..call import Call
from ..lists.listing import Listing, Row
from ..lists.rows import action
from ..words.strings import Text, error_text, text

ICON = "DefaultAddonRepository.png"
DHT_SECONDS = 180.0  # until nobody is waited for any more who would know a key
POLL_SECONDS = 0.25
KEY_DIGITS = 16  # that are shown of a key

Choice = Tuple[Text, Callable[[], None]]  # what can be done, and what does it


def catalogues(_call: Call) -> Listing:
    """The add-on's own, those that are followed, and the way to follow one more."""
    rows = _own() + [
        action(name(each), address.catalogue(each.origin), ICON, account(each))
        for each in following.followed(paths.catalogues())
        if each.origin != MAIN
    ]
    rows.append(action(text(Text.FOLLOW), address.follow(), "DefaultAddSource.png", text(Text.FOLLOW_HELP)))
    return Listing(tuple(rows), text(Text.CATALOGUES), lasting=False)


def follow(_call: Call) -> None:
    """Ask for the address, show whose catalogue is there, and follow it if that is the one that was meant.

    Raises CatalogueRefused, CatalogueUnavailable, NoEngine, ServiceUnavailable.
    """
    place = xbmcgui.Dialog().input(text(Text.FOLLOW_ADDRESS)).strip()
    if not place:
        return
    if magnet.is_magnet(place):
        found = _by_key(place)
        if not found:
            return
        offer, shown = found, _place(found.address)
    else:
        offer = following.offered(place, agent.name(paths.version()))
        shown = offer.address
    question = text(Text.FOLLOW_CONFIRM, address=shown, fingerprint=_grouped(offer.fingerprint))
    if xbmcgui.Dialog().yesno(dialogs.NAME, question):
        following.follow(paths.catalogues(), offer)
        xbmc.executebuiltin("Container.Refresh")


def _by_key(link: str) -> Offer | None:
    """Whose catalogue a magnet link means, as the service finds out; None if nobody wants to wait."""
    if state.read().status != state.READY:
        raise ServiceUnavailable("it alone asks the DHT")
    question = asking.ask(paths.catalogues(), link)
    dialog, monitor, until = xbmcgui.DialogProgress(), xbmc.Monitor(), time.monotonic() + DHT_SECONDS
    dialog.create(dialogs.NAME, text(Text.FOLLOW_ASKING))
    try:
        while time.monotonic() < until:
            found = asking.answered(question)
            if found or dialog.iscanceled() or monitor.waitForAbort(POLL_SECONDS):
                return found
        raise CatalogueUnavailable("nobody has told of the key in time")
    finally:
        dialog.close()
        asking.drop(question)


def choose(call: Call) -> None:
    """Ask what to do with a catalogue. Raises CatalogueUnavailable where it is followed no more."""
    found = following.named(paths.catalogues(), call.text("id"))
    if call.text("id") == MAIN:
        choices = _choices_of_own(found)
    elif found:
        choices = [_look_now(found), (Text.UNFOLLOW, found.unfollow)]
    else:
        raise CatalogueUnavailable("%s is not followed" % call.text("id"))
    chosen = xbmcgui.Dialog().contextmenu([text(label) for label, _do in choices])
    if chosen >= 0:
        choices[chosen][1]()
        xbmc.executebuiltin("Container.Refresh")


def _own() -> list[Row]:
    """The row of the add-on's own catalogue, where it was built with one."""
    if not main.packed(paths.main()):
        return []
    label, lines = Text.MAIN_OFF, [text(Text.MAIN_OFF_HELP)]
    if not main.is_off(paths.catalogues()):
        held = following.named(paths.catalogues(), MAIN)
        label, lines = Text.MAIN, [text(Text.MAIN_HELP), account(held) if held else text(Text.CATALOGUE_NEW)]
    return [action(text(label), address.catalogue(MAIN), ICON, "\n".join(lines))]


def _choices_of_own(found: Followed | None) -> list[Choice]:
    """`found`: None until the service has taken it up."""
    catalogues = paths.catalogues()
    if main.is_off(catalogues):
        return [(Text.SWITCH_ON, lambda: main.switch(catalogues, True))]
    look = [_look_now(found)] if found else []
    return [*look, (Text.SWITCH_OFF, lambda: main.switch(catalogues, False))]


def _look_now(found: Followed) -> Choice:
    def look() -> None:
        found.want()
        dialogs.notify(text(Text.CATALOGUE_LOOKING))

    return Text.LOOK_NOW, look


def name(followed: Followed) -> str:
    """What its curator calls it, or where it lies."""
    return followed.state.name or urlsplit(followed.address).netloc or _place(followed.address)


def account(followed: Followed) -> str:
    """How it is doing, in words."""
    state = followed.state
    lines = [_place(followed.address)]
    if state.checked:
        lines.append(text(Text.CATALOGUE_HOLDS, works=state.works, date=day(state.at)))
        lines.append(
            text(Text.CATALOGUE_CHECKED, date=day(time.strftime("%Y-%m-%d", time.localtime(state.checked))))
        )
    elif not state.trouble:
        lines.append(text(Text.CATALOGUE_NEW))
    if state.trouble:
        lines.append(text(Text.CATALOGUE_TROUBLE, problem=error_text(error_for(state.trouble))))
    lines.append(text(Text.CATALOGUE_FINGERPRINT, fingerprint=_grouped(followed.fingerprint)))
    return "\n".join(lines)


def _place(address: str) -> str:
    """Where a catalogue lies, in words."""
    if not magnet.is_magnet(address):
        return address
    return text(Text.FOLLOW_KEY, key=_grouped(pointer.parse(address).key[:KEY_DIGITS]))


def day(at: str) -> str:
    """An ISO 8601 date as people write it in Kodi's region."""
    try:
        return date.fromisoformat(at[:10]).strftime(xbmc.getRegion("dateshort"))
    except ValueError:
        return at


def _grouped(fingerprint: str) -> str:
    return " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4))
