# SPDX-License-Identifier: GPL-3.0-or-later
"""A work in Schema.org's words (JSON-LD), for search engines. What is not known is left out."""

from __future__ import annotations

from typing import Any, Mapping

from ...works import licence
from ...works.rights import EVERYWHERE
from ...works.work import Work
from . import showing
from .showing import Player
from .words import Words


def of(
    work: Work, words: Words, url: str, picture: str, player: Player | None, series: Work | None
) -> dict[str, Any]:
    """`url`, `picture`: absolute addresses, or ''. The address of a film that is not for everybody everywhere
    is left out."""
    title, text = words.best(work.name)[1], words.best(work.description)[1]
    rated = work.content_rating
    said: dict[str, Any] = {
        "name": title,
        "alternateName": sorted({work.original_name, *work.name.values()} - {title, ""}),
        "description": text,
        "url": url,
        "identifier": work.id,
        "image": picture,
        "datePublished": str(work.year) if work.year else "",
        "duration": "PT%dS" % work.duration if work.duration else "",
        "inLanguage": list(work.in_language),
        "countryOfOrigin": [{"@type": "Country", "name": code} for code in work.country],
        "director": [{"@type": "Person", "name": name} for name in work.director],
        "actor": [{"@type": "Person", "name": name} for name in work.actor],
        "genre": list(work.genre),
        "license": licence.lookup(work.license.url).url,
        "creditText": work.license.credit,
        "contentRating": "%s %d" % (rated.by, rated.age) if rated.age is not None else "",
        "isAccessibleForFree": True,
        "isFamilyFriendly": False if rated.nsfw else None,
        "sameAs": [each.address for each in showing.elsewhere(work)],
        **_place(work, words, series),
    }
    if player and not rated.nsfw and EVERYWHERE in work.rights.territories:
        said["video"] = _video(said, player, work.updated)
    return {"@context": "https://schema.org", "@type": work.type, **_known(said)}


def _video(film: Mapping[str, Any], player: Player, updated: str) -> dict[str, Any]:
    """Its copy on the web, of what is said of the film."""
    first = player.sources[0]
    video = {
        "@type": "VideoObject",
        "name": film["name"],
        "description": film["description"] or film["name"],
        "contentUrl": first.address,
        "encodingFormat": first.text,
        "thumbnailUrl": film["image"],
        "uploadDate": updated,
        "duration": film["duration"],
    }
    return _known(video)


def _place(work: Work, words: Words, series: Work | None) -> dict[str, Any]:
    """Of a season or an episode."""
    part = work.part_of
    if not part:
        return {}
    title = words.best(series.name)[1] if series else ""
    named = {"@type": "TVSeries", "identifier": part.series, "name": title} if title else None
    if work.type == "TVSeason":
        return {"seasonNumber": str(part.season), "partOfSeries": named}
    season = {"@type": "TVSeason", "seasonNumber": part.season}
    return {"episodeNumber": str(part.episode), "partOfSeason": season, "partOfSeries": named}


def _known(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in ("", [], None)}
