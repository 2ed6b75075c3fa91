# SPDX-License-Identifier: GPL-3.0-or-later
"""What search engines read first: robots.txt, and the addresses of all pages (https://www.sitemaps.org/protocol.html).

Addresses there are absolute: where the site does not know its own, there are none.
"""

from __future__ import annotations

from typing import Iterator

from .rendering import Site

PART = 10_000  # addresses of a file; 50,000 are allowed


class Sitemap:
    def __init__(self) -> None:
        self._pages: list[tuple[str, str]] = []  # address, and when it last changed

    def add(self, address: str, at: str) -> None:
        if address:
            self._pages.append((address, at))

    def files(self, site: Site) -> Iterator[tuple[str, bytes]]:
        parts = [self._pages[start : start + PART] for start in range(0, len(self._pages), PART)]
        for number, part in enumerate(parts, 1):
            yield "sitemap-%d.xml" % number, site.render("sitemap.xml", rows=part)
        if parts:
            yield "sitemap.xml", site.render("sitemaps.xml", count=len(parts))
        rules = "User-agent: *\nAllow: /\n"
        yield "robots.txt", (rules + ("Sitemap: %ssitemap.xml\n" % site.base if parts else "")).encode()
