# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen that says how everything is, and what to do where something is amiss."""

from __future__ import annotations

from . import address, checks
from .api import xbmcgui
from .call import Call
from .checks import Check
from .listing import Listing, Row, action
from .strings import Text, text

FINE, AMISS = "DefaultIconInfo.png", "DefaultIconWarning.png"


def rows(_call: Call) -> Listing:
    """A row for each thing looked at, and one to save it all."""
    found = [_row(check) for check in checks.every()]
    save = action(
        text(Text.SAVE_REPORT), address.check_save(), "DefaultFile.png", text(Text.SAVE_REPORT_HELP)
    )
    return Listing((*found, save), text(Text.SELF_CHECK), keep=False)


def words(call: Call) -> None:
    """What a row has to say, to be read at leisure."""
    for check in checks.every():
        if check.name == call.text("name"):
            xbmcgui.Dialog().textviewer(_label(check), _words(check))


def _row(check: Check) -> Row:
    url = check.url or address.check_words(check.name)
    return action(_label(check), url, AMISS if check.amiss else FINE, _words(check))


def _label(check: Check) -> str:
    said = Text.CHECK_AMISS if check.amiss else Text.CHECK_FINE
    return text(said, name=check.label, found=check.found)


def _words(check: Check) -> str:
    return check.words or text(Text.CHECK_NOTHING_TO_DO)
