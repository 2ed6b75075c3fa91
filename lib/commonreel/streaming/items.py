# SPDX-License-Identifier: GPL-3.0-or-later
"""What the owners of keys have put into the DHT (BEP 44)."""

from __future__ import annotations

import re
import threading
import time
from typing import Any, Sequence

from ..works.errors import NoSource, StreamClosed
from ..works.protocols import SignedItem

AGAIN = 0.5, 4.0  # seconds until it is asked again, at first and at most: who has just begun knows nobody
SETTLED = (
    3.0  # seconds after an answer in which a newer one may come; nodes that are gone are waited for longer
)
_FIELD = re.compile(r"'(\w+)': '([^']*)'")
_HEX = re.compile(r"([0-9a-f]{2})+")


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
                self._wait(search, until, nodes)
            finally:
                self._searches.remove(search)
                if not self._searches and not self._stopped:
                    self.session.apply_settings({"alert_mask": self._alerts})
        if search.best is None:
            raise NoSource("the DHT has nothing under the key " + key.hex())
        return search.best

    def _wait(self, search: _Search, until: float, nodes: Sequence[tuple[str, int]]) -> None:
        """Ask until somebody answers, then a little longer."""
        pause, last = AGAIN
        while not search.best and not self._stopped and time.monotonic() < until:
            for node in nodes:  # a ping may be lost
                self.session.add_dht_node(node)
            self.session.dht_get_mutable_item(*search.of)
            left = max(0.0, until - time.monotonic())
            self._changed.wait_for(lambda: search.best or self._stopped, min(pause, left))
            pause = min(2 * pause, last)
        self._changed.wait_for(lambda: search.over or self._stopped, SETTLED if search.best else 0.0)

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
        self.of = key, salt
        self.best: SignedItem | None = None
        self.over = False  # whether all who are near have answered, and one of them had it

    def take(self, alert: Any) -> None:
        salt = alert.salt.encode() if isinstance(alert.salt, str) else alert.salt  # libtorrent 2.0's is text
        if (alert.key, salt) != self.of:
            return
        value = _value(alert)
        if value and (self.best is None or alert.seq > self.best.number):
            self.best = SignedItem(int(alert.seq), value)
        self.over = self.best is not None and bool(alert.authoritative)


def _value(alert: Any) -> object:
    """The item that an alert brings; empty where there is none.

    libtorrent 2.0 takes each for a string before Python gets it, and fails with a dictionary. But it writes
    one out for the log: strings in quotes, as hexadecimal digits where they are not of ASCII alone.
    """
    try:
        return alert.item
    except RuntimeError:
        fields = _FIELD.findall(alert.message().partition("[ {")[2])
        return {name.encode(): _bytes(text) for name, text in fields}


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text) if _HEX.fullmatch(text) else text.encode()
