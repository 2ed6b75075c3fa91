# SPDX-License-Identifier: GPL-3.0-or-later
"""How films are to come and go, by the user's settings."""

from __future__ import annotations

from ..streaming.options import EngineOptions, Proxy
from .answers import TAKING, WEB
from .settings import Settings


def streaming(chosen: Settings) -> EngineOptions:
    """What the engine is told."""
    proxy = Proxy(
        kind=chosen.proxy_type,
        host=chosen.proxy_host,
        port=chosen.proxy_port,
        user=chosen.proxy_user,
        password=chosen.proxy_password,
    )
    return EngineOptions(
        upload_rate=chosen.upload_kbps * 1000,
        web_only=chosen.sharing == WEB,
        share=chosen.sharing not in (WEB, TAKING),
        ratio=chosen.share_ratio,
        hours=chosen.share_hours,
        quiet=(_minute(chosen.quiet_from), _minute(chosen.quiet_until)) if chosen.quiet_hours else (0, 0),
        connections=chosen.connections,
        interface=chosen.interface,
        proxy=proxy if chosen.proxy_type != "none" else Proxy(),
        encryption=chosen.encryption,
        dht=chosen.dht,
        lsd=chosen.lsd,
        upnp=chosen.upnp,
        ipv6=chosen.ipv6,
    )


def _minute(text: str) -> int:
    """Of the day, from 'HH:MM'; Kodi keeps no other."""
    hours, minutes = text.split(":")[:2]
    return 60 * int(hours) + int(minutes)
