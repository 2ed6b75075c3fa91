# SPDX-License-Identifier: GPL-3.0-or-later
"""What the site's pages are called: paths below the folder of a language, '/' between folders.

They hold small letters, digits and hyphens alone, so that no host, file system or browser takes one for
another, and none begins with what an address would take for a scheme.
"""

from __future__ import annotations

import hashlib
import re

_PLAIN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST = 60  # characters of a name that are kept
_HASHED = 12  # hexadecimal digits


def slug(text: str) -> str:
    """A name for that text alone. One that is not plain gets a dot and a hash, which no plain one has."""
    hyphened = text.replace(" ", "-")
    if _PLAIN.fullmatch(hyphened) and len(hyphened) <= _LONGEST:
        return hyphened
    words = "-".join(re.findall("[a-z0-9]+", text.lower()))[:_LONGEST].strip("-")
    return "%s.%s" % (words or "x", hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_HASHED])


def work(id: str) -> str:
    """The page of a work, or of what is left of a record."""
    return page(_of_record("works", id))


def shelf(kind: str, value: str) -> str:
    """The list of a kind's works: genres/comedy, to be followed by page()."""
    return "%s/%s" % (kind, slug(value))


def guide(kind: str, id: str) -> str:
    """A maker or a list that has a record: makers/fest/jane, to be followed by page()."""
    return _of_record(kind, id)


def page(stem: str, number: int = 1) -> str:
    """A page of a list: films.html, films.2.html, …"""
    return "%s.html" % stem if number == 1 else "%s.%d.html" % (stem, number)


def _of_record(folder: str, id: str) -> str:
    source, _, name = id.partition(":")
    return "%s/%s/%s" % (folder, source, slug(name))
