# SPDX-License-Identifier: GPL-3.0-or-later
"""What a catalogue holds, as the site needs it: every record checked once more, and its text made harmless.

The gate's year is the build's, not the clock's: the same catalogue makes the same pages.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Iterable, Iterator, Mapping, NamedTuple, Sequence

from ...works import about, folder, record, rights
from ...works.about import About
from ...works.errors import RecordInvalid
from ...works.guide import Entry as Described
from ...works.guide import Guide, Maker, Selection
from ...works.work import Tombstone, Work
from .. import files, publishers
from ..building import Catalogue, Record
from ..plain_text import DIRECTIONS
from ..repository import Repository
from . import shelves
from .shelves import Shelf

EVENTS = ("added", "changed", "proposed", "objection", "withdrawn")  # of the log
_OWN_WORDS = 4000  # characters of what a curator says of the catalogue

# What turns the direction of the text behind it, and what no XML may hold.
_NOT_SHOWN = dict.fromkeys(map(ord, (*DIRECTIONS, "\ufffe", "\uffff")))


class Entry(NamedTuple):
    """A line of the public log."""

    at: str
    id: str
    what: str  # one of EVENTS
    why: str = ""


class Proposed(NamedTuple):
    """A work that waits for objections."""

    since: str
    work: Work


@dataclass(frozen=True)
class Contents:
    """A catalogue that can be shown. Works, makers and lists, and tombstones by id."""

    about: About
    terms: str
    declaration: str
    fingerprint: str
    works: Mapping[str, Work]
    guides: Mapping[str, Guide]
    gone: Mapping[str, Tombstone]
    proposed: tuple[Proposed, ...]
    log: tuple[Entry, ...]  # the newest first
    refused: tuple[str, ...]  # what is left out, and why

    def listed(self) -> list[Work]:
        """The works that lists have: an episode is on the page of its series, if there is one."""
        return [each for each in self.works.values() if each.series in ("", each.id) or not self.whole(each)]

    def whole(self, work: Work) -> Work | None:
        """The series that a season or an episode belongs to."""
        return self.works.get(work.series) if work.part_of else None

    def parts(self) -> dict[str, list[Work]]:
        """Seasons' and episodes' own order, by the id of their series."""
        found: dict[str, list[Work]] = {}
        for each in self.works.values():
            if each.part_of:
                found.setdefault(each.series, []).append(each)
        for kept in found.values():
            kept.sort(key=_place)
        return found

    @cached_property
    def shelves(self) -> Mapping[str, Sequence[Shelf]]:
        """Of each of shelves.KINDS, in the order of their values."""
        return shelves.arranged(self.listed(), self.works, self.guides)

    @property
    def kinds(self) -> Sequence[str]:
        """Those of which there are shelves."""
        return [kind for kind, found in self.shelves.items() if found]

    def newest(self) -> list[tuple[str, Work]]:
        """Every work of the lists and the day on which it came, the latest first."""
        came = {entry.id: entry.at for entry in reversed(self.log) if entry.what == "added"}
        dated = [(came.get(work.id) or work.updated[:10], work) for work in self.listed()]
        return sorted(sorted(dated, key=lambda each: each[1].id), key=lambda each: each[0], reverse=True)


def read(repository: Repository) -> Contents:
    """Of a catalogue's folder. Raises OSError, ValueError where it holds none that is whole."""
    signed = repository.signed()
    if not signed:
        raise ValueError("no catalogue is there: commonreel catalog build makes one")
    content = repository.content(signed)
    try:
        catalogue = files.catalogue(content)
        own_words = _harmless(json.loads(content[folder.ABOUT]))
        said = about.parse(record.line(own_words).encode("utf-8", "replace"))
    except (KeyError, EOFError, RecordInvalid) as error:
        raise ValueError("the catalogue is not whole: %s" % error) from error
    carried = [made for each in repository.publishers().values() for made in publishers.records(each)]
    return gather(catalogue, carried, said, own_words, repository.fingerprint)


def gather(
    catalogue: Catalogue,
    carried: Iterable[Record],
    said: About,
    own_words: Mapping[str, Any],
    fingerprint: str,
) -> Contents:
    """`carried`: the records of publishers. `own_words`: the curator's, of which terms and declaration are
    shown."""
    refused: list[str] = []
    entries = sorted(_admitted((*catalogue.records.values(), *carried), said.year, refused), key=_id)
    waiting = sorted(catalogue.waiting.values(), key=lambda line: str(line["id"]))
    proposed = [
        Proposed(_text(line.get("since")), work)
        for line in waiting
        for work in _admitted([line["record"]], said.year, refused)
        if isinstance(work, Work)
    ]
    log = [_entry(_harmless(line)) for line in catalogue.log]
    return Contents(
        about=said,
        terms=_text(own_words.get("terms")),
        declaration=_text(own_words.get("declaration")),
        fingerprint=fingerprint,
        works={each.id: each for each in entries if isinstance(each, Work)},
        guides={each.id: each for each in entries if isinstance(each, (Maker, Selection))},
        gone={each.id: each for each in entries if isinstance(each, Tombstone)},
        proposed=tuple(sorted(proposed, key=lambda each: each.since, reverse=True)),
        log=tuple(sorted(log, key=lambda entry: entry.at, reverse=True)),
        refused=tuple(refused),
    )


def _admitted(found: Iterable[Record], year: int, refused: list[str]) -> Iterator[Described]:
    """What the format and the gate let through; why not is added for the others."""
    for made in found:
        try:
            entry = record.parse(_harmless(made))
            refusal = rights.refusal(entry, year) if isinstance(entry, Work) else ""
        except RecordInvalid as error:
            refusal = error.detail
        if refusal:
            refused.append("%s: %s" % (made.get("id"), refusal))
        else:
            yield entry


def _harmless(made: Record) -> dict[str, Any]:
    found = json.loads(record.line(made).translate(_NOT_SHOWN))
    return dict(found)


def _entry(line: Record) -> Entry:
    return Entry(*(_text(line.get(name)) for name in Entry._fields))


def _text(value: object) -> str:
    """What somebody has written, as far as it is text."""
    said = value[:_OWN_WORDS] if isinstance(value, str) else ""
    return "".join(sign for sign in said if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs"))


def _id(entry: Described) -> str:
    return entry.id


def _place(work: Work) -> tuple[int, int, str]:
    part = work.part_of
    return (part.season, part.episode, work.id) if part else (0, 0, work.id)
