# SPDX-License-Identifier: GPL-3.0-or-later
"""Which addresses may be asked: the URL as it is written, and the IP address it leads to."""

from __future__ import annotations

import ipaddress
import re
from typing import Union
from urllib.parse import urlsplit

from ..works.errors import AddressRefused

MAX_LENGTH = 2048  # characters of a URL

_IPAddress = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

_UNFIT = re.compile(r"[\x00-\x20\x7f\\]")  # parsers disagree about what these mean in a URL
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")  # all that IANA hands out (RFC 4291, 2.4)
_NEAR = (".localhost", ".local", ".internal", ".home.arpa")  # RFC 6761, 6762, 8375
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address


def check(url: str, local: bool) -> None:
    """Refuse a URL that is not plain HTTPS: `https://host[:port]/…`, or `http://` where `local`.

    Raises AddressRefused. What the host's name leads to is checked when it is connected to.
    """
    if len(url) > MAX_LENGTH or _UNFIT.search(url):
        raise AddressRefused("malformed or too long: %s" % shown(url))
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise AddressRefused("malformed: %s" % shown(url)) from error
    if parts.scheme not in (("https", "http") if local else ("https",)):
        raise AddressRefused("not https: %s" % shown(url))
    if not host or "@" in parts.netloc:
        raise AddressRefused("no host, or a user name: %s" % shown(url))


def public(address: str) -> bool:
    """Whether an IP address (as in a socket's address, maybe with a %scope) is on the open Internet.

    Private, loopback, link-local, shared (RFC 6598), multicast and reserved addresses are not, nor
    is an IPv6 address that stands for such an IPv4 address (mapped, 6to4, NAT64).
    """
    try:
        ip = ipaddress.ip_address(address.split("%", 1)[0])
    except ValueError:
        return False
    inner = _inner(ip)
    if inner is not None:
        return _unicast(inner)
    if isinstance(ip, ipaddress.IPv6Address) and ip not in _GLOBAL_UNICAST:
        return False
    return _unicast(ip)


def near(url: str) -> bool:
    """Whether the host of a URL, of any scheme, is on this machine or network, as far as its name tells."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError:
        return True  # not even an address
    if ":" in host or host.replace(".", "").isdigit():
        return not public(host)
    return "." not in host or host.endswith(_NEAR)


def shown(url: str) -> str:
    """The URL as a log may have it: no query, no user name, no line breaks, cut short."""
    text = re.sub(r"//[^/]*@", "//", url.split("?", 1)[0].split("#", 1)[0])
    return ascii(text[:200])[1:-1]


def _inner(ip: _IPAddress) -> ipaddress.IPv4Address | None:
    if not isinstance(ip, ipaddress.IPv6Address):
        return None
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour


def _unicast(ip: _IPAddress) -> bool:
    return ip.is_global and not ip.is_multicast
