# SPDX-License-Identifier: GPL-3.0-or-later
"""The web, as the checks of a submission ask it: bounded, and on public addresses alone.

For a dry run, a server on this machine stands for every host.
"""

from __future__ import annotations

import time
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from ...net.fetch import Fetcher
from ...net.ranged import Failure, Ranges
from ...works.errors import FetchFailed
from ..polite import SPACING, TIMEOUT, Polite, read_json

MAX_TOLD = 1 << 20  # bytes of what a place says of an account or an item
LEAST_RATE = 128 << 10  # bytes a second of a film, on the whole
CONNECTING = 300.0  # seconds beside
_CHUNK = 4 << 20


class Web:
    """`base`: the address of a server that is asked in the place of every host, for its path; '' for none."""

    def __init__(self, user_agent: str, base: str = "") -> None:
        self._base = base.rstrip("/")
        local = urlsplit(base).scheme == "http"
        self._fetcher = Fetcher(user_agent, local)
        self._ask = Polite(self._fetcher, 0.0 if local else SPACING)
        self._ranges = Ranges(user_agent, local)

    def json(self, url: str) -> Any:
        """What is told there. Raises FetchFailed, also where it is no JSON."""
        return read_json(url, self.get(url, MAX_TOLD))

    def get(self, url: str, limit: int) -> bytes:
        """The file there, of at most so many bytes. Raises FetchFailed."""
        return self._ask.get(self._at(url), limit)

    def find(self, url: str) -> None:
        """See that a file is there, of which ranges can be read. Raises FetchFailed."""
        self._fetcher.locate(self._at(url), TIMEOUT)

    def copy(self, url: str, length: int, into: BinaryIO) -> None:
        """Write the file there, which has that many bytes. Raises FetchFailed."""
        until = time.monotonic() + CONNECTING + length / LEAST_RATE
        line = self._ranges.line()
        part = memoryview(bytearray(min(_CHUNK, length)))
        try:
            for start in range(0, length, _CHUNK):
                if time.monotonic() > until:
                    raise FetchFailed("%s: too slow" % url)
                part = part[: length - start]
                line.read(self._at(url), start, part, length)
                into.write(part)
        except Failure as error:
            raise FetchFailed("%s: %s" % (url, error)) from error
        finally:
            line.close()

    def close(self) -> None:
        self._fetcher.close()

    def _at(self, url: str) -> str:
        if not self._base or url.startswith(self._base + "/"):
            return url
        parts = urlsplit(url)
        return self._base + parts.path + ("?" + parts.query if parts.query else "")
