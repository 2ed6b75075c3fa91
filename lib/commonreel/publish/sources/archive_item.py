# SPDX-License-Identifier: GPL-3.0-or-later
"""What an archive.org item holds, by its /metadata answer and its torrent.

https://archive.org/developers/md-read.html: {"metadata": {field: text or list}, "files": [{"name", "size",
"sha1", "format", "length", "btih", "private", …: text}], "reviews": [{"stars": text, …}]}; [] or {} for an
item that is not there, and {"is_dark": true} without any of these for one that was taken down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Iterable, Iterator, Mapping, Sequence

from ...works import licence, metainfo
from ...works.errors import FetchFailed, TorrentInvalid
from ...works.licence import Licence
from ...works.media import is_video
from ...works.metainfo import Metainfo
from .. import archive_org
from ..plain_text import one_line
from ..public_domain import US_95, free_by_year, new_right
from . import archive_fields as read
from . import archive_files as files
from .archive_files import Kept, Paired, Shared
from .source import Found

IDENTIFIER = re.compile(r"(?!\.$|.*\.\.)[A-Za-z0-9._-]{1,100}")

_TOLD_IN = "en"  # an item does not say in which language it is written about
_RESERVED = re.compile(r"all\s+rights\s+reserved", re.IGNORECASE)
_NO_TITLE = re.compile(r"Q[0-9]+|\S+_[0-9]{8}")
_EPISODE = "an episode: of which series?"
_OF_THE_WHOLE = ("description", "sameAs", "aggregateRating")  # said of a series, not of its episodes
_INFO_HASH = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class Item:
    """An item, as far as its torrent is not needed. `gone`: as in Found; nothing else is known then."""

    id: str
    gone: str = ""
    metadata: Mapping[str, object] = field(default_factory=dict)
    kept: tuple[Kept, ...] = ()
    stars: tuple[int, ...] = ()  # that its reviews give
    info_hash: str = ""  # of its torrent
    withheld: str = ""  # why its torrent is not to be had


def read_item(id: str, answer: object) -> Item:
    """The item of that identifier. Raises FetchFailed for an answer that says nothing about it."""
    if answer in ([], {}):
        return Item(id, "no such item")
    if not isinstance(answer, dict):
        raise FetchFailed("%s: no object" % id)
    if read.flag(answer.get("is_dark")):
        return Item(id, "dark")
    metadata, entries = answer.get("metadata"), answer.get("files")
    if not isinstance(metadata, dict) or not isinstance(entries, list):
        raise FetchFailed("%s: no metadata, no files; %s" % (id, read.text(answer.get("error"), 200)))
    if metadata.get("identifier", id) != id:
        raise FetchFailed("%s: is told of %s" % (id, read.text(metadata["identifier"], 200)))
    if "noindex" in metadata:  # its presence counts, whatever it says
        return Item(id, "noindex")
    torrent = _entry(entries, id + "_archive.torrent")
    info_hash = read.text(torrent.get("btih"), 40).lower()
    return Item(
        id,
        metadata=metadata,
        kept=tuple(files.public(entries)),
        stars=tuple(read.stars(answer.get("reviews"))),
        info_hash=info_hash,
        withheld=_withheld(metadata, torrent),
    )


def found(item: Item, data: bytes) -> list[Found]:
    """The work that the item holds, or the series with its episodes. `data`: the item's torrent, b''
    where there is none."""
    if item.gone:
        return [Found("ia:" + item.id, gone=item.gone)]
    torrent, wrong = _torrent(item, data)
    reasons = [*filter(None, [wrong]), *_doubts(item), *_licence_doubts(item)]
    shared = files.share(item.kept, torrent) if torrent else None
    places = files.episodes(item.kept)
    if len(places) < 2:
        return [_movie(item, shared, reasons)]
    return [_series(item, reasons), *(_episode(item, shared, reasons, place) for place in places)]


def _entry(entries: Sequence[object], name: str) -> Mapping[str, object]:
    return next((each for each in entries if isinstance(each, dict) and each.get("name") == name), {})


def _withheld(metadata: Mapping[str, object], torrent: Mapping[str, object]) -> str:
    if read.flag(metadata.get("access-restricted-item")):
        return "restricted: access-restricted-item"
    if "stream_only" in read.texts(metadata.get("collection")):
        return "restricted: stream_only"
    if read.flag(torrent.get("private")):
        return "restricted: the torrent is private"
    if read.flag(metadata.get("noarchivetorrent")):
        return "no torrent: noarchivetorrent"
    return "" if torrent else "no torrent"


def _torrent(item: Item, data: bytes) -> tuple[Metainfo | None, str]:
    """The torrent, if it may be shared, and what is wrong with it."""
    if not data:
        return None, item.withheld or "no torrent"
    try:
        torrent = metainfo.parse(data)
    except TorrentInvalid as error:
        return None, "the torrent is broken: %s" % error.detail
    if torrent.private:
        return None, "restricted: the torrent is private"
    fresh = _INFO_HASH.fullmatch(item.info_hash) and torrent.info_hash == item.info_hash
    return torrent, "" if fresh else "the torrent is stale"


def _doubts(item: Item) -> Iterator[str]:
    """What a person must look at, in what is written about the item."""
    kind, years = read.text(item.metadata.get("mediatype"), 40), _years(item)
    if kind != "movies":
        yield "no film: mediatype %r" % kind
    if not _title(item):
        yield "no title"
    if _NO_TITLE.fullmatch(_title(item)):
        yield "the title is none: %r" % _title(item)
    if files.episode(_title(item)):
        yield _EPISODE
    if len(years) > 1:
        yield "several years: %s" % ", ".join(map(str, sorted(years)))


def _licence_doubts(item: Item) -> Iterator[str]:
    stated = read.texts(item.metadata.get("licenseurl"))
    gate = _licence(item).gate
    if not stated:
        yield "no licence"
    elif gate == "refuse":
        yield "unknown licence: %r" % stated[0][:200]
    if len({licence.lookup(url).url for url in stated}) > 1:
        yield "several licences"
    fields = (item.metadata.get("description"), item.metadata.get("rights"))
    if any(_RESERVED.search(each) for field in fields for each in [*read.raw(field), *read.texts(field)]):
        yield "all rights reserved, it says"
    version = new_right(_licence(item), _title(item), item.id)
    if version:
        yield version


def _movie(item: Item, shared: Shared | None, reasons: Sequence[str]) -> Found:
    films = files.films(shared) if shared else []
    chosen = films[0] if films else None
    runtime = read.text(item.metadata.get("runtime"), 20)
    made = {
        **_about(item),
        "id": "ia:" + item.id,
        "type": "Movie",
        "duration": read.seconds(runtime) if ":" in runtime else 0,  # a plain number may be of minutes
        "trailer": files.trailer(item.id, chosen.kept, item.kept) if chosen else "",
        **_playing(item, shared, films),
    }
    return _work(item, made, [*reasons, *_film_doubts(item, shared, chosen)])


def _film_doubts(item: Item, shared: Shared | None, chosen: Paired | None) -> Iterator[str]:
    if not any(is_video(one.name) and one.length for one in item.kept):
        yield "no playable file"
    elif shared and not chosen:
        yield "not in the torrent"
    elif chosen:
        if files.episode(chosen.kept.name):
            yield _EPISODE
        for other in files.rivals(chosen.kept, item.kept)[:1]:
            yield "which is the film: %r or %r?" % (chosen.kept.name, other.name)


def _series(item: Item, reasons: Sequence[str]) -> Found:
    return _work(item, {**_about(item), "id": "ia:" + item.id, "type": "TVSeries"}, reasons)


def _episode(item: Item, shared: Shared | None, reasons: Sequence[str], place: tuple[int, int]) -> Found:
    """`place`: season and episode; of several files of one the best."""
    shared = files.only(shared, place) if shared else None
    films = files.films(shared) if shared else []
    series, number = "ia:" + item.id, "s%02de%02d" % place
    names = [one.name for one in item.kept if is_video(one.name) and files.episode(one.name) == place]
    title = files.episode_title(films[0].kept.name if films else names[0])
    made = {
        **{key: value for key, value in _about(item).items() if key not in _OF_THE_WHOLE},
        "id": "%s:%s" % (series, number),
        "type": "TVEpisode",
        "name": {_TOLD_IN: title or "%s %s" % (_title(item)[:280] or item.id, number.upper())},
        "partOf": {"series": series, "season": place[0], "episode": place[1]},
        **_playing(item, shared, films),
    }
    return _work(item, made, [*reasons, *(["not in the torrent"] if shared and not films else [])])


def _playing(item: Item, shared: Shared | None, films: Sequence[Paired]) -> dict[str, object]:
    """What the record says of the film itself, of which these are encodings."""
    if not shared or not films:
        return {}
    spoken = "".join(read.languages(item.metadata.get("language"))[:1])
    duration = {"duration": films[0].kept.seconds} if films[0].kept.seconds else {}
    return {**duration, "encoding": [files.encoding(item.id, shared, each, spoken) for each in films]}


def _work(item: Item, made: Mapping[str, object], reasons: Iterable[str]) -> Found:
    holders = [
        "%s:%s" % (kind, name[:200])
        for kind in ("collection", "uploader")
        for name in read.texts(item.metadata.get(kind))
    ]
    record = {key: value for key, value in made.items() if value}
    return Found(str(made["id"]), record, tuple(dict.fromkeys(reasons)), holders=tuple(holders))


def _about(item: Item) -> dict[str, object]:
    """What is the same for a film, a series and its episodes; an unknown fact is empty."""
    told, details = item.metadata, archive_org.details(item.id)
    stated = read.text(told.get("licenseurl"), licence.MAX_URL)
    known = _licence(item)
    year = max(_years(item), default=0)
    free = known.gate == "claim" and free_by_year(year)
    plot = read.prose(told.get("description"), 2000)
    license = {
        "url": stated,
        "spdx": known.spdx,
        "credit": one_line(", ".join(read.texts(told.get("creator"))), 500),
    }
    return {
        "name": {_TOLD_IN: _title(item) or item.id},
        "year": year,
        "inLanguage": read.languages(told.get("language")),
        "director": read.persons(told.get("director")),
        "genre": read.genres(told.get("subject")),
        "description": {_TOLD_IN: plot} if plot else {},
        "sameAs": read.same_as(told.get("external-identifier")),
        "image": {"poster": archive_org.poster(item.id)},
        "aggregateRating": _rating(item.stars),
        "license": {key: value for key, value in license.items() if value},
        "rights": {
            "class": "C" if free else "X",
            "territories": ["US"] if free else ["*"],
            "evidence": [US_95 if free else {"kind": "license-page", "url": details}],
        },
        "source": {"name": "archive.org", "url": details},
    }


def _rating(stars: Sequence[int]) -> dict[str, object]:
    """Their mean, to the tenth: else each review would make a new record."""
    if not stars:
        return {}
    mean = round(sum(stars) / len(stars), 1)
    return {"ratingValue": mean, "bestRating": read.STARS, "ratingCount": len(stars), "by": "archive.org"}


def _title(item: Item) -> str:
    return read.text(item.metadata.get("title"), 300)


def _licence(item: Item) -> Licence:
    return licence.lookup("".join(read.texts(item.metadata.get("licenseurl"))[:1]))


def _years(item: Item) -> set[int]:
    return read.years(item.metadata.get("date"), item.metadata.get("year"))
