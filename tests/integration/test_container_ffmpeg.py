# SPDX-License-Identifier: GPL-3.0-or-later
"""The place of the index, in films as ffmpeg writes them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from commonreel.works.container import duration, index_place

HEAD = 4096
INDEX = {".mp4": b"moov", ".mov": b"moov", ".mkv": b"\x1c\x53\xbb\x6b", ".webm": b"\x1c\x53\xbb\x6b"}


def film(path: Path, *options: str) -> bytes:
    """Two seconds of noise, too large for its index to lie in the first bytes."""
    source = "nullsrc=size=320x240:rate=25:duration=2,geq=random(1)*255:128:128"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, *options, str(path)], check=True, timeout=60
    )
    return path.read_bytes()


@pytest.mark.parametrize("name", ["film.mp4", "film.mov", "film.mkv", "film.webm"])
def test_an_index_at_the_end_is_placed(tmp_path: Path, name: str) -> None:
    codec = ("libvpx", "-deadline", "realtime") if name.endswith("webm") else ("mpeg4",)
    data = film(tmp_path / name, "-b:v", "2M", "-c:v", *codec)
    place = index_place(data[:HEAD], len(data))
    assert place is not None
    start, end = place
    assert INDEX[Path(name).suffix] in data[start : start + 64]
    assert end == len(data)


@pytest.mark.parametrize(
    ("name", "options"),
    [("film.mp4", ("-movflags", "faststart")), ("film.mkv", ("-reserve_index_space", "2000"))],
)
def test_an_index_in_front_needs_no_fetching(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    data = film(tmp_path / name, "-c:v", "mpeg4", "-b:v", "2M", *options)
    assert len(data) > HEAD
    assert index_place(data[:HEAD], len(data)) is None


@pytest.mark.parametrize(
    ("name", "options"), [("film.mp4", ("-movflags", "faststart")), ("film.mov", ()), ("film.mkv", ())]
)
def test_how_long_a_film_lasts(tmp_path: Path, name: str, options: tuple[str, ...]) -> None:
    data = film(tmp_path / name, "-c:v", "mpeg4", "-b:v", "2M", *options)
    assert duration(data[:HEAD]) == pytest.approx(0.0 if name == "film.mov" else 2.0, abs=0.1)
