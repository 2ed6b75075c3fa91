# SPDX-License-Identifier: GPL-3.0-or-later
"""Titles of films and series that are known to be in copyright, and so are nobody's to send in.

in_copyright.json: title → years of first publication. A title of the list is no proof: a new film may have
an old one's name. But a person must have looked.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Iterator, Mapping, Sequence

from ...works.declaration import Problem
from ...works.folding import words
from ...works.work import Work

_LIST = Path(__file__).with_name("in_copyright.json")

_ARTICLES = ("the", "a", "an", "le", "la", "les", "l", "der", "die", "das", "el", "il", "lo")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z0-9])|(?<=[0-9])(?=[A-Z])")
# What people write behind a title: the year, then of which file it is.
_BEHIND = re.compile(
    r"(18|19|20)\d\d|\d{3,4}p|[hx]26[45]|xvid?|divx|(dvd|br|bd|web|hd|vhs|tv)?rip|blu|bluray|webdl|hdtv|dvd|vhs"
    r"|hd|uhd|4k|full|complete|uncut|remastered|movie|film|series|season|episode|s\d\d(e\d\d)?|part|cd\d"
    r"|torrent|mp4|mkv|avi"
)
_BEFORE = re.compile(r"^(?:[\W_]*(?:watch|free|full|movie|film|hd)(?![^\W_]))+[\W_]*", re.IGNORECASE)


def problems(work: Work) -> Iterator[Problem]:
    """The titles and the id of a work against the list."""
    listed = {tuple(_named(title)): (title, years) for title, years in _kept().items()}
    slug = _CAMEL.sub(" ", work.id.rpartition(":")[2])
    for field, title in [
        *(("name.%s" % language, name) for language, name in work.name.items()),
        ("originalName", work.original_name),
        ("id", slug),
    ]:
        found = next((listed[each] for each in _titles(title) if each in listed), None)
        if found:
            named = "%r of %s" % (found[0], " and ".join(map(str, found[1])))
            yield Problem(field, "%s is in copyright: is this another work of that name?" % named)


def _kept() -> Mapping[str, Sequence[int]]:
    found: Mapping[str, Sequence[int]] = json.loads(_LIST.read_text("utf-8"))
    return found


def _named(title: str) -> list[str]:
    """Its words, without an article in front."""
    found = words(title.replace("'", "").replace("\u2019", ""))
    return found[1:] if len(found) > 1 and found[0] in _ARTICLES else found


def _titles(text: str) -> Iterator[tuple[str, ...]]:
    """What may be the title in a text: all of it, or without what people write before and behind."""
    for title in dict.fromkeys((text, _BEFORE.sub("", text))):
        found = _named(title)
        yield tuple(found)
        for end in range(1, len(found)):
            if _BEHIND.fullmatch(found[end]):
                yield tuple(found[:end])
