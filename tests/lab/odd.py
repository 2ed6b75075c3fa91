# SPDX-License-Identifier: GPL-3.0-or-later
"""Putting odd values anywhere into what JSON holds."""

from __future__ import annotations

import copy


def everywhere(value, at=()):
    """The way to everything that is in it, and first to itself: a tuple of keys and places."""
    yield at
    steps = value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for step in steps:
        yield from everywhere(value[step], (*at, step))


def put(whole, way, odd):
    """A copy with that in the place at the end of the way; without what is there, if it is `...`."""
    if not way:
        return odd
    made = place = copy.deepcopy(whole)
    for step in way[:-1]:
        place = place[step]
    if odd is ...:
        del place[way[-1]]
    else:
        place[way[-1]] = odd
    return made
