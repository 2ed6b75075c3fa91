# SPDX-License-Identifier: GPL-3.0-or-later
"""Giving to who made a work, past everybody else: a code for a phone."""

from __future__ import annotations

from typing import Sequence

from ..works import giving
from ..works.work import Channel
from . import catalogue, dialogs, reasons, scan
from .call import Call
from .strings import Text, text


def support(call: Call) -> None:
    """Show the ways to give to a work's makers. Raises UnknownWork, WorkWithdrawn."""
    with catalogue.store() as store:
        work = store.work(call.text("id"))
    show(giving.shown(work), giving.makers(work), reasons.title(work))


def show(ways: Sequence[Channel], name: str, about: str = "") -> None:
    """Show the ways to give to whom `name` names, or say that there are none. `about`: for which work."""
    if not ways:
        dialogs.notify(text(Text.NO_SUPPORT))
        return
    scan.show([
        scan.Card(
            address=way.address,
            spoken=giving.spoken(way.address),
            heading=text(Text.SUPPORT),
            name=name,
            about=about,
            notes=(text(Text.SUPPORT_NOTE), way.description),
        )
        for way in ways
    ])  # fmt: skip
