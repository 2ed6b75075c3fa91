# SPDX-License-Identifier: GPL-3.0-or-later
"""A work in the player: what of it is remembered, and what comes after it."""

from __future__ import annotations

import logging

from ...works.errors import CommonReelError
from ...works.work import Work
from .. import catalogue, settings, viewer
from ..words.strings import language
from . import upnext
from .next_episode import NextEpisode

log = logging.getLogger(__name__)

# As Kodi has it: where a resume point is worth keeping, and how much of a film is all of it.
BEGUN_SECONDS = 180.0
SEEN_PART = 0.92

NEW, BEGUN, SEEN = "new", "begun", "seen"


class Viewing:
    """From the first picture to the last.

    What it comes to is written down at once, for Kodi may be gone before the film has stopped: that it was
    begun, or that it was seen; the next episode then takes its place among what was begun.
    """

    def __init__(
        self, work: Work, following: Work | None, announced: bool, announcement: NextEpisode | None
    ) -> None:
        """`following`: the next episode of its series. `announced`: whether the viewer is told of it.
        `announcement`: of that, where it is ours to make."""
        self._work = work
        self._following = following
        self.announced = following if announced else None
        self._next = announcement
        self._stage = NEW

    def at(self, position: float, duration: float) -> None:
        """It has come so far; both in seconds, a duration of 0 is not known yet."""
        if duration <= 0:
            return
        self._reach(_stage(position, duration))
        if self._next:
            self._next.at(position, duration)

    @property
    def last_seen(self) -> Work | None:
        """The work, where it was seen to its end and no episode follows it."""
        return self._work if self._stage == SEEN and not self._following else None

    def ended(self) -> None:
        """Nothing more comes of it: as a rule it was played to its end."""
        if self._next:
            self._next.begin()

    def close(self) -> None:
        """It plays no more."""
        if self._next:
            self._next.close()

    def _reach(self, stage: str) -> None:
        if stage == self._stage:
            return
        self._stage = stage
        series = self._work.part_of.series if self._work.part_of else ""
        with catalogue.history() as history:
            if stage == BEGUN:
                history.began(self._work.id, series)
            elif stage == SEEN:
                history.ended(self._work.id)
                history.saw(self._work.id)
                if self._following:
                    history.began(self._following.id, series)


def begin(work_id: str) -> Viewing | None:
    """The work with that id begins to play; None where that is no work of the catalogue."""
    if not work_id:
        return None
    chosen = settings.read()
    try:
        with catalogue.store() as store:
            work = store.work(work_id)
            who = viewer.now()
            following = store.next_episode(work, who.country, who.level)
    except CommonReelError as error:
        log.info("not remembered: %s", error)
        return None
    announcement = None
    if following and chosen.next_episode:
        if upnext.installed():
            upnext.announce(_series(work), work, following)
        else:
            announcement = NextEpisode(following)
    return Viewing(work, following, chosen.next_episode, announcement)


def _series(work: Work) -> str:
    """The title of an episode's series, '' where that is not in the catalogue."""
    try:
        with catalogue.store() as store:
            return store.work(work.part_of.series if work.part_of else "").title(language())
    except CommonReelError as error:
        log.info("a series without a title: %s", error)
        return ""


def _stage(position: float, duration: float) -> str:
    if position >= SEEN_PART * duration:
        return SEEN
    return BEGUN if position >= BEGUN_SECONDS else NEW
