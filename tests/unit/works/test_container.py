# SPDX-License-Identifier: GPL-3.0-or-later
"""The place of a film's index is told from its first bytes."""

from __future__ import annotations

import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.works.container import CUES_LIMIT, MOOV_LIMIT, duration, index_place

LENGTH = 1 << 30


def box(kind: bytes, size: int, body: bytes = b"") -> bytes:
    return struct.pack(">I4s", size, kind) + body


def large_box(kind: bytes, size: int) -> bytes:
    return struct.pack(">I4sQ", 1, kind, size)


FTYP = box(b"ftyp", 24, bytes(16))
FREE = box(b"free", 8)


def test_moov_behind_mdat() -> None:
    head = FTYP + FREE + box(b"mdat", 900_000_000, bytes(4096))
    assert index_place(head, LENGTH) == (900_000_032, 900_000_032 + MOOV_LIMIT)


def test_the_place_ends_with_the_file() -> None:
    head = FTYP + large_box(b"mdat", LENGTH - 1024) + bytes(4096)
    assert index_place(head, LENGTH) == (LENGTH - 1000, LENGTH)


def test_quicktime_without_ftyp() -> None:
    head = box(b"wide", 8) + box(b"mdat", 5_000_000, bytes(100))
    assert index_place(head, 5_100_000) == (5_000_008, 5_100_000)


@pytest.mark.parametrize(
    "head",
    [
        FTYP + box(b"moov", 5000, bytes(4000)),
        FTYP + box(b"moov", 5000),  # it starts in the head: reading on from there finds it
        FTYP + FREE + box(b"moov", 100, bytes(92)) + box(b"mdat", 900_000_000, bytes(100)),
        FTYP + box(b"mdat", 100, bytes(92)) + box(b"moov", 5000, bytes(100)),
        FTYP + box(b"mdat", 0, bytes(500)),  # to the end of the file
        FTYP + box(b"mdat", LENGTH, bytes(500)),  # beyond the end of the file
        FTYP + large_box(b"mdat", 2**64 - 1) + bytes(500),
        FTYP + box(b"mdat", 7, bytes(500)),
        FTYP + box(b"free", 900_000_000, bytes(100)),  # what follows is not known
        FTYP + box(b"moof", 900, bytes(900)),
        FTYP,
        FTYP[:7],
        b"",
        b"RIFF\x00\x00\x00\x00AVI LIST" + bytes(100),
        b"OggS" + bytes(100),
        b"\x00" * 5000,
        b"\xff" * 5000,
    ],
)
def test_mp4_without_an_index_at_the_end(head: bytes) -> None:
    assert index_place(head, LENGTH) is None


def element(kind: int, body: bytes, size: int | None = None) -> bytes:
    width = (kind.bit_length() + 7) // 8
    length = struct.pack(">Q", (1 << 56) | (len(body) if size is None else size))
    return kind.to_bytes(width, "big") + length + body


def seek(target: int, position: int) -> bytes:
    entry = element(0x53AB, target.to_bytes(4, "big")) + element(0x53AC, position.to_bytes(4, "big"))
    return element(0x4DBB, entry)


EBML = element(0x1A45DFA3, bytes(20))
UNKNOWN = (1 << 56) - 1
INFO, CUES = 0x1549A966, 0x1C53BB6B


def matroska(*seeks: bytes, before: bytes = b"", size: int = LENGTH) -> bytes:
    return EBML + element(
        0x18538067, before + element(0x114D9B74, b"".join(seeks)) + element(INFO, bytes(4000)), size
    )


SEGMENT = len(EBML) + 12


def test_cues_by_the_seek_head() -> None:
    head = matroska(seek(INFO, 200), seek(CUES, 900_000_000), before=element(0xEC, bytes(50)))
    assert index_place(head, LENGTH) == (SEGMENT + 900_000_000, SEGMENT + 900_000_000 + CUES_LIMIT)


def test_cues_end_with_the_file_at_the_latest() -> None:
    assert index_place(matroska(seek(CUES, LENGTH - 500)), LENGTH) == (SEGMENT + LENGTH - 500, LENGTH)


def test_a_live_segment_of_unknown_size() -> None:
    head = matroska(seek(CUES, 900_000_000), size=UNKNOWN)
    assert index_place(head, LENGTH) == (SEGMENT + 900_000_000, SEGMENT + 900_000_000 + CUES_LIMIT)


