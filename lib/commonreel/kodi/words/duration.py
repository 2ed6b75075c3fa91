# SPDX-License-Identifier: GPL-3.0-or-later
"""How long something takes, in a few words."""

from __future__ import annotations

from .strings import Text, text


def about(seconds: float) -> str:
    """'about 4 s', 'about a minute': the longer, the coarser."""
    if seconds < 10:
        return text(Text.ABOUT_SECONDS, seconds=max(1, round(seconds)))
    if seconds < 50:
        return text(Text.ABOUT_SECONDS, seconds=5 * round(seconds / 5))
    minutes = round(seconds / 60)
    return text(Text.ABOUT_MINUTES, minutes=minutes) if minutes > 1 else text(Text.ABOUT_A_MINUTE)
