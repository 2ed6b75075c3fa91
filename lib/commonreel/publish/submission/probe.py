# SPDX-License-Identifier: GPL-3.0-or-later
"""What is in a film's file, by ffprobe (https://ffmpeg.org/ffprobe.html), and where it keeps its index."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Mapping

from ...works import container
from ...works.errors import CommonReelError

SECONDS = 60  # that ffprobe may take
MOST = 4 << 20  # bytes of its answer
_HEAD = 64 << 10  # of the film, in which its boxes show
# Kinds of files that hold a film by themselves: a play list would send ffprobe on to other files.
_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,ogg,asf,flv,mxf"


@dataclass(frozen=True)
class Probed:
    """An unknown fact is '', 0 or ()."""

    container: str  # ffprobe's name for it: 'mov,mp4,m4a,3gp,3g2,mj2'
    length: int  # bytes
    seconds: float
    video: str  # codec
    pixels: str  # 'yuv420p'
    height: int  # lines
    audio: tuple[str, ...]  # codecs
    index_in_front: bool
    title: str = ""
    year: int = 0
    spoken: tuple[str, ...] = ()  # as the streams have it: 'fre'

    @property
    def bit_rate(self) -> float:
        """Of everything in it, bit/s."""
        return self.length * 8 / self.seconds if self.seconds else 0.0


def probe(file: Path) -> Probed:
    """Raises OSError, CommonReelError where ffprobe is missing, ValueError for what is no film."""
    length = file.stat().st_size
    told = _ask(file)
    streams = [each for each in _list(told.get("streams")) if isinstance(each, dict)]
    pictures = [each for each in streams if each.get("codec_type") == "video" and not _is_cover(each)]
    sounds = [each for each in streams if each.get("codec_type") == "audio"]
    if not pictures:
        raise ValueError("%s: no film in it" % file)
    about = _dict(told.get("format"))
    tags = {str(name).lower(): str(value) for name, value in _dict(about.get("tags")).items()}
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    return Probed(
        container=str(about.get("format_name", "")),
        length=length,
        seconds=_seconds(about.get("duration")),
        video=str(pictures[0].get("codec_name", "")),
        pixels=str(pictures[0].get("pix_fmt", "")),
        height=int(pictures[0].get("height", 0)),
        audio=tuple(str(each.get("codec_name", "")) for each in sounds),
        index_in_front=container.index_place(head, length) is None,
        title=tags.get("title", "").strip(),
        year=_year(tags.get("date", "")),
        spoken=tuple(dict.fromkeys(filter(None, map(_spoken, sounds)))),
    )


def _ask(file: Path) -> Mapping[str, Any]:
    command = ["ffprobe", "-v", "error", "-format_whitelist", _FORMATS, "-protocol_whitelist", "file"]
    command += ["-show_format", "-show_streams", "-print_format", "json", "file:%s" % file]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except FileNotFoundError as error:
        raise CommonReelError("ffprobe is not there: install FFmpeg, which brings it") from error
    except subprocess.TimeoutExpired as error:
        raise ValueError("%s: ffprobe is not done with it after %d seconds" % (file, SECONDS)) from error
    if done.returncode or len(done.stdout) > MOST:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise ValueError("%s: no film: %s" % (file, said[-1][:200] if said else "too much in it"))
    return _dict(json.loads(done.stdout))


def _is_cover(stream: Mapping[str, Any]) -> bool:
    return bool(_dict(stream.get("disposition")).get("attached_pic"))


def _spoken(stream: Mapping[str, Any]) -> str:
    said = str(_dict(stream.get("tags")).get("language", ""))
    return "" if said in ("und", "mul", "mis", "zxx") else said


def _seconds(value: object) -> float:
    try:
        found = float(str(value))
    except ValueError:
        return 0.0
    return found if 0 < found < 1e7 else 0.0


def _year(text: str) -> int:
    return int(text[:4]) if text[:4].isascii() and text[:4].isdigit() else 0


def _dict(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
