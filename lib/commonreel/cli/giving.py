# SPDX-License-Identifier: GPL-3.0-or-later
"""The arguments that say how much is given to other viewers (docs/sharing.md)."""

from __future__ import annotations

import argparse

from ..streaming.options import EngineOptions


def add_to(command: argparse.ArgumentParser) -> None:
    command.add_argument("--no-share", action="store_true", help="give nothing to other viewers")
    command.add_argument(
        "--upload-kbps", type=positive, default=500, metavar="N", help="limit of that, kB/s (500)"
    )


def chosen(options: argparse.Namespace) -> EngineOptions:
    return EngineOptions(share=not options.no_share, upload_rate=options.upload_kbps * 1000)


def positive(text: str) -> int:
    """A ValueError or ArgumentTypeError becomes argparse's one line, and exit status 2."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 1 << 20:
        raise argparse.ArgumentTypeError("a number above 0 is wanted, not %.40r" % text)
    return int(text)
