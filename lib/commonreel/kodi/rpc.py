# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi's JSON-RPC, for what its Python API does not tell."""

from __future__ import annotations

import json
from typing import Any

from .api import xbmc


def ask(method: str, **parameters: object) -> dict[str, Any]:
    """The answer as it is: {"result": …}, or {"error": …}."""
    asked = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    answer: dict[str, Any] = json.loads(xbmc.executeJSONRPC(json.dumps(asked)))
    return answer
