# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a libtorrent session.

libtorrent's binding destroys a session while it holds Python's lock, and that waits for whatever is under way:
trackers that are told of the end, the disk, and look-ups of names, which nothing can break off (ten seconds
without a network). No Python of the whole process goes on meanwhile. So a session is emptied first, and
destroyed only when it has come to rest: that takes milliseconds. One that does not in time is left as it is,
never to be destroyed: its threads idle until the process ends.
"""

from __future__ import annotations

import ctypes
import time
from typing import Any

from . import adding
from .options import EVERYWHERE

LOOK = 0.01  # seconds between looks whether it has come to rest
_DOORS = {"enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False}
# The question below needs a door, and no proxy between: it goes nowhere.
_ALONE = {**_DOORS, "listen_interfaces": "127.0.0.1:0", "proxy_type": 0}
_CLOSED = {
    "alert_mask": 0,
    "listen_interfaces": "",
    "tick_interval": 10_000,  # milliseconds: it has nothing to look after
}
# An address for the system's look-up, without a name server, and a name for libtorrent, which has one thread
# for all look-ups: this one is done when those before it are.
_LAST_NAME = "http://127.1:9/announce"
_NOBODY = -1  # in place of a descriptor


def come_to_rest(lt: Any, session: Any, until: float) -> bool:
    """Empty a paused session. Whether nothing was under way any more at `until`, monotonic seconds, or before:
    then it can be destroyed. `lt`: the libtorrent module."""
    torrents = session.get_torrents()
    while any(map(_tells, torrents)) and time.monotonic() < until:
        time.sleep(LOOK)
    for torrent in torrents:
        session.remove_torrent(torrent)
    adding.set_filters(lt, session, EVERYWHERE)
    session.apply_settings(_ALONE)
    question = _ask(lt, session)
    looking_up = writing = True
    while looking_up or writing:
        if time.monotonic() >= until:
            return False
        session.post_session_stats()
        time.sleep(LOOK)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.session_stats_alert):
                writing = alert.values["disk.num_jobs"] > 0
            elif isinstance(alert, lt.scrape_failed_alert) and alert.handle == question:
                looking_up = False
    return True


def leave(session: Any) -> None:
    """See that Python never destroys it, and that it does nothing more."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(session))
    session.set_alert_fd(_NOBODY)
    session.apply_settings({**_DOORS, **_CLOSED})


def _tells(torrent: Any) -> bool:
    """Whether one of its trackers is still told that it stops. (Whatever else trackers are asked for libtorrent
    breaks off.)"""
    return any(
        told["updating"] and told["start_sent"]
        for tracker in torrent.trackers()
        for endpoint in tracker["endpoints"]
        for told in endpoint["info_hashes"]
    )


def _ask(lt: Any, session: Any) -> Any:
    """Have a name looked up, behind all others; the torrent whose tracker it is said to be."""
    wanted = adding.metadata(lt, "0" * 39 + "1", [_LAST_NAME])
    wanted.save_path = "."  # nothing is written
    wanted.flags |= lt.torrent_flags.paused
    question = session.add_torrent(wanted)
    question.scrape_tracker(0)
    return question
