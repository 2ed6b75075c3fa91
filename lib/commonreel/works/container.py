# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a film file keeps its index, told from its first bytes.

A player reads the index before it shows a picture, or before it can seek. When it is not in front,
the engine fetches it ahead of being asked. Formats: MP4 and QuickTime (ISO/IEC 14496-12, the `moov`
box), Matroska and WebM (RFC 8794 and RFC 9559, the `Cues` element).
"""

from __future__ import annotations

import struct
from typing import Iterator

# A moov is some 10 bytes a frame: 10 MB for three hours. Cues are some 20 bytes a key frame.
MOOV_LIMIT = 16 << 20
CUES_LIMIT = 2 << 20

_BOXES_IN_FRONT = frozenset(
    (b"ftyp", b"styp", b"free", b"skip", b"wide", b"mdat", b"uuid", b"pnot", b"meta", b"pdin")
)
_EBML = 0x1A45DFA3
_SEGMENT = 0x18538067
_SEEK_HEAD = 0x114D9B74
_SEEK = 0x4DBB
_SEEK_ID = 0x53AB
_SEEK_POSITION = 0x53AC
_CUES = b"\x1c\x53\xbb\x6b"
_INFO = 0x1549A966
_TIMESTAMP_SCALE = 0x2AD7B1
_DURATION = 0x4489
_NANOSECONDS = 1_000_000  # a tick of Matroska's, unless it says otherwise
_LONGEST = 100 * 3600.0  # seconds


def index_is_no_need(name: str) -> bool:
    """Whether films of that name's kind are played without their index; only seeking takes it."""
    return name.lower().endswith((".mkv", ".webm"))


def index_place(head: bytes, length: int) -> tuple[int, int] | None:
    """The bytes (start, end) of a file of `length` bytes that hold its index, `end` not included.

    `head` is the file's first bytes, 64 KiB are plenty. None where the index starts in `head`, where
    there is none, and where `head` does not tell. What is there is only looked for, never believed:
    the place lies inside the file and is of bounded size.
    """
    if head[:4] == _EBML.to_bytes(4, "big"):
        start, limit = _cues_start(head), CUES_LIMIT
    else:
        start, limit = _moov_start(head), MOOV_LIMIT
    if start is None or not len(head) <= start < length:
        return None
    return start, min(length, start + limit)


def duration(head: bytes) -> float:
    """Seconds that a film lasts by the word of its first bytes; 0 where they do not tell.

    The `mvhd` box in a `moov` in front, or Matroska's Info element.
    """
    is_matroska = head[:4] == _EBML.to_bytes(4, "big")
    found = _matroska_duration(head) if is_matroska else _movie_duration(head)
    return found if 0 < found < _LONGEST else 0.0


def _movie_duration(head: bytes) -> float:
    for kind, body, end in _boxes(head, 0, len(head)):
        if kind == b"moov":
            for inner, at, stop in _boxes(head, body, end):
                if inner == b"mvhd":
                    return _movie_header(head[at:stop])
        elif kind not in _BOXES_IN_FRONT:
            break
    return 0.0


def _movie_header(body: bytes) -> float:
    """ISO/IEC 14496-12, 8.2.2: version 1 has 64 bits for times."""
    try:
        scale, ticks = struct.unpack_from(*((">IQ", body, 20) if body[:1] == b"\1" else (">II", body, 12)))
    except struct.error:
        return 0.0
    return float(ticks) / scale if scale else 0.0


def _boxes(data: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The boxes between two places of `data`: kind, start of the body, end as far as it is in `data`."""
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", data, at)
        body = at + 8
        if size == 1 and body + 8 <= end:
            (size,) = struct.unpack_from(">Q", data, body)
            body += 8
        if size < body - at:
            return
        yield kind, body, min(at + size, end)
        at += size


def _matroska_duration(head: bytes) -> float:
    for kind, segment, stop in _elements(head, 0, len(head)):
        if kind != _SEGMENT:
            continue
        for inner, body, end in _elements(head, segment, stop):
            if inner == _INFO:
                entry = {name: head[at:until] for name, at, until in _elements(head, body, end)}
                scale = int.from_bytes(entry.get(_TIMESTAMP_SCALE, b"")[:8], "big") or _NANOSECONDS
                return _float(entry.get(_DURATION, b"")) * scale / 1e9
    return 0.0


def _float(data: bytes) -> float:
    """RFC 8794, 7.3."""
    kind = {4: ">f", 8: ">d"}.get(len(data))
    return float(struct.unpack(kind, data)[0]) if kind else 0.0


def _moov_start(head: bytes) -> int | None:
    """Where the box behind the `mdat` starts, None if `moov` comes before it."""
    at, behind_mdat = 0, False
    while at + 16 <= len(head):
        size, kind = struct.unpack_from(">I4s", head, at)
        if size == 1:
            (size,) = struct.unpack_from(">Q", head, at + 8)
        if kind not in _BOXES_IN_FRONT or size < 8:  # 0: to the end of the file, so nothing behind
            return None
        behind_mdat = behind_mdat or kind == b"mdat"
        at += size
    return at if behind_mdat else None


def _cues_start(head: bytes) -> int | None:
    """Where the Cues are by the word of the SeekHead, None if it does not tell."""
    for kind, body, _ in _elements(head, 0, len(head)):
        if kind == _SEGMENT:
            return _sought(head, body)
    return None


def _sought(head: bytes, segment: int) -> int | None:
    for kind, body, end in _elements(head, segment, len(head)):
        if kind != _SEEK_HEAD:
            continue
        for seek, seek_body, seek_end in _elements(head, body, end):
            if seek != _SEEK:
                continue
            entry = {name: head[at:stop] for name, at, stop in _elements(head, seek_body, seek_end)}
            if entry.get(_SEEK_ID) == _CUES and _SEEK_POSITION in entry:
                return segment + int.from_bytes(entry[_SEEK_POSITION], "big")
    return None


def _elements(data: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The EBML elements between two places of `data`: id, start of the body, end of the body."""
    end = min(end, len(data))
    while at < end:
        id_width = _width(data[at])
        size_at = at + id_width
        if id_width > 4 or size_at >= end:
            return
        size_width = _width(data[size_at])
        body = size_at + size_width
        if size_width > 8 or body > end:
            return
        size = int.from_bytes(data[size_at:body], "big") & ((1 << 7 * size_width) - 1)
        unknown = size == (1 << 7 * size_width) - 1  # a live stream's Segment: up to the end
        # Never beyond the element around it: small ones that hold huge ones would take quadratic time.
        stop = end if unknown else min(body + size, end)
        yield int.from_bytes(data[at:size_at], "big"), body, stop
        at = stop


def _width(first: int) -> int:
    """Bytes of a variable-size integer, by its first byte (RFC 8794, 4.4); 9 for none."""
    return 9 - first.bit_length()
