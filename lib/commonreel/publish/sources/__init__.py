# SPDX-License-Identifier: GPL-3.0-or-later
"""Where works come from. A source lists what a place has, and says of each item what it makes of it:
records, with the claims as evidence, or the reasons why a person must look. It never decides what may
be shown: that is the gate's (works/rights.py)."""

from __future__ import annotations

from typing import Callable

from .archive import Archive
from .commons import Commons
from .peertube import PeerTube
from .plain import PlainList
from .source import Source
from .wikidata import Wikidata

_KINDS: dict[str, Callable[[str, str], Source]] = {
    "archive": Archive,
    "commons": Commons,
    "list": PlainList,
    "peertube": PeerTube,
    "wikidata": Wikidata,
}
NAMES = tuple(_KINDS)


def source(name: str, address: str, query: str) -> Source:
    """The source of that name (one of NAMES) at an address, '' for its own; `query` in its own terms, ''
    for everything. Raises ValueError where it has no address of its own."""
    return _KINDS[name](address, query)
