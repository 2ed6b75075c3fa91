# SPDX-License-Identifier: GPL-3.0-or-later
"""One look for what is new in a catalogue that is followed, by every way that leads to it."""

from __future__ import annotations

import time
from typing import Callable, NamedTuple

from ..catalog import updating
from ..catalog.following import Followed, State
from ..catalog.mirror import Mirror
from ..catalog.store import Store
from ..catalog.updating import Updated
from ..catalog.verified import Verified
from ..net import reach
from ..net.fetch import Fetcher
from ..works import magnet, pointer
from ..works.pointer import Pointer
from ..works.protocols import Engine
from .announced import Announced
from .snapshot import Snapshot


class Look(NamedTuple):
    state: State  # but for when to look again
    updated: Updated


def look(
    followed: Followed,
    before: State,
    store: Store,
    fetcher: Fetcher,
    engine: Callable[[], Engine],
    go_on: Callable[[], None],
) -> Look:
    """Take over what is new into the store. `engine`: called when no host has something. `go_on` is called
    often, and raises what is to end it.

    The hosts are asked first, then the torrent that the timestamp names; the DHT where no host has answered.
    Raises CatalogueRefused, CatalogueUnavailable, ServiceUnavailable, OSError.
    """
    verified: Verified[Mirror | Announced]

    def held() -> bytes:
        return verified.timestamp()

    hosts = [
        Mirror(address, fetcher, before.tag if address == before.mirror else "", held)
        for address in dict.fromkeys([followed.address, *followed.mirrors, *before.mirrors])
        if not magnet.is_magnet(address)
    ]
    named = _pointers(followed, before)
    verified = Verified(followed, [*hosts, *(Announced(engine, each, held) for each in named)])
    used = verified.refresh()
    if verified.torrent():
        peers = reach.stated((peer for each in named for peer in each.peers), False)
        verified.add(Snapshot(engine, verified.torrent(), before.trackers, followed.local, peers))
    updated = updating.update(followed, verified, store, time.localtime().tm_year, go_on)
    state = State(
        **vars(updated.about),
        checked=time.time(),
        mirror=used.folder if isinstance(used, Mirror) else "",
        tag=used.tag if isinstance(used, Mirror) else "",
    )
    return Look(state, updated)


def _pointers(followed: Followed, before: State) -> list[Pointer]:
    """Its keys in the DHT: that by which it was followed, and that which it names itself."""
    links = [each for each in (followed.address, before.dht) if magnet.is_magnet(each)]
    found: dict[tuple[str, str], Pointer] = {}
    for each in map(pointer.parse, links):
        found.setdefault((each.key, each.salt), each)
    return list(found.values())
