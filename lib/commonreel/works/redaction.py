# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes out of a text what is nobody's business: where somebody lives on the network and on the disk, what
they watch and search for, and what they are known by.

It takes rather too much than too little. What is left tells what went wrong, not to whom.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator
from urllib.parse import quote

from . import errors

MARK = "█"

# Errors whose detail names a work, a torrent or a file.
_TELLING = (
    errors.UnknownWork,
    errors.WorkWithdrawn,
    errors.NotFreeHere,
    errors.RecordInvalid,
    errors.TorrentInvalid,
    errors.LocalFolderInvalid,
)


def _codes(kind: type[errors.CommonReelError]) -> Iterator[str]:
    yield kind.code
    for child in kind.__subclasses__():
        yield from _codes(child)


_TELLING_CODES = "|".join(sorted({code for kind in _TELLING for code in _codes(kind)}))

# In this order: what is found by its beginning goes first, for the others would break it up.
_PATTERNS = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\b(%s): [^\n]+" % _TELLING_CODES, r"\1: " + MARK),
        (r"magnet:\?[^\s\"']+", MARK),
        (r"(plugin://plugin\.video\.commonreel[a-z/]*)\?[^\s\"'<>]*", r"\1?" + MARK),
        (r"\b((?!plugin:)[a-z][a-z0-9+.-]{1,20}://)[^\s\"'<>]+", r"\1" + MARK),
        (r"/v1/(?:media|streams)/[^\s\"']+", MARK),
        (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", MARK),  # an e-mail address
        (r"(?<=\")(?:~?/|[A-Za-z]:[\\/]|\\\\)[^\"\n]+", MARK),  # a path, to the end of its quotes
        (r"(?<=')(?:~?/|[A-Za-z]:[\\/]|\\\\)[^'\n]+", MARK),
        (r"(?<![\w<>/.:%s])(?:~?/|[A-Za-z]:[\\/]|\\\\)[^\s/\\][^\n]*" % MARK, MARK),  # and to the line's
        (r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?(?![\w.])", MARK),  # IPv4
        (r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}(?!\w)", MARK),  # IPv6, in full and shortened
        (r"(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){1,7}:(?![\w:])", MARK),
        (
            r"(?<![\w:])(?::|(?:[0-9A-Fa-f]{1,4}:){1,6}):"
            r"[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4}){0,6}(?:%\w+)?(?!\w)",
            MARK,
        ),
        (r"(?<![\w.:/-])[a-z][a-z0-9]{0,19}:(?!//)[A-Za-z0-9._+@,()!~-]+", MARK),  # a work's id
        (r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{16,}(?![\w-])", MARK),  # an info hash, a token
    )
)


def redacted(text: str, secrets: Iterable[str] = (), places: Iterable[tuple[str, str]] = ()) -> str:
    """`text` without the `secrets`, and without what looks like one.

    `places`: folders that are known, and what to call each instead; inner ones first.
    """
    for place, name in places:
        text = text.replace(place, name) if place else text
    for secret in sorted(_spellings(secrets), key=len, reverse=True):
        text = re.sub(re.escape(secret), MARK, text, flags=re.IGNORECASE)
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def _spellings(secrets: Iterable[str]) -> set[str]:
    """As they are, as in an address, and as Python writes them in quotes."""
    found = set()
    for secret in secrets:
        if secret.strip():
            found |= {secret, secret.strip(), quote(secret, safe=""), repr(secret)[1:-1]}
    return found
