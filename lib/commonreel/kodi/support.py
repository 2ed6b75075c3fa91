# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving to who made a work, past everybody else: a code for a phone."""

from __future__ import annotations

from ..works import giving
from . import catalogue, dialogs, reasons, scan
from .call import Call
from .strings import Text, text


def support(call: Call) -> None:
    """Show the ways to give to a work's makers. Raises UnknownWork, WorkWithdrawn."""
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    ways = giving.shown(work)
    if not ways:
        dialogs.notify(text(Text.NO_SUPPORT))
        return
    scan.show([
        scan.Card(
            address=way.address,
            spoken=giving.spoken(way.address),
            heading=text(Text.SUPPORT),
            name=giving.makers(work),
            about=reasons.title(work),
            notes=(text(Text.SUPPORT_NOTE), way.description),
        )
        for way in ways
    ])  # fmt: skip
