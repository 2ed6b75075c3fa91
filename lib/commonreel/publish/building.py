# SPDX-License-Identifier: GPL-3.0-or-later
"""The next build of a catalogue from the one before and the records that sources have: pure.

A record takes the place of one with a lower `rev`. What no source names any more stays as it was: only a
tombstone withdraws. A work in the public domain by rule waits first, in public, for whoever objects; so does
one whose maker is new here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Iterable, Iterator, Mapping, NamedTuple

from ..works import declaration, folder, licence, record, rights
from ..works.errors import RecordInvalid
from ..works.record import of_work, withdrawn
from ..works.work import Work

WINDOW = 28  # days in which a proposed work waits for objections

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Catalogue:
    """What a build holds. Records and tombstones by id; deltas by the build that they lead to."""

    build: int = 0
    at: str = ""  # ISO 8601 date
    records: Mapping[str, Record] = field(default_factory=dict)
    waiting: Mapping[str, Record] = field(default_factory=dict)  # {"id", "since", "record"}
    deltas: Mapping[int, tuple[Record, ...]] = field(default_factory=dict)
    log: tuple[Record, ...] = ()

    @property
    def works(self) -> list[Record]:
        """The records of works: no tombstones, makers and lists."""
        return [made for made in self.records.values() if of_work(made)]


class Offered(NamedTuple):
    """The records that sources have, by id, and what is wrong with the others: a line for a person each."""

    records: Mapping[str, Record]
    problems: tuple[str, ...]


def gather(found: Iterable[tuple[str, object]], year: int) -> Offered:
    """The best record of each work. `found`: where it stands, and the record, or a RecordInvalid for what is
    none; `year` is the gate's.

    Of two records of one work the higher rev counts, and a tombstone before a record of the same. Two
    that differ in nothing but what they say are a conflict: neither counts. So are two works with the same
    file under two licences: one of them is not its claimant's to give.
    """
    best: dict[str, Record] = {}
    problems, conflicts = [], set()
    for place, offered in found:
        try:
            made, id = _passed(offered, year)
        except RecordInvalid as error:
            problems.append("%s: %s" % (place, error.detail))
            continue
        held = best.get(id)
        if held is None or _weight(made) > _weight(held):
            best[id] = made
            conflicts.discard(id)
        elif _weight(made) == _weight(held) and record.line(made) != record.line(held):
            conflicts.add(id)
    problems += ["%s: two sources say different things of it" % id for id in sorted(conflicts)]
    passed = {id: made for id, made in best.items() if id not in conflicts}
    disputed = _disputed(passed)
    problems += ["%s: %s has the same file under another licence" % each for each in sorted(disputed.items())]
    return Offered({id: made for id, made in passed.items() if id not in disputed}, tuple(problems))


def unheeded(before: Catalogue, offered: Offered) -> list[str]:
    """The works whose record has changed, but not its rev: nothing comes of that."""
    return [
        id
        for id, made in sorted(offered.records.items())
        if id in before.records
        and _weight(made) == _weight(before.records[id])
        and made != before.records[id]
    ]


def next_build(
    before: Catalogue,
    offered: Offered,
    today: str,
    window: int = WINDOW,
    objections: Mapping[str, str] | None = None,
    newcomers: Mapping[str, bool] | None = None,
) -> Catalogue:
    """`today`: ISO 8601 date. The same catalogue where nothing has changed.

    `window`: days in which a work waits before it is shown that a rule alone makes free, or whose maker is
    new. `objections`: id → date of those that are not settled: such a work waits on, and one that is shown
    already is for the curator to withdraw. `newcomers`: works of new makers, and whether enough people have
    looked at each: until then it waits on.
    """
    objected, new = objections or {}, newcomers or {}
    proposed = _proposed(before, offered.records, new, today)
    due = (date.fromisoformat(today) - timedelta(days=window)).isoformat()
    waiting = {
        id: line
        for id, line in proposed.items()
        if line["since"] > due or id in objected or not new.get(id, True)
    }
    changed = {
        id: made
        for id, made in offered.records.items()
        if id not in waiting and _newer(made, before.records.get(id))
    }
    changed = _without_early_pages(before, changed)
    log = tuple(_told(before, changed, waiting, objected, today))
    if not log and waiting == before.waiting:
        return before
    build = before.build + 1
    delta = tuple(changed[id] for id in sorted(changed))
    kept = {each: lines for each, lines in before.deltas.items() if each > build - folder.DELTAS}
    records = dict(sorted({**before.records, **changed}.items()))
    return Catalogue(build, today, records, waiting, {**kept, build: delta}, (*before.log, *log))


def _without_early_pages(before: Catalogue, changed: Mapping[str, Record]) -> dict[str, Record]:
    """But for the pages of those who have sent works in, of which none is shown yet."""
    records = [*before.records.values(), *changed.values()]
    shown = {id for made in records if of_work(made) for id in made.get("maker", ())}
    return {
        id: made
        for id, made in changed.items()
        if withdrawn(made) or id in shown or id != declaration.maker(made.get("submitter", ""))
    }


def slim(made: Record) -> Record:
    """What lists and searches need of a record."""
    found = {name: made[name] for name in _SLIM if name in made}
    found["license"] = {"url": made["license"]["url"]}
    found["rights"] = {name: made["rights"][name] for name in ("class", "territories")}
    return found


_SLIM = ("id", "rev", "type", "partOf", "name", "originalName", "year", "duration", "maker", "director",
         "actor", "genre", "country", "inLanguage")  # fmt: skip


def _passed(made: object, year: int) -> tuple[Record, str]:
    """The record and its id, if the format and the gate let it through. Raises RecordInvalid."""
    if isinstance(made, RecordInvalid):
        raise made
    if not isinstance(made, dict):
        raise RecordInvalid("record: not an object")
    entry = record.parse(made)
    refusal = rights.refusal(entry, year) if isinstance(entry, Work) else ""
    if refusal:
        raise RecordInvalid("%s: %s" % (entry.id, refusal))
    return made, entry.id


def _disputed(passed: Mapping[str, Record]) -> dict[str, str]:
    """Works by id of which another one has a file under another licence, and that one's id. The records have
    been checked."""
    claims: dict[tuple[str, int], dict[str, list[str]]] = {}
    for id, made in sorted(passed.items()):
        url = licence.lookup(made["license"]["url"]).url if of_work(made) else ""
        files = [one["file"] for one in made.get("encoding", ()) if "file" in one] if url else []
        for film in {(file["sha1"].lower(), file["length"]) for file in files if file.get("sha1")}:
            claims.setdefault(film, {}).setdefault(url, []).append(id)
    found: dict[str, str] = {}
    for claimed in (ids for ids in claims.values() if len(ids) > 1):
        for url, ids in claimed.items():
            others = [other[0] for each, other in claimed.items() if each != url]
            found.update((id, others[0]) for id in ids)
    return found


def _weight(made: Record) -> tuple[int, bool]:
    return int(made.get("rev", 0)), withdrawn(made)


def _newer(made: Record, held: Record | None) -> bool:
    return not withdrawn(made) if held is None else _weight(made) > _weight(held)


def _proposed(
    before: Catalogue, offered: Mapping[str, Record], newcomers: Mapping[str, bool], today: str
) -> dict[str, Record]:
    """What a rule alone makes free and is not shown yet, with the day of its first proposal; and what is new
    of a new maker, with the day since when it has been as it is."""
    found: dict[str, Record] = {}
    for id, made in sorted(offered.items()):
        held = before.waiting.get(id, {})
        if not of_work(made):
            continue
        if id in newcomers:
            if not _newer(made, before.records.get(id)):
                continue
            held = held if held.get("record") == made else {}
        elif id in before.records or made["rights"]["class"] != "C":
            continue
        found[id] = {"id": id, "since": held.get("since", today), "record": made}
    return found


def _told(
    before: Catalogue,
    changed: Mapping[str, Record],
    waiting: Mapping[str, Record],
    objected: Mapping[str, str],
    today: str,
) -> Iterator[Record]:
    """The lines that this build adds to the log."""
    for id, made in sorted(changed.items()):
        if withdrawn(made):
            yield {"at": today, "id": id, "what": "withdrawn", "why": made["withdrawn"]}
        else:
            known = id in before.records and not withdrawn(before.records[id])
            yield {"at": today, "id": id, "what": "changed" if known else "added"}
    for id in sorted(set(waiting) - set(before.waiting)):
        yield {"at": today, "id": id, "what": "proposed"}
    told = {(line["id"], line["at"]) for line in before.log if line["what"] == "objection"}
    for id, at in sorted(objected.items()):
        if (id, at) not in told:
            yield {"at": at, "id": id, "what": "objection"}
