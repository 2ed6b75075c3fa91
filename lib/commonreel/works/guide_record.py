# SPDX-License-Identifier: GPL-3.0-or-later
"""The records of makers and of lists of works, which no rights gate looks at: there is nothing to play."""

from __future__ import annotations

from .fields import Fields
from .guide import Guide, Maker, Selection
from .record_parts import DATE, MAX_REV, SAME_AS, channels, evidence, identity, ids

MAX_SELECTED = 500  # works of a list
MAX_LINKS = 10


def parse(record: Fields, kind: str) -> Guide:
    """`kind`: one of guide.TYPES. RecordInvalid if it breaks the format."""
    return _selection(record) if kind == "ItemList" else _maker(record, kind)


def _maker(record: Fields, kind: str) -> Maker:
    return Maker(
        id=identity(record),
        type=kind,
        rev=record.number("rev", 0, MAX_REV),
        updated=record.matching("updated", DATE, 20),
        name=record.by_language("name", 120, required=True),
        description=record.by_language("description", 2000),
        portrait=record.child("image").address("portrait"),
        url=record.address("url"),
        links=record.addresses("links", MAX_LINKS),
        same_as=record.all_matching("sameAs", SAME_AS, 20, 100),
        funding=channels(record),
        evidence=evidence(record),
        submitter=record.text("submitter", 100),
    )


def _selection(record: Fields) -> Selection:
    works = ids(record, "itemListElement", MAX_SELECTED, required=True)
    if len(set(works)) < len(works):
        raise record.wrong("itemListElement", "names a work twice")
    image = record.child("image")
    return Selection(
        id=identity(record),
        rev=record.number("rev", 0, MAX_REV),
        updated=record.matching("updated", DATE, 20),
        name=record.by_language("name", 120, required=True),
        description=record.by_language("description", 2000),
        by=record.text("by", 120),
        url=record.address("url"),
        poster=image.address("poster"),
        fanart=image.address("fanart"),
        works=works,
    )
