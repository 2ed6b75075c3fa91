# SPDX-License-Identifier: GPL-3.0-or-later
"""What all sources say of films that age has made free."""

from __future__ import annotations

import re

LAST_YEAR = 1930  # the newest films that the United States' year rule frees in 2026; one more every January
US_95 = {"kind": "pd-rule", "rule": "us-95", "url": "https://www.copyright.gov/title17/92chap3.html"}

# Of a film that is free, versions that may not be: they are named so.
NEW_RIGHT = re.compile(
    r"restor|remaster|soundtrack|new[ _-]?score|with[ _-]?(music|score)|colou?ri[sz]|tinted|subtitled|digest",
    re.IGNORECASE,
)
