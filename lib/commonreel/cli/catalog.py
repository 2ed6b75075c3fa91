# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel catalog`: make, look at and compare catalogues. docs/curators.md shows how.

What signs is imported late: it takes 0.2 s, and other commands do without.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..publish import building, files
from ..publish.building import Catalogue
from ..works.record import of_work, withdrawn
from . import announce, fetch, site
from .output import tell


def add_to(commands: Any) -> None:
    command = commands.add_parser("catalog", help="make, check and compare catalogues")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    _add_keys(actions)
    _add_build(actions)
    _add_publish(actions)
    verify = actions.add_parser("verify", help="say whether a catalogue holds together")
    verify.add_argument("catalogue", type=Path)
    verify.set_defaults(run=_verify)
    diff = actions.add_parser("diff", help="say what differs in the second catalogue, one work a line")
    diff.add_argument("before", type=Path)
    diff.add_argument("after", type=Path)
    diff.set_defaults(run=_diff)
    fetch.add_to(actions)
    announce.add_to(actions)
    site.add_to(actions)
    stats = actions.add_parser("stats", help="count what a catalogue holds")
    stats.add_argument("catalogue", type=Path)
    stats.set_defaults(run=_stats)


def _add_keys(actions: Any) -> None:
    made = actions.add_parser("keys", help="make a curator's keys, in a folder to be kept safe")
    made.add_argument("keys", type=Path)
    made.set_defaults(run=_keys)


def _add_build(actions: Any) -> None:
    build = actions.add_parser("build", help="make the next build of a catalogue, signed")
    build.add_argument("--records", type=Path, nargs="+", default=[], help="JSON Lines of records")
    build.add_argument("--keys", type=Path, required=True, help="folder of keys; new ones are made in none")
    build.add_argument("--out", type=Path, required=True, help="the catalogue's folder, for a static host")
    build.add_argument(
        "--objections", type=Path, help='JSON Lines of {"id", "at"}: those that are not settled'
    )
    build.add_argument("--about", type=Path, help="JSON object: who answers for the catalogue, and its terms")
    build.add_argument(
        "--mirror",
        action="append",
        default=[],
        help="address ending in '/' of a folder in which the catalogue's lies, as 'catalogue'; any number",
    )
    build.add_argument(
        "--publisher",
        type=Path,
        action="append",
        default=[],
        help="folder that a publisher has handed over; those of earlier builds stay; any number",
    )
    build.add_argument("--drop-publisher", action="append", default=[], metavar="NAME")
    build.add_argument("--dht-key", type=Path, help="with which `announce` will tell which build is new")
    build.add_argument("--dht-salt", default="", help="of several catalogues with the same such key")
    build.add_argument("--at", type=_moment, help="when it is made (2026-11-24T12:00:00Z); now if not given")
    build.add_argument(
        "--window",
        type=int,
        default=building.WINDOW,
        help="days in which a work that a rule makes free, or of a new maker, waits for objections"
        " (default %(default)s)",
    )
    build.set_defaults(run=_build)


def _add_publish(actions: Any) -> None:
    publish = actions.add_parser("publish", help="sign works of one's own, for a catalogue that carries them")
    publish.add_argument("--name", required=True, help="with which the id of every work begins: NAME:…")
    publish.add_argument("--records", type=Path, nargs="+", required=True, help="JSON Lines of all of them")
    publish.add_argument("--keys", type=Path, required=True, help="folder of keys: that of targets signs")
    publish.add_argument("--out", type=Path, required=True, help="folder to hand to the catalogue's curator")
    publish.add_argument("--at", type=_moment, help="when it is signed; now if not given")
    publish.set_defaults(run=_publish)


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def _keys(options: argparse.Namespace) -> int:
    from ..publish import keys

    keys.make(options.keys)
    return 0


