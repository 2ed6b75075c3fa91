# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of a PeerTube video: which are worth taking, and what they are in a record.

VideoFile and VideoCaption of https://docs.joinpeertube.org/api-rest-reference.html. Each file has a
torrent of its own, with the file as web seed; that of HLS is one fragmented MP4.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Mapping, NamedTuple, Sequence
from urllib.parse import urlsplit

from ...works import links, magnet, metainfo
from ...works.errors import TorrentInvalid
from ...works.media import is_video, suffix
from ...works.record import MAX_BYTES
from .peertube_fields import address, below, child, children, host_of, matching, number, written
from .source import Record

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}")  # BCP 47, as far as it matters here
MAX_OFFERS = 8  # all heights that PeerTube knows
MAX_HEIGHT = 1080  # lines; what every television shows
MAX_SUBTITLES = 100
MAX_TRACKERS = 40
MAX_NAME = 1000  # characters of a file's name


class Offer(NamedTuple):
    """A file that the host offers as a torrent."""

    torrent: str  # https address
    info_hash: str  # the magnet link's
    length: int  # bytes, 0 where it is not told
    height: int  # lines, 0 where it is not told
    web: str  # https address of the file itself, '' for none


class Offers(NamedTuple):
    """The files to take, best first; where there are none, why."""

    files: Sequence[Offer]
    reason: str = ""


def offers(detail: Mapping[str, Any], host: str, asked: str) -> Offers:
    """The files to take of a video: web videos, or else those of HLS; of each height one, those that a
    television shows first.

    A torrent has to be on `host`, the video's, or on `asked`, which stands for it in a dry run.
    """
    playlists = children(detail, "streamingPlaylists")
    of_hls = [file for playlist in playlists for file in children(playlist, "files")]
    found = _of(children(detail, "files"), host, asked)
    return _of(of_hls, host, asked) if of_hls and not found.files else found


def _of(files: Sequence[Mapping[str, Any]], host: str, asked: str) -> Offers:
    if not files:
        return Offers((), "no file")
    whole = [file for file in files if _is_whole(file)]
    if not whole:
        return Offers((), "picture and sound are in separate files")
    if not any(file.get("torrentUrl") for file in whole):
        return Offers((), "HLS only: no torrent")
    found: dict[int, Offer] = {}
    for file in whole:
        offer = _offer(file, host, asked)
        if offer:
            found.setdefault(offer.height, offer)
    best = sorted(found.values(), key=lambda offer: (offer.height > MAX_HEIGHT, -offer.height))[:MAX_OFFERS]
    return Offers(best, "" if best else "no torrent of this host with a magnet link")


def _is_whole(file: Mapping[str, Any]) -> bool:
    """Whether it has picture and sound; a height of 0 stands for no picture (VideoResolution.H_NOVIDEO)."""
    pictured = file.get("hasVideo") is not False and child(file, "resolution").get("id") != 0
    return pictured and file.get("hasAudio") is not False


def _offer(file: Mapping[str, Any], host: str, asked: str) -> Offer | None:
    torrent = address(file.get("torrentUrl"), links.WEB)
    try:
        info_hash = magnet.parse(written(file.get("magnetUri"))).info_hash
    except TorrentInvalid:
        info_hash = ""
    if host_of(torrent) not in (host, asked) or not info_hash:
        return None
    return Offer(
        urlsplit(torrent)._replace(scheme="https", netloc=host, fragment="").geturl(),
        info_hash,
        number(file.get("size"), 1, MAX_BYTES),
        number(file.get("height"), 1, 20_000) or number(child(file, "resolution").get("id"), 1, 20_000),
        address(file.get("fileUrl")),
    )


def encoding(offer: Offer, torrent: bytes, subtitles: Sequence[Record]) -> Record:
    """The encoding of a record. Raises TorrentInvalid where the torrent is not what was offered."""
    found = metainfo.parse(torrent)
    film = found.files[0]
    if not found.single:
        raise TorrentInvalid("%d files instead of one" % len(found.files))
    if found.private:
        raise TorrentInvalid("a private torrent")
    if found.info_hash != offer.info_hash:
        raise TorrentInvalid("another info hash than the magnet link's")
    if offer.length not in (0, film.length):
        raise TorrentInvalid("%d bytes instead of %d" % (film.length, offer.length))
    if not is_video(film.path) or len(film.path) > MAX_NAME or written(film.path) != film.path:
        raise TorrentInvalid("no video by its name: %.80r" % film.path)
    trackers = [address(tracker, links.TRACKERS) for tracker in found.trackers]
    made = {
        "torrent": offer.torrent,
        "infoHash": found.info_hash,
        "torrentSha256": hashlib.sha256(torrent).hexdigest(),
        "file": {"path": film.path, "length": film.length},
        "container": suffix(film.path),
        "height": offer.height,
        "web": [offer.web] if offer.web else [],
        "trackers": [tracker for tracker in trackers if tracker][:MAX_TRACKERS],
        "subtitles": list(subtitles),
    }
    return {name: value for name, value in made.items() if value}


def subtitles(captions: Mapping[str, Any], host: str) -> list[Record]:
    """The subtitles of a record from the answer about a video's captions."""
    found: list[Record] = []
    for caption in children(captions, "data"):
        language = matching(child(caption, "language").get("id"), LANGUAGE)
        url = address(caption.get("fileUrl")) or below(host, caption.get("captionPath"))
        if language and url:
            machine = caption.get("automaticallyGenerated") is True
            found.append({"lang": language, "url": url, "format": "vtt", "machine": machine})
    return found[:MAX_SUBTITLES]
