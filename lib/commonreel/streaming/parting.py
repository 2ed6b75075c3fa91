# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a libtorrent session.

libtorrent's binding destroys a session while it holds Python's lock, and the session's end waits for
trackers, for the disk, and for name look-ups, which nothing can break off: ten seconds without a network, in
which no Python of the whole process goes on. So a session is never destroyed. It is emptied and its doors are
closed; what it still waits for goes on behind Python's back, and its threads end with the process.
"""

from __future__ import annotations

import ctypes
import time
from typing import Any

LOOK = 0.02  # seconds between looks whether trackers have answered
CLOSED = {
    "alert_mask": 0,
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,  # which gives the router its door back
    "enable_natpmp": False,
    "listen_interfaces": "",
    "tick_interval": 10_000,  # milliseconds: it has nothing to look after
}
NOBODY = -1  # in place of a descriptor


def part(session: Any, until: float) -> None:
    """Leave a paused session for good. `until`, monotonic seconds, trackers may hear that its torrents have
    stopped: without its doors it cannot tell them."""
    torrents = session.get_torrents()
    while time.monotonic() < until and any(map(_telling, torrents)):
        time.sleep(LOOK)
    for torrent in torrents:
        session.remove_torrent(torrent)
    session.set_alert_fd(NOBODY)
    session.apply_settings(CLOSED)
    keep(session)


def keep(session: Any) -> None:
    """See that Python never destroys it."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(session))


def _telling(torrent: Any) -> bool:
    """Whether one of its trackers has not answered yet."""
    return any(
        tries["updating"]
        for tracker in torrent.trackers()
        for endpoint in tracker["endpoints"]
        for tries in endpoint["info_hashes"]
    )