def _publish(options: argparse.Namespace) -> int:
    from ..publish import keys, publishers

    now = options.at or datetime.now(timezone.utc)
    offered = building.gather(files.records(options.records), now.year)
    for problem in offered.problems:
        print(problem, file=sys.stderr)
    if offered.problems:
        return 1  # nothing is signed in part
    if not options.keys.is_dir():
        keys.make(options.keys)
    signers = keys.read(options.keys)["targets"]
    made = publishers.publish(options.name, list(offered.records.values()), signers, now, options.out)
    works = sum(map(of_work, offered.records.values()))
    tell({"name": made.name, "works": works, "version": made.signed.metadata.signed.version})
    return 0


def _build(options: argparse.Namespace) -> int:
    from ..publish import keys, publishers
    from ..publish.repository import Repository, changes

    now = options.at or datetime.now(timezone.utc)
    if not options.keys.is_dir():
        keys.make(options.keys)
    repository = Repository(options.out)
    before = repository.catalogue()
    offered, after = _next(options, before, now)
    about = json.loads(options.about.read_text("utf-8")) if options.about else {}
    if not isinstance(about, dict):
        raise ValueError("%s: not a JSON object" % options.about)
    if options.dht_key:
        about["dht"] = keys.pointer(options.dht_key, options.dht_salt)
    carried = publishers.next_publishers(
        repository.publishers(),
        [publishers.read(handed, now.year) for handed in options.publisher],
        options.drop_publisher,
        list(after.records),
    )
    signed = repository.write(after, about, keys.read(options.keys), now, options.mirror, carried)
    tell(
        {
            **Counter(what for what, _ in changes(before.records, after.records)),
            "build": after.build,
            "works": len(after.works),
            "waiting": len(after.waiting),
            "refused": len(offered.problems),
            "publishers": {name: [key.keyid for key in each.signed.keys] for name, each in carried.items()},
            "version": signed.timestamp.signed.version,
        }
    )
    return 0


def _next(
    options: argparse.Namespace, before: Catalogue, now: datetime
) -> tuple[building.Offered, Catalogue]:
    """What there is for the next build, and that build. What is wrong with the former is told."""
    from ..publish.submission.ledger import Ledger

    ledger = Ledger(options.out)
    offered = building.gather(ledger.offered(files.records(options.records)), now.year)
    unheeded = ["%s: changed, but its rev is not" % id for id in building.unheeded(before, offered)]
    for problem in [*offered.problems, *unheeded]:
        print(problem, file=sys.stderr)
    objections, new = _objections(options.objections), ledger.newcomers(before)
    today = now.date().isoformat()
    return offered, building.next_build(before, offered, today, options.window, objections, new)


def _objections(path: Path | None) -> dict[str, str]:
    """Id → date. Raises ValueError for a line that is none."""
    found = {}
    for place, each in files.records([path] if path else []):
        if not isinstance(each, dict) or not {"id", "at"} <= set(each):
            raise ValueError('%s: not an objection, {"id", "at"}' % place)
        found[str(each["id"])] = str(each["at"])
    return found


def _verify(options: argparse.Namespace) -> int:
    from ..publish import checking

    problems = checking.problems(options.catalogue, datetime.now(timezone.utc))
    for problem in problems:
        print(problem)
    return 1 if problems else 0


def _diff(options: argparse.Namespace) -> int:
    from ..publish.repository import Repository, changes

    before, after = (Repository(path).catalogue().records for path in (options.before, options.after))
    for what, id in changes(before, after):
        tell({"id": id, "what": what})
    return 0


def _stats(options: argparse.Namespace) -> int:
    from ..publish.repository import Repository

    repository = Repository(options.catalogue)
    found = repository.catalogue()
    works = found.works
    types = Counter(made.get("type", "Movie") for made in found.records.values() if not withdrawn(made))
    tell(
        {
            "fingerprint": repository.fingerprint,
            "build": found.build,
            "at": found.at,
            "works": len(works),
            "withdrawn": sum(map(withdrawn, found.records.values())),
            "waiting": len(found.waiting),
            "classes": Counter(made["rights"]["class"] for made in works),
            "types": types,
            "everywhere": sum("*" in made["rights"]["territories"] for made in works),
        }
    )
    return 0
