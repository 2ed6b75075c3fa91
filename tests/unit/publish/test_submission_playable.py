# SPDX-License-Identifier: GPL-3.0-or-later
"""Which films play everywhere. tests/integration/test_submit.py has ffmpeg mend some that do not."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from commonreel.publish.submission import playable
from commonreel.publish.submission.probe import Probed

GOOD = Probed(
    container="mov,mp4,m4a,3gp,3g2,mj2",
    length=100_000_000,
    seconds=600.0,
    video="h264",
    pixels="yuv420p",
    height=720,
    audio=("aac",),
    index_in_front=True,
)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("film.mp4", {}),
        ("film.mp4", {"audio": ()}),
        ("film.mkv", {"container": "matroska,webm", "index_in_front": False}),
        ("film.webm", {"container": "matroska,webm", "video": "vp9", "audio": ("opus",)}),
    ],
)
def test_these_play(name, changes):
    assert playable.problems(dataclasses.replace(GOOD, **changes), name) == []


@pytest.mark.parametrize(
    ("name", "changes", "reason", "mended"),
    [
        ("film.mp4", {"index_in_front": False}, "index", "-c:v copy -c:a copy"),
        ("film.mov", {}, "called", "-c:v copy -c:a copy"),
        ("film.avi", {"container": "avi", "video": "mpeg4"}, "container", "-c:v libx264"),
        ("film.mp4", {"video": "prores", "pixels": "yuv422p10le"}, "picture", "-c:v libx264"),
        ("film.mp4", {"pixels": "yuv420p10le"}, "picture", "-c:v libx264"),
        ("film.mp4", {"audio": ("aac", "pcm_s16le")}, "sound", "-c:v copy -c:a aac"),
        ("film.mp4", {"seconds": 0.0}, "long", "-c:v copy"),
        ("film.mp4", {"seconds": 20.0}, "Mbit/s", "-maxrate 8000k"),
    ],
)
def test_these_do_not_and_what_mends_them(name, changes, reason, mended):
    film = dataclasses.replace(GOOD, **changes)
    assert reason in " ".join(playable.problems(film, name))
    assert mended in playable.mending(film, Path(name))


def test_the_command_is_safe_to_paste():
    command = playable.mending(GOOD, Path("a; rm -rf $HOME.mp4"))
    assert "'a; rm -rf $HOME.mp4'" in command
