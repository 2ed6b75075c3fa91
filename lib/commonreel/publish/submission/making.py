# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a submission of what is known of a work: its record, its torrent, its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, NamedTuple, Sequence
from urllib.parse import urlsplit

from ...works import declaration, giving, licence, media, metainfo, record, rights
from ...works.declaration import Declaration, DeclaredFile, Problem
from ...works.errors import RecordInvalid
from ...works.work import WHOLES, Work
from . import torrent
from .film import torrent_problems
from .films import Film
from .sheet import OWN, Sheet
from .torrent import Hashed


class Signing(NamedTuple):
    """Who declares, and when."""

    public_key: bytes
    at: str  # ISO 8601 date

    @property
    def key(self) -> str:
        return declaration.fingerprint(self.public_key)


@dataclass(frozen=True)
class Made:
    record: Mapping[str, Any]
    torrent: bytes  # b'' for a series as a whole
    declaration: Declaration


def film(made_of: Film, sheet: Sheet, signing: Signing, rev: int, series: str) -> Made:
    """The submission of a film. `series`: the id of that of an episode. Reads all its files. Raises OSError,
    ValueError."""
    probed = made_of.probed
    piece = torrent.piece_length(probed.length, probed.seconds)
    hashed = [torrent.hashed(made_of.name, made_of.file, piece)]
    hashed += [torrent.hashed(name, file, piece) for name, (file, _) in made_of.subtitles.items()]
    body = torrent.make(_folder_name(sheet), hashed, piece, sheet.trackers, _web_seeds(sheet, hashed))
    info_hash = metainfo.parse(body).info_hash
    encoding = _encoding(made_of, sheet, hashed[0], info_hash)
    about = _about(sheet, signing, rev, made_of.poster_name)
    about["duration"] = round(probed.seconds)
    about["encoding"] = [encoding]
    if series:
        about["type"] = "TVEpisode"
        about["partOf"] = {"series": series, "season": made_of.season, "episode": made_of.episode}
    return Made(about, body, _declared(about, sheet, signing, hashed, info_hash))


def whole(sheet: Sheet, signing: Signing, rev: int, poster: str) -> Made:
    """The submission of a series as such, which has no film. `poster`: what its picture is called there."""
    about = {**_about(sheet, signing, rev, poster), "type": WHOLES[0]}
    return Made(about, b"", _declared(about, sheet, signing, (), ""))


def problems(made: Made, year: int) -> list[Problem]:
    """What a curator would find in it."""
    try:
        work = record.parse(made.record)
    except RecordInvalid as error:
        field, _, reason = error.detail.partition(": ")
        return [Problem(field, reason)]
    if not isinstance(work, Work):
        return [Problem("record", "withdrawn")]
    meta = metainfo.parse(made.torrent) if made.torrent else None
    found = declaration.problems(made.declaration)
    found += declaration.differences(made.declaration, work, meta)
    found += torrent_problems(meta, work.encoding[0]) if meta else []
    own = giving.sites(work)
    for channel in work.funding:
        unseen = giving.refusal(channel.address, own)
        found += [Problem("funding", "%s: %s" % (channel.address, unseen))] if unseen else []
    refused = rights.refusal(work, year)
    return found + ([Problem("rights", refused)] if refused and not found else [])


def _about(sheet: Sheet, signing: Signing, rev: int, poster: str) -> dict[str, Any]:
    """What the record says of every kind of work; an unknown fact is left out."""
    spoken = next((each for each in sheet.language if each != "zxx"), "und")
    granted = licence.lookup(sheet.licence)
    about = {
        "id": sheet.place.id,
        "v": record.VERSION,
        "rev": rev,
        "updated": signing.at,
        "name": {language or spoken: text for language, text in sheet.title.items()},
        "description": {language or spoken: text for language, text in sheet.description.items()},
        "year": sheet.year,
        "inLanguage": sheet.language,
        "maker": [declaration.maker(signing.key)],
        "director": sheet.director,
        "actor": sheet.actor,
        "genre": sheet.genre,
        "country": sheet.country,
        "contentRating": sheet.rating,
        "image": {"poster": sheet.place.file(poster)} if poster and sheet.place.folder else {},
        "license": {
            "url": granted.url,
            "spdx": granted.spdx,
            "credit": sheet.credit or ", ".join(sheet.director),
        },
        "rights": {
            "class": "A",
            "territories": [rights.EVERYWHERE],
            "evidence": [
                {"kind": "signed-declaration", "url": url, "by": signing.key, "at": signing.at}
                for url in dict.fromkeys(filter(None, (sheet.place.proof, sheet.site)))
            ],
            "declaredUntil": declaration.a_year_after(signing.at),
        },
        "source": {"name": sheet.place.name, "url": sheet.place.page},
        "funding": {"channels": [_channel(each, sheet) for each in sheet.funding]} if sheet.funding else {},
        "submitter": signing.key,
    }
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in about.items() if value
    }


def _channel(address: str, sheet: Sheet) -> dict[str, str]:
    own = [urlsplit(url).netloc for url in (sheet.place.page, sheet.site)]
    return {"type": "other" if urlsplit(address).netloc in own else "payment-provider", "address": address}


def _encoding(made_of: Film, sheet: Sheet, hashed: Hashed, info_hash: str) -> dict[str, Any]:
    at, probed = sheet.place, made_of.probed
    known = {
        "infoHash": info_hash,
        "torrent": at.file(at.torrent_name(made_of.stem)) if at.folder else "",
        "file": {"path": hashed.path, "length": hashed.length, "sha1": hashed.sha1},
        "container": media.suffix(made_of.name),
        "codec": "/".join([probed.video, *probed.audio[:1]]),
        "height": probed.height,
        "web": [at.file(made_of.name)] if at.folder else [],
        "trackers": list(sheet.trackers),
        "subtitles": [
            {"lang": language, "path": name, "format": media.suffix(name)}
            for name, (_, language) in made_of.subtitles.items()
        ],
    }
    return {name: value for name, value in known.items() if value}


def _folder_name(sheet: Sheet) -> str:
    """The torrent's name: the last step of the place's address, so that a web seed is the folder above it."""
    folder = sheet.place.folder or sheet.place.page + "/"
    return folder.rstrip("/").rpartition("/")[2]


def _web_seeds(sheet: Sheet, hashed: Sequence[Hashed]) -> list[str]:
    folder = sheet.place.folder
    if not folder:
        return []
    if len(hashed) == 1:
        return [sheet.place.file(hashed[0].path)]
    return [folder.rstrip("/").rpartition("/")[0] + "/"]


def _declared(
    about: Mapping[str, Any], sheet: Sheet, signing: Signing, hashed: Sequence[Hashed], info_hash: str
) -> Declaration:
    title = sheet.title.get(OWN) or next(iter(sheet.title.values()))
    return Declaration(
        work=about["id"],
        title=title,
        public_key=signing.public_key,
        film=tuple(DeclaredFile(each.path, each.length, each.sha256) for each in hashed),
        info_hash=info_hash,
        license=about["license"]["url"],
        by=sheet.by,
        at=signing.at,
        until=about["rights"]["declaredUntil"],
        statements=sheet.statements,
        record=declaration.seal(about),
    )
