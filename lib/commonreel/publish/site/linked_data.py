# SPDX-License-Identifier: GPL-3.0-or-later
"""Works, makers and lists in Schema.org's words (JSON-LD), for search engines; without what is unknown."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ...works import licence
from ...works.guide import Maker, Selection
from ...works.rights import EVERYWHERE
from ...works.work import Work
from . import showing
from .showing import Player
from .words import Words

_CONTEXT = "https://schema.org"


def of(
    work: Work,
    words: Words,
    url: str,
    picture: str,
    player: Player | None,
    series: Work | None,
    makers: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """`url`, `picture`: absolute addresses, or ''. `makers`: named(). The address of a film that is not for
    everybody everywhere is left out."""
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
        "creator": list(makers),
        "director": [{"@type": "Person", "name": name} for name in work.director],
        "actor": [{"@type": "Person", "name": name} for name in work.actor],
        "genre": list(work.genre),
        "license": licence.lookup(work.license.url).url,
        "creditText": work.license.credit,
        "contentRating": "%s %d" % (rated.by, rated.age) if rated.age is not None else "",
        "isAccessibleForFree": True,
        "isFamilyFriendly": False if rated.nsfw else None,
        "sameAs": [each.address for each in showing.elsewhere(work.same_as)],
        **_place(work, words, series),
    }
    if player and not rated.nsfw and EVERYWHERE in work.rights.territories:
        said["video"] = _video(said, player, work.updated)
    return {"@context": _CONTEXT, "@type": work.type, **_known(said)}


def of_maker(maker: Maker, words: Words, url: str, picture: str) -> dict[str, Any]:
    """`url`, `picture`: as above."""
    name = words.best(maker.name)[1]
    said = {
        "alternateName": sorted({*maker.name.values()} - {name, ""}),
        "description": words.best(maker.description)[1],
        "image": picture,
        "sameAs": [*maker.visitable, *(each.address for each in showing.elsewhere(maker.same_as))],
    }
    return {"@context": _CONTEXT, **named(maker, words, url), **_known(said)}


def of_list(
    selection: Selection, words: Words, url: str, picture: str, works: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """`works`: named(), in its order."""
    said = {
        "name": words.best(selection.name)[1],
        "description": words.best(selection.description)[1],
        "url": url,
        "identifier": selection.id,
        "image": picture,
        "itemListElement": [
            {"@type": "ListItem", "position": place, "item": work} for place, work in enumerate(works, 1)
        ],
    }
    return {"@context": _CONTEXT, "@type": "ItemList", **_known(said)}


def named(entry: Work | Maker, words: Words, url: str) -> dict[str, Any]:
    """Where another is spoken of."""
    said = {"name": words.best(entry.name)[1], "url": url, "identifier": entry.id}
    return {"@type": entry.type, **_known(said)}


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
