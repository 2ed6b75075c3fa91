# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of a source: what it finds is judged and written down, and nothing is lost on the way.

<out>/records.ndjson   the records that pass the gate, and tombstones, sorted by id
<out>/review.ndjson    {"id", "reasons", "record"?, "gone"?: date}: what a person must look at
<out>/report.json      what the run did
<out>/run.ndjson       while it runs: what is listed and examined, so that the next one goes on from there

A listing that has shrunk removes nothing: what it does not name any more is asked for by itself. What
the source itself calls gone, in two runs on different days, is withdrawn; what a person must look at
again, at once. A withdrawn record stays as a tombstone, until the work passes again.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Iterable, Iterator

from ..works import record
from ..works.errors import FetchFailed
from ..works.record import withdrawn
from .judging import objection
from .polite import Polite
from .sources.source import Found, Listed, Record, Source
from .trusted import NOBODY, Trusted

MAX_ITEMS = 1_000_000  # of one listing


@dataclass
class Report:
    """What a run did; `unanswered`: item → why, of what the source did not answer for."""

    listed: int = 0
    records: int = 0
    review: int = 0
    withdrawn: int = 0
    asked: int = 0
    unanswered: dict[str, str] = field(default_factory=dict)
    listing_broken: str = ""  # why the listing is not whole


def harvest(source: Source, ask: Polite, out: Path, today: str, trusted: Trusted = NOBODY) -> Report:
    """Run the source to its end, or go on with a run that was broken off. `today`: ISO 8601 date.

    What it does not answer for keeps the record that it had. Raises OSError, ValueError where the files
    in `out` are not a run's.
    """
    out.mkdir(parents=True, exist_ok=True)
    before, doubted = read(out / "records.ndjson"), read(out / "review.ndjson")
    known = list(dict.fromkeys([*before, *doubted]))
    run = _Run(out / "run.ndjson")
    report = Report()
    with run:
        _list(source, ask, run, report)
        for listed in [*run.listed.values(), *_unlisted(source, run, known)]:
            _examine(source, ask, listed, run, report)
    all_found = [*run.found, *_missing(source, run, known)]
    judged = [_judge(trusted.speak_for(found), int(today[:4])) for found in all_found]
    records, review = _settle(judged, before, doubted, today)
    for id in _forgotten(source, run, judged, records):
        review.pop(id, None)
    _write(out / "records.ndjson", records.values())
    _write(out / "review.ndjson", review.values())
    report.listed, report.asked = len(run.listed), ask.asked
    report.records = sum(not withdrawn(kept) for kept in records.values())
    report.withdrawn = len(records) - report.records
    report.review = len(review)
    (out / "report.json").write_text(json.dumps(vars(report), indent=1, sort_keys=True) + "\n", "utf-8")
    run.path.unlink()
    return report


def read(path: Path) -> dict[str, Any]:
    """The lines of such a file by their id; none if it is not there. Raises ValueError, OSError."""
    found = {}
    for line in _lines(path):
        if not isinstance(line, dict) or not isinstance(line.get("id"), str):
            raise ValueError("%s: a line without an id" % path)
        found[line["id"]] = line
    return found


