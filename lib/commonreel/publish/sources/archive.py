# SPDX-License-Identifier: GPL-3.0-or-later
"""The Internet Archive as a source: its films with a torrent and a licence.

Listed by advancedsearch.php (https://archive.org/advancedsearch.php), which shows at most 10,000 of a
search: so the time in which items were published is cut until every piece holds fewer. The scrape API has
no such bound, but its cursor cannot be taken up again, and nothing tells whether it has shown all.
Everything else is asked for item by item: the search's copy of it may be old.
"""

from __future__ import annotations

import logging
import time
from typing import Any, Iterator

from ...works.errors import FetchFailed, TooLarge
from ..polite import Polite, torrent
from .archive_fields import text
from .archive_item import IDENTIFIER, found, read_item
from .source import Found, Listed

PUBLIC = "https://archive.org"
QUERY = (
    'mediatype:movies AND format:"Archive BitTorrent" AND licenseurl:* '
    "AND NOT collection:(stream_only OR movie_trailers)"
)
MOST = 10_000  # items of a search that can be shown
ROWS = 1000  # items of a page

_FIRST = 820_454_400  # 1996-01-01, the Archive's beginning, in seconds since 1970
_LAST = 4_102_444_799  # the end of 2099
_DENIED = (401, 403, 404, 410)

log = logging.getLogger(__name__)


class Archive:
    """`address`: where it is asked, '' for archive.org itself, which the records always name. `query`:
    in the search's own notation, '' for QUERY."""

    def __init__(self, address: str, query: str) -> None:
        self._address = address.rstrip("/") or PUBLIC
        self._query = query or QUERY

    def listing(self, ask: Polite) -> Iterator[Listed]:
        """See Source. Raises FetchFailed too where one second has too many items."""
        return self._published(ask, _FIRST, _LAST)

    def examine(self, ask: Polite, listed: Listed) -> list[Found]:
        """See Source."""
        if not IDENTIFIER.fullmatch(listed.key):
            raise FetchFailed("no identifier: %s" % ascii(listed.key)[:200])
        item = read_item(listed.key, ask.json("%s/metadata/%s" % (self._address, listed.key)))
        return found(item, b"" if item.gone or item.withheld else self._torrent(ask, item.id))

    def item(self, id: str) -> Listed:
        """'ia:X' and its episodes 'ia:X:s01e02' are of the item X."""
        return Listed(id.partition(":")[2].partition(":")[0])

    def _published(self, ask: Polite, first: int, last: int) -> Iterator[Listed]:
        """The items of a span of time, both its seconds included."""
        window = "(%s) AND publicdate:[%s TO %s]" % (self._query, _written(first), _written(last))
        count = _count(self._search(ask, window, 0, 1))
        if count < MOST:
            for page in range(1, -(-count // ROWS) + 1):
                yield from _items(self._search(ask, window, ROWS, page))
        elif first < last:
            middle = (first + last) // 2
            yield from self._published(ask, first, middle)
            yield from self._published(ask, middle + 1, last)
        else:
            raise FetchFailed("%d items of one second: %s" % (count, window))

    def _search(self, ask: Polite, query: str, rows: int, page: int) -> dict[str, Any]:
        """The answer's `response`. Without an order, pages overlap."""
        asked = {"q": query, "fl[]": "identifier", "sort[]": "identifier asc", "rows": rows, "page": page}
        answer = ask.json(self._address + "/advancedsearch.php", **asked, output="json")
        response = answer.get("response") if isinstance(answer, dict) else None
        if not isinstance(response, dict):  # {"error": …} comes with status 200
            why = text(answer.get("error"), 200) if isinstance(answer, dict) else ""
            raise FetchFailed("no search result: %s" % (why or "of another shape"))
        return response

    def _torrent(self, ask: Polite, id: str) -> bytes:
        """b'' where the Archive does not give it, or it is larger than any that we read."""
        try:
            address = "%s/download/%s/%s_archive.torrent" % (self._address, id, id)
            return torrent(ask, address)
        except FetchFailed as error:
            if not isinstance(error, TooLarge) and error.status not in _DENIED:
                raise
            log.info("%s: no torrent: %s", id, error.detail)
            return b""


def _written(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(second))


def _count(response: dict[str, Any]) -> int:
    count = response.get("numFound")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise FetchFailed("no search result: numFound is no number")
    return count


def _items(response: dict[str, Any]) -> Iterator[Listed]:
    """What is found no more since it was counted is no error. An identifier that no record could have
    as its id is left out."""
    entries = response.get("docs")
    if not isinstance(entries, list):
        raise FetchFailed("no search result: docs is no list")
    for entry in entries:
        identifier = entry.get("identifier") if isinstance(entry, dict) else None
        if isinstance(identifier, str) and IDENTIFIER.fullmatch(identifier):
            yield Listed(identifier)
        else:
            log.warning("left out of the listing: %r", text(identifier, 200))
