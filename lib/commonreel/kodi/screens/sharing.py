# SPDX-License-Identifier: GPL-3.0-or-later
"""The question how to share: what others see of this device, and what it gives them."""

from __future__ import annotations

from .. import address, answers
from ..api import xbmc, xbmcgui
from ..call import Call
from ..lists import rows
from ..lists.listing import Row
from ..viewer import Viewer
from ..words.strings import Text, text

WAYS = (
    (answers.WEB, Text.SHARE_WEB, Text.SHARE_WEB_HELP, "DefaultNetwork.png"),
    (answers.WATCHING, Text.SHARE_WATCHING, Text.SHARE_WATCHING_HELP, "DefaultMovies.png"),
    (answers.PATRON, Text.SHARE_PATRON, Text.SHARE_PATRON_HELP, "DefaultHardDisk.png"),
)


def question(who: Viewer) -> list[Row]:
    """The row that asks, until it was answered."""
    return [] if who.shares else [row()]


def row(top: bool = True) -> Row:
    """The row that asks. `top`: above all others, however they are sorted."""
    label, help_ = text(Text.HOW_TO_SHARE), text(Text.HOW_TO_SHARE_HELP)
    return rows.action(label, address.sharing(), "DefaultNetwork.png", help_, top=top)


def choose(_call: Call) -> None:
    """Ask, and remember the answer."""
    ways = [how for how, *_ in WAYS]
    now = answers.read().sharing or answers.WATCHING
    chosen = xbmcgui.Dialog().select(
        text(Text.HOW_TO_SHARE),
        [_way(label, help_, icon) for _, label, help_, icon in WAYS],
        preselect=ways.index(now) if now in ways else -1,
        useDetails=True,
    )
    if chosen >= 0:
        answers.set_sharing(ways[chosen])
        xbmc.executebuiltin("Container.Refresh")


def _way(label: Text, help_: Text, icon: str) -> xbmcgui.ListItem:
    item = xbmcgui.ListItem(text(label), text(help_), offscreen=True)
    item.setArt({"icon": icon})
    return item
