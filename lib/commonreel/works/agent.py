# SPDX-License-Identifier: GPL-3.0-or-later
"""What Common Reel calls itself to servers and clients (RFC 9110, 10.1.5)."""

from __future__ import annotations


def name(version: str, comment: str = "") -> str:
    """As in a User-Agent: CommonReel/1.0, or CommonReel/1.0 (whom to write to)."""
    return "CommonReel/" + version + (" (%s)" % comment if comment else "")
