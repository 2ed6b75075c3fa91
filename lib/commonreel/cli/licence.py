# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel licence`: what the addresses of licences mean."""

from __future__ import annotations

import argparse
from typing import Any

from ..works import licence
from .output import tell


def add_to(commands: Any) -> None:
    command = commands.add_parser("licence", help="print what licence addresses mean, one JSON object a line")
    command.add_argument("url", nargs="+")
    command.set_defaults(run=_licence)


def _licence(options: argparse.Namespace) -> int:
    for url in options.url:
        found = licence.lookup(url)
        tell({"url": url, "spdx": found.spdx or None, "label": found.label, "gate": found.gate})
    return 0
