# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the starter catalogue that the add-on carries: films that may be watched at once.

    python -m commonreel.publish.starter --list FILE --torrents DIR --out resources/catalogue.json

FILE is free-movies-archive-org-wikidata.json of petterreinholdtsen/public-domain-free-imdb, DIR holds
the .torrent files of the open movies. What is known beside them is kept by hand, next to this module:
open_movies.json (facts by info hash), deaths.json (who made a film, and when they died) and
review.json (items that wait for a person, and why). docs/starter-catalogue.md tells the rules.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any, Iterable, Mapping, NamedTuple
from urllib.parse import quote

from ..works import choose, metainfo, record, rights
from ..works.errors import TorrentInvalid
from ..works.media import suffix
from ..works.metainfo import Metainfo, TorrentFile
from . import archive_org
from .judging import objection
from .public_domain import LAST_YEAR, NEW_RIGHT, US_95, free_by_year

YEAR = LAST_YEAR + 96

FOUNDATION = "https://www.blender.org/about/foundation/"  # who made the open movies, at their own domain
FUND = {
    "type": "payment-provider",
    "address": "https://fund.blender.org/",
    "description": "The Blender Development Fund, for the free software that the film was made with.",
}

Record = Mapping[str, Any]

_HERE = Path(__file__).parent
_ITEM = re.compile(r"https?://archive\.org/details/([A-Za-z0-9._-]{1,100})")
_TITLE = re.compile(r"https?://www\.imdb\.com/title/(tt\d{7,10})/")
_ENTITY = re.compile(r"https?://www\.wikidata\.org/entity/(Q\d{1,12})")
_SUBTITLES = re.compile(r"\.([a-z]{2,3})\.srt$")


class Kept(NamedTuple):
    """What is kept by hand; the shapes are those of the JSON files."""

    open_movies: Record
    deaths: Record
    review: Mapping[str, str]


class Starter(NamedTuple):
    """The records, sorted by id, and what waits for review: archive.org item → why."""

    records: tuple[Record, ...]
    review: Mapping[str, str]


def kept() -> Kept:
    """The files next to this module."""
    return Kept(*(json.loads((_HERE / (name + ".json")).read_text("utf-8")) for name in Kept._fields))


def make(films: Mapping[str, Record], torrents: Iterable[bytes], facts: Kept) -> Starter:
    """The starter catalogue of a list of films and the .torrent files of the open movies.

    ValueError if an open movie's torrent is missing or a record does not pass the gate: the facts that
    are kept by hand then want correcting.
    """
    review = dict(facts.review)
    records = _open_movies(facts.open_movies, torrents)
    for address, film in films.items():
        if not free_by_year(int(film.get("year") or 0)):
            continue
        item = _only(_ITEM, film["freenessurl"])
        named = NEW_RIGHT.search("%s %s" % (film["title"], item))
        if named:
            review.setdefault(item, "the item names a version with rights of its own: %r" % named.group())
        if item not in review:
            records.append(_archive_film(item, _only(_TITLE, address), film, facts.deaths))
    for made in records:
        _check(made)
    if len({made["id"] for made in records}) != len(records):
        raise ValueError("an id is there twice")
    return Starter(tuple(sorted(records, key=lambda made: str(made["id"]))), review)


def text(records: Iterable[Record]) -> str:
    """The records as a JSON array, a record a line, the same bytes every time."""
    return "[\n%s\n]\n" % ",\n".join(map(record.line, records))


def _only(pattern: re.Pattern[str], address: str) -> str:
    found = pattern.fullmatch(address)
    if not found:
        raise ValueError("unexpected address %r" % address)
    return found.group(1)


def _check(made: Record) -> None:
    reason = objection(made, YEAR) or ("a tombstone" if record.withdrawn(made) else "")
    if reason:
        raise ValueError("%s: %s" % (made.get("id"), reason))


def _archive_film(item: str, imdb: str, film: Record, deaths: Record) -> Record:
    """Class C: the United States' year rule, and life + 70 where everybody is known."""
    entity = _only(_ENTITY, film["wdurl"])
    dead = _dead_long_enough(entity, deaths)
    made = {
        "id": "ia:" + item,
        "type": "Movie",
        "name": {"en": film["title"]},
        "year": int(film["year"]),
        "sameAs": ["wd:" + entity, "imdb:" + imdb],
        "image": {"poster": archive_org.poster(item)},
        "license": {"url": "https://creativecommons.org/publicdomain/mark/1.0/", "spdx": "CC-PDM-1.0"},
        "rights": {
            "class": "C",
            "territories": sorted(("US", *(rights.LIFE_70 if dead else ()))),
            "evidence": [
                US_95,
                *({"kind": "pd-rule", "rule": "life-70", "url": _wikidata(person)} for person in dead),
                {"kind": "wikidata", "url": _wikidata(entity)},
            ],
        },
        "encoding": [{"torrent": archive_org.torrent(item)}],
        "source": {"name": "archive.org", "url": archive_org.details(item)},
    }
    if dead:
        made["director"] = [
            deaths["persons"][person]["name"] for person in deaths["films"][entity]["director"]
        ]
    return made


