# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file is, by the ending of its name."""

from __future__ import annotations

_VIDEO = {
    "3gp": "video/3gpp",
    "asf": "video/x-ms-asf",
    "avi": "video/x-msvideo",
    "divx": "video/x-msvideo",
    "flv": "video/x-flv",
    "m2ts": "video/mp2t",
    "m4v": "video/mp4",
    "mkv": "video/x-matroska",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
    "mpg": "video/mpeg",
    "mts": "video/mp2t",
    "ogm": "video/ogg",
    "ogv": "video/ogg",
    "ts": "video/mp2t",
    "vob": "video/mpeg",
    "webm": "video/webm",
    "wmv": "video/x-ms-wmv",
}
_BESIDE = {
    "ass": "text/x-ssa",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "png": "image/png",
    "srt": "application/x-subrip",
    "ssa": "text/x-ssa",
    "vtt": "text/vtt",
}


def suffix(name: str) -> str:
    """What follows the last dot of a file's name or path, in lower case; '' without a dot."""
    _, dot, ending = name.rpartition("/")[2].rpartition(".")
    return ending.lower() if dot else ""


def is_video(name: str) -> bool:
    return suffix(name) in _VIDEO


def mime(name: str) -> str:
    """The media type to serve a file of that name as (RFC 2046)."""
    ending = suffix(name)
    return _VIDEO.get(ending) or _BESIDE.get(ending) or "application/octet-stream"
