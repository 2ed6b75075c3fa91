# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether a film plays from the swarm on every device that Kodi runs on, and what mends it where not.

Kodi opens nearly everything. What is asked for here is what a small box decodes in hardware, what can be
sought in over HTTP, and what a home's line can bring in time.
"""

from __future__ import annotations

import shlex
from pathlib import Path

from .probe import Probed

CONTAINERS = ("mp4", "matroska", "webm")  # of which ffprobe names one
MOST_BITS = 12_000_000  # a second, in the mean
MEND_BITS = 8_000_000

_VIDEO = {
    "h264": ("yuv420p", "yuvj420p"),
    "hevc": ("yuv420p", "yuv420p10le"),
    "vp8": ("yuv420p",),
    "vp9": ("yuv420p", "yuv420p10le"),
    "av1": ("yuv420p", "yuv420p10le"),
}
_AUDIO = frozenset(("aac", "ac3", "eac3", "flac", "mp3", "opus", "vorbis"))
_ENDINGS = {"mp4": ("mp4", "m4v"), "matroska": ("mkv", "webm"), "webm": ("mkv", "webm")}


def problems(film: Probed, name: str) -> list[str]:
    """What keeps it from being played everywhere, in English. `name`: of its file."""
    found = []
    kind = _container(film)
    ending = name.lower().rpartition(".")[2]
    if not kind:
        found.append("its container is %s, not MP4, Matroska or WebM" % film.container)
    elif ending not in _ENDINGS[kind]:
        found.append("it is %s inside, but is not called .%s" % (kind, " or .".join(_ENDINGS[kind])))
    if not _shows(film):
        found.append(
            "its picture is %s (%s), not H.264, HEVC, VP9 or AV1 in 4:2:0" % (film.video, film.pixels)
        )
    unheard = [codec for codec in film.audio if codec not in _AUDIO]
    if unheard:
        found.append("its sound is %s, not AAC, AC-3, FLAC, MP3, Opus or Vorbis" % unheard[0])
    if not film.index_in_front and kind == "mp4":
        found.append("its index is at its end: it could not start before that has come")
    if not film.seconds:
        found.append("it does not say how long it is")
    if film.bit_rate > MOST_BITS:
        found.append("%.0f Mbit/s are more than %d" % (film.bit_rate / 1e6, MOST_BITS // 1_000_000))
    return found


def mending(film: Probed, file: Path) -> str:
    """The command that makes a copy of it without these problems. What is good is not encoded anew."""
    picture = "-c:v copy"
    if not _shows(film) or film.video == "vp8" or film.bit_rate > MOST_BITS:
        limit = "-maxrate %dk -bufsize %dk" % (MEND_BITS // 1000, MEND_BITS // 500)
        picture = "-c:v libx264 -preset slow -crf 20 %s -pix_fmt yuv420p" % limit
    sound = "-c:a copy" if all(codec in _AUDIO for codec in film.audio) else "-c:a aac -b:a 192k"
    made = file.with_name(file.stem + "-web.mp4")
    return "ffmpeg -i %s -map 0:v:0 -map 0:a? %s %s -movflags +faststart %s" % (
        shlex.quote(str(file)),
        picture,
        sound,
        shlex.quote(str(made)),
    )


def _container(film: Probed) -> str:
    """One of CONTAINERS; '' for another."""
    named = film.container.split(",")
    return next((kind for kind in CONTAINERS if kind in named), "")


def _shows(film: Probed) -> bool:
    return film.pixels in _VIDEO.get(film.video, ())