def _wikidata(entity: str) -> str:
    return "https://www.wikidata.org/wiki/" + entity


def _dead_long_enough(entity: str, deaths: Record) -> list[str]:
    """Everybody whose life counts for the film's term, if all have been dead for 70 years; else nobody.

    They are the principal director, the writers, and the composer of music made for the film
    (Directive 2006/116/EC art. 2). A film with a made score and no known composer frees nobody.
    """
    film = deaths["films"].get(entity)
    if not film or not film["director"] or not film["writer"]:
        return []
    composers = film.get("composer", [])
    if film["madeScore"] and not composers:
        return []
    persons = sorted({*film["director"], *film["writer"], *composers})
    return persons if all(deaths["persons"][one]["died"] + 70 < YEAR for one in persons) else []


def _open_movies(known: Record, torrents: Iterable[bytes]) -> list[Record]:
    """Class B: the foundation that made them gives them away, and says so on the film's own site."""
    found = {parsed.info_hash: parsed for parsed in _readable(torrents)}
    missing = sorted(set(known) - set(found))
    if missing:
        raise ValueError("no torrent of %s" % ", ".join(missing))
    return [_open_movie(facts, found[info_hash]) for info_hash, facts in known.items()]


def _readable(torrents: Iterable[bytes]) -> Iterable[Metainfo]:
    for data in torrents:
        try:
            yield metainfo.parse(data)
        except TorrentInvalid:
            continue  # the folder holds broken ones too, and one that is wanted will be missed


def _open_movie(facts: Record, torrent: Metainfo) -> Record:
    film = choose.film(torrent)
    facts_of_film = dict(facts["record"])
    licence = {
        "url": "https://creativecommons.org/licenses/by/3.0/",
        "spdx": "CC-BY-3.0",
        "credit": facts_of_film.pop("credit"),
    }
    encoding = {
        "infoHash": torrent.info_hash,
        "torrent": facts["torrent"],
        "file": {"path": film.path, "length": film.length},
        "container": suffix(film.path),
        "web": [_web(torrent, film)],
        "trackers": sorted(torrent.trackers),
        "subtitles": _subtitles(torrent),
    }
    if "height" in facts:
        encoding["height"] = facts["height"]
    poster = [_web(torrent, file) for file in torrent.files if file.path == "poster.jpg"]
    return {
        "id": facts["id"],
        "type": "Movie",
        **facts_of_film,
        **({"image": {"poster": poster[0]}} if poster else {}),
        "license": licence,
        "rights": {
            "class": "B",
            "territories": [rights.EVERYWHERE],
            "evidence": [
                {"kind": "institution", "by": "Blender Foundation", "url": url}
                for url in (facts["proof"], FOUNDATION)
            ],
        },
        "encoding": [encoding],
        "source": {"name": "Blender Foundation", "url": facts["project"]},
        "funding": {"channels": [FUND]},
    }


def _web(torrent: Metainfo, file: TorrentFile) -> str:
    """Where the torrent's web seed serves that file (BEP 19)."""
    return torrent.web_seeds[0] + quote("%s/%s" % (torrent.name, file.path))


def _subtitles(torrent: Metainfo) -> list[Record]:
    found = {file.path: _SUBTITLES.search(file.path) for file in torrent.files}
    return [
        {"lang": match.group(1), "path": path, "format": "srt"}
        for path, match in sorted(found.items())
        if match
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make the starter catalogue.")
    parser.add_argument("--list", type=Path, required=True, help="free-movies-archive-org-wikidata.json")
    parser.add_argument("--torrents", type=Path, required=True, help="folder of the open movies' torrents")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    torrents = (path.read_bytes() for path in sorted(given.torrents.glob("*.torrent")))
    starter = make(json.loads(given.list.read_text("utf-8")), torrents, kept())
    given.out.write_text(text(starter.records), "utf-8")
    print("%d records" % len(starter.records))
    for item, why in sorted(starter.review.items()):
        print("review: %s: %s" % (item, why))


if __name__ == "__main__":
    main()
