# SPDX-License-Identifier: GPL-3.0-or-later
"""What a video or a playlist of PeerTube says of itself, as a work's record.

VideoDetails and VideoPlaylist of https://docs.joinpeertube.org/api-rest-reference.html. A playlist is a
series, and its videos are the episodes.
"""

from __future__ import annotations

import re
from typing import Any, Iterator, Mapping, Sequence

from ...works import licence, peertube_licence
from ...works.peertube_licence import Stated
from ...works.record import MAX_SECONDS
from ..public_domain import claimed, new_right
from .peertube_fields import (
    address,
    below,
    child,
    children,
    giving,
    host_of,
    line,
    matching,
    number,
    prose,
    written,
)
from .peertube_files import LANGUAGE
from .source import Found, Record

PLAYLIST = "playlist:"  # in front of a playlist's UUID, in ids and in keys

_PUBLIC = 1  # VideoPrivacy, VideoPlaylistPrivacy
_HIDDEN = (2, 3, 4, 5)  # unlisted, private, internal, with a password
_PUBLISHED = 1  # VideoState
_NAME = re.compile(r"[A-Za-z0-9_.:-]{1,120}")  # of an account or a channel
_DATE = re.compile(r"([0-9]{4})-([0-9]{2}-[0-9]{2})(?:T([0-9]{2}).{0,30})?")
_EASTERNMOST = 14  # hours ahead of UTC
_NO_LANGUAGE = ("", "mis", "mul", "und", "zxx")  # whose code does not tell in which one the title is
_GENRES = {
    1: "music",
    4: "art",
    5: "sport",
    6: "travel",
    9: "comedy",
    11: "news",
    13: "education",
    14: "activism",
    15: "science",
    16: "nature",
    17: "family",
}  # of VIDEO_CATEGORIES; the others say nothing of a film


def id_of(host: str, key: str) -> str:
    """A work's id; `key` is a video's UUID, or PLAYLIST and a playlist's."""
    return "pt:%s:%s" % (host, key)


def gone(about: Mapping[str, Any]) -> str:
    """Why a video or a playlist is there no more though the host still tells of it; '' if it is there."""
    privacy = child(about, "privacy")
    if privacy.get("id") in _HIDDEN:
        return "no longer public: %s" % line(privacy.get("label"), 80)
    return "blocked by the host" if about.get("blacklisted") is True else ""


def elsewhere(about: Mapping[str, Any], host: str, asked: str) -> str:
    """Why another host is the one to ask; '' if it is this one. `asked`: the host asked, '' in a dry run.

    A host's word is good for its own people only: a curator trusts them by name and host.
    """
    origin = host_of(about.get("url")) or host
    if about.get("isLocal") is False or origin != host or asked not in ("", host):
        return "a federated copy: ask the origin, %s" % origin
    return ""


def film(
    detail: Mapping[str, Any], host: str, uuid: str, encodings: Sequence[Record], part_of: Record
) -> Found:
    """A film, or an episode where `part_of` is a record's partOf."""
    stated = _licence(child(detail, "licence"), detail)
    language = matching(child(detail, "language").get("id"), LANGUAGE)
    year = _year(detail.get("originallyPublishedAt"))
    genre = _GENRES.get(number(child(detail, "category").get("id"), 1, 99))
    made = {
        "type": "TVEpisode" if part_of else "Movie",
        "partOf": part_of,
        "year": year,
        "duration": number(detail.get("duration"), 1, MAX_SECONDS),
        "inLanguage": [language] if language else [],
        "genre": [genre] if genre else [],
        "contentRating": _rating(detail),
        "encoding": list(encodings),
    }
    page = "https://%s/w/%s" % (host, uuid)
    return _found(id_of(host, uuid), page, detail, host, stated, made, [*_doubts(detail)])


def series(playlist: Mapping[str, Any], host: str, uuid: str, videos: Sequence[Mapping[str, Any]]) -> Found:
    """The series that a playlist is: under the licence that all its videos share."""
    about = {
        **playlist,
        "name": playlist.get("displayName"),
        "channel": playlist.get("videoChannel"),
        "account": playlist.get("ownerAccount"),
    }
    shared = child(videos[0], "licence") if videos else {}
    if all(child(video, "licence") == shared for video in videos):
        stated = _licence(shared, about)
    else:
        stated = Stated("", "its episodes have several licences")
    page = "https://%s/w/p/%s" % (host, uuid)
    doubts = [] if child(about, "privacy").get("id") == _PUBLIC else ["not said to be public"]
    return _found(id_of(host, PLAYLIST + uuid), page, about, host, stated, {"type": "TVSeries"}, doubts)


