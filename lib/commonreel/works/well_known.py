# SPDX-License-Identifier: GPL-3.0-or-later
"""What a maker's own site says: whose key is theirs, and which pages they ask for gifts on.

https://HOST/.well-known/commonreel.json (RFC 8615), where nobody writes but who has the host:

    {"v": 1, "keys": [fingerprint, …], "funding": [address, …]}

A key's fingerprint is the SHA-256 of its 32 bytes, as 64 hexadecimal digits. Where there is no `funding`, any
page of the host may be named as one to give at.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from . import links
from .errors import RecordInvalid
from .fields import Fields
from .strict_json import strict_json

PATH = "/.well-known/commonreel.json"
VERSION = 1
MAX_BYTES = 64 << 10
MAX_KEYS = 100
MAX_FUNDING = 100

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")


class WellKnown(NamedTuple):
    keys: tuple[str, ...]  # fingerprints
    funding: tuple[str, ...]  # addresses


def address(host: str) -> str:
    return "https://%s%s" % (host, PATH)


def is_address(url: str) -> bool:
    """Whether such a file would lie there."""
    host = urlsplit(url).netloc
    return bool(host) and url == address(host)


def parse(body: bytes) -> WellKnown:
    """What such a file says. RecordInvalid names the field that breaks the format."""
    if len(body) > MAX_BYTES:
        raise RecordInvalid("%s: more than %d bytes" % (PATH, MAX_BYTES))
    try:
        fields = Fields(strict_json(body), "", False)
    except ValueError as error:
        raise RecordInvalid("%s: not JSON (%s)" % (PATH, error)) from error
    fields.number("v", VERSION, VERSION, required=True)
    keys = fields.all_matching("keys", _FINGERPRINT, MAX_KEYS, 64, required=True)
    funding = fields.texts("funding", MAX_FUNDING, links.MAX_GIVING)
    for each in funding:
        if links.concealed(each):
            raise fields.wrong("funding", "%.80r: %s" % (each, links.concealed(each)))
    return WellKnown(keys, funding)
