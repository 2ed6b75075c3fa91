# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen that says how everything is, and what to do where something is amiss."""

from __future__ import annotations

import json
from typing import Iterable

from .. import address, state
from ..api import xbmcgui
from ..call import Call
from ..lists.listing import Listing, Row
from ..lists.rows import action
from ..words.strings import Text, text
from . import checks
from .checks import Check

FINE, AMISS = "DefaultIconInfo.png", "DefaultIconWarning.png"
FOUND = "commonreel.selfcheck"  # the property of Kodi's home window with what was found last


def rows(_call: Call) -> Listing:
    """A row for each thing looked at, and one to save it all."""
    every = checks.every()
    xbmcgui.Window(state.HOME_WINDOW).setProperty(FOUND, json.dumps(_said(every)))
    save = action(
        text(Text.SAVE_REPORT), address.check_save(), "DefaultFile.png", text(Text.SAVE_REPORT_HELP)
    )
    return Listing((*map(_row, every), save), text(Text.SELF_CHECK), lasting=False)


def words(call: Call) -> None:
    """What a row has to say, to be read at leisure: as it was found last."""
    name = call.text("name")
    said = _kept(name) or _said(checks.every()).get(name)
    if said:
        xbmcgui.Dialog().textviewer(*said)


def _said(found: Iterable[Check]) -> dict[str, tuple[str, str]]:
    """By name, heading and words."""
    return {check.name: (_label(check), _words(check)) for check in found}


def _kept(name: str) -> tuple[str, str] | None:
    """The same of what was found last. Any add-on can write that property: nonsense is none."""
    try:
        label, words = json.loads(xbmcgui.Window(state.HOME_WINDOW).getProperty(FOUND))[name]
    except (ValueError, TypeError, KeyError):
        return None
    return str(label), str(words)


def _row(check: Check) -> Row:
    url = check.url or address.check_words(check.name)
    return action(_label(check), url, AMISS if check.amiss else FINE, _words(check))


def _label(check: Check) -> str:
    said = Text.CHECK_AMISS if check.amiss else Text.FACT
    return text(said, name=check.label, found=check.found)


def _words(check: Check) -> str:
    return check.words or text(Text.CHECK_NOTHING_TO_DO)
