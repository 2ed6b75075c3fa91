# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue as a web site of static files, in every language that there are words for.

    index.html  films.html  films.2.html …  genres.html  genres/comedy.html …  decades…  makers…  lists…
    makers/<source>/<name>.html    a page for each maker that has a record, and for each list (lists/…)
    works/<source>/<name>.html     a page for each work, and for each that was withdrawn
    log.html  proposed.html  legal.html  404.html
    fr/…                           all of that in another language
    feed.xml  feed.json            what is new, in each language's folder
    style.css  icon.svg  pictures/  robots.txt  sitemap.xml  sitemap-1.xml …

No page has a script, and none asks another server for anything before its reader wants it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Iterator, Sequence

from . import feeds, pages, sitemap
from .contents import Contents, read
from .copies import Copies
from .rendering import PICTURES, Site
from .words import LANGUAGES, Words
from .writing import write

__all__ = ["LANGUAGES", "Copies", "files", "read", "write"]

_OWN = Path(__file__).parent / "files"


def files(
    contents: Contents, base: str = "", copies: Copies | None = None, languages: Sequence[str] = LANGUAGES
) -> Iterator[tuple[str, bytes]]:
    """Path and content of every file, one after another: the same for the same catalogue.

    `base`: where the site will lie, ending in '/'; without it there is no sitemap. `copies`: posters and
    subtitles. `languages`: the first has no folder of its own. Raises ValueError for one that has no words.
    """
    return _files(Site(contents, copies or Copies(), tuple(map(Words, languages)), base))


def _files(site: Site) -> Iterator[tuple[str, bytes]]:
    named = sitemap.Sitemap()
    for words in site.languages:
        for page in pages.every(site.contents, words):
            yield site.folder(words) + page.path, site.page(page, words)
            if page.listed:
                named.add(site.address(words, page.path), page.at)
        for name, body in feeds.files(site, words):
            yield site.folder(words) + name, body
    for own in sorted(_OWN.iterdir()):
        yield own.name, own.read_bytes()
    for name in site.copies.names():
        yield "%s/%s" % (PICTURES, name), site.copies.content(name)
    yield from named.files(site)
