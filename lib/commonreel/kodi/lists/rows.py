# SPDX-License-Identifier: GPL-3.0-or-later
"""The rows that lead from one screen to the next, or that do something. Those of works are in items.py."""

from __future__ import annotations

from typing import Sequence

from .. import paths
from ..words.strings import Text, text
from .listing import Entry, Item, Row

MANY = 200  # shelves, above which they are sorted by their first letter

# Where a row stays, whatever the list is sorted by
TOP, BOTTOM = {"SpecialSort": "top"}, {"SpecialSort": "bottom"}


def folder(
    label: str, url: str, icon: str, plot: str = "", menu: Sequence[Entry] = (), fanart: str = ""
) -> Row:
    """A row that leads to another list. `icon`: one of the skin's, or a picture's address."""
    return Row(url, _item(label, icon, plot, fanart)._replace(menu=menu), True)


def action(
    label: str, url: str, icon: str, plot: str = "", *, top: bool = False, bottom: bool = False
) -> Row:
    """A row that does something. Pressed, it calls the add-on without anybody waiting for a list. `top`,
    `bottom`: it stays there, whatever the list is sorted by."""
    place = TOP if top else BOTTOM if bottom else {}
    return Row(url, _item(label, icon, plot)._replace(properties=place), False)


def next_page(number: int, url: str) -> Row:
    """The row at the end of a list that goes on; Back leads from there to this page again."""
    label = text(Text.NEXT_PAGE, page=number)
    return Row(url, _item(label, "DefaultFolder.png")._replace(properties=BOTTOM), True)


def _item(label: str, icon: str, plot: str = "", fanart: str = "") -> Item:
    art = {"icon": icon, "thumb": icon, "fanart": fanart or paths.fanart()}
    return Item(label, art, {"Title": label, "Plot": plot} if plot else {})
