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
    if work.id in marks.in_library:
        library = call(Text.REMOVE_FROM_LIBRARY, address.library_remove(work.id))
    else:
        library = call(Text.ADD_TO_LIBRARY, address.library_add(work.id))
    support = [call(Text.SUPPORT, address.support(work.id))] if giving.shown(work) else []
    why, report = call(Text.WHY, address.work(work.id)), call(Text.REPORT, address.report(work.id))
    return [library, *support, why, report]


def call(label: Text, url: str) -> Entry:
    """An entry that calls the add-on, which then shows no list."""
    return text(label), "RunPlugin(%s)" % url
