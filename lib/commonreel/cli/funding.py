# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel funding`: ways to give, from and to a funding.json, and whether records' ways hold."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Iterable
from urllib.parse import urlsplit

from .. import __version__
from ..net.fetch import Fetcher
from ..publish import funding_json, own_sites
from ..publish.funding_json import ENTITIES, ROLES, Asker
from ..publish.polite import Polite
from ..works import agent, giving, record
from ..works.giving import Supported
from ..works.guide import Maker
from ..works.work import Channel, Work
from .output import tell

USER_AGENT = agent.name(__version__)


def add_to(commands: Any) -> None:
    command = commands.add_parser("funding", help="ways to give: funding.json, and whether records' hold")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    read = actions.add_parser("read", help="print a funding.json's channels as a record's `funding`")
    read.add_argument("source", metavar="FILE|URL")
    read.set_defaults(run=_read)
    write = actions.add_parser("write", help="print a funding.json for the makers of works")
    write.add_argument("records", nargs="+", type=Path, help="records of their works")
    write.add_argument("--site", required=True, metavar="HOST", help="at whose root the file will lie")
    write.add_argument("--email", required=True, help="where they can be written to")
    write.add_argument("--name", default="", help="who they are; as the records name them")
    write.add_argument("--type", choices=ENTITIES, default="other", help="what they are (%(default)s)")
    write.add_argument("--role", choices=ROLES, default="owner", help="to the works (%(default)s)")
    write.add_argument("--currency", default="EUR", help="in which they ask (%(default)s)")
    write.set_defaults(run=_write)
    check = actions.add_parser("check", help="say which ways to give are not shown, or not proven, and why")
    check.add_argument("records", nargs="+", type=Path)
    check.add_argument("--base-url", default="", help="a server that is asked in place of every site")
    check.set_defaults(run=_check)


def _read(options: argparse.Namespace) -> int:
    found = funding_json.read(_body(options.source))
    unseen = ((channel.address, giving.refusal(channel.address)) for channel in found.channels)
    tell(
        {
            "funding": {"channels": [_stated(channel) for channel in found.channels]},
            "refused": [each._asdict() for each in found.refused],
            "notShown": [{"address": address, "reason": reason} for address, reason in unseen if reason],
        }
    )
    return 1 if found.refused else 0


def _body(source: str) -> bytes:
    """Of a file, or of an address. Raises OSError, FetchFailed."""
    if "://" in source:
        return _polite(source).get(source, funding_json.MAX_BYTES)
    with Path(source).open("rb") as file:
        return file.read(funding_json.MAX_BYTES + 1)


def _stated(channel: Channel) -> dict[str, str]:
    """As a record has it."""
    return {name: value for name, value in channel._asdict().items() if value}


def _write(options: argparse.Namespace) -> int:
    entries, problems = _entries(options.records)
    works = [entry for entry in entries if isinstance(entry, Work)]
    for problem in problems:
        print(problem, file=sys.stderr)
    asker = Asker(options.site, options.email, options.name, options.type, options.role, options.currency)
    written = funding_json.write(works, asker)
    for reason in written.left_out:
        print(reason, file=sys.stderr)
    print(json.dumps(written.manifest, indent=1, sort_keys=True))
    return 1 if problems else 0


def _check(options: argparse.Namespace) -> int:
    entries, problems = _entries(options.records)
    base = options.base_url.rstrip("/")
    ask = _polite(base)
    fetch = own_sites.once(lambda url, limit: ask.get(base + urlsplit(url).path if base else url, limit))
    found = ["%s: %s" % (one.id, problem) for one in entries for problem in own_sites.problems(one, fetch)]
    for problem in (*problems, *found):
        print(problem)
    return 1 if problems or found else 0


def _polite(address: str) -> Polite:
    """Who asks there; on this machine and its network too where it is named without TLS, for a dry run."""
    return Polite(Fetcher(USER_AGENT, local=urlsplit(address).scheme == "http"))


def _entries(paths: Iterable[Path]) -> tuple[list[Supported], list[str]]:
    """The works and makers that files of records describe, and what is wrong in the files."""
    found: list[Supported] = []
    problems = []
    for path in paths:
        entries, wrong = record.load(path.read_text("utf-8"))
        found += [entry for entry in entries if isinstance(entry, (Work, Maker))]
        problems += ["%s: %s" % (path, problem) for problem in wrong]
    return found, problems
