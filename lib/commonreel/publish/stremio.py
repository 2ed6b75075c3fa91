# SPDX-License-Identifier: GPL-3.0-or-later
"""A catalogue as a Stremio add-on of static files (https://github.com/Stremio/stremio-addon-sdk, protocol).

It cannot ask where the viewer is: it has the works that are free everywhere, and of these the ones that
a player can open without fetching a .torrent first.
"""

from __future__ import annotations

import json
from typing import Any, Iterable, Mapping

from .building import Catalogue, Record

PAGE = 100  # works of a list, as the protocol's `skip` counts them
_LISTS = {"movie": "commonreel-films", "series": "commonreel-series"}


def files(catalogue: Catalogue, name: str, version: str) -> dict[str, bytes]:
    """Path → content. `name`: what viewers see; `version`: of the add-on, x.y.z."""
    free = [made for made in catalogue.works if "*" in made["rights"]["territories"]]
    films = [made for made in free if made.get("type", "Movie") == "Movie" and _streams(made)]
    episodes = [made for made in free if made.get("type") == "TVEpisode" and _streams(made)]
    named = {made["partOf"]["series"] for made in episodes}
    series = [made for made in free if made.get("type") == "TVSeries" and made["id"] in named]
    found: dict[str, Any] = {"manifest.json": _manifest(name, version, films + episodes)}
    found.update(_lists("movie", films))
    found.update(_lists("series", series))
    for made in films:
        found["meta/movie/%s.json" % made["id"]] = {"meta": _meta("movie", made)}
        found["stream/movie/%s.json" % made["id"]] = {"streams": _streams(made)}
    for made in series:
        own = [each for each in episodes if each["partOf"]["series"] == made["id"]]
        whole = {**_meta("series", made), "videos": [_video(each) for each in own]}
        found["meta/series/%s.json" % made["id"]] = {"meta": whole}
    for made in episodes:
        found["stream/series/%s.json" % made["id"]] = {"streams": _streams(made)}
    return {path: _json(content) for path, content in found.items()}


def _manifest(name: str, version: str, works: Iterable[Record]) -> dict[str, Any]:
    return {
        "id": "org.commonreel.catalogue",
        "version": version,
        "name": name,
        "description": "Films and series that their makers or the law have made free for everybody.",
        "resources": ["catalog", "meta", "stream"],
        "types": list(_LISTS),
        "idPrefixes": sorted({made["id"].partition(":")[0] + ":" for made in works}),
        "catalogs": [
            {"type": kind, "id": id, "name": name, "extra": [{"name": "skip"}]} for kind, id in _LISTS.items()
        ],
    }


def _lists(kind: str, works: list[Record]) -> dict[str, Any]:
    """The first page, and one for each `skip`; the last is empty."""
    base = "catalog/%s/%s" % (kind, _LISTS[kind])
    rows = [_preview(kind, made) for made in works]
    pages = {
        "%s/skip=%d.json" % (base, skip): {"metas": rows[skip : skip + PAGE]}
        for skip in range(PAGE, len(rows) + PAGE, PAGE)
    }
    return {base + ".json": {"metas": rows[:PAGE]}, **pages}


def _preview(kind: str, made: Record) -> dict[str, Any]:
    found = {"id": made["id"], "type": kind, "name": _in_english(made["name"])}
    poster = made.get("image", {}).get("poster")
    return {**found, **({"poster": poster} if poster else {})}


def _meta(kind: str, made: Record) -> dict[str, Any]:
    licence = made["license"].get("credit") or made["license"].get("spdx") or made["license"]["url"]
    facts: dict[str, Any] = {
        "description": "\n\n".join(filter(None, (_in_english(made.get("description", {})), licence))),
        "genres": list(made.get("genre", ())),
        "director": list(made.get("director", ())),
        "cast": list(made.get("actor", ())),
        "releaseInfo": str(made["year"]) if "year" in made else "",
        "runtime": "%d min" % (made["duration"] // 60) if "duration" in made else "",
    }
    return {**_preview(kind, made), **{fact: value for fact, value in facts.items() if value}}


def _video(made: Record) -> dict[str, Any]:
    place = made["partOf"]
    return {
        "id": made["id"],
        "title": _in_english(made["name"]),
        "season": place["season"],
        "episode": place["episode"],
    }


def _streams(made: Record) -> list[dict[str, Any]]:
    """By info hash where it is known, and from the web."""
    found = []
    for each in made.get("encoding", ()):
        title = "%dp" % each["height"] if "height" in each else each.get("container", "")
        subtitles = [
            {"id": one["url"], "url": one["url"], "lang": one["lang"]}
            for one in each.get("subtitles", ())
            if "url" in one
        ]
        beside = {**({"title": title} if title else {}), **({"subtitles": subtitles} if subtitles else {})}
        if each.get("infoHash"):
            found.append({"infoHash": each["infoHash"].lower(), **_hints(each), **beside})
        found += [{"url": address, **beside} for address in each.get("web", ())[:1]]
    return found


def _hints(encoding: Mapping[str, Any]) -> dict[str, Any]:
    sources = ["tracker:" + address for address in encoding.get("trackers", ())]
    found: dict[str, Any] = {"sources": sources} if sources else {}
    if "file" in encoding:
        name = encoding["file"]["path"].rpartition("/")[2]
        found["behaviorHints"] = {"filename": name, "videoSize": encoding["file"]["length"]}
    return found


def _in_english(texts: Mapping[str, str]) -> str:
    return texts.get("en") or next(iter(texts.values()), "")


def _json(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
