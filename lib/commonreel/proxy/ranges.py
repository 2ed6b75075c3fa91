# SPDX-License-Identifier: GPL-3.0-or-later
"""The Range header (RFC 9110, 14): which bytes of a film are asked for. Pure."""

from __future__ import annotations

import re

_RANGE = re.compile(r"[ \t]*bytes[ \t]*=[ \t]*([0-9]{0,40})-([0-9]{0,40})[ \t]*", re.IGNORECASE)


class Unsatisfiable(ValueError):
    """A well-formed range with no byte of the film in it: the answer is 416."""


def parse(header: str, length: int) -> tuple[int, int] | None:
    """The bytes (start, stop) that `header` asks for of `length`, `stop` excluded, start < stop.

    None is the whole film, with status 200: for no header, for one that is malformed, and for
    several ranges at once, which a server may leave alone (RFC 9110, 14.2). Raises Unsatisfiable.
    """
    match = _RANGE.fullmatch(header)
    if match is None:
        return None
    first, last = match.groups()
    if not first and not last:
        return None
    if not first:  # the last so many bytes
        start, stop = max(0, length - int(last)), length
    else:
        start, stop = int(first), int(last) + 1 if last else length
        if last and stop <= start:
            return None
    if start >= length:
        raise Unsatisfiable(header)
    return start, min(stop, length)
