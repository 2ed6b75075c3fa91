# SPDX-License-Identifier: GPL-3.0-or-later
"""Which encoding of a work to play, and which file of its torrent is the film."""

from __future__ import annotations

import re
from math import inf
from typing import TYPE_CHECKING

from .errors import NothingPlayable
from .media import is_video, suffix
from .work import Encoding, FilmFile, Work

if TYPE_CHECKING:
    from .metainfo import Metainfo, TorrentFile

# Seekable over HTTP, and mostly H.264 or VP9, which small boxes decode in hardware.
_GOOD_CONTAINERS = frozenset(("m4v", "mkv", "mp4", "webm"))
_BESIDE_THE_FILM = r"(?i)(?<![a-z])(sample|trailer|teaser|preview)s?(?![a-z])"
_LARGE = 8_000_000_000  # bytes: over two hours of this are too much for many lines and boxes
_TINY = 100  # a file this many times smaller than the largest (counted as 8 GB at most) is no film
LINES = 1080  # what every television shows
SMALLEST = 0  # in the place of lines


def playable(metainfo: Metainfo) -> list[TorrentFile]:
    """The files that may be the film, best first.

    An archive's item holds one film in many formats: the upload, often MPEG-2 or larger, and smaller
    MP4 and Ogg copies of it. The rule:

    1. Video files by suffix, empty ones left out. Samples, trailers, teasers and previews by name are
       left out unless there is nothing else, and so is what is below 1 % of the largest (of 8 GB, if
       that is larger still).
    2. Files up to 8 GB before larger ones.
    3. MP4, Matroska and WebM before other containers.
    4. The larger before the smaller, as it has the better picture; beyond 8 GB the other way round.
    """
    videos = [file for file in metainfo.files if is_video(file.path) and file.length]
    films = [file for file in videos if not re.search(_BESIDE_THE_FILM, file.path)] or videos
    least = min(_LARGE, max((file.length for file in films), default=0)) // _TINY
    return sorted((file for file in films if file.length >= least), key=_preference)


def _preference(file: TorrentFile) -> tuple[bool, bool, int, str]:
    large = file.length > _LARGE
    other = suffix(file.path) not in _GOOD_CONTAINERS
    return large, other, file.length if large else -file.length, file.path


def film(metainfo: Metainfo, wanted: FilmFile | None = None) -> TorrentFile:
    """The file to play: the one wanted, by (sha1, length) or else (path, length); else the best.

    Raises NothingPlayable. Never by its place in the list: archive.org makes its torrents anew.
    """
    if wanted is None:
        best = playable(metainfo)
        if not best:
            raise NothingPlayable("no video among %d files" % len(metainfo.files))
        return best[0]
    same_length = [file for file in metainfo.files if file.length == wanted.length]
    for file in same_length:
        if wanted.sha1 and file.sha1 == wanted.sha1.lower():
            return file
    for file in same_length:
        if file.path == wanted.path:
            return file
    raise NothingPlayable("no file %.200r of %d bytes" % (wanted.path, wanted.length))


def named(metainfo: Metainfo, name: str) -> TorrentFile:
    """The file of that path (with or without the torrent's name in front) or else of that file name.

    Any kind of file will do. Raises NothingPlayable for one that is not there, is empty, or has the
    file name of another.
    """
    paths = (name, name.partition("/")[2] if name.startswith(metainfo.name + "/") else name)
    found = [file for file in metainfo.files if file.path in paths]
    found = found or [file for file in metainfo.files if file.path.rpartition("/")[2] == name]
    if len(found) != 1 or not found[0].length:
        reason = "%d files of the name" % len(found) if len(found) != 1 else "nothing in"
        raise NothingPlayable("%s %.200r" % (reason, name))
    return found[0]


def encoding(work: Work, key: str = "", lines: int = LINES) -> Encoding:
    """The encoding that `key` names, or for '' the best of up to so many lines; with SMALLEST that of the
    fewest bytes.

    The best: what has no more lines than that before what does not tell, and this before what has more; then
    by size and container, as in playable(); then the most lines, or beyond that the fewest; then the one that
    the record names first. Raises NothingPlayable where the work has none, or none of that key.
    """
    found = [each for each in work.encoding if key in ("", each.key)]
    if not found:
        raise NothingPlayable("%s has no encoding %.200r" % (work.id, key))
    if lines == SMALLEST:
        return min(found, key=_size)
    return min(found, key=lambda each: _rank(each, lines))


def _size(encoding: Encoding) -> tuple[float, float]:
    """In bytes, then in lines; what is not known is large."""
    return encoding.file.length if encoding.file else inf, encoding.height or inf


def _rank(encoding: Encoding, lines: int) -> tuple[int, bool, bool, int]:
    film = encoding.file
    container = encoding.container or (suffix(film.path) if film else "")
    large = bool(film and film.length > _LARGE)
    other = bool(container) and container not in _GOOD_CONTAINERS
    if encoding.height > lines:
        return 2, large, other, encoding.height
    return (0 if encoding.height else 1), large, other, -encoding.height
