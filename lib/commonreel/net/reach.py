# SPDX-License-Identifier: GPL-3.0-or-later
"""What a host's name leads to, and whether somebody listens there. Light to import."""

from __future__ import annotations

import logging
import socket
from typing import Iterable

from ..works.errors import AddressRefused, FetchFailed
from .address import public

_ABROAD = {  # version of IP → where nobody is, and the way to everybody leads (RFC 5737, 3849)
    4: (socket.AF_INET, ("192.0.2.1", 9)),
    6: (socket.AF_INET6, ("2001:db8::1", 9)),
}

_log = logging.getLogger(__name__)


def listens(host: str, port: int, timeout: float) -> bool:
    """Whether a connection to a host and a TCP port can be made within seconds. Nothing is sent."""
    try:
        socket.create_connection((host, port), timeout).close()
    except (OSError, UnicodeError, OverflowError):
        return False
    return True


def outgoing(version: int) -> list[str]:
    """The address from which this machine reaches the world by that version of IP, 4 or 6; none where it does
    not. Nothing is sent."""
    family, abroad = _ABROAD[version]
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as sock:
            sock.connect(abroad)
            return [str(sock.getsockname()[0])]
    except OSError:
        return []


def resolved(host: str, port: int, local: bool) -> list[tuple[str, int]]:
    """The addresses of a host, for a peer there; with `local`, those of this machine and network too.
    Raises FetchFailed, AddressRefused."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchFailed("peer %s: %s" % (ascii(host), error)) from error
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    allowed = [(each, port) for each in addresses if local or public(each)]
    if not allowed:
        raise AddressRefused("peer %s is not on the public Internet" % ascii(host))
    return allowed


def stated(peers: Iterable[tuple[str, int]], local: bool) -> tuple[tuple[str, int], ...]:
    """The addresses of peers that a link names, as far as they are of use."""
    found: list[tuple[str, int]] = []
    for peer in peers:
        try:
            found += resolved(*peer, local)
        except FetchFailed as error:
            _log.info("%s", error)
    return tuple(found)
