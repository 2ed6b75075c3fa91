# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue record: the JSON object that describes a work, a maker or a list, checked field by field.

docs/catalog-format.md tells what each field means, docs/record.schema.json the same to machines. The
fields are those of works.work and works.guide in the record's spelling (camelCase, Schema.org's word where
it has one). A field that is not known here is left alone; one that is known and wrong makes the record
invalid, and the error names it. `local` records are those of a folder on this machine: their torrent may be
a bare file name, and their sources plain HTTP.
"""

from __future__ import annotations

import json
import re
from typing import Iterator, Mapping, NamedTuple
from urllib.parse import urlsplit

from . import guide, guide_record
from .errors import RecordInvalid
from .fields import Fields
from .guide import Entry
from .media import is_video
from .record_parts import DATE, ID, MAX_REV, SAME_AS, channels, evidence, identity, ids
from .strict_json import strict_json
from .work import (
    WHOLES,
    ContentRating,
    Encoding,
    FilmFile,
    License,
    PartOf,
    Rating,
    Rights,
    Source,
    Subtitle,
    Tombstone,
    Work,
)

MAX_CATALOGUE = 64 * 1024 * 1024  # characters of a catalogue file
MAX_RECORD = 256 * 1024  # characters of a record's line
MAX_RECORDS = 200_000
MAX_BYTES = 1 << 44  # of a film
MAX_SECONDS = 7 * 24 * 3600
MAX_AGE = 21  # of a content rating
MAX_BEST, MAX_RATINGS = 100, 10**9  # of what those who have seen it think

_TERRITORY = re.compile(r"\*|[A-Z]{2}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_INFO_HASH = re.compile(r"[0-9a-f]{40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_BESIDE_A_PATH = re.compile(r"[|;#]")  # where Kodi takes a file's name to end

VERSION = 1  # of the format; a record of a later one is not ours to read
TYPES = ("Movie", *WHOLES, "TVEpisode", *guide.TYPES)
_CLASSES = ("A", "B", "C", "X")


class Loaded(NamedTuple):
    """What a catalogue file holds, in its order; `problems` names each record left out, and why."""

    entries: tuple[Entry, ...]
    problems: tuple[str, ...]


def parse(obj: Mapping[str, object], local: bool = False) -> Entry:
    """What the record describes. RecordInvalid if it breaks the format."""
    record = Fields(obj, "", local)
    if withdrawn(obj):
        return _tombstone(record)
    identity(record)
    record.number("v", VERSION, VERSION)
    kind = record.choice("type", TYPES) or "Movie"
    return guide_record.parse(record, kind) if kind in guide.TYPES else _work(record, kind)


def _tombstone(record: Fields) -> Tombstone:
    return Tombstone(
        identity(record),
        record.text("withdrawn", 500, required=True),
        record.number("rev", 0, MAX_REV),
        record.matching("at", DATE, 20),
    )


def _work(record: Fields, kind: str) -> Work:
    image = record.child("image")
    return Work(
        id=identity(record),
        type=kind,
        part_of=_part_of(record, kind),
        rev=record.number("rev", 0, MAX_REV),
        updated=record.matching("updated", DATE, 20),
        name=record.by_language("name", 300, required=True),
        original_name=record.text("originalName", 300),
        year=record.number("year", 1870, 2200),
        duration=record.number("duration", 1, MAX_SECONDS),
        in_language=record.languages("inLanguage", 20),
        maker=ids(record, "maker", 20),
        director=record.texts("director", 20, 120),
        actor=record.texts("actor", 100, 120),
        genre=record.texts("genre", 20, 40),
        country=record.all_matching("country", _COUNTRY, 20, 2),
        description=record.by_language("description", 2000),
        same_as=record.all_matching("sameAs", SAME_AS, 20, 100),
        poster=image.address("poster"),
        fanart=image.address("fanart"),
        trailer=_trailer(record),
        rating=_rating(record.child("aggregateRating")) if record.has("aggregateRating") else None,
        license=_license(record.child("license", required=True)),
        rights=_rights(record.child("rights", required=True)),
        source=_source(record.child("source", required=True)),
        encoding=tuple(_encoding(one) for one in record.children("encoding", 20, kind not in WHOLES)),
        funding=channels(record),
        content_rating=_content_rating(record.child("contentRating")),
        submitter=record.text("submitter", 100),
    )


def withdrawn(obj: Mapping[str, object]) -> bool:
    """Whether that record is a tombstone."""
    return "withdrawn" in obj


def of_work(obj: Mapping[str, object]) -> bool:
    """Whether that record is a work's, and no tombstone, maker's or list's."""
    return not withdrawn(obj) and obj.get("type") not in guide.TYPES


