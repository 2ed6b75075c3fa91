# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel torrent`: what a .torrent file holds. Works without libtorrent."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..service.torrents import from_file
from ..works import choose, metainfo
from .output import tell


def add_to(commands: Any) -> None:
    command = commands.add_parser("torrent", help="print what a .torrent file holds, as one JSON object")
    command.add_argument("file", type=Path)
    command.set_defaults(run=_torrent)


def _torrent(options: argparse.Namespace) -> int:
    meta = metainfo.parse(from_file(options.file))
    tell(
        {
            "info_hash": meta.info_hash or None,
            "info_hash_v2": meta.info_hash_v2 or None,
            "name": meta.name,
            "files": [{"path": file.path, "length": file.length} for file in meta.files],
            "playable": [file.path for file in choose.playable(meta)],
            "web_seeds": list(meta.web_seeds),
            "trackers": list(meta.trackers),
        }
    )
    return 0