class _Run:
    """What has been done so far, on disk line by line: a run that is killed loses nothing but its last
    question."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.listed: dict[str, Listed] = {}
        self.examined: set[str] = set()
        self.found: list[Found] = []
        self.whole = False  # the listing
        for line in _lines(path, torn=True):
            self._take(line)

    def __enter__(self) -> None:
        self._file: IO[str] = self.path.open("a", encoding="utf-8")

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def note(self, line: Record) -> None:
        self._file.write("\n" + record.line(line))  # in front: a torn line does not spoil the next
        self._file.flush()
        self._take(line)

    def _take(self, line: Record) -> None:
        if "listed" in line:
            self.listed.setdefault(line["listed"], Listed(line["listed"], line["hint"]))
        elif "examined" in line:
            self.examined.add(line["examined"])
            self.found += [_found(**each) for each in line["found"]]
        else:
            self.whole = True


def _found(reasons: Iterable[str], holders: Iterable[str], **rest: Any) -> Found:
    return Found(reasons=tuple(reasons), holders=tuple(holders), **rest)


def _list(source: Source, ask: Polite, run: _Run, report: Report) -> None:
    if run.whole:
        return
    try:
        for count, listed in enumerate(source.listing(ask)):
            if count >= MAX_ITEMS:
                raise FetchFailed("more than %d items" % MAX_ITEMS)
            if listed.key not in run.listed:
                run.note({"listed": listed.key, "hint": listed.hint})
    except FetchFailed as error:
        report.listing_broken = error.detail
        return
    run.note({"whole": True})


def _unlisted(source: Source, run: _Run, known: Iterable[str]) -> list[Listed]:
    items = {item.key: item for item in map(source.item, known)}
    return [item for key, item in items.items() if key not in run.listed]


def _examine(source: Source, ask: Polite, listed: Listed, run: _Run, report: Report) -> None:
    if listed.key in run.examined:
        return
    try:
        found = source.examine(ask, listed)
    except FetchFailed as error:
        report.unanswered[listed.key] = error.detail
        return
    run.note({"examined": listed.key, "found": [vars(_writable(each)) for each in found]})


def _writable(found: Found) -> Found:
    """Without a record that no file can hold, as hostile JSON may make one: half a character, or lists in
    lists without end."""
    try:
        record.line(found.record).encode()
    except (ValueError, RecursionError) as error:
        return Found(found.id, {}, (*found.reasons, "it cannot be written down: %.100r" % error))
    return found


def _missing(source: Source, run: _Run, known: Iterable[str]) -> list[Found]:
    """The works that an item held once and does not any more, such as the episodes of a series."""
    named = {found.id for found in run.found}
    lost = [id for id in known if id not in named and source.item(id).key in run.examined]
    return [Found(id, gone="its item does not hold it any more") for id in lost]


def _judge(found: Found, year: int) -> Found:
    """With what the format and the gate have against it, so that no record passes that they refuse."""
    if found.gone or not found.record:
        return found
    against = objection(found.record, year) or ("a tombstone" if withdrawn(found.record) else "")
    if against and against not in found.reasons:
        return replace(found, reasons=(*found.reasons, against))
    return found


def _settle(
    judged: Iterable[Found], before: dict[str, Any], doubted: dict[str, Any], today: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The records and the review after this run, by id, from those before it."""
    records, review = dict(before), dict(doubted)
    for found in judged:
        earlier = review.pop(found.id, {}).get("gone", "")
        held = before.get(found.id, {})
        here = bool(held) and not withdrawn(held)
        if found.gone and here:
            if earlier and earlier != today:
                records[found.id] = _tombstone(held, found.gone, today)
            else:
                review[found.id] = {"id": found.id, "reasons": [found.gone], "gone": earlier or today}
        elif found.gone or found.reasons or not found.record:
            reasons = [found.gone] if found.gone else list(found.reasons) or ["the source says nothing of it"]
            if here:
                records[found.id] = _tombstone(held, "under review: " + reasons[0], today)
            made = {"record": found.record} if found.record else {}
            review[found.id] = {"id": found.id, "reasons": reasons, **made}
        else:
            records[found.id] = _revised(found.record, held)
    return dict(sorted(records.items())), dict(sorted(review.items()))


def _forgotten(source: Source, run: _Run, judged: Iterable[Found], records: dict[str, Any]) -> list[str]:
    """What was for review alone, and is neither listed nor there any more: nothing is left to look at."""
    gone = (found.id for found in judged if found.gone and found.id not in records)
    return [id for id in gone if source.item(id).key not in run.listed]


def _tombstone(before: Record, why: str, today: str) -> dict[str, object]:
    return {"id": before["id"], "withdrawn": why[:500], "rev": int(before.get("rev", 0)) + 1, "at": today}


def _revised(made: Record, before: Record) -> Record:
    """With a revision of its own where anything has changed."""
    rev = int(before.get("rev", 0))
    return before if {**made, "rev": rev} == before else {**made, "rev": rev + 1}


def _lines(path: Path, torn: bool = False) -> Iterator[dict[str, Any]]:
    """`torn`: the last line may have been broken off."""
    text = path.read_text("utf-8", errors="replace" if torn else "strict") if path.exists() else ""
    for line in text.split("\n"):
        if line.strip():
            with suppress(*((ValueError,) if torn else ())):
                yield json.loads(line)


def _write(path: Path, lines: Iterable[Record]) -> None:
    """Whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(record.line(line) + "\n" for line in lines), "utf-8")
    fresh.replace(path)
