# SPDX-License-Identifier: GPL-3.0-or-later
"""What is new, for readers of feeds: Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
import uuid
from typing import Any, Iterator

from ...works.work import Work
from . import naming, showing
from .rendering import Site
from .words import Words

ENTRIES = 50
_NAMESPACE = uuid.UUID("0bb1b5d4-4d0c-5a7e-9d1f-2f6a3f1c7c55")  # of this format's own; never to be changed


def files(site: Site, words: Words) -> Iterator[tuple[str, bytes]]:
    """Without the site's own address, those of works are relative."""
    contents = site.contents
    entries = [_entry(site, words, at, work) for at, work in contents.newest()[:ENTRIES]]
    feed = {
        "title": words("feed", name=site.name),
        "home": site.address(words, "index.html"),
        "id": _urn("%s %s" % (contents.fingerprint, words.language)),
        "at": _moment(contents.about.at),
    }
    yield "feed.xml", site.render("feed.xml", feed=feed, entries=entries, words=words)
    yield "feed.json", _json_feed(site, words, feed, entries)


def _json_feed(site: Site, words: Words, feed: dict[str, str], entries: list[dict[str, str]]) -> bytes:
    said: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed["title"],
        "language": words.language,
        "items": [
            {
                "id": each["id"],
                "url": each["url"],
                "title": each["title"],
                "content_text": each["text"],
                "date_published": each["at"],
            }
            for each in entries
        ],
    }
    if site.base:
        said.update(home_page_url=feed["home"], feed_url=site.address(words, "feed.json"))
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return text.encode("utf-8", "replace")


def _entry(site: Site, words: Words, at: str, work: Work) -> dict[str, str]:
    path, title = naming.work(work.id), words.best(work.name)[1]
    text = [words.best(work.description)[1], showing.reason(work, words)]
    return {
        "id": _urn("%s %s" % (work.id, words.language)),
        "url": site.address(words, path) or path,
        "title": "%s (%d)" % (title, work.year) if work.year else title,
        "text": "\n\n".join(filter(None, text)),
        "at": _moment(at or site.contents.about.at),
    }


def _urn(name: str) -> str:
    """An address that stays the same wherever the site lies."""
    return uuid.uuid5(_NAMESPACE, name).urn


def _moment(at: str) -> str:
    """A date of ISO 8601, of which the day may be missing, as RFC 3339 wants it."""
    day = (at[:10] + "1970-01-01"[len(at[:10]) :]) if at else "1970-01-01"
    return day + "T00:00:00Z"
