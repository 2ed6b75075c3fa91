# SPDX-License-Identifier: GPL-3.0-or-later
"""A declaration is good for a year at most: which of a catalogue end soon, and a new one in a submission."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ...works import declaration
from ...works.declaration import Declaration
from .. import keys
from ..building import Catalogue, Record
from . import received
from .folder import sign


def due(catalogue: Catalogue, today: str, days: int) -> Iterator[Record]:
    """The records of class A whose declaration ends within so many days, or has; the first to end first."""
    last = (date.fromisoformat(today) + timedelta(days=days)).isoformat()
    declared = [made for made in catalogue.works if made["rights"]["class"] == "A"]
    ending = [made for made in declared if "" < made["rights"].get("declaredUntil", "") <= last]
    yield from sorted(ending, key=lambda made: (made["rights"]["declaredUntil"], made["id"]))


def renew(folder: Path, key: Ed25519PrivateKey, today: str) -> Declaration:
    """Declare anew what the submission in that folder says, from today on. Raises OSError, ValueError where
    it is none, or of another key."""
    found = received.read(folder)
    if not found.submission:
        raise ValueError("; ".join("%s: %s" % each for each in found.problems))
    before = found.submission.declaration
    if keys.public(key) != before.public_key:
        raise ValueError("another key than that of the submission: %s" % before.key)
    until = declaration.a_year_after(today)
    made = _dated(found.submission.made, today, until)
    fresh = replace(before, at=today, until=until, record=declaration.seal(made))
    sign(folder, made, fresh, key)
    return fresh


def _dated(made: Mapping[str, Any], at: str, until: str) -> dict[str, Any]:
    """The record with new dates and a higher revision."""
    evidence = [
        {**one, "at": at} if one["kind"] == "signed-declaration" else one
        for one in made["rights"]["evidence"]
    ]
    rights = {**made["rights"], "evidence": evidence, "declaredUntil": until}
    return {**made, "rights": rights, "rev": int(made.get("rev", 0)) + 1, "updated": at}
