# SPDX-License-Identifier: GPL-3.0-or-later
"""The way into the catalogue for a file of records: each is checked, and passes the rights gate, or not."""

from __future__ import annotations

from typing import NamedTuple

from ..works import record, rights
from ..works.guide import Entry
from ..works.work import Work


class Admitted(NamedTuple):
    """What a file of records comes to, in its order."""

    entries: tuple[Entry, ...]
    refused: tuple[str, ...]  # ids of works that may not be shown
    problems: tuple[str, ...]  # what was left out, and why, a line each


def admit(text: str, year: int, local: bool = False, lines: bool = False) -> Admitted:
    """What a file of records describes. `lines`: one a line, and nothing else will do. Raises
    RecordInvalid for one beyond its bounds."""
    loaded = record.load(text, local=local, lines=lines)
    entries: list[Entry] = []
    refused, problems = [], [*loaded.problems]
    for entry in loaded.entries:
        reason = rights.refusal(entry, year) if isinstance(entry, Work) else ""
        if reason:
            refused.append(entry.id)
            problems.append("%s: %s" % (entry.id, reason))
        else:
            entries.append(entry)
    return Admitted(tuple(entries), tuple(refused), tuple(problems))
