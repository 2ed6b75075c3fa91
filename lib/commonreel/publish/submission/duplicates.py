# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a submitted work is in a catalogue already, or waits there: pure."""

from __future__ import annotations

from typing import AbstractSet, Iterator

from ...works.declaration import Problem
from ...works.folding import folded
from ...works.record import withdrawn
from ..building import Catalogue, Record


def problems(made: Record, catalogue: Catalogue, taken_back: AbstractSet[str]) -> Iterator[Problem]:
    """`made`: a record that keeps to the format. `taken_back`: ids of works that their own makers have
    withdrawn, who may send them in again."""
    held = {**{id: line["record"] for id, line in catalogue.waiting.items()}, **catalogue.records}
    same = held.pop(made["id"], {})
    if withdrawn(same) and made["id"] not in taken_back:
        yield Problem("id", "withdrawn from the catalogue: %s" % same["withdrawn"])
    elif same.get("submitter", made["submitter"]) != made["submitter"]:
        yield Problem("id", "sent in already with the key %s" % same["submitter"])
    mine = _marks(made)
    for id, other in held.items():
        if not withdrawn(other):
            for field in sorted({field for field, _ in mine & _marks(other)}):
                yield Problem(field, "the same as %s has, which is in the catalogue" % id)


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
