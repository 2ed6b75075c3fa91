# SPDX-License-Identifier: GPL-3.0-or-later
"""What a curator has decided on submissions: a file in the catalogue's folder, to which lines are added only.

submissions.ndjson, an object a line:

    {"what": "accepted", "at", "id", "by": who has looked, "reach": how its maker is reached,
     "record", "declaration", "signature"}
    {"what": "withdrawn", "at", "id", "by": who, or "" for its maker, who has signed, "why", "rev"}

The next build takes the decisions in. It is the curator's own file, and no host needs it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Iterable, Iterator

from ...works import declaration, record
from ...works.declaration import Declaration
from ...works.errors import UnknownWork
from ...works.folding import folded
from ...works.record import withdrawn
from ..building import Catalogue, Record
from ..files import records
from . import maker
from .duplicates import declared_at
from .received import Submission
from .withdrawal import Withdrawal

NAME = "submissions.ndjson"
REVIEWERS = 2  # who must have looked at what a key sends in that has no work in the catalogue yet


@dataclass(frozen=True)
class Accepted:
    """A submission in its last form, and who has looked at that."""

    record: Record
    declaration: str
    signature: str
    reviewers: tuple[str, ...]

    @property
    def key(self) -> str:
        return str(self.record["submitter"])

    @property
    def declared(self) -> Declaration:
        """Raises ValueError where the line is none that was written here."""
        found = declaration.parse(self.declaration.encode()).declaration
        if not found:
            raise ValueError("%s: %s: not a declaration" % (NAME, self.record["id"]))
        return found


class Ledger:
    """Of the catalogue in a folder, which may be empty. Raises OSError, and ValueError for a bad line."""

    def __init__(self, catalogue: Path) -> None:
        self.accepted: dict[str, Accepted] = {}
        self.tombstones: dict[str, Record] = {}  # of works that are not accepted any more
        self.reach: dict[str, str] = {}  # how the maker of a work can be reached, where that is known
        self.taken_back: set[str] = set()  # works that their own makers have withdrawn
        self._distrusted: set[str] = set()  # keys of which the curator has withdrawn a work
        self._changes: dict[str, int] = {}  # key → how often its works have changed: its page's revision
        self._path = catalogue / NAME
        for place, line in records([self._path] if self._path.exists() else []):
            try:
                self._take(line)
            except (KeyError, TypeError) as error:
                raise ValueError("%s: not a decision on a submission: %r" % (place, error)) from error

    @property
    def decided(self) -> dict[str, Record]:
        """Records and tombstones for the next build, by id."""
        return {**{id: one.record for id, one in self.accepted.items()}, **self.tombstones}

    def accept(self, sent: Submission, by: str, reach: str, before: Catalogue, today: str) -> Accepted:
        """Somebody has looked at a submission and accepts it. Its record gets a revision above that of what
        the catalogue has."""
        id, held = sent.work.id, self.accepted.get(sent.work.id)
        again = held and held.declaration == sent.declared and _same(held.record, sent.made)
        rev = held.record["rev"] if held and again else max(sent.work.rev, self._rev(id, before) + 1)
        self._add(
            {
                "what": "accepted",
                "at": today,
                "id": id,
                "by": by,
                "reach": reach,
                "record": {**sent.made, "rev": rev},
                "declaration": sent.declared,
                "signature": sent.signature,
            }
        )
        return self.accepted[id]

    def withdraw(self, id: str, why: str, by: str, before: Catalogue, today: str) -> Record:
        """Take a work back; its tombstone. `by`: '' for its maker. Raises UnknownWork, RecordInvalid
        for words that no device would take."""
        rev = self._rev(id, before) + 1
        if not rev:
            raise UnknownWork("%s is neither in the catalogue nor accepted for it" % id)
        record.parse({"id": id, "withdrawn": why})
        self._add({"what": "withdrawn", "at": today, "id": id, "by": by, "why": why, "rev": rev})
        return self.tombstones[id]

    def take_back(self, signed: Withdrawal, before: Catalogue, today: str) -> Record:
        """Take a work back as its maker asks. Raises ValueError for who has not sent it in, or has since
        declared it anew."""
        held = self.decided.get(signed.work) or before.records.get(signed.work) or {}
        if withdrawn(held) or held.get("submitter") != signed.key:
            raise ValueError("%s was not sent in with the key that signs" % signed.work)
        if signed.at < declared_at(held):
            raise ValueError("%s was declared anew since, on %s" % (signed.work, declared_at(held)))
        return self.withdraw(signed.work, signed.why, "", before, today)

    def offered(self, found: Iterable[tuple[str, object]]) -> Iterator[tuple[str, object]]:
        """Records for a build: those of the sources, but what has been decided of a work where that was. The
        page of a maker is the sources', else made of the maker's works."""
        decided = self.decided
        pages = {made["id"]: made for made in self._pages()}
        for place, made in found:
            id = str(made.get("id")) if isinstance(made, dict) else ""
            pages.pop(id, None)
            if id not in decided:
                yield place, made
        for id, made in sorted({**pages, **decided}.items()):
            yield "%s: %s" % (NAME, id), made

    def known(self, catalogue: Catalogue) -> set[str]:
        """The keys of which a work has been shown, without a reason to look at each again."""
        shown = {made.get("submitter", "") for made in catalogue.works if made["rights"]["class"] == "A"}
        return shown - self._distrusted

    def newcomers(self, catalogue: Catalogue) -> dict[str, bool]:
        """The works of keys that are not known, and whether enough people have looked at each."""
        known = self.known(catalogue)
        new = ((id, one) for id, one in self.accepted.items() if one.key not in known)
        return {id: len(one.reviewers) >= REVIEWERS for id, one in new}

    def _pages(self) -> Iterator[Record]:
        works: dict[str, list[maker.Work]] = {key: [] for key in self._changes}
        for one in self.accepted.values():
            works[one.key].append((one.record, one.declared))
        for key, rev in self._changes.items():
            yield maker.page(key, works[key], rev)

    def _change(self, key: str) -> None:
        self._changes[key] = self._changes.get(key, 0) + 1

    def _rev(self, id: str, catalogue: Catalogue) -> int:
        """The highest revision that there has been; -1 where there is no such work."""
        waiting = catalogue.waiting.get(id, {}).get("record")
        accepted = self.accepted[id].record if id in self.accepted else None
        held = (catalogue.records.get(id), waiting, accepted, self.tombstones.get(id))
        return max((int(each.get("rev", 0)) for each in held if each), default=-1)

    def _add(self, line: Record) -> None:
        text = record.line(line)
        if len(text) > record.MAX_RECORD:
            raise ValueError("%s: more than %d characters in all" % (line["id"], record.MAX_RECORD))
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)  # a host that was given it by mistake had better not serve it
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
        self._take(line)

    def _take(self, line: Any) -> None:
        id = line["id"]
        if line["what"] == "accepted":
            self._take_accepted(id, line)
        elif line["what"] == "withdrawn":
            before = self.accepted.pop(id, None)
            rest = {"id": id, "withdrawn": line["why"], "rev": line["rev"], "at": line["at"]}
            self.tombstones[id] = rest
            if before:
                self._change(before.key)
            if not line["by"]:
                self.taken_back.add(id)
            elif before:
                self._distrusted.add(before.key)
        else:
            raise KeyError(line["what"])

    def _take_accepted(self, id: str, line: Record) -> None:
        fresh = Accepted(line["record"], line["declaration"], line["signature"], (line["by"],))
        held = self.accepted.get(id)
        if held and replace(fresh, reviewers=held.reviewers) == held:
            is_new = folded(line["by"]) not in map(folded, held.reviewers)
            fresh = replace(held, reviewers=(*held.reviewers, line["by"])) if is_new else held
        else:
            self._change(fresh.key)
        self.accepted[id] = fresh
        self.reach[id] = line["reach"] or self.reach.get(id, "")
        self.tombstones.pop(id, None)
        self.taken_back.discard(id)


def _same(one: Record, other: Record) -> bool:
    """Whether two records differ in their revision at most."""
    return {**one, "rev": 0} == {**other, "rev": 0}
