# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into the catalogue for a file of records: each is checked, and passes the rights gate, or not."""

from __future__ import annotations

from typing import NamedTuple

from ..works import record, rights
from ..works.work import Tombstone, Work


class Admitted(NamedTuple):
    """What a file of records comes to, in its order."""

    entries: tuple[Work | Tombstone, ...]
    refused: tuple[str, ...]  # ids of works that may not be shown
    problems: tuple[str, ...]  # what was left out, and why, a line each


def admit(text: str, year: int, local: bool = False, lines: bool = False) -> Admitted:
    """The works and tombstones of a file of records. `lines`: one a line, and nothing else will do. Raises
    RecordInvalid for one beyond its bounds."""
    loaded = record.load(text, local=local, lines=lines)
    entries: list[Work | Tombstone] = []
    refused, problems = [], [*loaded.problems]
    for entry in loaded.entries:
        reason = "" if isinstance(entry, Tombstone) else rights.refusal(entry, year)
        if reason:
            refused.append(entry.id)
            problems.append("%s: %s" % (entry.id, reason))
        else:
            entries.append(entry)
    return Admitted(tuple(entries), tuple(refused), tuple(problems))
