# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of the store, as SQL: filters, the order of a list, and the search for words.

Works are indexed by folded words and asked for by folded words. Nothing of what a person types reaches
SQLite's search but letters and digits.
"""

from __future__ import annotations

import sqlite3
from typing import Iterable

from ..works.folding import storable, words
from ..works.query import Facet, Query, Shelf
from ..works.work import Work
from . import reach
from .facets import folded_value

MAX_TEXT, MAX_WORDS = 200, 12  # characters and words of a search that count
FEW = 2000  # works: so many are quickly put in order, where a list in order would be searched for them

# Of all these `form` is a condition, or nothing: SQLite sees then whether an index has the order.
_FITTING = """
SELECT {column} FROM {works}
WHERE shown = 1 {form} {tagged}
    AND reach IN ({open})
"""
_TAGGED = "AND EXISTS (SELECT 1 FROM tag WHERE facet = {key} AND work = key)"
_RARE = "(SELECT tag.work AS fits FROM tag WHERE facet = {key}) AS rare CROSS JOIN work ON key = rare.fits"
_TALLIED = """
SELECT coalesce(sum(works), 0) FROM tally
WHERE facet = :facet {form}
    AND reach IN ({open})
"""
_SHELVES = """
SELECT value, name, sum(works) FROM facet JOIN tally ON tally.facet = key
WHERE kind = :kind AND value >= :first AND value < :beyond {form}
    AND reach IN ({open})
GROUP BY value HAVING sum(works) > 0 ORDER BY value LIMIT :most
"""
_SHELVES_WITHIN = """
SELECT value, facet.name, count(*) FROM facet JOIN tag ON tag.facet = facet.key
WHERE kind = :kind AND value >= :first AND value < :beyond AND tag.work IN ({fitting})
GROUP BY value ORDER BY value LIMIT :most
"""
_FORM = "AND form = :form"
_FACET = "SELECT key FROM facet WHERE kind = ? AND value = ?"
# Relevance: less is more. In FTS5 a word in a title counts as much as ten in the names.
_HITS_FTS5 = "SELECT rowid AS work, bm25(words, 10.0, 1.0) AS relevance FROM words WHERE words MATCH :match"
_HITS_LIKE = "SELECT rowid AS work, -({in_titles}) AS relevance FROM words WHERE {in_any}"


def index_row(work: Work) -> tuple[str, str]:
    """(titles in every language, names of people), each as folded words with a space around each.

    A season is found by its series.
    """
    if work.type == "TVSeason":
        return "", ""
    return _run((*work.name.values(), work.original_name)), _run(work.director + work.actor)


def _run(texts: Iterable[str]) -> str:
    found = dict.fromkeys(" ".join(words(text)) for text in texts)
    return " %s " % " ".join(text for text in found if text)


class Question:
    """A query, put to one store."""

    def __init__(self, view: sqlite3.Connection, query: Query, fts5: bool) -> None:
        self._view = view
        self._text = bool(query.text.strip())
        self._form = _FORM if query.form else ""
        self._order = "relevance, title, year, id" if self._text else "title, year, id"
        if query.newest:
            self._order = "updated DESC, year DESC, title, id"
        self._values: dict[str, object] = {**reach.viewer(query.country, query.level), "form": query.form}
        self._hits = ""
        if self._text:
            self._hits, patterns = _hits(words(query.text[:MAX_TEXT])[:MAX_WORDS], fts5)
            self._values.update(patterns)
        self._facets = self._by_rarity(query.facets)

    def total(self) -> int:
        """How many works fit."""
        if self._facets is None:
            return 0
        if self._text or len(self._facets) > 1:
            return self._number(self._fitting("count(*)", rarest_first=True))
        return self._tallied(self._facets[0] if self._facets else 0)

    def keys(self, size: int, skip: int) -> list[int]:
        """The keys of `size` works that fit, after the first `skip`, in the order of the list."""
        if self._facets is None:
            return []
        few = bool(self._facets) and self._tallied(self._facets[0]) <= FEW
        listing = "%s ORDER BY %s LIMIT :size OFFSET :skip" % (self._fitting("key", few), self._order)
        return [int(key) for (key,) in self._ask(listing, size=size, skip=skip)]

    def shelves(self, kind: str, first: str, beyond: str, most: int) -> list[Shelf]:
        """At most so many facets of that kind that works which fit have, in the order of their values, from
        `first` on."""
        if self._facets is None:
            return []
        asked = _SHELVES.format(form=self._form, open=reach.OPEN)
        if self._text or self._facets:
            asked = _SHELVES_WITHIN.format(fitting=self._fitting("work.key", rarest_first=True))
        values = {"kind": kind, "first": storable(first), "beyond": storable(beyond), "most": most}
        return [Shelf(*row) for row in self._ask(asked, **values)]

    def _by_rarity(self, wanted: Iterable[Facet]) -> list[int] | None:
        """The keys of the facets; None where no work has one of them."""
        found = [self._view.execute(_FACET, tuple(map(storable, folded_value(each)))) for each in wanted]
        rows = [each.fetchone() for each in found]
        if None in rows:
            return None
        return sorted((int(key) for (key,) in rows), key=self._tallied)

    def _tallied(self, facet: int) -> int:
        return self._number(_TALLIED.format(form=self._form, open=reach.OPEN), facet=facet)

    def _fitting(self, column: str, rarest_first: bool) -> str:
        """The SELECT of the works that fit. `rarest_first`: look at those with the rarest facet, one by one;
        else at all, in the order of the list."""
        works, left = "work", self._facets or []
        if self._text:
            works = "(%s) AS hit JOIN work ON key = hit.work" % self._hits
        elif left and rarest_first:
            works, left = _RARE.format(key=left[0]), left[1:]
        tagged = " ".join(_TAGGED.format(key=key) for key in left)
        return _FITTING.format(column=column, works=works, form=self._form, tagged=tagged, open=reach.OPEN)

    def _ask(self, sql: str, **more: object) -> sqlite3.Cursor:
        return self._view.execute(sql, {**self._values, **more})

    def _number(self, sql: str, **more: object) -> int:
        return int(self._ask(sql, **more).fetchone()[0])


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
