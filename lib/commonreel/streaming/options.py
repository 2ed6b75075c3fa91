# SPDX-License-Identifier: GPL-3.0-or-later
"""How the BitTorrent session behaves: the user's choices, and the settings that were measured to be
best for streaming."""

from __future__ import annotations

from dataclasses import dataclass, field

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


ALL_IPV4 = ("0.0.0.0", "255.255.255.255")  # noqa: S104 (a range to refuse)
ALL_IPV6 = ("::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")
EVERYWHERE = (ALL_IPV4, ALL_IPV6)

# Milliseconds: half a second, else. Peers that are given with a torrent, and web seeds, wait for a tick; so
# does, where upload is limited, each message that is sent, and a start takes four of them.
TICK, TICK_IN_NEED = 100, 20
RECONNECT = 5  # seconds until a peer that has gone is called again: a minute, else, which no film can wait
# libtorrent's proxy_type_t: without a user name, and with one
PROXIES = {"socks5": (2, 3), "http": (4, 5)}
# libtorrent's enc_policy, of connections that go out and that come in
ENCRYPTION = {"required": 0, "allowed": 1, "off": 2}
_ONLY_RC4, _ANY_LEVEL = 2, 3  # libtorrent's enc_level


@dataclass(frozen=True)
class Proxy:
    """What all of BitTorrent goes through, and nothing goes round."""

    kind: str = ""  # socks5 (RFC 1928, 1929) | http (CONNECT) | '' for none
    host: str = ""
    port: int = 0
    user: str = ""  # '' for a proxy that asks for none
    password: str = field(default="", repr=False)  # kept out of logs


@dataclass(frozen=True)
class EngineOptions:
    """The user's choices."""

    web_only: bool = False  # films come from web servers alone: nothing goes to other viewers, or comes
    listen: str = "0.0.0.0:0,[::]:0"  # addresses and ports; a fresh port each time
    upload_rate: int = 0  # bytes a second; 0: no limit
    share: bool = True  # give to others, while watching and after
    ratio: float = 2.0  # times what was taken that is given of a film; 0: no limit
    hours: float = 24.0  # for which a film is given after it was last watched; 0: no limit
    quiet: tuple[int, int] = (0, 0)  # from, until: minutes of the local day in which nothing is given
    connections: int = 60
    interface: str = ""  # the address or device that alone is used; '' for whichever there is
    proxy: Proxy = Proxy()
    encryption: str = "allowed"  # between peers: allowed | required | off
    dht: bool = True
    dht_nodes: str = ""  # HOST:PORT, with commas between: whom to ask first; '' for libtorrent's own
    lsd: bool = False  # find peers on the local network, for works whose sources may be there
    upnp: bool = True  # ask the router to let others in (UPnP, NAT-PMP)
    ipv6: bool = True
    user_agent: str = "CommonReel"
    peer_fingerprint: str = "-CR0100-"

    @property
    def utp(self) -> bool:
        """Whether connections over UDP may be made: not every proxy passes them on."""
        return not self.proxy.kind


def refused(options: EngineOptions, local: bool) -> tuple[tuple[str, str], ...]:
    """The ranges of addresses where no source may be, first and last."""
    return (() if local else NOT_PUBLIC) + (() if options.ipv6 else (ALL_IPV6,))


def uses_dht(options: EngineOptions, local: bool) -> bool:
    """Whether a session may take part in the DHT, which no proxy passes on, and which is the world."""
    return options.dht and not options.proxy.kind and not local


def route(options: EngineOptions) -> dict[str, object]:
    """libtorrent's settings of the way that everything goes.

    A proxy is the only way: libtorrent neither lets peers in beside it nor looks names up, and what
    would go round it (DHT, router, local network, UDP to peers) is off in adjustable(). It hides this
    device's own addresses too, which trackers and peers would be told.
    """
    proxy = options.proxy
    kinds = PROXIES.get(proxy.kind, (0, 0))
    return {
        "listen_interfaces": _listen(options),
        "outgoing_interfaces": options.interface,
        "proxy_type": kinds[bool(proxy.user)],
        "proxy_hostname": proxy.host,
        "proxy_port": proxy.port,
        "proxy_username": proxy.user,
        "proxy_password": proxy.password,
        "proxy_hostnames": True,
        "proxy_peer_connections": True,  # web seeds too
        "proxy_tracker_connections": True,
        "anonymous_mode": bool(proxy.kind),
        "enable_incoming_utp": options.utp,
    }


def _listen(options: EngineOptions) -> str:
    if options.interface:
        return ("[%s]:0" if ":" in options.interface else "%s:0") % options.interface
    places = options.listen.split(",")
    return ",".join(place for place in places if options.ipv6 or not place.startswith("["))


def adjustable(options: EngineOptions, local: bool) -> dict[str, object]:
    """libtorrent's settings that follow the user's choices while it runs; giving() is the other part.

    A local work is not announced to the world.
    """
    direct = not options.proxy.kind
    return {
        **route(options),
        "enable_dht": uses_dht(options, local),
        "enable_lsd": options.lsd and direct and local,  # the peers it finds are on the local network
        "enable_upnp": options.upnp and direct and not local,
        "enable_natpmp": options.upnp and direct and not local,
        "connections_limit": options.connections,
        "upload_rate_limit": options.upload_rate,
        "out_enc_policy": ENCRYPTION[options.encryption],
        "in_enc_policy": ENCRYPTION[options.encryption],
        "allowed_enc_level": _ONLY_RC4 if options.encryption == "required" else _ANY_LEVEL,
    }


def giving(allowed: bool) -> dict[str, object]:
    """libtorrent's settings to give to others, or nothing at all."""
    return {
        "unchoke_slots_limit": 8 if allowed else 0,
        "allowed_fast_set_size": 5 if allowed else 0,  # pieces given to who is choked (BEP 6)
    }


def settings(options: EngineOptions, local: bool) -> dict[str, object]:
    """libtorrent's settings to start with. `local`: for works whose sources may be on this network."""
    return {
        **adjustable(options, local),
        **({"dht_bootstrap_nodes": options.dht_nodes} if options.dht_nodes else {}),
        "alert_queue_size": 20000,
        "user_agent": options.user_agent,
        "peer_fingerprint": options.peer_fingerprint,
        # The first tracker of a list may be long dead.
        "announce_to_all_tiers": True,
        # Several viewers, or several of our own seeders in a test, may share one address.
        "allow_multiple_connections_per_ip": True,
        # A uTP attempt before each TCP one more than doubles the time to the first byte; see LATE_UTP.
        "enable_outgoing_utp": False,
        "min_reconnect_time": RECONNECT,
        # Else an upload limit counts what TCP acknowledges: 500 kB/s of it let a film in with 15 MB/s.
        "rate_limit_ip_overhead": False,
        # Seconds until who never answers counts as such: a minute, else, and a piece that several
        # such peers have been asked for one after the other stands still that long.
        "request_timeout": 4,
        # What a peer is already sending cannot be taken back: the less, the sooner a seek is served.
        "request_queue_time": 1,  # seconds, while somebody is in need: see swarm.Pace
        # A slow peer must not be left alone with the piece that somebody waits for.
        "whole_pieces_threshold": 0,
        "urlseed_max_request_bytes": 1 << 20,
        "urlseed_pipeline_size": 1,
        # Whenever all that is wanted is here the torrent counts as finished, and would drop its seeds
        # just before the next seek needs them.
        "close_redundant_connections": False,
        "tick_interval": TICK,
        # Seconds that a tracker has for hearing that a torrent stops: the session's end waits for it.
        "stop_tracker_timeout": 1,
    }
