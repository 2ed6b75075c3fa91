# SPDX-License-Identifier: GPL-3.0-or-later
"""What records of several kinds hold: an id, dates, ways to give, evidence."""

from __future__ import annotations

import re

from . import links
from .fields import Fields
from .work import Channel, Evidence

MAX_REV = 1 << 31

ID = re.compile(r"[a-z][a-z0-9]{0,19}:[A-Za-z0-9._:+@,()!~-]+")
SAME_AS = re.compile(r"[a-z]{2,10}:[A-Za-z0-9._/-]+")
DATE = re.compile(
    r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01])(T([01][0-9]|2[0-3])(:[0-5][0-9]){1,2}Z)?)?)?"
)

_CHANNELS = ("bank", "payment-provider", "cheque", "cash", "other")  # funding.json's
_EVIDENCE = ("signed-declaration", "institution", "pd-rule", "license-page", "wikidata")


def identity(fields: Fields) -> str:
    """Under which the record is known, for good."""
    found = fields.matching("id", ID, 200, required=True)
    if ".." in found:
        raise fields.wrong("id", "holds '..'")
    return found


def ids(fields: Fields, name: str, count: int, required: bool = False) -> tuple[str, ...]:
    """Of other records; they need not be there."""
    found = fields.all_matching(name, ID, count, 200, required)
    if any(".." in each for each in found):
        raise fields.wrong(name, "holds '..'")
    return found


def channels(fields: Fields) -> tuple[Channel, ...]:
    """The ways to give in its `funding`."""
    return tuple(_channel(one) for one in fields.child("funding").children("channels", 10))


def evidence(fields: Fields, required: bool = False) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(
            kind=one.choice("kind", _EVIDENCE, required=True),
            url=one.address("url"),
            rule=one.text("rule", 20),
            by=one.text("by", 200),
            at=one.matching("at", DATE, 20),
        )
        for one in fields.children("evidence", 20, required)
    )


def _channel(fields: Fields) -> Channel:
    kind = fields.choice("type", _CHANNELS, required=True)
    address = fields.text("address", links.MAX_GIVING, required=True)
    if (kind == "payment-provider" or "://" in address) and not links.payee(address):
        raise fields.wrong("address", "does not show whom is given to")
    return Channel(kind, address, fields.text("description", 500))
