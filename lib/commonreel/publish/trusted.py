# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a curator believes: institutions that vouch for what they keep, and a second source as a witness."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Mapping

from ..works.record import of_work
from .sources.source import Found, Record


@dataclass(frozen=True)
class Trusted:
    """`institutions`: holder (as in Found.holders) → {"by": its name, "url": where it says so}.
    `witness`: id → record of another source."""

    institutions: Mapping[str, Record] = field(default_factory=dict)
    witness: Mapping[str, Record] = field(default_factory=dict)

    def speak_for(self, found: Found) -> Found:
        """The same with what they say as evidence. A film that nobody else vouches for (class X) is of
        class B where an institution does."""
        if not found.record or found.gone:
            return found
        return self._seconded(self._vouched(found))

    def _vouched(self, found: Found) -> Found:
        spoken = [self.institutions[holder] for holder in found.holders if holder in self.institutions]
        if not spoken:
            return found
        made = _with_evidence(found.record, [{"kind": "institution", **said} for said in spoken])
        if made["rights"]["class"] == "X":
            made["rights"].update({"class": "B", "territories": ["*"]})
        return replace(found, record=made)

    def _seconded(self, found: Found) -> Found:
        other = self.witness.get(found.id, {})
        if not other or not of_work(other):
            return found
        if found.record.get("year") != other.get("year"):
            conflict = "the witness says %s, not %s" % (other.get("year"), found.record.get("year"))
            return replace(found, reasons=(*found.reasons, conflict))
        made = _with_evidence(found.record, other["rights"]["evidence"])
        made["sameAs"] = sorted({*made.get("sameAs", ()), *other.get("sameAs", ())})
        return replace(found, record=made)


NOBODY = Trusted()


def _with_evidence(made: Record, more: list[Record]) -> dict[str, Any]:
    own = made["rights"]["evidence"]
    fresh = [each for each in more if each not in own]
    return {**made, "rights": {**made["rights"], "evidence": [*own, *fresh]}}
