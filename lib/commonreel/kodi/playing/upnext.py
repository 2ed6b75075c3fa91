# SPDX-License-Identifier: GPL-3.0-or-later
"""Up Next, an add-on that announces the next episode: where it is installed, it is told of ours.

It listens for a signal with the data of both episodes: JSON in Base64, in a list (AddonSignals).
"""

from __future__ import annotations

import json
from base64 import b64encode

from ...works.work import PartOf, Work
from .. import address, paths, rpc
from ..api import xbmc
from ..words.strings import language

ID = "service.upnext"


def installed() -> bool:
    """Whether it is there, and enabled."""
    return bool(xbmc.getCondVisibility("System.AddonIsEnabled(%s)" % ID))


def announce(series: str, current: Work, following: Work) -> None:
    """Tell it what plays and what comes next; it asks the viewer, and plays that. `series`: its title."""
    data = {
        "current_episode": _episode(series, current),
        "next_episode": _episode(series, following),
        "play_url": address.play(following.id),
    }
    sender, packed = paths.ADDON_ID + ".SIGNAL", b64encode(json.dumps(data).encode()).decode()
    rpc.ask("JSONRPC.NotifyAll", sender=sender, message="upnext_data", data=[packed])


def _episode(series: str, work: Work) -> dict[str, object]:
    """An episode in its words."""
    place = work.part_of or PartOf()
    return {
        "episodeid": work.id,
        "tvshowid": place.series,
        "title": work.title(language()),
        "showtitle": series,
        "season": place.season,
        "episode": place.episode,
        "plot": work.plot(language()),
        "playcount": 0,
        "rating": 0,
        "firstaired": str(work.year or ""),
        "runtime": work.duration,
        "art": {"thumb": work.poster, "tvshow.fanart": work.fanart},
    }
