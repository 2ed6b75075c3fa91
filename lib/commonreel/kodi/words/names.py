# SPDX-License-Identifier: GPL-3.0-or-later
"""What a facet is called on the screen, in Kodi's language."""

from __future__ import annotations

from ...works.query import Facet
from .strings import Text, country_name, language_name, text

# Those that lists are narrowed by, in the order of the question.
KINDS = {
    "decade": Text.KIND_DECADE,
    "genre": Text.KIND_GENRE,
    "length": Text.KIND_LENGTH,
    "language": Text.KIND_LANGUAGE,
    "subtitles": Text.KIND_SUBTITLES,
    "country": Text.KIND_COUNTRY,
    "licence": Text.KIND_LICENCE,
    "maker": Text.KIND_MAKER,
    "letter": Text.KIND_LETTER,
}
LENGTHS = {"short": Text.LENGTH_SHORT, "medium": Text.LENGTH_MEDIUM, "long": Text.LENGTH_LONG}
GENRES = {
    "action": Text.GENRE_ACTION,
    "adventure": Text.GENRE_ADVENTURE,
    "animation": Text.ANIMATION,
    "art": Text.GENRE_ART,
    "comedy": Text.GENRE_COMEDY,
    "crime": Text.GENRE_CRIME,
    "documentary": Text.GENRE_DOCUMENTARY,
    "drama": Text.GENRE_DRAMA,
    "education": Text.GENRE_EDUCATION,
    "family": Text.GENRE_FAMILY,
    "fantasy": Text.GENRE_FANTASY,
    "film noir": Text.GENRE_FILM_NOIR,
    "horror": Text.GENRE_HORROR,
    "music": Text.GENRE_MUSIC,
    "musical": Text.GENRE_MUSICAL,
    "mystery": Text.GENRE_MYSTERY,
    "nature": Text.GENRE_NATURE,
    "news": Text.GENRE_NEWS,
    "newsreel": Text.GENRE_NEWSREEL,
    "romance": Text.GENRE_ROMANCE,
    "science": Text.GENRE_SCIENCE,
    "science fiction": Text.GENRE_SCIENCE_FICTION,
    "short": Text.GENRE_SHORT,
    "sport": Text.GENRE_SPORT,
    "thriller": Text.GENRE_THRILLER,
    "travel": Text.GENRE_TRAVEL,
    "war": Text.GENRE_WAR,
    "western": Text.GENRE_WESTERN,
}


def of(facet: Facet, spelled: str = "") -> str:
    """Of one facet; `spelled`: as the works have it, where it is a name."""
    kind, value = facet
    if kind == "decade":
        return text(Text.DECADE, year=value)
    if kind == "genre":
        return genre(spelled or value)
    if kind == "length" and value in LENGTHS:
        return text(LENGTHS[value])
    if kind in ("language", "subtitles"):
        return language_name(value)
    if kind == "country":
        return country_name(value)
    if kind == "licence":
        return text(Text.PUBLIC_DOMAIN) if value == "public-domain" else spelled or _licence(value)
    if kind == "letter":
        return value.upper()
    if kind == "rights":
        return text(Text.OPEN_FILMS)
    if kind == "support":
        return text(Text.SUPPORTABLE)
    return spelled or value.title()


def genre(name: str) -> str:
    """In Kodi's language where it is one of those that sources have, else as it is."""
    known = GENRES.get(name.casefold())
    return text(known) if known else name[:1].upper() + name[1:]


def _licence(value: str) -> str:
    return ("CC " if value.startswith("by") else "") + value.upper()
