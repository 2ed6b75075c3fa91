# SPDX-License-Identifier: GPL-3.0-or-later
"""Posters and subtitles of the site's own, so that no page asks anybody else for them.

They are fetched once, into a folder that later runs use again, and made anew on the way: a picture is
decoded, made small and written as JPEG; subtitles become WebVTT, which is what browsers show.
"""

from __future__ import annotations

import hashlib
import io
import re
import struct
from pathlib import Path
from typing import Callable, NamedTuple

from PIL import Image

from ...works import subtitle_text, subtitles
from ...works.errors import FetchFailed
from ...works.subtitle_text import SubtitlesInvalid

MAX_PICTURE = 10 << 20  # bytes as it comes
MAX_PIXELS = 40_000_000
SIZE = (480, 720)  # within which a picture is made to fit
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITY = 82

_TIMES = re.compile(
    r"^[ \t]*([0-9]{1,3}):([0-9]{2}:[0-9]{2})[,.]([0-9]{1,3})[ \t]*-->[ \t]*"
    r"([0-9]{1,3}):([0-9]{2}:[0-9]{2})[,.]([0-9]{1,3}).*$",
    re.MULTILINE,
)

Get = Callable[[str, int], bytes]  # an address and the most bytes; raises FetchFailed


class Picture(NamedTuple):
    name: str  # of its file
    width: int
    height: int


class Copies:
    """The files of a folder. `folder` None: there are none. `get` None: nothing is fetched."""

    def __init__(self, folder: Path | None = None, get: Get | None = None) -> None:
        self._folder = folder
        self._get = get
        self._pictures: dict[str, Picture | None] = {}
        self._subtitles: dict[str, str] = {}
        self.problems: list[str] = []

    def picture(self, url: str) -> Picture | None:
        """None where there is none to be had."""
        if url not in self._pictures:
            path = self._made(url, ".jpg", MAX_PICTURE, _small)
            self._pictures[url] = _measured(path) if path else None
        return self._pictures[url]

    def subtitles(self, url: str, lang: str) -> str:
        """The name of the file; '' where there is none that a browser could show."""
        if url not in self._subtitles:
            path = self._made(url, ".vtt", subtitles.MAX_BYTES, lambda data: _webvtt(data, lang))
            self._subtitles[url] = path.name if path else ""
        return self._subtitles[url]

    def content(self, name: str) -> bytes:
        """Of a file that one of the above has named."""
        if not self._folder:
            raise FileNotFoundError(name)
        return (self._folder / name).read_bytes()

    def names(self) -> list[str]:
        """Of the files that were named so far."""
        pictures = (each.name for each in self._pictures.values() if each)
        return sorted({*pictures, *filter(None, self._subtitles.values())})

    def _made(self, url: str, ending: str, most: int, make: Callable[[bytes], bytes]) -> Path | None:
        """The file of an address, fetched if it is not there yet."""
        if not self._folder or not url:
            return None
        path = self._folder / (hashlib.sha256(url.encode()).hexdigest()[:32] + ending)
        if path.exists():
            return path
        if not self._get:
            return None
        try:
            body = make(self._get(url, most))
        except (FetchFailed, Image.DecompressionBombError, OSError, ValueError) as error:
            self.problems.append("%s: %s" % (url, error))
            return None
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(body)
        return fresh.replace(path)


def _small(body: bytes) -> bytes:
    """Raises OSError, ValueError for what is no picture, or too large a one."""
    with Image.open(io.BytesIO(body), formats=_FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise ValueError("over %d pixels" % MAX_PIXELS)
        try:
            plain = picture.convert("RGB")
        except (SyntaxError, struct.error, EOFError, IndexError) as error:  # Pillow's, for what is broken
            raise ValueError("no picture: %r" % error) from error
    plain.thumbnail(SIZE)
    into = io.BytesIO()
    plain.save(into, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return into.getvalue()


def _measured(path: Path) -> Picture:
    with Image.open(path, formats=("JPEG",)) as picture:
        return Picture(path.name, picture.width, picture.height)


def _webvtt(body: bytes, lang: str) -> bytes:
    """Raises SubtitlesInvalid, also for ASS: what it draws is no text."""
    found = subtitle_text.read(body, lang)
    if found.format == "vtt":
        return found.data
    if found.format != "srt":
        raise SubtitlesInvalid("no browser shows %s" % found.format)
    return ("WEBVTT\n\n" + _TIMES.sub(_cue, found.data.decode().lstrip("\ufeff"))).encode()


def _cue(times: re.Match[str]) -> str:
    hours, rest, part, to_hours, to_rest, to_part = times.groups()
    return "%s:%s.%s --> %s:%s.%s" % (
        hours.zfill(2),
        rest,
        part.ljust(3, "0"),
        to_hours.zfill(2),
        to_rest,
        to_part.ljust(3, "0"),
    )
