# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers a call of Kodi's: with the list that was kept of it, or with a screen."""

from __future__ import annotations

from typing import Sequence

from . import kept, listing
from .call import Call


def run(argv: Sequence[str]) -> None:
    """Answer one call; argv is Kodi's."""
    call = Call.read(argv)
    basis = kept.basis() if call.handle >= 0 else ""
    found = kept.find(call.address, basis)
    if found:
        listing.show(call.handle, found)
        return
    from . import screens  # most of the add-on: a list that was kept does without

    screens.answer(call, argv, basis)
