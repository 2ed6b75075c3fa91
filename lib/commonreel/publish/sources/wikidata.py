# SPDX-License-Identifier: GPL-3.0-or-later
"""Wikidata: which films archive.org has, who made them, and when. An identity and a second witness.

It is asked in SPARQL (https://www.wikidata.org/wiki/Wikidata:SPARQL_query_service), and answers in
https://www.w3.org/TR/sparql11-results-json/: {"results": {"bindings": [{variable: {"type", "value"}}]}}.
A client has a minute of computing a minute, so the questions are small: a year's films, the facts of one
item's films, the people who made them. The prefixes are those that the service knows by itself.
"""

from __future__ import annotations

import re
from typing import Any, Iterator

from ...works.errors import FetchFailed
from ..polite import Polite
from . import wikidata_film
from .source import Found, Listed
from .wikidata_film import LANGUAGES, Row

_ADDRESS = "https://query.wikidata.org"
_FIRST, _LAST = 1888, 1930  # years; later ones are asked for by a query
_YEARS = re.compile(r"([0-9]{4})(?:-([0-9]{4}))?")
_ITEM = re.compile(r"ia:((?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,99})")
_SPOKEN = ", ".join('"%s"' % language for language in LANGUAGES)

_LISTING = """
SELECT DISTINCT ?item WHERE {
  ?film wdt:P724 ?item ; wdt:P577 ?date ; wdt:P31/wdt:P279* wd:Q11424 .
  FILTER("%04d-01-01T00:00:00Z"^^xsd:dateTime <= ?date && ?date < "%04d-01-01T00:00:00Z"^^xsd:dateTime)
}"""

_FACTS = """
SELECT DISTINCT ?film ?fact ?value ?detail WHERE {
  VALUES ?item { "%s" }
  ?film wdt:P724 ?item .
  { ?film wdt:P724 ?value . BIND("item" AS ?fact) }
  UNION { ?film wdt:P31/wdt:P279* wd:Q11424 . BIND("film" AS ?fact) }
  UNION {
    ?film rdfs:label ?value .
    BIND("name" AS ?fact) BIND(LANG(?value) AS ?detail)
    FILTER(LANG(?value) IN (%s))
  }
  UNION {
    ?film p:P577 ?statement . ?statement wikibase:rank ?rank ; psv:P577 ?date .
    ?date wikibase:timeValue ?value ; wikibase:timePrecision ?detail .
    BIND("date" AS ?fact) FILTER(?rank != wikibase:DeprecatedRank)
  }
  UNION {
    ?film p:P2047 ?statement . ?statement wikibase:rank ?rank ; psv:P2047 ?duration .
    ?duration wikibase:quantityAmount ?value ; wikibase:quantityUnit ?detail .
    BIND("duration" AS ?fact) FILTER(?rank != wikibase:DeprecatedRank)
  }
  UNION {
    ?film p:P6216 ?statement . ?statement wikibase:rank ?rank ; ps:P6216 ?value .
    BIND("status" AS ?fact) FILTER(?rank != wikibase:DeprecatedRank)
  }
  UNION { ?film wdt:P345 ?value . BIND("imdb" AS ?fact) }
  UNION { ?film wdt:P4947 ?value . BIND("tmdb" AS ?fact) }
  UNION { ?film wdt:P364/wdt:P218 ?value . BIND("language" AS ?fact) }
  UNION { ?film wdt:P495/wdt:P297 ?value . BIND("country" AS ?fact) }
  UNION { ?film wdt:P136/rdfs:label ?value . BIND("genre" AS ?fact) FILTER(LANG(?value) = "en") }
}"""

_PEOPLE = """
SELECT DISTINCT ?film ?role ?person ?name ?language ?died ?precision WHERE {
  VALUES ?item { "%s" }
  ?film wdt:P724 ?item .
  VALUES (?role ?claim ?of) {
    ("director" p:P57 ps:P57) ("writer" p:P58 ps:P58) ("composer" p:P86 ps:P86)
  }
  ?film ?claim ?statement . ?statement ?of ?person ; wikibase:rank ?rank .
  FILTER(?rank != wikibase:DeprecatedRank)
  OPTIONAL {
    ?person rdfs:label ?name .
    BIND(LANG(?name) AS ?language) FILTER(LANG(?name) IN (%s))
  }
  OPTIONAL {
    ?person p:P570 ?death . ?death wikibase:rank ?standing ; psv:P570 ?date .
    ?date wikibase:timeValue ?died ; wikibase:timePrecision ?precision .
    FILTER(?standing != wikibase:DeprecatedRank)
  }
}"""


class Wikidata:
    """Films that have an item at archive.org. `query`: '1925', or '1920-1925'; years of publication."""

    def __init__(self, address: str, query: str) -> None:
        """Raises ValueError where the query names no years."""
        self._endpoint = (address or _ADDRESS).rstrip("/") + "/sparql"
        self._years = _years(query)

    def listing(self, ask: Polite) -> Iterator[Listed]:
        """The items year by year, named as their works are; one that came out twice is there twice."""
        for year in self._years:
            for row in self._rows(ask, _LISTING % (year, year + 1)):
                key = "ia:" + row.get("item", "")
                if _ITEM.fullmatch(key):
                    yield Listed(key, {"year": year})

    def examine(self, ask: Polite, listed: Listed) -> list[Found]:
        """Every film that Wikidata says the item holds; more than one is one too many."""
        named = _ITEM.fullmatch(listed.key)
        if not named:
            return [Found(listed.key, reasons=("not an item of archive.org",))]
        item = named.group(1)
        facts = self._rows(ask, _FACTS % (item, _SPOKEN))
        if not facts:
            return [Found(listed.key, gone="Wikidata has no film with this item any more")]
        films = wikidata_film.films(facts, self._rows(ask, _PEOPLE % (item, _SPOKEN)))
        if not films:
            raise FetchFailed("Wikidata names no entity for %s" % listed.key)
        return wikidata_film.found(item, films)

    def item(self, id: str) -> Listed:
        return Listed(id)

    def _rows(self, ask: Polite, query: str) -> list[Row]:
        return rows(ask.json(self._endpoint, query=" ".join(query.split()), format="json"))


def rows(answer: Any) -> list[Row]:
    """The values of a SPARQL answer, a mapping for each row; what is no text is left out of it.

    FetchFailed where it is no such answer: 'nothing found' is said with an empty list and in no other way.
    """
    results = answer.get("results") if isinstance(answer, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list):
        raise FetchFailed("no SPARQL results in the answer, which is a %s" % type(answer).__name__)
    return [_row(binding) if isinstance(binding, dict) else {} for binding in bindings]


def _row(binding: dict[str, Any]) -> Row:
    """An unbound variable has no cell. A blank node ('unknown value') has a name that means nothing."""
    values = {name: cell.get("value") for name, cell in binding.items() if isinstance(cell, dict)}
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _years(query: str) -> range:
    if not query:
        return range(_FIRST, _LAST + 1)
    asked = _YEARS.fullmatch(query)
    if not asked or not _FIRST <= int(asked.group(1)) <= int(asked.group(2) or asked.group(1)):
        raise ValueError("--query: not a year or two from %d on, like 1920-1925: %r" % (_FIRST, query))
    return range(int(asked.group(1)), int(asked.group(2) or asked.group(1)) + 1)
