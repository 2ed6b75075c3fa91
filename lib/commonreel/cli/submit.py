# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel submit`: make the submission of a film, of several, or of a series. docs/makers.md shows how.

What it cannot find out is asked on a terminal; where there is none, all that is missing is told at once.
Either way nothing is written before everything is there.
"""

from __future__ import annotations

import argparse
import locale
import sys
import time
from pathlib import Path
from typing import Any

from ..works.declaration import Problem
from .output import tell


def add_to(commands: Any) -> None:
    command = commands.add_parser("submit", help="make the submission of a film that you have made")
    command.add_argument("film", nargs="+", type=Path, help="several are works of their own; see --series")
    command.add_argument("--series", metavar="TITLE", help="of which the films are episodes: S01E02")
    command.add_argument("--subtitles", nargs="+", type=Path, default=[], help="as Film.fr.srt")
    command.add_argument("--poster", nargs="+", type=Path, default=[], help="JPEG or PNG")
    command.add_argument("--title", action="append", default=[], help="of each film, in their order")
    command.add_argument("--place", action="append", default=[], help="address of each, or of the series")
    command.add_argument("--licence", help="its address; `commonreel licence` knows those that will do")
    command.add_argument("--funding", action="append", default=[], help="where viewers can give; any number")
    command.add_argument(
        "--tracker", action="append", default=[], help="in place of the usual ones; any number"
    )
    command.add_argument("--from", dest="sheet", type=Path, help="TOML file of answers")
    command.add_argument("--key", type=Path, required=True, help="made by `commonreel key new`")
    command.add_argument("--out", type=Path, required=True, help="folder to write")
    command.add_argument("--language", choices=("en", "fr"), help="of questions and page; else the system's")
    command.set_defaults(run=_submit)


def _submit(options: argparse.Namespace) -> int:
    from ..publish import keys
    from ..publish.submission import sitting, words
    from .asking import Terminal, is_terminal

    spoken = words.words(options.language or locale.getlocale()[0] or "")
    key = keys.load(options.key)
    asked = sitting.Asked(
        films=options.film,
        subtitles=options.subtitles,
        posters=options.poster,
        series=options.series or "",
        titles=options.title,
        places=options.place,
        given={"licence": options.licence, "funding": options.funding, "trackers": options.tracker},
        sheet=sitting.read(options.sheet) if options.sheet else {},
    )
    today = time.strftime("%Y-%m-%d", time.gmtime())
    done = sitting.sit(asked, key, today, options.out, spoken, Terminal(spoken) if is_terminal() else None)
    if done.problems:
        return _refused(done.problems)
    for folder, entry in done.entries.items():
        told = entry.made.declaration
        place = options.out / folder
        tell({"ok": True, "work": told.work, "dir": str(place), "infoHash": told.info_hash, "key": told.key})
    return 0


def _refused(problems: tuple[Problem, ...]) -> int:
    print("Nothing was written:", file=sys.stderr)
    for problem in problems:
        print("  %s: %s" % problem, file=sys.stderr)
    print("Answer on a terminal, or in a file (--from) as docs/makers.md shows it.", file=sys.stderr)
    tell({"ok": False, "problems": [problem._asdict() for problem in problems]})
    return 1
