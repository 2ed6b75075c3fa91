# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers a call of Kodi's: with the list that was kept of it, or with a screen."""

from __future__ import annotations

from typing import Sequence

from .call import Call
from .lists import kept, listing


def run(argv: Sequence[str]) -> None:
    """Answer one call; argv is Kodi's."""
    call = Call.read(argv)
    basis = kept.basis() if call.handle >= 0 else ""
    found = kept.find(call.address, basis)
    if found:
        listing.show(call.handle, found)
        return
    from . import router  # most of the add-on: a list that was kept does without

    router.answer(call, argv, basis)
