# SPDX-License-Identifier: GPL-3.0-or-later
"""Standard output: JSON objects, one a line."""

from __future__ import annotations

import json
import os
import sys
from typing import Mapping


def tell(row: Mapping[str, object]) -> None:
    """Print one object, at once. ASCII alone, so that any terminal, pipe and locale takes it."""
    print(json.dumps(row), flush=True)


def abandon() -> None:
    """Nobody reads standard output any more: what is still in its buffer must not fail at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
