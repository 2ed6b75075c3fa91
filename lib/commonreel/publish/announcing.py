# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells the DHT which build of a catalogue is the newest, and gives that build to others (BEP 44, 46)."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ..works import folder, pointer
from ..works.pointer import Item, Pointer
from . import dht, keys, shelf
from .repository import SNAPSHOT, Repository
from .seeding import Seeding
from .shelf import Shelved

HOUR = 3600.0  # nodes forget an item after two (BEP 44)
ENOUGH = 4  # nodes that have taken it; where it is fewer, it is put again soon
SOON = 2.0, 60.0  # seconds until then, at first and at most
PUT_SECONDS = 20.0


class Announcing:
    """Of one catalogue's folder, which may get new builds meanwhile."""

    def __init__(
        self, out: Path, key: Ed25519PrivateKey, seeding: Seeding, nodes: Sequence[tuple[str, int]] = ()
    ) -> None:
        """`nodes`: addresses of some who take part in the DHT, beside those of `seeding`. Raises ValueError
        where the catalogue names another key, or is none, OSError."""
        self._out = out
        self._key = key
        self.pointer = _pointer(out, keys.public(key).hex())
        self._seeding = seeding
        self._nodes = nodes
        self._timestamp = b""
        self._shelved: Shelved | None = None
        self._due = 0.0
        self._pause = SOON[0]
        self._thread: threading.Thread | None = None
        self._told: list[Mapping[str, object]] = []

    def tick(self) -> Sequence[Mapping[str, object]]:
        """Do what is due; what has come of it since the last time. Raises ValueError, OSError for a folder
        that does not hold together."""
        self._take_up()
        now = time.monotonic()
        if self._shelved and now >= self._due and not (self._thread and self._thread.is_alive()):
            self._due = now + HOUR
            self._thread = threading.Thread(
                target=self._put,
                args=(self._shelved, self._timestamp),
                name="commonreel-announcing",
                daemon=True,
            )
            self._thread.start()
        told, self._told = self._told, []
        return told

    def _take_up(self) -> None:
        """The build that lies in the folder now, if it is another."""
        timestamp = (self._out / "metadata" / "timestamp.json").read_bytes()
        if timestamp == self._timestamp:
            return
        found = shelf.shelved(self._out / SNAPSHOT)
        if found.meta.info_hash != json.loads(timestamp)["signed"].get("torrent"):
            return  # it is just being written
        self._seeding.add(found)
        if self._shelved and self._shelved.meta.info_hash != found.meta.info_hash:
            self._seeding.remove(self._shelved.meta.info_hash)
        self._timestamp, self._shelved, self._due = timestamp, found, 0.0
        self._pause = SOON[0]

    def _put(self, shelved: Shelved, timestamp: bytes) -> None:
        version = int(json.loads(timestamp)["signed"]["version"])
        item = Item(shelved.meta.info_hash, timestamp)
        salt = bytes.fromhex(self.pointer.salt)
        told: dict[str, object] = {"version": version, "info_hash": item.info_hash, "link": self.pointer.link}
        try:
            put = dht.signed(self._key, salt, version, pointer.value(item))
            place = dht.place(keys.public(self._key), salt)
            own = self._seeding.nodes
            known = [*own, *self._nodes]
            outcome = dht.put(put, place, known, PUT_SECONDS, [host for host, _ in own])
            told.update(outcome._asdict())
        except (OSError, ValueError) as error:
            told["error"] = str(error)
        if int(str(told.get("stored", 0))) < ENOUGH:
            self._due = min(self._due, time.monotonic() + self._pause)
            self._pause = min(2 * self._pause, SOON[1])
        self._told.append(told)


def _pointer(out: Path, key: str) -> Pointer:
    """Where the catalogue says itself that the DHT tells of it; under that key alone, where it does not."""
    signed = Repository(out).signed()
    if not signed:
        raise ValueError("%s: no catalogue" % out)
    said = json.loads(Repository(out).content(signed)[folder.ABOUT]).get("dht") or {"key": key}
    if said["key"] != key:
        raise ValueError("the catalogue names another key, %s: build it with --dht-key" % said["key"])
    return Pointer(key, said.get("salt", ""))
