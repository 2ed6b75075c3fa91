# SPDX-License-Identifier: GPL-3.0-or-later
"""Wikimedia Commons: free files, with their licences as their pages state them.

https://www.mediawiki.org/wiki/API:Search, API:Categorymembers and API:Videoinfo. A query is a category
('Category:Silent films': its own files, not those of the categories below) or a search
(https://www.mediawiki.org/wiki/Help:CirrusSearch), which tells no more than the first 10,000 that it finds.
"""

from __future__ import annotations

import logging
import re
from typing import Any, Iterator, Mapping

from ...works.errors import FetchFailed
from ...works.media import suffix
from ..plain_text import one_line
from ..polite import Polite
from . import commons_file
from .source import Found, Listed

SITE = "https://commons.wikimedia.org"
QUERY = (
    'filetype:video incategory:"Videos of films in the public domain|Silent films|Animated films|'
    'Animated short films|Documentary films"'
)
PAGE = 500  # items in an answer
MAX_SEARCHED = 10_000 // PAGE  # answers to a search
MAX_ANSWERS = 2000  # of a category
POSTER = 500  # pixels wide

_SUFFIXES = frozenset(("mp4", "mpeg", "mpg", "ogg", "ogm", "ogv", "webm"))
_PAGE_ID = re.compile(r"[1-9][0-9]{0,11}")
_GOES_ON = ("continue", "sroffset", "cmcontinue")

log = logging.getLogger(__name__)


class Commons:
    """The files of a query. `address`: of another wiki with the same extensions; ends in api.php, or is
    what '/w/api.php' follows."""

    def __init__(self, address: str, query: str) -> None:
        base = address.rstrip("/") or SITE
        self._api = base if base.endswith("/api.php") else base + "/w/api.php"
        self._query = query or QUERY

    def listing(self, ask: Polite) -> Iterator[Listed]:
        category = self._query.startswith("Category:")
        name, asked = _members(self._query) if category else _search(self._query)
        answers = MAX_ANSWERS if category else MAX_SEARCHED
        more: Mapping[str, Any] = {}
        for _ in range(answers):
            answer = self._asked(ask, **asked, **more)
            yield from _listed(answer["query"].get(name))
            more = _goes_on(answer.get("continue"))
            if not more:
                return
        raise FetchFailed("there is more after %d answers: ask for less than %r" % (answers, self._query))

    def examine(self, ask: Polite, listed: Listed) -> list[Found]:
        if not _PAGE_ID.fullmatch(listed.key):
            raise FetchFailed("not a page of Commons: %.50r" % listed.key)
        answer = self._asked(
            ask,
            pageids=listed.key,
            prop="videoinfo|categories",
            viprop="url|size|mime|mediatype|sha1|extmetadata",
            viurlwidth=POSTER,
            viextmetadatafilter="|".join(commons_file.FIELDS),
            cllimit="max",
        )
        for page in _pages(answer["query"].get("pages")):
            if isinstance(page, dict) and page.get("pageid") == int(listed.key):
                return commons_file.read(page, self._page(listed.key))
        raise FetchFailed("no page %s in the answer" % listed.key)

    def item(self, id: str) -> Listed:
        prefix, found, page = id.partition(":M")
        return Listed(page if found and prefix == "commons" else id)

    def _page(self, page: str) -> str:
        return self._api[: -len("api.php")] + "index.php?curid=" + page

    def _asked(self, ask: Polite, **query: object) -> dict[str, Any]:
        """An answer that has a `query`. Raises FetchFailed, also where it is an error."""
        answer = ask.json(self._api, action="query", format="json", formatversion=2, **query)
        if not isinstance(answer, dict) or not isinstance(answer.get("query"), dict):
            raise FetchFailed("no answer to a query: %s" % _error(answer))
        return answer


def _error(answer: object) -> str:
    """What the API says is wrong: {"error": {"code", "info"}}, with HTTP 200."""
    error = answer.get("error") if isinstance(answer, dict) else None
    told = [error.get("code"), error.get("info")] if isinstance(error, dict) else []
    return one_line(": ".join(each for each in told if isinstance(each, str)), 200) or "of another kind"


def _search(query: str) -> tuple[str, dict[str, object]]:
    """The name of the list, and how to ask for it."""
    asked = {"list": "search", "srsearch": query, "srnamespace": 6, "srlimit": PAGE, "srprop": ""}
    return "search", {**asked, "srsort": "create_timestamp_asc"}  # does not move while it is read


def _members(category: str) -> tuple[str, dict[str, object]]:
    asked = {"list": "categorymembers", "cmtitle": category, "cmtype": "file", "cmlimit": PAGE}
    return "categorymembers", asked


def _listed(rows: object) -> Iterator[Listed]:
    """The videos of a list, by their names: a category of films holds posters too."""
    if not isinstance(rows, list):
        raise FetchFailed("no list in the answer")
    for row in rows:
        page, title = (row.get("pageid"), row.get("title")) if isinstance(row, dict) else (None, None)
        if type(page) is not int or not isinstance(title, str) or not _PAGE_ID.fullmatch(str(page)):
            log.warning("a row that names no page")
        elif suffix(title) in _SUFFIXES:
            yield Listed(str(page), {"title": one_line(title, 300)})


def _goes_on(told: object) -> dict[str, Any]:
    """What to send to have the rest; nothing at the end."""
    found = told if isinstance(told, dict) else {}
    return {name: found[name] for name in _GOES_ON if isinstance(found.get(name), (str, int))}


def _pages(pages: object) -> list[Any]:
    """Of either format: a list (2), or an object by the page's number (1)."""
    if isinstance(pages, dict):
        return list(pages.values())
    return pages if isinstance(pages, list) else []
