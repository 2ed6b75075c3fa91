# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel submission`: what makers have sent in, looked at and accepted. docs/curators.md shows how.

What signs, and what looks into films, is imported late: other commands do without.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date, datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Sequence

from .. import __version__
from ..works import agent
from .output import tell

if TYPE_CHECKING:
    from ..publish.building import Catalogue
    from ..publish.submission.ledger import Ledger
    from ..publish.submission.received import Submission
    from ..works.declaration import Problem

REFUSED = 1


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        "submission", help="look at works that their makers send in, and accept them"
    )
    actions = command.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="say what is wrong with a submission")
    _add_check(check)
    check.add_argument("--catalog", type=Path, help="folder of a catalogue, to find what it has already")
    check.set_defaults(run=_check)
    accept = actions.add_parser("accept", help="check a submission, and have the next build take it in")
    _add_check(accept)
    accept.add_argument("--catalog", type=Path, required=True, help="folder of the catalogue")
    accept.add_argument("--reviewer", default="", help="who has looked at it (default: who runs this)")
    accept.add_argument("--reach", default="", help="how its maker can be reached; kept in the ledger alone")
    accept.set_defaults(run=_accept)
    due = actions.add_parser("due", help="list the works whose declaration ends soon")
    due.add_argument("--catalog", type=Path, required=True, help="folder of the catalogue")
    due.add_argument("--days", type=int, default=60, help="how soon (default %(default)s)")
    due.set_defaults(run=_due)
    renew = actions.add_parser("renew", help="for makers: declare a submission anew, for a year")
    renew.add_argument("folder", type=Path, metavar="DIR", help="the submission")
    renew.add_argument("--key", type=Path, required=True, help="the maker's key")
    renew.set_defaults(run=_renew)


def today() -> str:
    return datetime.now(timezone.utc).date().isoformat()


def _add_check(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR", help="the submission")
    command.add_argument(
        "--base-url", default="", help="a server on this machine, to be asked in the place of every host"
    )
    command.add_argument("--contact", default="", help="address by which those who are asked can reach you")
    command.add_argument(
        "--namesake", action="store_true", help="you have looked: it is not the work in copyright of its name"
    )
    command.add_argument(
        "--commercial", action="store_true", help="the catalogue is sold: no licence for non-commercial use"
    )


def _check(options: argparse.Namespace) -> int:
    from ..publish.building import Catalogue
    from ..publish.repository import Repository
    from ..publish.submission.ledger import Ledger

    ledger = Ledger(options.catalog) if options.catalog else None
    catalogue = Repository(options.catalog).catalogue() if options.catalog else Catalogue()
    _, problems = _looked_at(options, catalogue, ledger)
    return _told(problems)


def _accept(options: argparse.Namespace) -> int:
    from ..publish.repository import Repository
    from ..publish.submission.ledger import REVIEWERS, Ledger

    ledger, catalogue = Ledger(options.catalog), Repository(options.catalog).catalogue()
    submission, problems = _looked_at(options, catalogue, ledger)
    if not submission or problems:
        return _told(problems)
    reviewer = options.reviewer.strip() or getpass.getuser()
    accepted = ledger.accept(submission, reviewer, options.reach, catalogue, today())
    known = accepted.key in ledger.known(catalogue)
    tell(
        {
            "id": submission.work.id,
            "rev": accepted.record["rev"],
            "known": known,
            "reviewers": accepted.reviewers,
            "missing": 0 if known else max(0, REVIEWERS - len(accepted.reviewers)),
        }
    )
    return 0


def _looked_at(
    options: argparse.Namespace, catalogue: Catalogue, ledger: Ledger | None
) -> tuple[Submission | None, Sequence[Problem]]:
    from ..publish.repository import Repository
    from ..publish.submission import check, received, uploaded
    from ..publish.submission.web import Web

    found = received.read(options.folder)
    if not found.submission:
        return None, found.problems
    decided, taken_back = (ledger.decided, ledger.taken_back) if ledger else ({}, set())
    publishers = Repository(options.catalog).publishers() if options.catalog else ()
    terms = check.Terms(
        catalogue, decided, taken_back, options.namesake, options.commercial, tuple(publishers)
    )
    web = Web(agent.name(__version__, options.contact or "submission check"), options.base_url)
    try:
        problems = check.problems(found.submission, terms, web, today())
        torrent, encoding = found.submission.torrent, found.submission.encoding
        if torrent and encoding and not problems:
            for each in uploaded.missing(torrent, encoding, web):
                print("not there yet: %s" % each, file=sys.stderr)
        return found.submission, problems
    finally:
        web.close()


def _told(problems: Sequence[Problem]) -> int:
    faults = [each._asdict() for each in problems]
    tell({"ok": not faults, "class": "X" if faults else "A", "problems": faults})
    return REFUSED if faults else 0


def _due(options: argparse.Namespace) -> int:
    from ..publish.repository import Repository
    from ..publish.submission import renewal
    from ..publish.submission.ledger import Ledger

    ledger, now = Ledger(options.catalog), today()
    for made in renewal.due(Repository(options.catalog).catalogue(), now, options.days):
        until = made["rights"]["declaredUntil"]
        tell(
            {
                "id": made["id"],
                "name": made["name"],
                "until": until,
                "days": _days(now, until),
                "submitter": made.get("submitter", ""),
                "page": made["source"]["url"],
                "reach": ledger.reach.get(made["id"], ""),
            }
        )
    return 0


def _days(now: str, until: str) -> int | None:
    """None where no day is said, but a year or a month."""
    try:
        return (date.fromisoformat(until[:10]) - date.fromisoformat(now)).days
    except ValueError:
        return None


def _renew(options: argparse.Namespace) -> int:
    from ..publish import keys
    from ..publish.submission import renewal

    fresh = renewal.renew(options.folder, keys.load(options.key), today())
    tell({"work": fresh.work, "at": fresh.at, "until": fresh.until})
    return 0
