# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON from outside, and nothing else than JSON (RFC 8259)."""

from __future__ import annotations

import json
from typing import Any


def strict_json(text: str | bytes) -> Any:
    """What it holds. Raises ValueError for all that is no JSON: NaN too, and nesting without end."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError(str(error)) from error


def _no_constant(name: str) -> None:
    raise ValueError("%s is not JSON" % name)
