# SPDX-License-Identifier: GPL-3.0-or-later
"""A build of a catalogue as the DHT tells of it, and the torrent that it names: no host is needed for it."""

from __future__ import annotations

import json
from typing import Callable

from ..catalog.mirror import TIMESTAMP
from ..net import reach
from ..works import pointer
from ..works.errors import CommonReelError, DhtOff, FetchFailed, TooLarge
from ..works.pointer import Item, Pointer
from ..works.protocols import Engine
from .snapshot import Snapshot

LOOK_SECONDS = 60.0


class Announced:
    """A works.protocols.Transport, of the metadata: its timestamp names the torrent that has all the rest."""

    def __init__(
        self, engine: Callable[[], Engine], pointer: Pointer, held: Callable[[], bytes] = bytes
    ) -> None:
        """`engine`: called when there is something to ask. `held`: the timestamp that is trusted so far."""
        self.name = "DHT key " + pointer.key
        self._engine = engine
        self._pointer = pointer
        self._held = held
        self._item: Item | None = None
        self._snapshot: Snapshot | None = None

    def get(self, path: str, limit: int) -> bytes:
        if not path.startswith("metadata/"):
            raise FetchFailed("%s tells of metadata alone" % self.name)
        item = self._item or self._look()
        if path == TIMESTAMP:
            if len(item.timestamp) > limit:
                raise TooLarge("%s: over %d bytes" % (path, limit))
            return item.timestamp
        if path.endswith(".root.json") and item.timestamp == self._held():
            raise FetchFailed("nothing new", 404)  # whoever has the torrent may be away: no matter
        return self._torrent(item).get(path, limit)

    def _look(self) -> Item:
        asked = self._pointer
        try:
            engine = self._engine()
            found = engine.item(
                bytes.fromhex(asked.key), bytes.fromhex(asked.salt), LOOK_SECONDS, self._peers()
            )
            item = pointer.read(found.value)
        except (FetchFailed, DhtOff):
            raise
        except CommonReelError as error:
            raise FetchFailed("%s: %s" % (self.name, error)) from error
        if found.number < _version(self._held()):
            raise FetchFailed("%s: what the DHT has is older than what is here" % self.name)
        self._item = item
        return item

    def _torrent(self, item: Item) -> Snapshot:
        if not self._snapshot:
            self._snapshot = Snapshot(self._engine, item.info_hash, (), False, self._peers())
        return self._snapshot

    def _peers(self) -> tuple[tuple[str, int], ...]:
        return reach.stated(self._pointer.peers, False)


def _version(timestamp: bytes) -> int:
    """0 where there is none."""
    return int(json.loads(timestamp)["signed"]["version"]) if timestamp else 0