def _found(
    work: str, page: str, about: Mapping[str, Any], host: str, stated: Stated, made: Record, doubts: list[str]
) -> Found:
    """With what films and series have in common; `doubts` are reasons."""
    name = line(about.get("name"), 300)
    description = prose(about.get("description"), 2000)
    poster = _poster(about, host)
    channels = giving((about.get("support"), child(about, "channel").get("support")))
    spoken = made.get("inLanguage") or [""]
    language = "und" if spoken[0] in _NO_LANGUAGE else spoken[0]
    whole = {
        **made,
        "id": work,
        "name": {language: name or work},
        "description": {language: description} if description else {},
        "image": {"poster": poster} if poster else {},
        "funding": {"channels": channels} if channels else {},
        "license": _license(stated, about),
        "rights": claimed(licence.lookup(stated.url), int(made.get("year", 0)), page),
        "source": {"name": host, "url": page},
    }
    version = new_right(licence.lookup(stated.url), name)
    reasons = [*doubts, stated.reason, version, "" if name else "no title"]
    return Found(
        work,
        {field: value for field, value in whole.items() if value},
        tuple(reason for reason in reasons if reason),
        holders=tuple(_holders(about, host)),
    )


def _doubts(detail: Mapping[str, Any]) -> Iterator[str]:
    """What in the video's own settings speaks against showing it."""
    state = child(detail, "state")
    if child(detail, "privacy").get("id") != _PUBLIC:
        yield "not said to be public"
    if state.get("id") != _PUBLISHED:
        yield "not published: %s" % (line(state.get("label"), 80) or "no state")
    if detail.get("isLive") is True:
        yield "a live stream"
    if detail.get("downloadEnabled") is False:
        yield "its maker does not want it to be downloaded"


def _licence(named: Mapping[str, Any], about: Mapping[str, Any]) -> Stated:
    texts = (written(about.get("description")), written(about.get("support")))
    return peertube_licence.stated(named.get("id"), named.get("label"), texts)


def _license(stated: Stated, about: Mapping[str, Any]) -> Record:
    """The record's: with the makers' names as the credit to give."""
    people = (child(about, "channel"), child(about, "account"))
    names = dict.fromkeys(line(person.get("displayName"), 120) for person in people)
    made = {
        "url": stated.url,
        "spdx": licence.lookup(stated.url).spdx,
        "credit": ", ".join(name for name in names if name),
    }
    return {field: value for field, value in made.items() if value}


def _year(value: object) -> int:
    """The year in which a film came out first, 0 where it is not told.

    The date is midnight in the time zone of whoever entered it, given in UTC: 31 December in the evening
    may be the next year's first day. 1 January 1970 is what some hosts have for no date.
    """
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return 0
    turned = found[2] == "12-31" and int(found[3] or 0) >= 24 - _EASTERNMOST
    year = int(found[1]) + turned
    if year == 1970 and (turned or found[2] == "01-01"):
        return 0
    return number(year, 1870, 2200)


def _rating(detail: Mapping[str, Any]) -> Record:
    if detail.get("nsfw") is not True:
        return {}
    note = line(detail.get("nsfwSummary"), 500)
    return {"nsfw": True, "note": note} if note else {"nsfw": True}


def _poster(about: Mapping[str, Any], host: str) -> str:
    """The widest of `thumbnails` (PeerTube 8.1), or what older hosts have."""
    sized = sorted(children(about, "thumbnails"), key=lambda each: -number(each.get("width"), 1, 1 << 20))
    wide = next(filter(None, (address(each.get("fileUrl")) for each in sized)), "")
    return wide or below(host, about.get("previewPath")) or below(host, about.get("thumbnailPath"))


def _holders(about: Mapping[str, Any], host: str) -> Iterator[str]:
    for kind in ("channel", "account"):
        person = child(about, kind)
        name = matching(person.get("name"), _NAME)
        if name and person.get("host") == host:
            yield "%s:%s@%s" % (kind, name, host)
