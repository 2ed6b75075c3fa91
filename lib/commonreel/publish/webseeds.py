# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the web seeds that torrents name (BEP 19) answer a range, and with the right bytes."""

from __future__ import annotations

import queue
import threading

from .. import __version__
from ..net.ranged import Failure, Ranges
from ..works import agent, metainfo
from ..works.metainfo import TorrentFile
from .shelf import Shelved

MAX_SEEDS = 8  # of a torrent
FILES = 3  # of a torrent, the largest
BYTES = 16 << 10  # of each


class WebSeeds:
    """A thread that asks them one after the other."""

    def __init__(self, local: bool = False) -> None:
        """`local`: they may be on this machine and its network, and have no TLS."""
        self.found: dict[tuple[str, str], str] = {}  # info hash and address → what is wrong; '' for nothing
        self._line = Ranges(agent.name(__version__), local).line()
        self._waiting: queue.SimpleQueue[Shelved | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="commonreel-web-seeds", daemon=True)
        self._thread.start()

    def check(self, shelved: Shelved) -> None:
        """Some time soon; its files are taken for right."""
        self._waiting.put(shelved)

    def close(self) -> None:
        self._waiting.put(None)
        self._line.cut()
        self._thread.join()
        self._line.close()

    def _run(self) -> None:
        for shelved in iter(self._waiting.get, None):
            meta = shelved.meta
            for seed in meta.web_seeds[:MAX_SEEDS]:
                self.found[meta.info_hash or meta.info_hash_v2, seed] = self._problem(shelved, seed)

    def _problem(self, shelved: Shelved, seed: str) -> str:
        for file in sorted(shelved.meta.files, key=lambda file: -file.length)[:FILES]:
            try:
                self._compare(shelved, seed, file)
            except (Failure, OSError) as error:
                return "%s: %s" % (file.path, error)
        return ""

    def _compare(self, shelved: Shelved, seed: str, file: TorrentFile) -> None:
        """Raises Failure, OSError."""
        start = max(0, (file.length - BYTES) // 2)
        with (shelved.folder / file.path).open("rb") as opened:
            opened.seek(start)
            right = opened.read(BYTES)
        if not right:
            return
        sent = bytearray(len(right))
        url = metainfo.web_address(seed, shelved.meta, file)
        self._line.read(url, start, memoryview(sent), file.length)
        if sent != right:
            raise Failure("other bytes than those of the torrent")
