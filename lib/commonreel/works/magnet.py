# SPDX-License-Identifier: GPL-3.0-or-later
"""Magnet links of torrents (BEP 9, 52; web seeds as in BEP 19)."""

from __future__ import annotations

import base64
import contextlib
import re
from dataclasses import dataclass
from typing import Callable, Iterable, Iterator, Sequence
from urllib.parse import parse_qsl, quote

from . import links
from .errors import TorrentInvalid

MAX_LINK = 16 << 10  # characters
MAX_PARAMETERS = 256
MAX_PEERS = 64
MAX_NAME = 255  # characters

_HEX, _BASE32 = re.compile("[0-9a-f]{40}"), re.compile("[a-z2-7]{32}")
_MULTIHASH = re.compile("1220[0-9a-f]{64}")
_NUMBERED = re.compile(r"(xt|tr|ws)\.[0-9]{1,4}")  # of several, as some programs write them
_NOT_SHOWN = re.compile(r"[\x00-\x1f\x7f/\\\ud800-\udfff]")
_PEER = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z._-]{1,253})):([0-9]{1,5})", re.ASCII)


@dataclass(frozen=True)
class Magnet:
    """A torrent by its hash, and where it may be found."""

    info_hash: str  # v1, 40 hex digits; '' for v2 only
    info_hash_v2: str  # 64 hex digits; '' for v1 only
    name: str = ""  # a claim, to be shown only
    trackers: tuple[str, ...] = ()
    web_seeds: tuple[str, ...] = ()
    peers: tuple[tuple[str, int], ...] = ()  # host (name or address) and port

    @property
    def key(self) -> str:
        """The hash by which engine and cache know it: v1's, if it has one."""
        return self.info_hash or self.info_hash_v2


def is_magnet(text: str) -> bool:
    return text[:7].lower() == "magnet:"


def parse(link: str) -> Magnet:
    """What a magnet link says. Raises TorrentInvalid, and never anything else.

    Trackers, web seeds and peers that are malformed are left out; other sources (`as`, `xs`) too, for
    they are no torrent's hash.
    """
    if not is_magnet(link) or len(link) > MAX_LINK:
        raise TorrentInvalid("no magnet link, or over %d characters" % MAX_LINK)
    query = link[7:].partition("#")[0].lstrip("?")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MAX_PARAMETERS)
    except ValueError as error:
        raise TorrentInvalid("a magnet link of over %d parameters" % MAX_PARAMETERS) from error
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        key = key.lower()
        numbered = _NUMBERED.fullmatch(key)
        found.setdefault(numbered[1] if numbered else key, []).append(value)
    topics = [topic.strip().lower() for topic in found.get("xt", [])]
    v1, v2 = _hash(topics, "urn:btih:", _v1), _hash(topics, "urn:btmh:", _v2)
    if not (v1 or v2):
        raise TorrentInvalid("a magnet link without a torrent's hash (xt=urn:btih: or urn:btmh:1220)")
    return Magnet(
        info_hash=v1,
        info_hash_v2=v2,
        name=_NOT_SHOWN.sub("", found.get("dn", [""])[0])[:MAX_NAME].strip(" ."),
        trackers=links.several(found.get("tr", []), links.TRACKERS),
        web_seeds=links.several(found.get("ws", []), links.WEB),
        peers=tuple(dict.fromkeys(_peers(found.get("x.pe", [])[:MAX_PEERS]))),
    )


def peer(text: str) -> tuple[str, int]:
    """HOST:PORT, the host a name or an address, one of IPv6 in brackets. Raises ValueError."""
    found = _PEER.fullmatch(text)
    if not found or not 0 < int(found[3]) < 1 << 16:
        raise ValueError("not HOST:PORT: %.80r" % text)
    return found[1] or found[2], int(found[3])


def link(magnet: Magnet) -> str:
    """The link that says so (BEP 9), but for peers, who come and go."""
    topics = [("urn:btih:", magnet.info_hash), ("urn:btmh:1220", magnet.info_hash_v2)]
    parts = ["xt=" + urn + info_hash for urn, info_hash in topics if info_hash]
    named = [("dn", magnet.name)] if magnet.name else []
    named += [("tr", address) for address in magnet.trackers] + [("ws", url) for url in magnet.web_seeds]
    return "magnet:?" + "&".join(parts + ["%s=%s" % (key, quote(value, safe="")) for key, value in named])


def _peers(texts: Iterable[str]) -> Iterator[tuple[str, int]]:
    for text in texts:
        with contextlib.suppress(ValueError):  # left out, as trackers are
            yield peer(text)


def _hash(topics: Sequence[str], urn: str, read: Callable[[str], str]) -> str:
    """The one hash that topics of this kind state, '' if there are none. Raises TorrentInvalid."""
    found = {read(topic[len(urn) :]) for topic in topics if topic.startswith(urn)}
    if len(found) > 1:
        raise TorrentInvalid("a magnet link of several torrents")
    if any(not info_hash.strip("0") for info_hash in found):
        raise TorrentInvalid("a hash of zeros")
    return found.pop() if found else ""


def _v1(text: str) -> str:
    """40 hex digits, or 32 of Base32 (RFC 4648) as in old links."""
    if _BASE32.fullmatch(text):
        return base64.b32decode(text.upper()).hex()
    if not _HEX.fullmatch(text):
        raise TorrentInvalid("not an info hash: %.80r" % text)
    return text


def _v2(text: str) -> str:
    """A multihash: 12 20 is SHA-256 of 32 bytes."""
    if not _MULTIHASH.fullmatch(text):
        raise TorrentInvalid("not an info hash of v2: %.80r" % text)
    return text[4:]
