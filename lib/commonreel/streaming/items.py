# SPDX-License-Identifier: GPL-3.0-or-later
"""What the owners of keys have put into the DHT (BEP 44)."""

from __future__ import annotations

import threading
import time
from typing import Any, Sequence

from ..works.errors import NoSource, StreamClosed
from ..works.protocols import SignedItem

AGAIN = 4.0  # seconds: a session that has just begun knows nobody yet


class Items:
    """Looks for them with one libtorrent session, which believes no signature that is wrong."""

    def __init__(self, lt: Any, session: Any, alerts: int) -> None:
        """`lt`: the libtorrent module. `alerts`: the kinds that the session tells of."""
        self.session = session  # None when it has ended
        self._alerts = alerts
        self._of_dht = alerts | lt.alert_category.dht
        self._changed = threading.Condition()
        self._searches: list[_Search] = []
        self._stopped = False

    def get(
        self, key: bytes, salt: bytes, timeout: float, nodes: Sequence[tuple[str, int]] = ()
    ) -> SignedItem:
        """The newest of that key. `nodes`: addresses of some who take part in the DHT. Raises NoSource where
        there is none in `timeout` seconds, StreamClosed."""
        search, until = _Search(key, salt), time.monotonic() + timeout
        with self._changed:
            if self._stopped:
                raise StreamClosed("the engine is closed")
            self._searches.append(search)
            self.session.apply_settings({"alert_mask": self._of_dht})
            try:
                for node in nodes:
                    self.session.add_dht_node(node)
                while not search.done and not self._stopped and time.monotonic() < until:
                    self.session.dht_get_mutable_item(key, salt)
                    pause = min(AGAIN, max(0.0, until - time.monotonic()))
                    self._changed.wait_for(lambda: search.done or self._stopped, pause)
            finally:
                self._searches.remove(search)
                if not self._searches and not self._stopped:
                    self.session.apply_settings({"alert_mask": self._alerts})
        if search.best is None:
            raise NoSource("the DHT has nothing under the key " + key.hex())
        return search.best

    def heard(self, alert: Any) -> None:
        """Somebody has answered, or all have."""
        with self._changed:
            for search in self._searches:
                search.take(alert)
            self._changed.notify_all()

    def stop(self) -> None:
        """Wake everybody who waits."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()


class _Search:
    """One that is under way."""

    def __init__(self, key: bytes, salt: bytes) -> None:
        self._of = (key, salt)
        self._over = False
        self.best: SignedItem | None = None

    @property
    def done(self) -> bool:
        """Whether all have answered who are near, and one of them had it."""
        return self._over and self.best is not None

    def take(self, alert: Any) -> None:
        if (alert.key, alert.salt) != self._of:
            return
        self._over = bool(alert.authoritative)
        if alert.item and (self.best is None or alert.seq > self.best.number):
            self.best = SignedItem(int(alert.seq), alert.item)
