# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses that torrents and magnet links state: of trackers and of web seeds."""

from __future__ import annotations

import re
from itertools import islice
from typing import Iterable, Sequence
from urllib.parse import quote, urlsplit

MAX_ADDRESSES = 64  # of trackers, and of web seeds
MAX_ADDRESS = 2048  # characters

TRACKERS = ("http", "https", "udp", "wss")  # schemes
WEB = ("http", "https")

_HOST = re.compile(r"[\w.:-]+", re.ASCII)
_URL_CHARACTERS = "%/?#[]@!$&'()*+,;=:~"


def several(texts: Iterable[str], schemes: Sequence[str]) -> tuple[str, ...]:
    """The well-formed ones, each once, in order: torrents carry junk like '' and '/12/items/'."""
    found = (well_formed(text, schemes) for text in islice(texts, MAX_ADDRESSES))
    return tuple(dict.fromkeys(address for address in found if address))


def well_formed(text: str, schemes: Sequence[str]) -> str:
    """`text` as a URL in ASCII, '' if it is none of these schemes with a host (RFC 3986)."""
    text = text.strip(" ")
    # Refused before urlsplit() sees them: it drops tabs and newlines without a word.
    if len(text) > MAX_ADDRESS or any(character < " " for character in text):
        return ""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
        address = quote(text, safe=_URL_CHARACTERS)
    except ValueError:
        return ""
    return address if parts.scheme in schemes and _HOST.fullmatch(host) else ""
