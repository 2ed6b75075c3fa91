# SPDX-License-Identifier: GPL-3.0-or-later
"""What a row offers beside being opened: the context menu of a work."""

from __future__ import annotations

from typing import Tuple

from ..works import giving
from ..works.work import Work
from . import address
from .marks import Marks
from .strings import Text, text

Entry = Tuple[str, str]  # label, what Kodi is to do


def of(work: Work, marks: Marks) -> list[Entry]:
    """What can be done with a work, the most wanted first."""
    entries = []
    if marks.begun:
        entries.append(call(Text.FORGET_BEGUN, address.forget_begun(work.id)))
    if work.id in marks.listed:
        entries.append(call(Text.UNLIST, address.unlist(work.id)))
    else:
        entries.append(call(Text.ENLIST, address.enlist(work.id)))
    if work.id in marks.in_library:
        entries.append(call(Text.REMOVE_FROM_LIBRARY, address.library_remove(work.id)))
    else:
        entries.append(call(Text.ADD_TO_LIBRARY, address.library_add(work.id)))
    if giving.shown(work):
        entries.append(call(Text.SUPPORT, address.support(work.id)))
    entries.append(call(Text.WHY, address.work(work.id)))
    entries.append(call(Text.REPORT, address.report(work.id)))
    return entries


def call(label: Text, url: str) -> Entry:
    """An entry that calls the add-on, which then shows no list."""
    return text(label), "RunPlugin(%s)" % url
