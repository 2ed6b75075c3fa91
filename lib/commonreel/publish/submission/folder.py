# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes submissions into their folders, all of them or none."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from pathlib import Path
from typing import Mapping, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ...works import declaration, metainfo, record
from ...works.declaration import Declaration
from ...works.strict_json import strict_json
from . import DECLARATION, RECORD, SIGNATURE, TORRENT, UPLOAD, minisign, page
from .films import Film
from .making import Made
from .place import Place
from .words import Words


class Entry(NamedTuple):
    """A submission, and what is to lie in its folder beside it."""

    made: Made
    at: Place
    files: Mapping[str, Path]  # path in the folder → the maker's own file
    stem: str  # of its torrent's name


def files(made: Made, film: Film, at: Place) -> dict[str, Path]:
    """A film's files as its torrent has them, so that the folder can be shared as it is, and its poster where
    there is a place for that."""
    torrent = metainfo.parse(made.torrent)
    named = {film.name: film.file, **{name: file for name, (file, _) in film.subtitles.items()}}
    above = "" if torrent.single else torrent.name + "/"
    found = {above + name: file for name, file in named.items()}
    return {**found, film.poster_name: film.poster} if film.poster and at.folder else found


def revision(folder: Path, id: str) -> int:
    """Of the work's next record: one more than that which lies there. Raises ValueError where that is of
    another work."""
    if not (folder / RECORD).exists():
        if folder.is_dir() and any(folder.iterdir()):
            raise ValueError("%s: neither empty nor a submission" % folder)
        return 1
    held = record.parse(strict_json((folder / RECORD).read_bytes()))
    if held.id != id:
        raise ValueError("%s: there is the submission of %s" % (folder, held.id))
    return held.rev + 1


def write(out: Path, entries: Mapping[str, Entry], key: Ed25519PrivateKey, words: Words) -> None:
    """`entries`: by their folder below `out`, '' for itself. A film that cannot be linked is copied."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".submission-") as scratch:
        for name, entry in entries.items():
            _fill(Path(scratch) / name, entry, key, words)
        for path in sorted(Path(scratch).rglob("*")):
            target = out / path.relative_to(scratch)
            if path.is_file():
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)


def sign(folder: Path, made: Mapping[str, object], said: Declaration, key: Ed25519PrivateKey) -> None:
    """Write the record, and what is declared of it, signed."""
    body = declaration.to_bytes(said)
    comment = "%s declared by %s, %s" % (said.work, said.key, said.at)
    (folder / RECORD).write_bytes(json.dumps(made, ensure_ascii=False, indent=1).encode() + b"\n")
    (folder / DECLARATION).write_bytes(body)
    (folder / SIGNATURE).write_bytes(minisign.sign(body, key, comment).encode())


def _fill(folder: Path, entry: Entry, key: Ed25519PrivateKey, words: Words) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    made = entry.made
    for path, file in entry.files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        _link(file, folder / path)
    sign(folder, made.record, made.declaration, key)
    if made.torrent:
        (folder / TORRENT).write_bytes(made.torrent)
    (folder / UPLOAD).write_text(page.html(made, entry.at, _uploads(folder, entry), words), "utf-8")


def _uploads(folder: Path, entry: Entry) -> dict[str, tuple[str, int]]:
    """Path in the folder → its name where it is put, bytes."""
    named = {path: path.rpartition("/")[2] for path in entry.files}
    if entry.made.torrent and entry.at.torrent_name(entry.stem):
        named[TORRENT] = entry.at.torrent_name(entry.stem)
    return {path: (name, (folder / path).stat().st_size) for path, name in named.items()}


def _link(file: Path, target: Path) -> None:
    try:
        os.link(file.resolve(), target)
    except OSError:  # another disk, or a file system without links
        shutil.copyfile(file, target)
