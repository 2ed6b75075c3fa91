# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking other people's servers as their keepers wish: one call at a time, with a pause between, saying
who asks, and waiting as long as they say."""

from __future__ import annotations

import logging
import time
from typing import Any, Callable
from urllib.parse import urlencode

from ..net.fetch import Fetcher
from ..works import metainfo
from ..works.errors import FetchFailed
from ..works.strict_json import strict_json

SPACING = 0.5  # seconds from the end of an answer to the next question
TRIES = 5
LONGEST_WAIT = 600.0  # seconds; a server that wants more is left for another day
MAX_JSON = 32 << 20  # bytes
TIMEOUT = 60.0  # seconds for one answer
_TRIED_AGAIN = (429, 500, 502, 503, 504)

log = logging.getLogger(__name__)


class Polite:
    """A fetcher that takes its time. One for each run of a source."""

    def __init__(
        self,
        fetcher: Fetcher,
        spacing: float = SPACING,
        pause: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._spacing = spacing
        self._pause = pause
        self._clock = clock
        self._next = 0.0  # when a question may be asked again
        self.asked = 0

    def json(self, url: str, **query: object) -> Any:
        """What the answer holds. Raises FetchFailed, also where it is no JSON (a page that says 'sorry'
        comes with status 200)."""
        return read_json(url, self.get(url + ("?" + urlencode(query, doseq=True) if query else ""), MAX_JSON))

    def get(self, url: str, limit: int) -> bytes:
        """The body at `url`, of at most `limit` bytes. Asks again where that may help. Raises FetchFailed."""
        for tries in range(1, TRIES + 1):
            self._pause(max(0.0, self._next - self._clock()))
            self.asked += 1
            try:
                return self._fetcher.get(url, limit, TIMEOUT)
            except FetchFailed as error:
                wait = max(error.retry_after, 2.0**tries)
                if error.status not in _TRIED_AGAIN or tries == TRIES or wait > LONGEST_WAIT:
                    raise
                log.info("%s; again in %d s", error.detail, wait)
                self._next = self._clock() + wait
            finally:
                self._next = max(self._next, self._clock() + self._spacing)
        raise AssertionError("the last try returns or raises")


def read_json(url: str, body: bytes) -> Any:
    """What the answer at `url` holds. Raises FetchFailed."""
    try:
        return strict_json(body)
    except ValueError as error:
        raise FetchFailed("not JSON: %s: %s" % (url, ascii(str(error))[:200])) from error


def torrent(ask: Polite, url: str) -> bytes:
    """The .torrent file at `url`. Raises FetchFailed, also where the answer is a page: it says nothing of the
    film, which stays what it was."""
    body = ask.get(url, metainfo.MAX_BYTES)
    if not body.startswith(b"d") or not body.rstrip().endswith(b"e"):
        raise FetchFailed("no torrent: %s" % url)
    return body
