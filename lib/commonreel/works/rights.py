# SPDX-License-Identifier: GPL-3.0-or-later
"""The gate: which works may be shown, and in which countries. It runs where a catalogue is made and
again on every device.

A   the holder signed a declaration, and the licence grants redistribution
B   an institution vouches: a film it made under a licence, or a work that it states to be free
C   public domain by a rule that is computed again here, in the rule's territories only, with a second
    witness beside the rule
X   everything else: refused
"""

from __future__ import annotations

from . import licence
from .countries import CODES
from .work import Rights, Work

EVERYWHERE = "*"

_LIFE_70 = "AT BE BG CY CZ DE DK EE FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK"
LIFE_70: tuple[str, ...] = tuple(_LIFE_70.split())
"""Where a film is free 70 years after the last of its principal director, the writers of screenplay
and dialogue and the composer of music made for it: Directive 2006/116/EC art. 2 (European Union and
EEA), Copyright, Designs and Patents Act 1988 s. 13B (United Kingdom). Spain is left out: it keeps 80
years for those who died before 7 December 1987."""

# A work can be free by 'life-70' only if its authors lived to make it: died in year - 71 or before.
_EARLIEST = {"us-95": 96, "life-70": 71}
_WHERE = {"us-95": frozenset(("US",)), "life-70": frozenset(LIFE_70)}
_WITNESSES = frozenset(("wikidata", "institution", "signed-declaration"))


def free_in(rights: Rights, country: str) -> bool:
    """Whether a work with these rights may be shown in that country; '' is a country not yet known."""
    return EVERYWHERE in rights.territories or (bool(country) and country in rights.territories)


def refusal(work: Work, year: int) -> str:
    """Why the work may not be shown in `year` (the current one), in English for a log; '' if it may."""
    return (
        _territories(work.rights)
        or _class(work, year)
        or _licence(work.rights, licence.lookup(work.license.url).gate)
    )


def _territories(rights: Rights) -> str:
    if not rights.territories:
        return "no territory"
    unknown = [code for code in rights.territories if code != EVERYWHERE and code not in CODES]
    if unknown:
        return "unknown territory %s" % unknown[0]
    return ""


def _class(work: Work, year: int) -> str:
    kinds = {evidence.kind for evidence in work.rights.evidence}
    if work.rights.rights_class == "A":
        return "" if "signed-declaration" in kinds else "class A without a signed declaration"
    if work.rights.rights_class == "B":
        return "" if "institution" in kinds else "class B without an institution that vouches"
    if work.rights.rights_class == "C":
        return _by_rule(work, year)
    return "class %s is not shown" % work.rights.rights_class


def _by_rule(work: Work, year: int) -> str:
    """Class C: every territory must follow from a rule that holds, and a second witness agree."""
    free: set[str] = set()
    for evidence in work.rights.evidence:
        if evidence.kind != "pd-rule":
            continue
        if evidence.rule not in _WHERE:
            return "unknown rule %r" % evidence.rule
        if evidence.rule == "life-70" and not evidence.url:
            return "life-70 names nobody"
        if not 0 < work.year <= year - _EARLIEST[evidence.rule]:
            return "rule %s does not hold for a film of %d" % (evidence.rule, work.year)
        free |= _WHERE[evidence.rule]
    beyond = [code for code in work.rights.territories if code not in free]
    if beyond:
        return "no rule makes it free in %s" % beyond[0]
    if not any(evidence.kind in _WITNESSES for evidence in work.rights.evidence):
        return "no second witness"
    return ""


def _licence(rights: Rights, gate: str) -> str:
    if gate == "ok":
        return ""
    if gate == "claim":
        proven = rights.rights_class in ("B", "C")
        return "" if proven else "a public-domain mark is a claim, not a licence"
    return "licence is %s" % ("unknown or refused" if gate == "refuse" else "waiting for review")
