# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's own catalogue, which a build may put into the zip: followed from the first start on.

In the zip lies what lies in the folder of a catalogue that is followed, followed.json and root.json. Whoever
updates the zip is trusted, so what it says counts: the catalogue moves to another address, and other keys
begin another catalogue.
"""

from __future__ import annotations

import logging
from pathlib import Path

from ..works.errors import CatalogueRefused
from . import following
from .following import Followed, Offer
from .store import MAIN

_OFF = MAIN + ".off"  # a file beside the folders: the viewer does without

_log = logging.getLogger(__name__)


def packed(folder: Path) -> Offer | None:
    """What the zip has in that folder; None where it was built without."""
    found = following.read(folder)
    try:
        return Offer(found.address, found.root, found.mirrors) if found else None
    except (CatalogueRefused, OSError) as error:
        _log.warning("the add-on's own catalogue: %s", error)
        return None


def is_off(catalogues: Path) -> bool:
    """Whether the viewer does without it."""
    return (catalogues / _OFF).exists()


def switch(catalogues: Path, on: bool) -> None:
    """As the viewer wants it; the next settle() does it. Raises OSError."""
    if on:
        (catalogues / _OFF).unlink(missing_ok=True)
    else:
        catalogues.mkdir(parents=True, exist_ok=True)
        (catalogues / _OFF).touch()


def settle(catalogues: Path, offer: Offer | None) -> None:
    """Follow what the zip offers and the viewer wants, and nothing else in its place. Cheap where that is so.
    Raises OSError."""
    held = following.read(catalogues / MAIN)
    if not offer or is_off(catalogues):
        if held:
            held.unfollow()
    elif not held:
        if all(folder.stem != MAIN for folder in following.left(catalogues)):  # what was left goes first
            following.follow(catalogues, offer, MAIN)
    elif held.fingerprint != offer.fingerprint:
        held.unfollow()
    elif (held.address, held.mirrors) != (offer.address, offer.mirrors):
        following.follow(catalogues, offer, MAIN).want()
    elif held.state.checked:
        _leave_twin(catalogues, held)


def _leave_twin(catalogues: Path, held: Followed) -> None:
    """One that the viewer followed before the zip did, now that all of its works are here."""
    twin = following.read(catalogues / held.fingerprint[:16])
    if twin:
        twin.unfollow()
