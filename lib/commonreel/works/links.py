# SPDX-License-Identifier: GPL-3.0-or-later
"""The addresses that torrents and magnet links state: of trackers and of web seeds."""

from __future__ import annotations

import re
from itertools import islice
from typing import Iterable, Sequence
from urllib.parse import quote, unquote, urlsplit

MAX_ADDRESSES = 64  # of trackers, and of web seeds
MAX_ADDRESS = 2048  # characters

TRACKERS = ("http", "https", "udp", "wss")  # schemes
WEB = ("http", "https")

MAX_GIVING = 300  # characters of an address to give at: what fits into a QR code

_PAYEE = re.compile(
    r"https://(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?=[/?#]|\Z)",
    re.ASCII | re.IGNORECASE,
)
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


def payee(address: str) -> bool:
    """Whether an address shows whom is given to: https, at a host by its ASCII name and nothing that hides
    it: no user name, port, number or look-alike, and no other address within, to be sent on to."""
    host = _PAYEE.match(address)
    if not host or len(address) > MAX_GIVING or well_formed(address, ("https",)) != address:
        return False
    return "//" not in unquote(unquote(address[host.end() :]))


def concealed(address: str) -> str:
    """Why an address does not show whom is given to, in English; '' if it does."""
    if payee(address):
        return ""
    if len(address) > MAX_GIVING:
        return "longer than %d characters" % MAX_GIVING
    scheme, at, rest = address.partition("://")
    if not at:
        return "no address on the web"
    if scheme.lower() != "https":
        return "not https"
    host, end, path = re.split(r"([/?#]|\Z)", rest, maxsplit=1)
    if "@" in host:
        return "a user name hides its host"
    if not host.isascii() or "xn--" in host.lower():
        return "a host of other letters than ASCII, which can look like another"
    if re.search(r":[0-9]*\Z", host) and not host.startswith("["):
        return "a port after its host"
    if not _PAYEE.match("https://" + host):
        return "no host by its name"
    if "//" in unquote(unquote(end + path)):
        return "another address within, to be sent on to"
    return "malformed"
