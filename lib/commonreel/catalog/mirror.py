# SPDX-License-Identifier: GPL-3.0-or-later
"""A host that has the catalogue's folder: the usual transport."""

from __future__ import annotations

from typing import Callable
from urllib.parse import quote

from ..net import address
from ..net.fetch import Fetcher

SECONDS = 60.0  # for one file
TIMESTAMP = "metadata/timestamp.json"  # the one file that changes under its name


class Mirror:
    """A works.protocols.Transport."""

    def __init__(
        self, folder: str, fetcher: Fetcher, tag: str = "", held: Callable[[], bytes] = bytes
    ) -> None:
        """`folder`: its address, ending in '/'. `tag`: the ETag of the timestamp that held() returns."""
        self.name = address.shown(folder)
        self.folder = folder
        self.tag = tag
        self._fetcher = fetcher
        self._held = held

    def get(self, path: str, limit: int) -> bytes:
        place = self.folder + quote(path)
        if path != TIMESTAMP:
            return self._fetcher.get(place, limit, SECONDS)
        held = self._held()
        newer = self._fetcher.get_newer(place, self.tag if held else "", limit, SECONDS)
        if newer is None:
            return held
        body, self.tag = newer
        return body
