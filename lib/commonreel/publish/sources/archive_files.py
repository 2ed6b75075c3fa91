# SPDX-License-Identifier: GPL-3.0-or-later
"""The files of an archive.org item: as the item lists them, and as its torrent does.

The torrent lists them without their folders, and may be older than the item: two entries are the same
file where their SHA-1 and length are (https://archive.org/developers/md-read.html: all values are text).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterable, Mapping, NamedTuple, Sequence

from ...works import choose
from ...works.errors import RecordInvalid
from ...works.fields import MAX_ADDRESS, Fields
from ...works.media import is_video, suffix
from ...works.metainfo import Metainfo, TorrentFile
from ...works.record import MAX_BYTES
from .. import archive_org
from . import archive_fields as read
from .source import Record

_EPISODE = re.compile(r"(?<![a-z0-9])s([0-9]{1,2})[ ._-]*e([0-9]{1,3})(?![0-9])", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"\b([0-9]{3,4}p|[xh]\.?26[45]|web-?(dl|rip)|dvd-?rip|blu-?ray|hdtv|xvid|512kb|ia$).*", re.IGNORECASE
)
_TRAILER = re.compile(r"(?<![a-z])(trailer|teaser)s?(?![a-z])", re.IGNORECASE)
_TRAILER_SECONDS = 600
_CODECS = (("h.264", "h264"), ("mpeg2", "mpeg2video"), ("ogg video", "theora"))  # by a format's beginning
_MAX_ENCODINGS = 6  # what the Archive makes of a film, and the upload
_SUBTITLES = ("srt", "vtt")
_MAX_SUBTITLES = 100
_MAX_TRACKERS = 40


class Kept(NamedTuple):
    """A public file of the item; an unknown fact is '' or 0."""

    name: str  # with its folders
    length: int  # bytes
    sha1: str
    seconds: int
    height: int
    format: str  # 'h.264', 'MPEG2', …


class Paired(NamedTuple):
    """A file of the item that its torrent has."""

    kept: Kept
    file: TorrentFile


class Shared(NamedTuple):
    """What the item and its torrent have in common, in the torrent's order."""

    torrent: Metainfo
    pairs: tuple[Paired, ...]


def public(entries: Sequence[object]) -> list[Kept]:
    """The files that anybody may have, out of an item's `files`."""
    known = (entry for entry in entries if isinstance(entry, dict) and _is_path(entry.get("name")))
    return [_kept(entry) for entry in known if not read.flag(entry.get("private"))]


def share(kept: Iterable[Kept], torrent: Metainfo) -> Shared:
    same: dict[tuple[str, int], Kept] = {}
    for one in kept:
        same.setdefault((one.sha1, one.length), one)
    both = ((same.get((file.sha1, file.length)), file) for file in torrent.files if file.sha1)
    return Shared(torrent, tuple(Paired(one, file) for one, file in both if one and _is_path(file.path)))


def films(shared: Shared) -> list[Paired]:
    """That which works/choose.py would play, if there is one, and other encodings of it: as long, by what the
    item says."""
    by_index = {each.file.index: each for each in shared.pairs}
    files = tuple(each.file for each in shared.pairs)
    found = [by_index[file.index] for file in choose.playable(replace(shared.torrent, files=files))]
    same = [each for each in found[1:] if _same_length(found[0].kept, each.kept)]
    return [*found[:1], *same][:_MAX_ENCODINGS]


