# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether somebody listens at an address that the user has typed. Light to import."""

from __future__ import annotations

import socket


def listens(host: str, port: int, timeout: float) -> bool:
    """Whether a connection to a host and a TCP port can be made within seconds. Nothing is sent."""
    try:
        socket.create_connection((host, port), timeout).close()
    except (OSError, UnicodeError, OverflowError):
        return False
    return True
