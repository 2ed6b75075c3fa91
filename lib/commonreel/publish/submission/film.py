# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the files of a submission are what its torrent and its declaration say, by length and hash, and
whether the film plays.

They lie in the submission's folder or beside it; what does not is fetched from the web seeds, whole.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Iterator, Sequence

from ...works import choose, metainfo
from ...works.declaration import DeclaredFile, Problem
from ...works.errors import FetchFailed, NothingPlayable
from ...works.media import is_video
from ...works.metainfo import Metainfo, TorrentFile
from ...works.subtitles import FORMATS
from ...works.work import Encoding
from . import playable
from .probe import probe
from .torrent import Hashed, hashed
from .web import Web

MAX_FETCHED = 256 << 30  # bytes of one file

_FIELD = "film"
_TORRENT = "film.torrent"


def torrent_problems(torrent: Metainfo, encoding: Encoding) -> Iterator[Problem]:
    """What is wrong with the torrent of that encoding, as far as it shows without its files."""
    if torrent.private:
        yield Problem(_TORRENT, "private (BEP 27): nobody could share it")
    if not torrent.web_seeds and not any(not each.startswith("wss:") for each in torrent.trackers):
        yield Problem(_TORRENT, "neither a web seed nor a tracker that every device can ask")
    for file in torrent.files:
        if file.offset % torrent.piece_length:
            yield Problem(_TORRENT, "%s begins within a piece" % file.path)
        if not file.length:
            yield Problem(_TORRENT, "%s is empty" % file.path)
    try:
        choose.film(torrent, encoding.file)
        if encoding.file and not is_video(encoding.file.path):
            yield Problem("encoding.file", "%s is no video" % encoding.file.path)
    except NothingPlayable as error:
        yield Problem("encoding.file", error.detail)
    held = {file.path for file in torrent.files}
    for subtitle in encoding.subtitles:
        if subtitle.path and subtitle.path not in held:
            yield Problem("encoding.subtitles", "%s is not in the torrent" % subtitle.path)
        if subtitle.format not in FORMATS:
            yield Problem("encoding.subtitles", "%s is no format for subtitles" % subtitle.format)


def problems(
    folder: Path, declared: Sequence[DeclaredFile], torrent: Metainfo, encoding: Encoding, web: Web
) -> Iterator[Problem]:
    """`declared`: the torrent's files, as the declaration has them. Raises OSError, and CommonReelError
    where ffprobe is missing."""
    film = choose.film(torrent, encoding.file)
    files = {file.path: file for file in torrent.files}
    for each in declared:
        file = files[each.path]
        with tempfile.TemporaryDirectory() as scratch:
            fetched = Path(scratch) / "film"
            try:
                place = _beside(folder, torrent, file) or _from_web(fetched, torrent, file, encoding, web)
                found = hashed(file.path, place, torrent.piece_length)
            except FetchFailed as error:
                yield Problem(_FIELD, error.detail)
                continue
            except ValueError as error:
                yield Problem(_FIELD, str(error))
                continue
            wrong = list(_differences(found, each, file, torrent))
            yield from wrong
            if file == film and not wrong:
                yield from _playing(place, file)


def _beside(folder: Path, torrent: Metainfo, file: TorrentFile) -> Path | None:
    """Where the file lies; None if nowhere. Raises ValueError where it has another length."""
    names = [file.path, "%s/%s" % (torrent.name, file.path)]
    found = [place / name for place in (folder, folder.parent) for name in names]
    found = [path for path in found if path.is_file()]
    fitting = [path for path in found if path.stat().st_size == file.length]
    if found and not fitting:
        raise ValueError("%s: %d bytes, not %d" % (file.path, found[0].stat().st_size, file.length))
    return fitting[0] if fitting else None


def _from_web(into: Path, torrent: Metainfo, file: TorrentFile, encoding: Encoding, web: Web) -> Path:
    """Fetch it from the first web seed that has it. Raises FetchFailed."""
    if file.length > MAX_FETCHED:
        raise FetchFailed("%s: %d bytes are too many to fetch" % (file.path, file.length))
    places = [metainfo.web_address(seed, torrent, file) for seed in torrent.web_seeds]
    if encoding.file and encoding.file.path == file.path:
        places = [*encoding.web, *places]
    failure = FetchFailed("%s: not beside the submission, and there is no web seed" % file.path)
    for place in dict.fromkeys(places):
        try:
            with into.open("wb") as opened:
                web.copy(place, file.length, opened)
            return into
        except FetchFailed as error:
            failure = error
    raise failure


def _differences(
    found: Hashed, declared: DeclaredFile, file: TorrentFile, torrent: Metainfo
) -> Iterator[Problem]:
    if (found.length, found.sha256) != (declared.length, declared.sha256):
        yield Problem(_FIELD, "%s: its SHA-256 is %s, not as declared" % (file.path, found.sha256))
    if not _in_v1(found, file, torrent):
        yield Problem(_FIELD, "%s: not what the torrent's pieces are of" % file.path)
    if file.root and (found.root.hex(), found.layer) != (file.root, file.layer):
        yield Problem(_FIELD, "%s: not what the torrent's tree (BEP 52) is of" % file.path)
    if file.sha1 and found.sha1 != file.sha1:
        yield Problem(_FIELD, "%s: its SHA-1 is not the torrent's" % file.path)


def _in_v1(found: Hashed, file: TorrentFile, torrent: Metainfo) -> bool:
    """Its last piece is filled up with zeros (BEP 47), or the torrent ends there."""
    first = file.offset // torrent.piece_length * 20
    held = torrent.pieces[first : first + len(found.pieces)]
    return held in (found.pieces, found.pieces[:-20] + found.tail)


def _playing(place: Path, file: TorrentFile) -> Iterator[Problem]:
    try:
        for reason in playable.problems(probe(place), file.path):
            yield Problem(_FIELD, "%s: %s" % (file.path, reason))
    except ValueError as error:
        yield Problem(_FIELD, str(error))
