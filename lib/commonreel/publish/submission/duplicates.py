# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a submitted work is in a catalogue already, or waits there: pure."""

from __future__ import annotations

from typing import AbstractSet, Iterator, Mapping

from ...works.declaration import Problem
from ...works.folding import folded
from ...works.record import withdrawn
from ..building import Catalogue, Record


def problems(
    made: Record, catalogue: Catalogue, decided: Mapping[str, Record], taken_back: AbstractSet[str]
) -> Iterator[Problem]:
    """`made`: a record that keeps to the format. `decided`: records and tombstones for the next build.
    `taken_back`: ids of works that their own makers have withdrawn, who may send them in again."""
    waiting = {id: line["record"] for id, line in catalogue.waiting.items()}
    held = {**waiting, **catalogue.records, **decided}
    same = held.pop(made["id"], None)
    if same:
        yield from _before(made, same, made["id"] in taken_back)
    mine = _marks(made)
    for id, other in held.items():
        if not withdrawn(other):
            for field in sorted({field for field, _ in mine & _marks(other)}):
                yield Problem(field, "the same as %s has, which is in the catalogue" % id)


def declared_at(made: Record) -> str:
    """The date of its maker's declaration; '' of a record without one."""
    evidence = made.get("rights", {}).get("evidence", ())
    return max((one.get("at", "") for one in evidence if one["kind"] == "signed-declaration"), default="")


def _before(made: Record, same: Record, taken_back: bool) -> Iterator[Problem]:
    """What was sent in once can be sent in again by anybody who has seen it: only what is newer counts."""
    if withdrawn(same) and not taken_back:
        yield Problem("id", "withdrawn from the catalogue: %s" % same["withdrawn"])
    elif withdrawn(same):
        if declared_at(made) <= same["at"]:
            yield Problem(
                "at", "its maker withdrew it on %s: what brings it back is declared later" % same["at"]
            )
    elif same.get("submitter", made.get("submitter")) != made.get("submitter"):
        yield Problem("id", "sent in already with the key %s" % same["submitter"])
    elif made.get("source", {}).get("url") != same.get("source", {}).get("url"):
        yield Problem("id", "that of another work, at %s" % same.get("source", {}).get("url"))
    elif declared_at(made) < declared_at(same):
        yield Problem("at", "declared before what the catalogue has, on %s" % declared_at(same))


def _marks(made: Record) -> set[tuple[str, object]]:
    """What no two works have in common: (field, value)."""
    found: set[tuple[str, object]] = {("sameAs", each.casefold()) for each in made.get("sameAs", ())}
    for encoding in made.get("encoding", ()):
        if encoding.get("infoHash"):
            found.add(("encoding", encoding["infoHash"].lower()))
        file = encoding.get("file", {})
        if file.get("sha1"):
            found.add(("encoding", (file["sha1"].lower(), file["length"])))
    if "year" in made and "partOf" not in made:
        people = [frozenset(map(folded, made.get("director", ())))]
        found |= {("name", (folded(name), made["year"], *people)) for name in made["name"].values()}
    return found
