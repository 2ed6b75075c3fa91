# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue as the files of its folder, and back. The same catalogue makes the same bytes."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any, Iterable, Iterator, Mapping

from ..works import folder, record
from ..works.record import withdrawn
from .building import Catalogue, Record, slim


def files(catalogue: Catalogue, about: Record) -> dict[str, bytes]:
    """Name → content of every target. `about`: who answers for the catalogue, and on what terms."""
    gone = [made for made in catalogue.records.values() if withdrawn(made)]
    shards: dict[str, list[Record]] = {name: [] for name in folder.SHARDS}
    for id, made in catalogue.records.items():
        shards[folder.shard(id)].append(made)
    head = {**about, "build": catalogue.build, "at": catalogue.at, "works": len(catalogue.works)}
    return {
        folder.ABOUT: json.dumps(head, indent=1, sort_keys=True).encode() + b"\n",
        folder.INDEX: packed(map(slim, catalogue.works)),
        folder.REVOCATIONS: packed(gone),
        folder.LOG: packed(catalogue.log),
        folder.WAITING: packed(catalogue.waiting.values()),
        **{folder.shard_file(name): packed(held) for name, held in shards.items()},
        **{folder.delta_file(build): packed(lines) for build, lines in catalogue.deltas.items()},
    }


def about(found: Mapping[str, bytes]) -> Record:
    """What the curator has said of the catalogue. KeyError, ValueError where the files are none."""
    said = json.loads(found[folder.ABOUT])
    return {name: value for name, value in said.items() if name not in ("build", "at", "works")}


def catalogue(found: Mapping[str, bytes]) -> Catalogue:
    """The catalogue of such files. KeyError, ValueError, OSError where they are none."""
    head = json.loads(found[folder.ABOUT])
    build = int(head["build"])
    records = {
        made["id"]: made for name in folder.SHARDS for made in _unpacked(found[folder.shard_file(name)])
    }
    deltas = {
        number: tuple(_unpacked(found[folder.delta_file(number)]))
        for number in range(max(1, build - folder.DELTAS + 1), build + 1)
    }
    waiting = {line["id"]: line for line in _unpacked(found[folder.WAITING])}
    log = tuple(_unpacked(found[folder.LOG]))
    return Catalogue(build, head["at"], dict(sorted(records.items())), waiting, deltas, log)


def records(paths: Iterable[Path]) -> Iterator[tuple[str, object]]:
    """What files of records hold, and where it stands; a RecordInvalid where a line cannot be read. Raises
    OSError, ValueError."""
    for path in paths:
        for place, made in record.objects(path.read_text("utf-8")):
            yield "%s: %s" % (path, place), made


def packed(lines: Iterable[Record]) -> bytes:
    """Records as a file, one a line."""
    body = "".join(record.line(made) + "\n" for made in lines).encode()
    into = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=into, compresslevel=9, mtime=0) as packed:
        packed.write(body)
    return into.getvalue()


def _unpacked(content: bytes) -> Iterator[Any]:
    for line in gzip.decompress(content).decode().split("\n"):
        if line:
            yield json.loads(line)
