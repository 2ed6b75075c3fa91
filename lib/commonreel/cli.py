# SPDX-License-Identifier: GPL-3.0-or-later
"""The `commonreel` command: looks at torrents, licences and records, without Kodi."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Sequence

from .works import choose, licence, metainfo, record, rights
from .works.errors import CommonReelError
from .works.work import Work

REFUSED = 2


def main(argv: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(argv)
    try:
        return int(options.run(options))
    except (CommonReelError, OSError) as error:
        print(json.dumps({"error": str(error)}))
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="commonreel", description="Lawful films over BitTorrent.")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    torrent = commands.add_parser("torrent", help="print what a .torrent file holds, as one JSON object")
    torrent.add_argument("file", type=Path)
    torrent.set_defaults(run=_torrent)

    licences = commands.add_parser(
        "licence", help="print what licence addresses mean, one JSON object a line"
    )
    licences.add_argument("url", nargs="+")
    licences.set_defaults(run=_licence)

    records = commands.add_parser("record", help="work with catalogue records")
    actions = records.add_subparsers(metavar="ACTION", required=True)
    check = actions.add_parser("check", help="say what is wrong with records (JSON array or JSON Lines)")
    check.add_argument("file", nargs="+", type=Path)
    check.add_argument("--local", action="store_true", help="records of a local catalogue folder")
    check.set_defaults(run=_record_check)
    return parser


def _torrent(options: argparse.Namespace) -> int:
    if options.file.stat().st_size > metainfo.MAX_BYTES:
        raise OSError("%s: over %d bytes" % (options.file, metainfo.MAX_BYTES))
    meta = metainfo.parse(options.file.read_bytes())
    found = {
        "info_hash": meta.info_hash or None,
        "info_hash_v2": meta.info_hash_v2 or None,
        "name": meta.name,
        "files": [{"path": file.path, "length": file.length} for file in meta.files],
        "playable": [file.path for file in choose.playable(meta)],
        "web_seeds": list(meta.web_seeds),
        "trackers": list(meta.trackers),
    }
    print(json.dumps(found, ensure_ascii=False))
    return 0


def _licence(options: argparse.Namespace) -> int:
    for url in options.url:
        found = licence.lookup(url)
        row = {"url": url, "spdx": found.spdx or None, "label": found.label, "gate": found.gate}
        print(json.dumps(row, ensure_ascii=False))
    return 0


def _record_check(options: argparse.Namespace) -> int:
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


if __name__ == "__main__":
    sys.exit(main())
