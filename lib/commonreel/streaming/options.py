# SPDX-License-Identifier: GPL-3.0-or-later
"""How the BitTorrent session behaves: the user's choices, and the settings that were measured to be
best for streaming."""

from __future__ import annotations

from dataclasses import dataclass

# Where no source of a public torrent may be: this machine and its network (RFC 6890, RFC 4291). A
# torrent could else make us talk to the router or to a printer. First and last address of each range.
NOT_PUBLIC = (
    ("0.0.0.0", "0.255.255.255"),  # noqa: S104 (a range to refuse)
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("224.0.0.0", "255.255.255.255"),
    ("::", "::1"),
    ("::ffff:0:0", "::ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),  # 6to4: holds an IPv4 address
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fe80::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
)


@dataclass(frozen=True)
class EngineOptions:
    """The user's choices."""

    listen: str = "0.0.0.0:0,[::]:0"  # interfaces and ports; a fresh port each time
    upload_rate: int = 0  # bytes a second; 0: no limit
    share: bool = True  # give to others, while watching and after
    connections: int = 60
    dht: bool = True
    upnp: bool = True
    user_agent: str = "CommonReel"
    peer_fingerprint: str = "-CR0100-"


def adjustable(options: EngineOptions, local: bool) -> dict[str, object]:
    """libtorrent's settings that follow the user's choices while it runs.

    A local work is not announced to the world.
    """
    return {
        "enable_dht": options.dht and not local,
        "enable_lsd": False,  # the peers it finds are on the local network
        "enable_upnp": options.upnp and not local,
        "enable_natpmp": options.upnp and not local,
        "connections_limit": options.connections,
        "upload_rate_limit": options.upload_rate,
        "unchoke_slots_limit": 8 if options.share else 0,
        "allowed_fast_set_size": 5 if options.share else 0,  # pieces given to who is choked (BEP 6)
    }


def settings(options: EngineOptions, local: bool) -> dict[str, object]:
    """libtorrent's settings to start with. `local`: for works whose sources may be on this network."""
    return {
        **adjustable(options, local),
        "alert_queue_size": 20000,
        "listen_interfaces": options.listen,
        "user_agent": options.user_agent,
        "peer_fingerprint": options.peer_fingerprint,
        # The first tracker of a list may be long dead.
        "announce_to_all_tiers": True,
        # Several viewers, or several of our own seeders in a test, may share one address.
        "allow_multiple_connections_per_ip": True,
        # A uTP attempt before each TCP one more than doubles the time to the first byte; see LATE_UTP.
        "enable_outgoing_utp": False,
        # Seconds until a peer that has gone is tried again: a minute, else, which a film cannot wait.
        "min_reconnect_time": 5,
        # What is in flight cannot be taken back: the less, the sooner a seek is served.
        "request_queue_time": 1,
        "urlseed_max_request_bytes": 1 << 20,
        "urlseed_pipeline_size": 1,
        # Whenever all that is wanted is here the torrent counts as finished, and would drop its seeds
        # just before the next seek needs them.
        "close_redundant_connections": False,
        # Peers that are given with a torrent, and web seeds, wait for a tick: half a second, else.
        "tick_interval": 100,
        # Destroying the session waits that many seconds for trackers.
        "stop_tracker_timeout": 1,
    }
