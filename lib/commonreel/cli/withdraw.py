# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel withdraw`: take a work back, as its maker or as the curator of a catalogue."""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import Any

from .output import tell
from .submission import today


def add_to(commands: Any) -> None:
    command = commands.add_parser(
        "withdraw",
        help="take a work back",
        description="A maker signs the withdrawal (--key, --out) and sends it to the catalogue's curator, who"
        " takes it in (--catalog, --signed). A curator can withdraw any work (--catalog).",
    )
    command.add_argument("id", help="the work's, as in its record")
    command.add_argument("--why", default="", help="shown to whoever has the work")
    command.add_argument("--key", type=Path, help="the maker's key: signs")
    command.add_argument("--out", type=Path, help="folder for what is signed")
    command.add_argument(
        "--catalog", type=Path, help="folder of the catalogue, whose next build withdraws it"
    )
    command.add_argument("--signed", type=Path, help="folder of a withdrawal that its maker has signed")
    command.add_argument("--reviewer", default="", help="which curator it is (default: who runs this)")
    command.set_defaults(run=_withdraw)


def _withdraw(options: argparse.Namespace) -> int:
    if options.key:
        return _sign(options)
    if not options.catalog:
        raise ValueError("either --key and --out, as its maker, or --catalog, as a curator")
    return _take_in(options)


def _sign(options: argparse.Namespace) -> int:
    from ..publish import keys
    from ..publish.submission import withdrawal

    if not options.out or options.catalog or options.signed:
        raise ValueError("--key goes with --out alone")
    why = options.why or "withdrawn by its maker"
    withdrawal.write(options.out, options.id, why, keys.load(options.key), today())
    tell({"id": options.id, "withdrawn": why})
    return 0


def _take_in(options: argparse.Namespace) -> int:
    from ..publish.repository import Repository
    from ..publish.submission import withdrawal
    from ..publish.submission.ledger import Ledger

    ledger, catalogue = Ledger(options.catalog), Repository(options.catalog).catalogue()
    if options.signed:
        signed = withdrawal.read(options.signed)
        if signed.work != options.id:
            raise ValueError("signed for %s" % signed.work)
        gone = ledger.take_back(signed, catalogue, today())
    else:
        why, by = options.why or "withdrawn by its curator", options.reviewer.strip() or getpass.getuser()
        gone = ledger.withdraw(options.id, why, by, catalogue, today())
    tell({"id": gone["id"], "withdrawn": gone["withdrawn"], "rev": gone["rev"]})
    return 0
