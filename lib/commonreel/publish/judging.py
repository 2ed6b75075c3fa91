# SPDX-License-Identifier: GPL-3.0-or-later
"""What is against a record: in its format (works/record.py), or by the gate (works/rights.py)."""

from __future__ import annotations

from typing import Mapping

from ..works import record, rights
from ..works.errors import RecordInvalid
from ..works.work import Work


def objection(made: Mapping[str, object], year: int) -> str:
    """In English; '' if nothing is, as of a tombstone. `year` is the gate's."""
    try:
        entry = record.parse(made)
    except RecordInvalid as error:
        return error.detail
    return rights.refusal(entry, year) if isinstance(entry, Work) else ""
