# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrents in folders, and where the files lie that they are of."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Iterator, NamedTuple

from ..works import metainfo
from ..works.errors import TorrentInvalid
from ..works.metainfo import Metainfo

MAX_TORRENTS = 1000  # of a folder


class Shelved(NamedTuple):
    """A torrent whose files are here."""

    torrent: Path
    data: bytes  # of that file
    meta: Metainfo
    folder: Path  # from which the paths of its files go


def find(folder: Path) -> Iterator[Shelved | ValueError]:
    """All in a folder and those below it; what is wrong with one in its place. Raises OSError."""
    if not folder.is_dir():
        raise FileNotFoundError("no such folder: %s" % folder)
    for path in islice(sorted(folder.rglob("*.torrent")), MAX_TORRENTS):
        try:
            yield shelved(path)
        except OSError as error:  # a folder, a link to nowhere, another's file
            yield ValueError("%s: %s" % (path, error))
        except ValueError as error:
            yield error


def shelved(path: Path) -> Shelved:
    """One, with its files beside it: in a folder of its name, or where it lies itself, as a catalogue's.
    Raises ValueError where they are not there, OSError."""
    try:
        with path.open("rb") as opened:
            data = opened.read(metainfo.MAX_BYTES + 1)
        meta = metainfo.parse(data)
    except TorrentInvalid as error:
        raise ValueError("%s: %s" % (path, error)) from error
    if meta.private:
        raise ValueError("%s: private (BEP 27): no player of ours takes it" % path)
    places = [path.parent] if meta.single else [path.parent / meta.name, path.parent]
    lacking = [_lacking(meta, place) for place in places]
    for place, lack in zip(places, lacking):
        if not lack:
            return Shelved(path, data, meta, place)
    raise ValueError("%s: %s" % (path, min(lacking, key=len)[0]))


def _lacking(meta: Metainfo, place: Path) -> list[str]:
    """What is not there of its files, or of another length."""
    wrong = []
    for file in meta.files:
        path = place / file.path
        if not path.is_file():
            wrong.append("no %s" % path)
        elif path.stat().st_size != file.length:
            wrong.append("%s has %d bytes, not %d" % (path, path.stat().st_size, file.length))
    return wrong