def line(obj: Mapping[str, object]) -> str:
    """A record as a line of a file, without its end: the same text for the same record."""
    return json.dumps(obj, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def load(text: str, local: bool = False, lines: bool = False) -> Loaded:
    """Every record of a catalogue file: a JSON array, JSON Lines, or one object; with `lines` JSON Lines
    alone, of which one record at a time is in memory.

    A record that is wrong, or whose id was there before, loses only itself. RecordInvalid only if the
    file as a whole is beyond its bounds.
    """
    if len(text) > MAX_CATALOGUE:
        raise RecordInvalid("catalogue: more than %d characters" % MAX_CATALOGUE)
    found: dict[str, Entry] = {}
    problems = []
    for count, (place, obj) in enumerate(_lines(text) if lines else objects(text)):
        if count >= MAX_RECORDS:
            raise RecordInvalid("catalogue: more than %d records" % MAX_RECORDS)
        try:
            if isinstance(obj, RecordInvalid):
                raise obj
            if not isinstance(obj, dict):
                raise RecordInvalid("record: not an object")
            entry = parse(obj, local)
            if entry.id in found:
                raise RecordInvalid("id: %s is there twice" % entry.id)
            found[entry.id] = entry
        except RecordInvalid as error:
            problems.append("%s: %s" % (place, error.detail))
    return Loaded(tuple(found.values()), tuple(problems))


def objects(text: str) -> Iterator[tuple[str, object]]:
    """Each record of a file, not checked yet, and its place there; a RecordInvalid where one cannot be read.

    A broken array is read line by line, as it is written: a record a line.
    """
    text = text[text.startswith("\ufeff") :]  # what some editors put in front
    try:
        whole = strict_json(text)
    except ValueError:
        yield from _lines(text)
        return
    for number, obj in enumerate(whole if isinstance(whole, list) else [whole], 1):
        yield "record %d" % number, obj


def _lines(text: str) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip().rstrip(",")
        if line in ("", "[", "]"):
            continue
        place = "line %d" % number
        if len(line) > MAX_RECORD:
            yield place, RecordInvalid("record: more than %d characters" % MAX_RECORD)
            continue
        try:
            yield place, strict_json(line)
        except ValueError as error:
            yield place, RecordInvalid("record: not JSON (%s)" % error)


def _part_of(record: Fields, kind: str) -> PartOf | None:
    """A season says of which series it is, an episode of which season too."""
    if kind not in ("TVSeason", "TVEpisode"):
        return None
    fields = record.child("partOf", required=True)
    return PartOf(
        series=fields.matching("series", ID, 200, required=True),
        season=fields.number("season", 0, 9999, required=True),
        episode=fields.number("episode", 1, 99_999, required=kind == "TVEpisode"),
    )


def _trailer(record: Fields) -> str:
    """A player may take what is no video for a list of addresses to open."""
    address = record.address("trailer")
    if address and (not is_video(urlsplit(address).path) or _BESIDE_A_PATH.search(address)):
        raise record.wrong("trailer", "not a video file by its name")
    return address


def _rating(fields: Fields) -> Rating:
    """Scaled to ten, whatever the best is there. It says whose, and of how many."""
    best = fields.number("bestRating", 1, MAX_BEST, required=True)
    value = fields.decimal("ratingValue", 0, best, required=True)
    return Rating(
        value=round(value * 10 / best, 2),
        votes=fields.number("ratingCount", 1, MAX_RATINGS, required=True),
        by=fields.text("by", 40, required=True),
    )


def _content_rating(fields: Fields) -> ContentRating:
    """An age is somebody's: it says whose."""
    rated = fields.has("age")
    return ContentRating(
        nsfw=fields.flag("nsfw"),
        note=fields.text("note", 500),
        age=fields.number("age", 0, MAX_AGE, required=True) if rated else None,
        by=fields.text("by", 40, required=rated),
    )


def _license(fields: Fields) -> License:
    return License(
        url=fields.text("url", 300, required=True),
        spdx=fields.text("spdx", 64),
        credit=fields.text("credit", 500),
    )


def _rights(fields: Fields) -> Rights:
    return Rights(
        rights_class=fields.choice("class", _CLASSES, required=True),
        territories=fields.all_matching("territories", _TERRITORY, 300, 2, required=True),
        evidence=evidence(fields, required=True),
        declared_until=fields.matching("declaredUntil", DATE, 20),
    )


def _source(fields: Fields) -> Source:
    return Source(fields.text("name", 100, required=True), fields.address("url", required=not fields.local))


def _encoding(fields: Fields) -> Encoding:
    info_hash = fields.text("infoHash", 40).lower()
    if info_hash and not _INFO_HASH.fullmatch(info_hash):
        raise fields.wrong("infoHash", "not 40 hex digits")
    encoding = Encoding(
        torrent=fields.torrent("torrent"),
        info_hash=info_hash,
        torrent_sha256=fields.matching("torrentSha256", _SHA256, 64),
        file=_film(fields.child("file")) if fields.has("file") else None,
        container=fields.text("container", 20),
        codec=fields.text("codec", 40),
        height=fields.number("height", 1, 20_000),
        web=fields.addresses("web", 10),
        trackers=fields.addresses("trackers", 40, tracker=True),
        subtitles=tuple(_subtitle(one) for one in fields.children("subtitles", 100)),
    )
    if not (encoding.info_hash or encoding.torrent):
        raise fields.wrong("torrent", "neither a torrent nor an info hash")
    return encoding


def _film(fields: Fields) -> FilmFile:
    sha1 = fields.text("sha1", 40).lower()
    if sha1 and not _INFO_HASH.fullmatch(sha1):
        raise fields.wrong("sha1", "not 40 hex digits")
    return FilmFile(
        fields.path("path", required=True), fields.number("length", 1, MAX_BYTES, required=True), sha1
    )


def _subtitle(fields: Fields) -> Subtitle:
    subtitle = Subtitle(
        lang=fields.language("lang"),
        path=fields.path("path"),
        url=fields.address("url"),
        format=fields.text("format", 10) or "srt",
        machine=fields.flag("machine"),
    )
    if not subtitle.path and not subtitle.url:
        raise fields.wrong("path", "neither a path nor a url")
    return subtitle
