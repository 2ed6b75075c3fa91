# SPDX-License-Identifier: GPL-3.0-or-later
"""A list that somebody keeps: a file of records in the catalogue's own format (docs/catalog-format.md), as
a JSON array or as JSON Lines."""

from __future__ import annotations

import json
from typing import Any, Iterator, NamedTuple
from urllib.parse import urlsplit

from ...works import record
from ...works.errors import FetchFailed, RecordInvalid
from ...works.work import Tombstone
from ..polite import Polite
from .source import Found, Listed, Record

MAX_LIST = 32 << 20  # bytes
MAX_NESTING = 20  # objects and arrays within each other; a record has 5


class _Entry(NamedTuple):
    """A record of the list, or why there is none to be read at that place."""

    place: int  # its line, or its number in the array
    made: Record
    problem: str = ""


class PlainList:
    """The list at an address. A record that is wrong loses only itself: it is found under
    'list:line-<place>' where it has no id of its own."""

    def __init__(self, address: str, query: str) -> None:
        host = urlsplit(address).hostname
        if not host:
            raise ValueError("a list has an address of its own: %r" % address)
        if query:
            raise ValueError("a list is taken whole: it knows no query")
        self._address = address
        self._holders = ("list:" + host,)
        self._whole = False  # it was read to its end in this run, and every entry has an id

    def listing(self, ask: Polite) -> Iterator[Listed]:
        """The hint is what is found: Found's own fields."""
        entries, whole = _entries(ask.get(self._address, MAX_LIST))
        if not any(entry.made for entry in entries):
            raise FetchFailed("no list of records: %s" % self._address)
        named: set[str] = set()
        for entry in entries:
            identifier = _identifier(entry.made)
            whole = whole and bool(identifier)
            if identifier and identifier not in named:
                named.add(identifier)
                yield Listed(identifier, _hint(entry))
            else:
                problem = "%s is there twice" % identifier if identifier else ""
                yield Listed("list:line-%d" % entry.place, _hint(entry, problem))
        self._whole = whole

    def examine(self, ask: Polite, listed: Listed) -> list[Found]:  # noqa: ARG002 (the list told all)
        if listed.hint:
            told = {**listed.hint, "reasons": tuple(listed.hint["reasons"])}
            return [Found(listed.key, holders=self._holders, **told)]
        if not self._whole:
            raise FetchFailed("the list was not read whole in this run")
        return [Found(listed.key, gone="not in the list any more")]

    def item(self, id: str) -> Listed:
        return Listed(id)


def _entries(body: bytes) -> tuple[list[_Entry], bool]:
    """What an array holds, or every line that is not blank; and whether that is all. A broken array is read
    by its lines, and nobody knows what is missing."""
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        lines = [line.strip().rstrip(b",") for line in body.split(b"\n")]
        held = [(place, line) for place, line in enumerate(lines, 1) if line not in (b"", b"[", b"]")]
        return [_line(place, line) for place, line in held], b"[" not in lines
    entries = read if isinstance(read, list) else [read]
    return [_entry(place, obj) for place, obj in enumerate(entries, 1)], True


def _line(place: int, line: bytes) -> _Entry:
    try:
        return _entry(place, json.loads(line))
    except (ValueError, RecursionError) as error:
        return _Entry(place, {}, "not JSON: %s" % ascii(str(error))[:200])


def _entry(place: int, obj: object) -> _Entry:
    """A record that can be written down again as it is: no deeper, longer or stranger than JSON may be."""
    if not isinstance(obj, dict) or not obj:
        return _Entry(place, {}, "not a record")
    if _nested(obj, MAX_NESTING):
        return _Entry(place, {}, "nested more than %d times" % MAX_NESTING)
    try:
        size = len(json.dumps(obj, ensure_ascii=False, allow_nan=False).encode("utf-8"))
    except ValueError as error:  # a number that is none, half a surrogate pair
        return _Entry(place, {}, "not JSON: %s" % ascii(str(error))[:200])
    if size > record.MAX_RECORD:
        return _Entry(place, {}, "more than %d bytes" % record.MAX_RECORD)
    return _Entry(place, obj)


def _nested(value: object, levels: int) -> bool:
    """Whether there are more than so many levels in it."""
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels < 0 or any(_nested(each, levels - 1) for each in inside)


def _identifier(made: Record) -> str:
    """The record's id if it is one, as a tombstone of that id would have it; else ''."""
    try:
        return record.parse({"id": made.get("id"), "withdrawn": "-"}).id
    except RecordInvalid:
        return ""


def _hint(entry: _Entry, problem: str = "") -> dict[str, Any]:
    """Found's fields: a tombstone says that the work is gone."""
    problems = [each for each in (entry.problem, problem) if each]
    try:
        work = record.parse(entry.made) if entry.made else None
    except RecordInvalid as error:
        work, problems = None, [*problems, error.detail]
    if isinstance(work, Tombstone) and not problems:
        return {"gone": work.withdrawn, "reasons": []}
    reasons = ["entry %d of the list: %s" % (entry.place, each) for each in problems]
    return {"record": entry.made, "reasons": reasons}
