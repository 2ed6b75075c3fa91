# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel catalog site`: a catalogue as a web site. docs/curators.md shows how."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .. import __version__
from ..net.fetch import Fetcher
from ..works import agent
from .output import tell


def add_to(actions: Any) -> None:
    site = actions.add_parser("site", help="make a web site of a catalogue, of static files")
    site.add_argument("catalogue", type=Path)
    site.add_argument("--out", type=Path, required=True, help="the site's folder, for a static host")
    site.add_argument(
        "--base-url", default="", help="where it will lie: search engines and readers of feeds want to know"
    )
    site.add_argument(
        "--copies",
        type=Path,
        help="folder for the site's own copies of posters and subtitles, fetched where they are not there "
        "yet; without it there are none",
    )
    site.add_argument(
        "--language",
        action="append",
        default=[],
        metavar="TAG",
        help="of the pages; any number, the first is that of the front page (default: every one there is)",
    )
    site.set_defaults(run=_site)


def _site(options: argparse.Namespace) -> int:
    from ..publish import site  # what makes the pages is imported late: it takes 0.2 s
    from ..publish.polite import Polite
    from ..publish.repository import Repository

    base = _base(options.base_url)
    languages = options.language or site.LANGUAGES
    contents = site.read(Repository(options.catalogue))
    fetcher = Fetcher(agent.name(__version__))
    try:
        copies = site.Copies(options.copies, Polite(fetcher).get)
        written = site.write(options.out, site.files(contents, base, copies, languages))
    finally:
        fetcher.close()
    for problem in (*contents.refused, *copies.problems):
        print(problem, file=sys.stderr)
    tell({"works": len(contents.works), "refused": len(contents.refused), **written._asdict()})
    return 0


def _base(text: str) -> str:
    """Ending in '/'. Raises ValueError for what is no address of a site."""
    parts = urlsplit(text)
    plain = parts.scheme in ("http", "https") and parts.hostname and not (parts.query or parts.fragment)
    if text and not plain:
        raise ValueError("--base-url: https://host/folder/, not %r" % text)
    return text.rstrip("/") + "/" if text else ""