def trailer(item: str, chosen: Kept, kept: Iterable[Kept]) -> str:
    """The address of the file that calls itself the trailer of the film `chosen`, and is as short as one;
    '' for none."""
    longest = min(_TRAILER_SECONDS, chosen.seconds // 2)
    found = [
        one for one in kept if is_video(one.name) and _TRAILER.search(one.name) and 0 < one.seconds <= longest
    ]
    found.sort(key=lambda one: (_codec(one) == "h264", one.length))
    return "".join(_web(item, found[-1])) if found else ""


def only(shared: Shared, place: tuple[int, int]) -> Shared:
    """What of it is of one episode."""
    return Shared(shared.torrent, tuple(each for each in shared.pairs if episode(each.kept.name) == place))


def rivals(chosen: Kept, kept: Iterable[Kept]) -> list[Kept]:
    """Other videos of the item that could be the film, or its other part: at least half as long, and
    not as long."""
    return [
        one
        for one in kept
        if is_video(one.name) and one.seconds > chosen.seconds // 2 > 0 and not _same_length(chosen, one)
    ]


def _same_length(chosen: Kept, other: Kept) -> bool:
    """Whether they may be one film: copies of it differ by a second or two."""
    close = max(2, chosen.seconds // 50)
    return min(chosen.seconds, other.seconds) > 0 and abs(other.seconds - chosen.seconds) <= close


def episode(name: str) -> tuple[int, int] | None:
    """Season and episode of 'Lock Up - S01E02 - Stakeout.mp4'; of a path, by its last step."""
    found = _EPISODE.search(name.rpartition("/")[2])
    return (int(found[1]), int(found[2])) if found and int(found[2]) else None


def episodes(kept: Iterable[Kept]) -> list[tuple[int, int]]:
    """Those that the item has, in order."""
    found = {episode(one.name) for one in kept if is_video(one.name)}
    return sorted(place for place in found if place)


def episode_title(name: str) -> str:
    """What stands behind season and episode, '' where that is nothing or but the kind of copy."""
    stem = name.rpartition("/")[2].rpartition(".")[0]
    found = _EPISODE.search(stem)
    behind = re.sub(r"[._ ]+", " ", stem[found.end() :]) if found else ""
    return read.text(_NO_TITLE.sub("", behind).strip(" -([{"), 300)


def encoding(item: str, shared: Shared, chosen: Paired, spoken: str) -> dict[str, object]:
    """An encoding of the record, the film as `chosen`. `spoken`: the language of subtitles that tell none."""
    torrent = shared.torrent
    made = {
        "infoHash": torrent.info_hash,
        "torrent": archive_org.torrent(item),
        "file": {"path": chosen.file.path, "length": chosen.file.length, "sha1": chosen.file.sha1},
        "container": suffix(chosen.file.path),
        "codec": _codec(chosen.kept),
        "height": chosen.kept.height,
        "web": _web(item, chosen.kept),
        "trackers": [one for one in torrent.trackers if _is_tracker(one)][:_MAX_TRACKERS],
        "subtitles": _subtitles(shared.pairs, spoken),
    }
    return {name: value for name, value in made.items() if value}


def _codec(kept: Kept) -> str:
    written = kept.format.lower()
    return next((codec for beginning, codec in _CODECS if written.startswith(beginning)), "")


def _web(item: str, kept: Kept) -> list[str]:
    """The item's own path: with the torrent's, which has no folders, there may be nothing there."""
    address = archive_org.download(item, kept.name)
    return [address] if len(address) <= MAX_ADDRESS else []


def _subtitles(pairs: Iterable[Paired], spoken: str) -> list[Record]:
    """`film.asr.srt` is what a machine has heard; where it has heard nothing the file is empty."""
    found: list[Record] = []
    for each in sorted(pairs, key=lambda each: each.file.path):
        steps = each.kept.name.rpartition("/")[2].lower().split(".")
        lang = _language(steps[1:-1], steps[0]) or spoken
        if steps[-1] in _SUBTITLES and each.file.length and lang:
            machine = {"machine": True} if "asr" in steps else {}
            found.append({"lang": lang, "path": each.file.path, "format": steps[-1], **machine})
    return found[:_MAX_SUBTITLES]


def _language(between: Sequence[str], stem: str) -> str:
    """'film.fr.srt', 'film.pt-br.asr.srt', 'film_english.srt'; 'it.srt' is no Italian."""
    codes = [read.language(step) for step in reversed(between)]
    last = re.split("[ _-]", (stem, *between)[-1])[-1]
    return next(filter(None, codes), "") or (read.language(last) if len(last) > 3 else "")


def _kept(entry: Mapping[str, object]) -> Kept:
    return Kept(
        name=str(entry["name"]),
        length=read.number(entry.get("size"), MAX_BYTES),
        sha1=read.text(entry.get("sha1"), 40).lower(),
        seconds=read.seconds(entry.get("length")),
        height=read.number(entry.get("height"), 20_000),
        format=read.text(entry.get("format"), 40),
    )


def _is_path(value: object) -> bool:
    """Whether a record takes it for a path, with no step that leads elsewhere."""
    try:
        return bool(Fields({"path": value}, "", False).path("path", required=True))
    except RecordInvalid:
        return False


def _is_tracker(address: str) -> bool:
    try:
        return bool(Fields({"trackers": [address]}, "", False).addresses("trackers", 1, tracker=True))
    except RecordInvalid:
        return False
