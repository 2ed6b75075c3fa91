# SPDX-License-Identifier: GPL-3.0-or-later
"""Where works come from. A source lists what a place has, and says of each item what it makes of it:
records, with the claims as evidence, or the reasons why a person must look. It never decides what may
be shown: that is the gate's (works/rights.py)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .source import Source

# Name → module and class. One of them is imported when it is asked for: commands that ask none do without.
_KINDS = {
    "archive": ("archive", "Archive"),
    "commons": ("commons", "Commons"),
    "list": ("plain", "PlainList"),
    "peertube": ("peertube", "PeerTube"),
    "wikidata": ("wikidata", "Wikidata"),
}
NAMES = tuple(_KINDS)


def named(name: str, address: str, query: str) -> Source:
    """The source of that name (one of NAMES) at an address, '' for its own; `query` in its own terms, ''
    for everything. Raises ValueError where it has no address of its own."""
    module, kind = _KINDS[name]
    made: Source = getattr(import_module("." + module, __name__), kind)(address, query)
    return made
