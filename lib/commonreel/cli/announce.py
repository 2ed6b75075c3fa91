# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel catalog announce`: gives a catalogue to whoever asks, and tells the DHT which build is new."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping

from . import seed
from .signals import End

if TYPE_CHECKING:
    from ..publish.announcing import Announcing


def add_to(actions: Any) -> None:
    command = actions.add_parser("announce", help="give a catalogue without a server: by BitTorrent and DHT")
    command.add_argument(
        "catalogue", type=Path, metavar="DIR", help="as `build` writes it; may be built anew"
    )
    command.add_argument(
        "--key", type=Path, required=True, help="that the catalogue was built with (--dht-key)"
    )
    seed.add_options(command)
    command.set_defaults(run=_announce)


def _announce(options: argparse.Namespace) -> int:
    from ..publish import keys
    from ..publish.announcing import Announcing

    end = End()
    key = keys.load(options.key)
    seeding = seed.opened(options)
    try:
        announcing = Announcing(options.catalogue, key, seeding, seed.nodes(options))
        with seed.Board(options, seeding) as board:
            trouble = ""
            while not end.within(seed.TICK_SECONDS):
                before, trouble = trouble, _announced(announcing, board)
                if trouble and trouble != before:
                    print(trouble, file=sys.stderr)
                board.show()
    finally:
        seeding.close()
    return 0


def _announced(announcing: Announcing, board: seed.Board) -> str:
    """Do what is due, and tell of it; what is wrong with the folder: a build may just be copied there."""
    try:
        for told in announcing.tick():
            board.tell(told, _words(told))
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        return str(error)
    return ""


def _words(told: Mapping[str, object]) -> str:
    if "error" in told:
        return "not in the DHT: %s" % told["error"]
    if not told["stored"]:
        return "not in the DHT: no node has taken it (%(refused)s refuse it)" % told
    return "version %(version)s is in the DHT at %(stored)s nodes (%(refused)s refuse it): %(link)s" % told
