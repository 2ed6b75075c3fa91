# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission's folder as it was received, each part read as far as it keeps to its format and is signed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, NamedTuple, TypeVar

from ...works import declaration, metainfo, record
from ...works.declaration import Declaration, Problem
from ...works.errors import RecordInvalid, TorrentInvalid
from ...works.metainfo import Metainfo
from ...works.strict_json import strict_json
from ...works.work import WHOLES, Encoding, Work
from . import DECLARATION, RECORD, SIGNATURE, TORRENT, minisign

T = TypeVar("T")

_MAX_RECORD = 4 * record.MAX_RECORD  # bytes


@dataclass(frozen=True)
class Submission:
    folder: Path
    made: dict[str, Any]  # the record
    work: Work  # what that says
    declaration: Declaration
    declared: str  # the text of that, as it was signed
    signature: str
    torrent: Metainfo | None  # None of a series as a whole

    @property
    def encoding(self) -> Encoding | None:
        """The one that the torrent is of."""
        hashes = self.torrent.info_hash if self.torrent else ""
        return next((each for each in self.work.encoding if each.info_hash == hashes), None)


class Received(NamedTuple):
    """The submission, or what is wrong with its parts."""

    submission: Submission | None
    problems: tuple[Problem, ...]


def read(folder: Path) -> Received:
    """What lies there. Raises NotADirectoryError, and ValueError where it holds several."""
    if not folder.is_dir():
        raise NotADirectoryError("%s: not a submission's folder" % folder)
    several = sorted(path.parent.name for path in folder.glob("*/" + RECORD))
    if several and not (folder / RECORD).exists():
        raise ValueError("%s: several submissions, each for itself: %s" % (folder, ", ".join(several[:100])))
    found: list[Problem] = []

    def part(name: str, limit: int, take: Callable[[bytes], T]) -> T | None:
        try:
            return take(_bytes(folder / name, limit))
        except (RecordInvalid, TorrentInvalid) as error:
            field, colon, reason = error.detail.partition(": ")
            of_record = colon and isinstance(error, RecordInvalid)
            found.append(Problem(field, reason) if of_record else Problem(name, error.detail))
        except (OSError, ValueError) as error:
            found.append(Problem(name, str(error)))
        return None

    made, work = part(RECORD, _MAX_RECORD, _record) or ({}, None)
    body = part(DECLARATION, declaration.MAX_BYTES, bytes) or b""
    parsed = declaration.parse(body)
    found += [Problem("declaration." + each.field, each.reason) for each in parsed.problems]
    signed_by = parsed.declaration.public_key if parsed.declaration else b""
    signature = part(SIGNATURE, minisign.MAX_BYTES, lambda sent: _signed(body, sent, signed_by)) or b""
    torrent = None
    if work and work.type not in WHOLES:
        torrent = part(TORRENT, metainfo.MAX_BYTES, lambda body: _torrent(body, work))
    if found or not work or not parsed.declaration:
        return Received(None, tuple(found))
    texts = (body.decode(), signature.decode())
    return Received(Submission(folder, made, work, parsed.declaration, *texts, torrent), ())


def _bytes(path: Path, limit: int) -> bytes:
    if not path.is_file():
        raise ValueError("missing")
    with path.open("rb") as file:
        body = file.read(limit + 1)
    if len(body) > limit:
        raise ValueError("more than %d bytes" % limit)
    return body


def _record(body: bytes) -> tuple[dict[str, Any], Work]:
    made = strict_json(body)
    if not isinstance(made, dict):
        raise ValueError("not a JSON object")
    if len(record.line(made).encode()) > record.MAX_RECORD:
        raise ValueError("more than %d bytes" % record.MAX_RECORD)
    work = record.parse(made)
    if not isinstance(work, Work):
        raise ValueError("not the record of a work")
    return made, work


def _signed(content: bytes, signature: bytes, key: bytes) -> bytes:
    """`key`: b'' where nobody knows whose it should be."""
    if key:
        minisign.verify(content, signature, key)
    return signature


def _torrent(body: bytes, work: Work) -> Metainfo:
    torrent = metainfo.parse(body)
    said = {each.torrent_sha256 for each in work.encoding if each.info_hash == torrent.info_hash}
    if not said <= {"", hashlib.sha256(body).hexdigest()}:
        raise TorrentInvalid("not the file whose SHA-256 the record has")
    return torrent
