# SPDX-License-Identifier: GPL-3.0-or-later
"""The network that the user wants films to come and go by: whether it is there."""

from __future__ import annotations

import socket

from ..works.errors import InterfaceMissing, ProxyMissing
from .options import EngineOptions


def check(options: EngineOptions) -> None:
    """Raises InterfaceMissing, ProxyMissing: then nothing may go out, since it would go elsewhere."""
    if options.interface and not present(options.interface):
        raise InterfaceMissing(options.interface)
    proxy = options.proxy
    if proxy.kind and not (proxy.host and 0 < proxy.port < 1 << 16):
        raise ProxyMissing("%s %r, port %d" % (proxy.kind, proxy.host, proxy.port))


def present(interface: str) -> bool:
    """Whether this device has such an address (IPv4, IPv6), or a network device of that name."""
    family = socket.AF_INET6 if ":" in interface else socket.AF_INET
    try:
        address = socket.inet_pton(family, interface)
    except (OSError, ValueError):
        return _is_device(interface)
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as tried:
            tried.bind((socket.inet_ntop(family, address), 0))
    except OSError:
        return False
    return True


def _is_device(name: str) -> bool:
    try:
        socket.if_nametoindex(name)
    except (OSError, ValueError):  # ValueError: no name of a device can look like that
        return False
    return True
