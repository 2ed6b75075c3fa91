# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the store, as SQL: filters, the order of a list, and the search for words.

Works are indexed by folded words and asked for by folded words. Nothing of what a person types reaches
SQLite's search but letters and digits.
"""

from __future__ import annotations

import sqlite3
from typing import Iterable

from ..works.query import Query
from ..works.work import Work
from .folding import folded, storable, words

MAX_TEXT, MAX_WORDS = 200, 12  # characters and words of a search that count
MAX_YEAR = 9999

_FITTING = """
SELECT {column} FROM {works}
WHERE shown = 1
    AND reach IN (SELECT territory.reach FROM territory WHERE country IN ('*', :country))
    AND (:decade = 0 OR decade = :decade)
    AND (NOT :given OR rights_class IN ('A', 'B'))
    AND (:genre = '' OR key IN (SELECT genre.work FROM genre WHERE folded = :genre))
"""
_ORDERED = _FITTING + "ORDER BY {order} LIMIT :size OFFSET :skip"
_TALLIED = """
SELECT coalesce(sum(works), 0) FROM tally
WHERE reach IN (SELECT territory.reach FROM territory WHERE country IN ('*', :country))
    AND (:decade = 0 OR decade = :decade)
    AND (NOT :given OR rights_class IN ('A', 'B'))
"""
_DECADES = """
SELECT decade, sum(works) FROM tally
WHERE decade > 0 AND reach IN (SELECT territory.reach FROM territory WHERE country IN ('*', :country))
GROUP BY decade ORDER BY decade
"""
_GENRES = """
SELECT min(genre.name), count(*) FROM genre JOIN work ON key = genre.work
WHERE shown = 1
    AND reach IN (SELECT territory.reach FROM territory WHERE country IN ('*', :country))
GROUP BY folded ORDER BY folded
"""
# Relevance: less is more. In FTS5 a word in a title counts as much as ten in the names.
_HITS_FTS5 = "SELECT rowid AS work, bm25(words, 10.0, 1.0) AS relevance FROM words WHERE words MATCH :match"
_HITS_LIKE = "SELECT rowid AS work, -({in_titles}) AS relevance FROM words WHERE {in_any}"


def index_row(work: Work) -> tuple[str, str]:
    """(titles in every language, names of people), each as folded words with a space around each."""
    return _run((*work.name.values(), work.original_name)), _run(work.director + work.actor)


def _run(texts: Iterable[str]) -> str:
    found = dict.fromkeys(" ".join(words(text)) for text in texts)
    return " %s " % " ".join(text for text in found if text)


def total(view: sqlite3.Connection, query: Query, fts5: bool) -> int:
    """How many works fit."""
    works, values = _works(query, fts5)
    if query.text.strip() or query.genre:
        found = view.execute(_FITTING.format(column="count(*)", works=works), values).fetchone()
    else:
        found = view.execute(_TALLIED, values).fetchone()
    return int(found[0])


def keys(view: sqlite3.Connection, query: Query, fts5: bool, size: int, skip: int) -> list[int]:
    """The keys of `size` works that fit, after the first `skip`: by relevance to a text, then by title."""
    works, values = _works(query, fts5)
    order = "relevance, title, year, id" if query.text.strip() else "title, year, id"
    listing = _ORDERED.format(column="key", works=works, order=order)
    return [int(key) for (key,) in view.execute(listing, {**values, "size": size, "skip": skip})]


def decades(view: sqlite3.Connection, country: str) -> list[tuple[int, int]]:
    return list(view.execute(_DECADES, {"country": country}))


def genres(view: sqlite3.Connection, country: str) -> list[tuple[str, int]]:
    return list(view.execute(_GENRES, {"country": country}))


def _works(query: Query, fts5: bool) -> tuple[str, dict[str, object]]:
    """What a query selects from, and the named values for its filters and its text."""
    values: dict[str, object] = {
        "country": storable(query.country),
        "decade": min(query.decade, MAX_YEAR),
        "given": query.given,
        "genre": storable(folded(query.genre)),
    }
    if not query.text.strip():
        return "work", values
    hits, patterns = _hits(words(query.text[:MAX_TEXT])[:MAX_WORDS], fts5)
    return "(%s) AS hit JOIN work ON key = hit.work" % hits, {**values, **patterns}


def _hits(asked: list[str], fts5: bool) -> tuple[str, dict[str, str]]:
    """A SELECT of (work, relevance) for the works with all the words, the last perhaps a beginning."""
    if not asked:
        return "SELECT 0 AS work, 0 AS relevance WHERE 0", {}
    if fts5:
        return _HITS_FTS5, {"match": " ".join('"%s"' % word for word in asked) + "*"}
    patterns = {"word%d" % n: "%% %s %%" % word for n, word in enumerate(asked)}
    patterns["word%d" % (len(asked) - 1)] = "%% %s%%" % asked[-1]
    in_titles = " + ".join("(titles LIKE :%s)" % name for name in patterns)
    in_any = " AND ".join("titles || people LIKE :%s" % name for name in patterns)
    return _HITS_LIKE.format(in_titles=in_titles, in_any=in_any), patterns
