# SPDX-License-Identifier: GPL-3.0-or-later
"""In which of its encodings a film plays: as the settings say, unless another was chosen for it here."""

from __future__ import annotations

from typing import Collection, Mapping, NamedTuple

from ...catalog.health import Health
from ...works import choose
from ...works.media import suffix
from ...works.work import Encoding, Work
from .. import address, answers, catalogue
from ..api import xbmc, xbmcgui
from ..call import Call
from ..lists import health
from ..words.strings import Text, heading, size, text

SCREEN, SMALLEST = "screen", "smallest"  # of the setting; its other values are lines
CODECS = {
    "av1": "AV1",
    "h264": "H.264",
    "h265": "H.265",
    "hevc": "H.265",
    "mpeg2video": "MPEG-2",
    "mpeg4": "MPEG-4",
    "theora": "Theora",
    "vp8": "VP8",
    "vp9": "VP9",
}


class Quality(NamedTuple):
    """What the viewer wants."""

    lines: int = choose.LINES  # at most, or choose.SMALLEST
    chosen: Mapping[str, str] = {}  # an encoding's key, by the id of its work

    def usual(self, work: Work) -> Encoding:
        """As the settings say. Raises NothingPlayable."""
        return choose.encoding(work, lines=self.lines)

    def encoding(self, work: Work) -> Encoding:
        """The one to play; what was chosen may not be there any more. Raises NothingPlayable."""
        key = self.chosen.get(work.id)
        return next((each for each in work.encoding if each.key == key), None) or self.usual(work)


def wanted(works: Collection[Work]) -> Quality:
    """For these works: nothing is looked up where there is nothing to choose."""
    if all(len(work.encoding) < 2 for work in works):
        return Quality()
    with catalogue.history() as history:
        return Quality(_lines(), history.chosen())


def encoding(work: Work) -> Encoding:
    """The one to play. Raises NothingPlayable."""
    return wanted([work]).encoding(work)


def ask(call: Call) -> None:
    """Ask in which encoding to play a film, remember that, and play it. Raises UnknownWork, WorkWithdrawn,
    NothingPlayable."""
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    now = wanted([work])
    usual, chosen = now.usual(work), now.encoding(work)
    came = health.known_encodings(work)
    keys = ["", *(each.key for each in work.encoding)]
    offers = [_offer(work, number, came.get(each.key)) for number, each in enumerate(work.encoding)]
    offers.insert(0, xbmcgui.ListItem(text(Text.QUALITY_USUAL), _name(work, keys.index(usual.key) - 1)))
    here = keys.index(chosen.key) if work.id in now.chosen else 0
    answer = xbmcgui.Dialog().select(heading(Text.QUALITY), offers, preselect=here, useDetails=True)
    if answer < 0:
        return
    with catalogue.history() as history:
        history.choose(work.id, keys[answer])
    xbmc.executebuiltin("PlayMedia(%s)" % address.play(work.id))


def _lines() -> int:
    chosen = answers.quality()
    if chosen == SMALLEST:
        return choose.SMALLEST
    return int(chosen) if chosen.isdigit() else xbmcgui.getScreenHeight() or choose.LINES


def _offer(work: Work, number: int, came: Health | None) -> xbmcgui.ListItem:
    """'1080p, H.264', and below it '1.4 GB, 2.3 Mbit/s, starts in about 4 s', as far as is known."""
    encoding = work.encoding[number]
    length = encoding.file.length if encoding.file else 0
    facts = [
        size(length) if length else "",
        text(Text.BIT_RATE, rate="%.1f" % (8 * length / work.duration / 1e6))
        if length and work.duration
        else "",
        *health.words(came),
    ]
    return xbmcgui.ListItem(_name(work, number), ", ".join(filter(None, facts)))


def _name(work: Work, number: int) -> str:
    encoding = work.encoding[number]
    lines = text(Text.LINES, lines=encoding.height) if encoding.height else ""
    return ", ".join(filter(None, [lines, _codec(encoding)])) or text(Text.VERSION, number=number + 1)


def _codec(encoding: Encoding) -> str:
    """Of the picture; else what it is kept in."""
    codec = encoding.codec.partition("/")[0]
    container = encoding.container or (suffix(encoding.file.path) if encoding.file else "")
    return CODECS.get(codec.lower(), codec) or container.upper()
