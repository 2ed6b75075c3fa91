# SPDX-License-Identifier: GPL-3.0-or-later
"""A build of a catalogue as a torrent, so that those who have it can hand it on (BEP 3, web seeds BEP 19).

Everything but timestamp.json, which names the torrent: {"torrent": info hash}.
"""

from __future__ import annotations

import hashlib
from typing import Mapping, Sequence

from ..works.bencode import Value
from . import torrent_file

NAME = "catalogue"
PIECE = 256 << 10  # bytes


def make(files: Mapping[str, bytes], mirrors: Sequence[str] = (), trackers: Sequence[str] = ()) -> bytes:
    """The .torrent of these files (path with '/' → content). `mirrors`: where the folder lies, so that the
    torrent's path follows it; they end in '/'."""
    paths = sorted(files)
    stream = b"".join(files[path] for path in paths)
    cut = (stream[at : at + PIECE] for at in range(0, len(stream), PIECE))
    entries: list[Value] = [
        {b"length": len(files[path]), b"path": [step.encode() for step in path.split("/")]} for path in paths
    ]
    info: dict[bytes, Value] = {
        b"files": entries,
        b"name": NAME.encode(),
        b"piece length": PIECE,
        b"pieces": b"".join(hashlib.sha1(piece).digest() for piece in cut),  # noqa: S324 - BEP 3
    }
    return torrent_file.encode(info, trackers, mirrors)
