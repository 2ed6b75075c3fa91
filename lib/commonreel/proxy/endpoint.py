# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a server is: a host and a port, as they are written in addresses and in the Host header."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

_WRITTEN = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9A-Za-z._-]{1,253}))(?::(0|[1-9][0-9]{0,4}))?")


class Endpoint(NamedTuple):
    """A host, a number in its shortest form or a name in lower case, and a TCP port."""

    host: str
    port: int

    @classmethod
    def parse(cls, text: str, port: int | None = None) -> Endpoint:
        """From 192.0.2.1:8090, [2001:db8::1]:8090 or nas.lan:8090; `port` is for a text without one.

        Raises ValueError.
        """
        match = _WRITTEN.fullmatch(text)
        given = match and (match.group(3) or port)
        if match is None or given is None or int(given) > 0xFFFF:
            raise ValueError("not ADDRESS:PORT: %.200r" % text)
        number, name = match.group(1), match.group(2)
        return cls(ipaddress.IPv6Address(number).compressed if number else name.lower(), int(given))

    @classmethod
    def of(cls, name: tuple[str, int]) -> Endpoint:
        """Of a socket's own name; an IPv4 address that an IPv6 socket has taken is an IPv4 address."""
        address = ipaddress.ip_address(name[0].partition("%")[0])
        mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
        return cls((mapped or address).compressed, name[1])

    @property
    def numeric(self) -> bool:
        """Whether the host is an address, and no name."""
        try:
            return bool(ipaddress.ip_address(self.host))
        except ValueError:
            return False

    def __str__(self) -> str:
        return ("[%s]:%d" if ":" in self.host else "%s:%d") % (self.host, self.port)
