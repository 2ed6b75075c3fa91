# SPDX-License-Identifier: GPL-3.0-or-later
"""What all sources say of films that age has made free."""

from __future__ import annotations

import re
from typing import Any

from ..works import rights
from ..works.licence import Licence

LAST_YEAR = 1930  # the newest films that the United States' year rule frees in 2026; one more every January
US_95 = {"kind": "pd-rule", "rule": "us-95", "url": "https://www.copyright.gov/title17/92chap3.html"}

# Of a film that is free, versions that may not be: they are named so.
NEW_RIGHT = re.compile(
    r"restor|remaster|soundtrack|new[ _-]?score|with[ _-]?(music|score)|colou?ri[sz]|tinted|subtitled|digest",
    re.IGNORECASE,
)


def free_by_year(year: int) -> bool:
    """Whether the United States' rule frees a film of that year; 0 is an unknown one."""
    return 0 < year <= LAST_YEAR


def new_right(licence: Licence, *names: str) -> str:
    """Why a person must look at a film whose names speak of a version with rights of its own; '' if none
    does, or a licence covers it."""
    found = NEW_RIGHT.search(" ".join(names)) if licence.gate == "claim" else None
    return "it names a version with rights of its own: %r" % found.group() if found else ""


def claimed(licence: Licence, year: int, page: str) -> dict[str, Any]:
    """A record's rights by what the page at that address claims: by rule where a public-domain statement
    goes with the year, else nobody vouches yet."""
    evidence = {"kind": "license-page", "url": page}
    if licence.gate == "claim" and free_by_year(year):
        return {"class": "C", "territories": ["US"], "evidence": [US_95, evidence]}
    return {"class": "X", "territories": [rights.EVERYWHERE], "evidence": [evidence]}
