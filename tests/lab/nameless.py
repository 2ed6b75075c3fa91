# SPDX-License-Identifier: GPL-3.0-or-later
"""An engine that ends while libtorrent looks up a name that nobody tells it: python -m lab.nameless FOLDER

To be run where 127.0.0.1 is the only name server there is. Prints the seconds that the end took, and the
longest that Python could not go on meanwhile.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine

from .heartbeat import ending
from .playing import OPTIONS, PATIENCE, Item


def main(folder: Path) -> None:
    deaf = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    deaf.bind(("127.0.0.1", 53))
    deaf.settimeout(PATIENCE)
    engine = LibtorrentEngine(Cache(folder / "cache", 1 << 30), OPTIONS)
    engine.open(Item(folder).of(trackers=("http://nobody.example/announce",)))
    deaf.recv(512)  # the look-up is under way
    print(*ending(engine))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
