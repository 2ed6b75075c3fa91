# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel record`: work with catalogue records."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from ..works import record, rights
from ..works.work import Work


def add_to(commands: Any) -> None:
    command = commands.add_parser("record", help="work with catalogue records")
    actions = command.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="say what is wrong with records (JSON array or JSON Lines)")
    check.add_argument("file", nargs="+", type=Path)
    check.add_argument("--local", action="store_true", help="records of a local catalogue folder")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    faulty = False
    for file in options.file:
        entries, problems = record.load(file.read_text("utf-8"), local=options.local)
        year = time.localtime().tm_year
        works = [entry for entry in entries if isinstance(entry, Work)]
        refused = [(work.id, rights.refusal(work, year)) for work in works]
        found = [*problems, *("%s: %s" % each for each in refused if each[1])]
        for problem in found:
            print("%s: %s" % (file, problem))
        faulty = faulty or bool(found)
    return 1 if faulty else 0
