# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel seed`: gives the films and catalogues of folders to whoever asks, until it is ended."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Mapping, Sequence

from ..net import reach
from ..publish import shelf
from ..publish.webseeds import WebSeeds
from . import giving
from .output import tell
from .signals import End
from .stream import peer

if TYPE_CHECKING:
    from ..publish.seeding import Seeding, Status

TICK_SECONDS = 0.5


def add_to(commands: Any) -> None:
    command = commands.add_parser("seed", help="give films and catalogues to whoever asks (BitTorrent)")
    command.add_argument(
        "folders", type=Path, nargs="+", metavar="DIR", help="with .torrent files, and what they are of"
    )
    add_options(command)
    command.set_defaults(run=_seed)


def add_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--upload-kbps", type=giving.positive, default=0, metavar="N", help="limit of what is given, kB/s")
    add("--listen", default="", metavar="ADDRESS:PORT", help="of this machine; else port 6881 of all")
    add(
        "--bootstrap",
        type=peer,
        action="append",
        default=[],
        metavar="HOST:PORT",
        help="of the DHT, in the place of libtorrent's own; any number",
    )
    add("--allow-local", action="store_true", help="web seeds may be on this machine and network, and http")
    add("--every", type=giving.positive, default=60, metavar="SECONDS", help="between two accounts (60)")
    add("--json", action="store_true", help="one JSON object a line")


def _seed(options: argparse.Namespace) -> int:
    end = End()
    found = [each for folder in options.folders for each in shelf.find(folder)]
    wrong = [each for each in found if isinstance(each, ValueError)]
    for problem in wrong:
        print(problem, file=sys.stderr)
    if len(wrong) == len(found):
        raise ValueError("nothing to give there")
    seeding = opened(options)
    try:
        for each in found:
            if isinstance(each, shelf.Shelved):
                _give(seeding, each)
        with Board(options, seeding) as board:
            while not end.within(TICK_SECONDS):
                board.show()
    finally:
        seeding.close()
    return 0


def _give(seeding: Seeding, shelved: shelf.Shelved) -> None:
    try:
        seeding.add(shelved)
    except RuntimeError as error:  # libtorrent's
        print("%s: %s" % (shelved.torrent, error), file=sys.stderr)


def nodes(options: argparse.Namespace) -> list[tuple[str, int]]:
    """The addresses of the nodes to begin with. Raises FetchFailed."""
    return [place for host, port in options.bootstrap for place in reach.resolved(host, port, True)]


def opened(options: argparse.Namespace) -> Seeding:
    """Raises OSError where nothing can be listened at."""
    from ..publish.seeding import Seeding  # late: libtorrent, which other commands do without

    seeding = Seeding(options.listen, options.upload_kbps * 1000, nodes(options))
    try:
        port = seeding.port
    except OSError:
        seeding.close()
        raise
    tell({"listening": "%s:%d" % (options.listen.rpartition(":")[0] or "*", port), "pid": os.getpid()})
    return seeding


class Board:
    """Says how each torrent is doing: at once when that has changed, and every so often."""

    def __init__(self, options: argparse.Namespace, seeding: Seeding) -> None:
        self._options = options
        self._seeding = seeding
        self._web = WebSeeds(options.allow_local)
        self._told: dict[str, object] = {}  # info hash → what was said last, but for numbers
        self._checked: set[str] = set()
        self._next = 0.0

    def __enter__(self) -> Board:
        return self

    def __exit__(self, *_: object) -> None:
        self._web.close()

    def show(self) -> None:
        """What there is to say now."""
        self._seeding.tick()
        due = time.monotonic() >= self._next
        if due:
            self._next = time.monotonic() + self._options.every
        for status in self._seeding.status():
            row = self._row(status)
            news = row["state"], row["web_seeds"]
            if due or self._told.get(str(row["info_hash"])) != news:
                self._told[str(row["info_hash"])] = news
                self.tell(row, _words(row))

    def tell(self, row: Mapping[str, object], words: str) -> None:
        if self._options.json:
            tell(row)
        else:
            print(_printable(words), flush=True)

    def _row(self, status: Status) -> dict[str, Any]:
        meta = status.shelved.meta
        info_hash = meta.info_hash or meta.info_hash_v2
        if status.state == "seeding" and info_hash not in self._checked:
            self._checked.add(info_hash)
            self._web.check(status.shelved)
        found = dict(self._web.found)
        return {
            "torrent": str(status.shelved.torrent),
            "info_hash": info_hash,
            "name": meta.name,
            "state": status.state,
            "progress": round(status.progress, 3),
            "peers": status.peers,
            "rate": status.rate,
            "given": status.given,
            "web_seeds": {seed: problem for (of, seed), problem in found.items() if of == info_hash},
            "detail": status.detail,
        }


def _printable(words: str) -> str:
    """Names are a torrent's: nothing of them may steer a terminal, or be too much for it."""
    plain = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in words)
    encoding = sys.stdout.encoding or "ascii"
    return plain.encode(encoding, "backslashreplace").decode(encoding)


def _words(row: Mapping[str, Any]) -> str:
    seeds: Mapping[str, str] = row["web_seeds"]
    bad: Sequence[str] = ["%s: %s" % each for each in seeds.items() if each[1]]
    parts = ["%s: %s" % (row["name"], row["state"])]
    if row["detail"]:
        parts.append(row["detail"])
    if row["state"] == "checking":
        parts.append("%d %%" % (100 * row["progress"]))
    if row["state"] == "seeding":
        parts.append("%d peers" % row["peers"])
        parts.append("%d kB/s, %.1f MB given" % (row["rate"] / 1000, row["given"] / 1e6))
    if seeds:
        parts.append("%d of %d web seeds are right" % (len(seeds) - len(bad), len(seeds)))
    return "\n  ".join([", ".join(parts), *bad])
