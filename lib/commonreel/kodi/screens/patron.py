# SPDX-License-Identifier: GPL-3.0-or-later
"""What this device gives to others: the tally, and the films that are kept for them."""

from __future__ import annotations

import time

from ...catalog.patronage import Kept, Patronage
from ...catalog.store import Store
from ...works.errors import UnknownWork, WorkWithdrawn
from ...works.parental import allowed
from .. import address, answers, catalogue, paths
from ..api import xbmc, xbmcgui
from ..call import Call
from ..lists.listing import Listing, Row
from ..lists.rows import action
from ..words.strings import Text, language, size, text
from . import parental, sharing

SETTINGS = 5  # Kodi's own word for it
UNKNOWN = "?"


def giving(_call: Call) -> Listing:
    """What was given, what is kept, and the way to change both."""
    patronage = _patronage()
    rows = [_tally_row(patronage), sharing.row(top=False)]
    if answers.read().sharing == answers.PATRON:
        given, kept = patronage.given(), patronage.kept()
        with catalogue.store() as store:
            rows += [_kept_row(each, given.get(each.work, 0), store) for each in kept]
    rows.append(action(xbmc.getLocalizedString(SETTINGS), address.settings(), "DefaultAddonService.png"))
    return Listing(tuple(rows), text(Text.GIVING), lasting=False)


def given(_call: Call) -> None:
    """Show of which works how much was given."""
    found = _patronage().given()
    with catalogue.store() as store:
        lines = ["%s  %s" % (size(count).rjust(9), _title(work, store)) for work, count in found.items()]
    xbmcgui.Dialog().textviewer(text(Text.GIVING), "\n".join(lines) or text(Text.GIVING_HELP))


def choose(call: Call) -> None:
    """Ask what to do with a film that is kept."""
    if xbmcgui.Dialog().contextmenu([text(Text.STOP_KEEPING)]) == 0:
        _patronage().refuse(call.text("id"))
        xbmc.executebuiltin("Container.Refresh")


def kept() -> frozenset[str]:
    """The info hashes of what is kept for others: nothing, where the viewer is no patron."""
    if answers.read().sharing != answers.PATRON:
        return frozenset()
    return frozenset(each.info_hash for each in _patronage().kept() if each.info_hash)


def _patronage() -> Patronage:
    return Patronage(paths.profile() / "patronage.db")


def _tally_row(patronage: Patronage) -> Row:
    tally = patronage.tally(time.strftime("%Y-%m-%d"))
    label = text(Text.GIVEN, today=size(tally.today), month=size(tally.month), total=size(tally.total))
    is_patron = answers.read().sharing == answers.PATRON
    nothing = is_patron and not patronage.kept()
    help_ = text(Text.NOTHING_KEPT if nothing else Text.GIVING_HELP)
    return action(label, address.given(), "DefaultHardDisk.png", help_)


def _kept_row(kept: Kept, given_of_it: int, store: Store) -> Row:
    seeds = str(kept.seeds) if kept.seeds >= 0 else UNKNOWN
    account = text(Text.KEPT_FILM, size=size(kept.size), seeds=seeds, given=size(given_of_it))
    label = _title(kept.work, store)
    if not kept.whole:
        label += " …"
    return action(label, address.kept(kept.work), "DefaultMovies.png", account)


def _title(work: str, store: Store) -> str:
    """The id alone where the catalogue has no such work; what the parental level hides is not named."""
    try:
        found = store.work(work)
    except (UnknownWork, WorkWithdrawn):
        return work
    return found.title(language()) if allowed(found, parental.level()) else text(Text.ABOVE_LEVEL)
