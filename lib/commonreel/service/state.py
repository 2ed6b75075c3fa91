# SPDX-License-Identifier: GPL-3.0-or-later
"""What the service tells those who want to call it: how it is, and where."""

from __future__ import annotations

from dataclasses import dataclass

STARTING, READY, ERROR = "starting", "ready", "error"


@dataclass(frozen=True)
class State:
    status: str = STARTING
    port: int = 0
    secret: str = ""
    reason: str = ""  # with status error: a code of works/errors.py
    version: str = ""  # the add-on's
