# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the first lists before anybody asks: the first screen, and those that it leads to."""

from __future__ import annotations

import logging

from ...works.errors import CommonReelError
from .. import address, router
from ..call import Call
from . import kept

log = logging.getLogger(__name__)


class Ahead:
    """At most one list a turn, so that the service's other turns do not wait."""

    def __init__(self) -> None:
        self._basis = ""
        self._due: list[str] = []  # addresses

    def tick(self) -> None:
        """Make the next one that is not there yet."""
        now = kept.basis()
        if now and now != self._basis:
            self._basis, self._due = now, [address.home()]
        if now and self._due:
            self._make(self._due.pop(0))

    def _make(self, url: str) -> None:
        found = kept.find(url, self._basis)
        if not found:
            path, mark, query = url.partition("?")
            try:
                found = router.made(Call.read([path, "", mark + query]))
                if found:
                    kept.keep(url, self._basis, found)
            except (CommonReelError, OSError) as error:
                log.info("%s is not made ahead: %s", url, error)
        if found and url == address.home():
            self._due = [row.url for row in found.rows if router.is_kept(row.url)]
