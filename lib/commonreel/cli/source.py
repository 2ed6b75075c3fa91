# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel source`: harvest a source of works, for a catalogue."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from .. import __version__
from ..net.fetch import Fetcher
from ..publish import sources
from ..publish.harvest import harvest, read
from ..publish.polite import Polite
from ..publish.trusted import Trusted
from ..works import agent
from .output import tell


def add_to(commands: Any) -> None:
    command = commands.add_parser("source", help="harvest a source of works: records, and what to review")
    command.add_argument("name", choices=sources.NAMES, help="what kind of place it is")
    command.add_argument("--base-url", default="", help="where it is; may be a server on this machine")
    command.add_argument("--out", type=Path, required=True, help="folder for records, review and report")
    command.add_argument("--query", default="", help="what to ask for, in the source's own terms")
    command.add_argument("--contact", default="", help="address by which its keepers can reach you")
    command.add_argument(
        "--institutions", type=Path, help='who vouches for what it keeps: {HOLDER: {"by": …, "url": …}, …}'
    )
    command.add_argument("--witness", type=Path, help="records of another source, that speak for these")
    command.add_argument("--spacing", type=float, default=0.5, help="seconds between questions")
    command.set_defaults(run=_source)


def _source(options: argparse.Namespace) -> int:
    base = options.base_url.rstrip("/")
    local = bool(base) and urlsplit(base).scheme == "http"
    if not local and not options.contact:
        raise ValueError("--contact: other people's servers are asked by somebody they can write to")
    asked = sources.named(options.name, base, options.query)
    trusted = Trusted(_institutions(options.institutions), read(options.witness) if options.witness else {})
    fetcher = Fetcher(agent.name(__version__, options.contact or "dry run"), local=local)
    try:
        ask = Polite(fetcher, options.spacing)
        report = harvest(asked, ask, options.out, time.strftime("%Y-%m-%d", time.gmtime()), trusted)
    finally:
        fetcher.close()
    tell(vars(report))
    return 0


def _institutions(path: Path | None) -> dict[str, dict[str, str]]:
    """Holder → who that is, and where it says so. Raises OSError, ValueError."""
    found = json.loads(path.read_text("utf-8")) if path else {}
    named = found.values() if isinstance(found, dict) else [None]
    if not all(isinstance(said, dict) and set(said) <= {"by", "url", "at"} for said in named):
        raise ValueError('%s: not {HOLDER: {"by": …, "url": …}, …}' % path)
    return dict(found)
