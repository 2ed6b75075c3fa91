# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the DHT tells of a catalogue's newest build: under a key, whose owner alone can change what is there
(BEP 44), and which a magnet link names (BEP 46).

What is there is {"ih": info hash of the build as a torrent, "timestamp": the build's timestamp.json}. The
torrent cannot hold the timestamp, which names it; and whoever has that build already sees so at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Mapping, NamedTuple
from urllib.parse import parse_qsl, urlencode

from . import bencode, magnet
from .errors import CatalogueRefused

KEY = re.compile(r"[0-9a-f]{64}")  # an Ed25519 public key
SALT = re.compile(r"([0-9a-f]{2}){0,64}")  # BEP 44: at most 64 bytes
MAX_VALUE = 1000  # bytes (BEP 44)
MAX_PEERS = 8
MAX_PARAMETERS = 32

_URN = "urn:btpk:"


@dataclass(frozen=True)
class Pointer:
    """A key under which to look."""

    key: str  # 64 hexadecimal digits
    salt: str = ""  # hexadecimal: tells apart what one key has put there
    peers: tuple[
        tuple[str, int], ...
    ] = ()  # host and port of those who may have the torrent, and know the DHT

    @property
    def link(self) -> str:
        """The magnet link."""
        peers = [
            ("x.pe", ("[%s]:%d" if ":" in host else "%s:%d") % (host, port)) for host, port in self.peers
        ]
        salt = [("s", self.salt)] if self.salt else []
        return "magnet:?" + urlencode([("xs", _URN + self.key), *salt, *peers], safe=":[]")


class Item(NamedTuple):
    """What is there."""

    info_hash: str
    timestamp: bytes


def parse(link: str) -> Pointer:
    """What a magnet link says. Raises CatalogueRefused."""
    if not magnet.is_magnet(link) or len(link) > magnet.MAX_LINK:
        raise CatalogueRefused("no magnet link, or over %d characters" % magnet.MAX_LINK)
    try:
        pairs = parse_qsl(link[7:].lstrip("?"), max_num_fields=MAX_PARAMETERS)
        peers = tuple(magnet.peer(value) for name, value in pairs if name == "x.pe")
    except ValueError as error:
        raise CatalogueRefused("a magnet link with %s" % error) from error
    said = {name: value.lower() for name, value in pairs if name in ("xs", "s")}
    key, salt = said.get("xs", "").replace(_URN, "", 1), said.get("s", "")
    if not said.get("xs", "").startswith(_URN) or not KEY.fullmatch(key) or not SALT.fullmatch(salt):
        raise CatalogueRefused("a magnet link without a catalogue's key (xs=urn:btpk:…)")
    return Pointer(key, salt, peers[:MAX_PEERS])


def value(item: Item) -> bencode.Value:
    """As it is put there. Raises ValueError for what is too large."""
    made: bencode.Value = {b"ih": bytes.fromhex(item.info_hash), b"timestamp": item.timestamp}
    size = len(bencode.encode(made))
    if size > MAX_VALUE:
        raise ValueError(
            "%d bytes, and the DHT takes %d: has the timestamp several keys?" % (size, MAX_VALUE)
        )
    return made


def read(found: object) -> Item:
    """What somebody has put there. Raises CatalogueRefused."""
    said = found if isinstance(found, Mapping) else {}
    info_hash, timestamp = said.get(b"ih"), said.get(b"timestamp")
    if not isinstance(info_hash, bytes) or not isinstance(timestamp, bytes):
        raise CatalogueRefused("what the DHT has under that key is no catalogue")
    if len(info_hash) != 20 or not 0 < len(timestamp) <= MAX_VALUE:
        raise CatalogueRefused("what the DHT has under that key has no size of a catalogue's")
    return Item(info_hash.hex(), timestamp)
