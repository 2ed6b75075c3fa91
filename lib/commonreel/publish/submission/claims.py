# SPDX-License-Identifier: GPL-3.0-or-later
"""What a submitted record may not claim, whoever has signed for it: pure.

It is of class A by its own declaration, speaks for nobody else, asks for gifts only where it is shown whom
they go to, and its texts are text.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Iterator, Mapping

from ...works import giving, licence, rights
from ...works.declaration import Declaration, Problem
from ...works.work import Work

_MARKUP = re.compile(
    r"<\s*(?:/?[a-z]|!--)|!\[[^\]]{0,300}\]\(|(?:java|vb)script:|data:[a-z]+/", re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*://|www\.)\S|\b[\w.-]+@[\w-]+\.\w", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")  # signs that turn round the order in which one reads


def problems(
    work: Work, made: Mapping[str, object], declaration: Declaration, today: str
) -> Iterator[Problem]:
    """`made`: the record of the work. `today`: ISO 8601 date."""
    refused = rights.refusal(work, int(today[:4]))
    if work.rights.rights_class != "A":
        yield Problem(
            "rights.class", "a maker's own declaration is class A, not %s" % work.rights.rights_class
        )
    elif refused:
        yield Problem("rights", refused)
    for number, one in enumerate(work.rights.evidence):
        if one.kind not in ("signed-declaration", "license-page"):
            yield Problem("rights.evidence[%d].kind" % number, "%s is not a maker's to bring" % one.kind)
        elif one.kind == "signed-declaration" and one.by != declaration.key:
            yield Problem("rights.evidence[%d].by" % number, "another key than the declaration's")
    if not declaration.at <= today <= declaration.until:
        reach = (declaration.at, declaration.until, today)
        yield Problem("until", "the declaration reaches from %s to %s; today is %s" % reach)
    for language, title in work.name.items():
        if _mixed(title):
            yield Problem("name." + language, "a word in letters of two scripts: %.100r" % title)
    yield from _giving(work)
    yield from _texts(made)


def not_commercial(work: Work) -> Iterator[Problem]:
    """Against a work of which a catalogue that is sold, or shown for money, makes no use."""
    granted = licence.lookup(work.license.url)
    if not granted.commercial:
        yield Problem("license.url", "%s forbids commercial use" % (granted.label or work.license.url))


def _giving(work: Work) -> Iterator[Problem]:
    own = giving.sites(work)
    for number, channel in enumerate(work.funding):
        field = "funding.channels[%d]" % number
        refused = giving.refusal(channel.address, own)
        if refused and "://" in channel.address:
            yield Problem(field + ".address", refused)
        if _ADDRESS.search(channel.description):
            yield Problem(field + ".description", "names another address")


def _texts(made: Mapping[str, object]) -> Iterator[Problem]:
    """Every text of the record, however deep."""
    waiting: list[tuple[str, object]] = [("", made)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, str):
            if _MARKUP.search(value):
                yield Problem(path, "holds markup")
            if _TURNED.search(value):
                yield Problem(path, "holds signs that turn round what one reads")
        elif isinstance(value, list):
            waiting += [("%s[%d]" % (path, number), each) for number, each in enumerate(value)]
        elif isinstance(value, dict):
            waiting += [("%s.%s" % (path, name) if path else name, each) for name, each in value.items()]


def _mixed(title: str) -> bool:
    """Whether a word has letters of two alphabets that look alike."""
    for word in _WORD.findall(title):
        scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in word if sign.isalpha()}
        if len(scripts & {"LATIN", "CYRILLIC", "GREEK"}) > 1:
            return True
    return False