@pytest.mark.parametrize(
    "head",
    [
        matroska(seek(CUES, 100)),  # in the head itself
        matroska(seek(CUES, LENGTH)),  # beyond the end
        matroska(seek(INFO, 900_000_000)),
        matroska(),
        matroska(element(0x4DBB, element(0x53AB, CUES.to_bytes(4, "big")))),  # no position
        EBML,
        EBML[:10],
        EBML + b"\x00" * 100,
        EBML + b"\x01" * 100,
    ],
)
def test_matroska_without_cues_at_the_end(head: bytes) -> None:
    assert index_place(head, LENGTH) is None


REAL = [FTYP + box(b"mdat", 900_000_000, bytes(64)), matroska(seek(CUES, 900_000_000))]


@given(st.sampled_from(REAL), st.lists(st.tuples(st.integers(0, 160), st.integers(0, 255)), max_size=6))
@settings(derandomize=True, max_examples=400, deadline=None)
def test_whatever_the_bytes_the_place_lies_in_the_file_and_is_bounded(
    real: bytes, changes: list[tuple[int, int]]
) -> None:
    head = bytearray(real)
    for at, value in changes:
        if at < len(head):
            head[at] = value
    assert 0 <= duration(bytes(head)) < 400_000
    place = index_place(bytes(head), LENGTH)
    if place is not None:
        assert len(head) <= place[0] < place[1] <= LENGTH
        assert place[1] - place[0] <= max(MOOV_LIMIT, CUES_LIMIT)


@given(st.binary(max_size=300), st.integers(0, 1000))
@settings(derandomize=True, max_examples=200, deadline=None)
def test_garbage(head: bytes, length: int) -> None:
    for start in (b"", FTYP, EBML[:4], EBML):
        assert 0 <= duration(start + head) < 400_000
        place = index_place(start + head, length)
        assert place is None or place[0] < place[1] <= length


def test_small_elements_that_claim_to_hold_huge_ones_take_linear_time() -> None:
    inner = element(0x4DBB, b"", 1 << 40)
    hostile = element(0x114D9B74, inner) * 20_000
    start = time.process_time()
    assert index_place(EBML + element(0x18538067, hostile, 1 << 40), LENGTH) is None
    assert time.process_time() - start < 5


def movie(header: bytes, before: bytes = FTYP) -> bytes:
    mvhd = box(b"mvhd", 8 + len(header), header)
    return before + box(b"moov", 5000, mvhd + bytes(100))


@pytest.mark.parametrize(
    ("head", "seconds"),
    [
        (movie(struct.pack(">12xII", 1000, 90_500)), 90.5),
        (movie(struct.pack(">B19xIQ", 1, 600, 6000)), 10.0),
        (movie(struct.pack(">12xII", 1000, 90_500), before=FTYP + FREE), 90.5),
        (movie(struct.pack(">12xII", 0, 90_500)), 0.0),
        (movie(struct.pack(">12xII", 1, 4_000_000_000)), 0.0),  # a hundred years
        (movie(bytes(4)), 0.0),
        (movie(struct.pack(">12xII", 1000, 90_500), before=box(b"mdat", 8)), 90.5),
        (movie(struct.pack(">12xII", 1000, 90_500), before=box(b"mdat", 5_000_000)), 0.0),
        (b"", 0.0),
    ],
)
def test_the_duration_of_a_movie(head: bytes, seconds: float) -> None:
    assert duration(head) == seconds


@pytest.mark.parametrize(
    ("scale", "ticks", "seconds"),
    [
        (b"", struct.pack(">d", 90_500.0), 90.5),
        (element(0x2AD7B1, struct.pack(">I", 1_000_000_000)), struct.pack(">f", 90.5), 90.5),
        (element(0x2AD7B1, bytes([255]) * 200), struct.pack(">d", 1e300), 0.0),
        (b"", struct.pack(">d", float("nan")), 0.0),
        (b"", struct.pack(">d", -5.0), 0.0),
        (b"", b"123", 0.0),
    ],
)
def test_the_duration_by_matroska(scale: bytes, ticks: bytes, seconds: float) -> None:
    info = element(0x1549A966, scale + element(0x4489, ticks))
    assert duration(EBML + element(0x18538067, info, 1 << 40)) == seconds
