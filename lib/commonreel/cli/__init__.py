# SPDX-License-Identifier: GPL-3.0-or-later
"""The `commonreel` command: films, torrents, licences and records, without Kodi. Not in the zip."""

from __future__ import annotations

import argparse
import sys
from typing import Sequence

from ..works.errors import CommonReelError
from . import (
    catalog,
    funding,
    key,
    licence,
    output,
    record,
    seed,
    serve,
    source,
    stream,
    submission,
    submit,
    torrent,
    withdraw,
)

DONE, REFUSED = 0, 2

# Each adds its command with add_to(); to be called in the order of the help.
COMMANDS = (
    stream,
    serve,
    seed,
    torrent,
    licence,
    record,
    funding,
    source,
    catalog,
    key,
    submit,
    submission,
    withdraw,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status. What is refused is told as {"error": …} on standard output."""
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except BrokenPipeError:
        output.abandon()
        return DONE  # whoever reads us has had enough
    except (CommonReelError, OSError, ValueError, MemoryError, RuntimeError, ImportError) as error:
        return _refuse(error)
    except KeyboardInterrupt:
        return DONE


def _refuse(error: Exception) -> int:
    try:
        output.tell({"error": str(error) or type(error).__name__})
    except BrokenPipeError:
        output.abandon()
    return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="commonreel", description="Lawful films over BitTorrent.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
