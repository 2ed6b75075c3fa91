# SPDX-License-Identifier: GPL-3.0-or-later
"""What a row offers beside being opened: the context menu of a work."""

from __future__ import annotations

from typing import Iterator

from ...works import giving
from ...works.work import Work
from .. import address
from ..api import xbmc
from ..words import credits
from ..words.strings import Text, text
from .listing import Entry
from .marks import Marks

RUN = "RunPlugin(%s)"
QUEUE_ITEM = 13347  # Kodi's string
MAKERS = 3  # of a work, to whose pages its menu leads


class Menu:
    """What can be done with each work of a list, the most wanted first."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        # Kodi 20 has this entry of its own, but not for the films of an add-on
        self._queue = xbmc.getLocalizedString(QUEUE_ITEM), "Action(Queue)"

    def of(self, work: Work) -> list[Entry]:
        offers = [call(label, url) for label, url in self._offers(work)]
        answers = [call(Text.WHY, address.work(work.id)), call(Text.REPORT, address.report(work.id))]
        queue = [self._queue] if work.encoding else []
        return [*offers, *queue, *self._makers(work), *answers]

    def _offers(self, work: Work) -> Iterator[tuple[Text, str]]:
        marks, id = self._marks, work.id
        if len(work.encoding) > 1:
            yield Text.QUALITY, address.quality(id)
        if work.trailer:
            yield Text.TRAILER, address.trailer(id)
        if marks.forget:
            yield Text.FORGET_BEGUN, marks.forget(id)
        if id in marks.listed:
            yield Text.UNLIST, address.unlist(id)
        else:
            yield Text.ENLIST, address.enlist(id)
        if id in marks.in_library:
            yield Text.REMOVE_FROM_LIBRARY, address.library_remove(id)
        else:
            yield Text.ADD_TO_LIBRARY, address.library_add(id)
        if work.encoding:
            yield Text.TRY_START, address.try_start(id)
        if giving.ways(work, marks.makers):
            yield Text.SUPPORT, address.support(id)

    def _makers(self, work: Work) -> Iterator[Entry]:
        for name, url in credits.of(work, self._marks.makers)[:MAKERS]:
            yield text(Text.MORE_BY, name=name), RUN % url


def call(label: Text, url: str) -> Entry:
    """An entry that calls the add-on, which then shows no list."""
    return text(label), RUN % url
