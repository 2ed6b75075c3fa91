# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service tells those who want to call it: how it is, and where."""

from __future__ import annotations

from typing import NamedTuple

STARTING, READY, ERROR = "starting", "ready", "error"


class State(NamedTuple):
    status: str = STARTING
    port: int = 0
    secret: str = ""
    reason: str = ""  # with status error: a code of works/errors.py
    version: str = ""  # the add-on's
