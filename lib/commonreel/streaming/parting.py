# SPDX-License-Identifier: GPL-3.0-or-later
"""The end of a libtorrent session.

libtorrent's binding destroys a session while it holds Python's lock, and that waits for whatever is under
way: trackers and a router that are told of the end, the disk, and look-ups of names, which nothing can break
off (ten seconds without a network). No Python of the whole process goes on meanwhile. So a session is emptied
first, and destroyed only when it has come to rest: that takes milliseconds. One that does not in time is
abandoned, never to be destroyed: its threads idle until the process ends.
"""

from __future__ import annotations

import time
from typing import Any, Collection

from . import adding
from .options import EVERYWHERE

LOOK = 0.01  # seconds between looks whether it has come to rest
_ROUTER = {"enable_upnp": False, "enable_natpmp": False}
# What is asked last needs a way out, and no proxy on it: it goes nowhere.
_ALONE = {"enable_dht": False, "enable_lsd": False, "listen_interfaces": "127.0.0.1:0", "proxy_type": 0}
_IDLE = {
    "enable_dht": False,
    "enable_lsd": False,
    "alert_mask": 0,
    "listen_interfaces": "",
    "aio_threads": 1,  # of the disk: there are ten, else
    "tick_interval": 10_000,  # milliseconds: it has nothing to look after
}
# The system makes an address of it without a name server. For libtorrent it is a name, and looked up when all
# others have been: it has one thread for that.
_LAST_NAME = "http://127.1:9/announce"
_ANY_HASH = "c0" * 20
_NOBODY = -1  # in place of a descriptor


def take_leave(session: Any) -> None:
    """Have peers, trackers and the router told; returns at once."""
    session.apply_settings(_ROUTER)
    session.pause()


def come_to_rest(lt: Any, session: Any, mapped: Collection[tuple[int, int]], until: float) -> bool:
    """Empty a session that has taken leave. Whether it can be destroyed: nothing is under way any more,
    before `until` (monotonic seconds).

    `lt`: the libtorrent module. `mapped`: the doors that a router had opened and has not been heard to close,
    each its portmap_transport and number.
    """
    torrents = session.get_torrents()
    while any(map(_tells, torrents)):
        if time.monotonic() + LOOK >= until:
            return False
        time.sleep(LOOK)
    for torrent in torrents:
        session.remove_torrent(torrent)
    adding.set_filters(lt, session, EVERYWHERE)
    session.apply_settings(_ALONE)
    last = _ask_last(lt, session)
    # NAT-PMP's answer is not waited for
    open_doors = {(by, number) for by, number in mapped if by == lt.portmap_transport.upnp}
    looking_up = writing = True
    while looking_up or writing or open_doors:
        if time.monotonic() + LOOK >= until:
            return False
        session.post_session_stats()
        time.sleep(LOOK)
        for alert in session.pop_alerts():
            if isinstance(alert, lt.session_stats_alert):
                writing = alert.values["disk.num_jobs"] > 0
            elif isinstance(alert, lt.scrape_failed_alert) and alert.handle == last:
                looking_up = False
            elif isinstance(alert, lt.portmap_error_alert):  # libtorrent says so of a door that was closed
                open_doors.discard((alert.map_transport, alert.mapping))
    return True


def abandon(session: Any) -> None:
    """See that Python never destroys it, and that it does nothing more."""
    import ctypes  # not every Python has it, and few sessions need it

    ctypes.pythonapi.Py_IncRef(ctypes.py_object(session))
    session.set_alert_fd(_NOBODY)
    for torrent in session.get_torrents():
        session.remove_torrent(torrent)
    session.apply_settings(_IDLE)


def _tells(torrent: Any) -> bool:
    """Whether one of its trackers is being told that it stops. What else they are asked is broken off."""
    return any(
        told["updating"] and told["start_sent"]
        for tracker in torrent.trackers()
        for endpoint in tracker["endpoints"]
        for told in endpoint["info_hashes"]
    )


def _ask_last(lt: Any, session: Any) -> Any:
    """Have a name looked up, behind all others. A torrent: when its scrape has failed, that has been done."""
    wanted = adding.metadata(lt, _ANY_HASH, [_LAST_NAME])
    wanted.save_path = "."  # nothing is written
    wanted.flags |= lt.torrent_flags.paused
    torrent = session.add_torrent(wanted)
    torrent.scrape_tracker(0)
    return torrent
