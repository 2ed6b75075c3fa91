# SPDX-License-Identifier: GPL-3.0-or-later
"""Makers and lists in the store, and the works that they lead to."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Iterable, Iterator, Mapping, TypeVar

from ..works.errors import UnknownGuide
from ..works.folding import storable
from ..works.guide import Guide, Maker, Selection
from ..works.parental import EVERYTHING, Level
from ..works.query import PAGE_SIZE, Facet, Page
from . import codec, reach
from .codec import AnyGuide
from .facets import folded_value

if TYPE_CHECKING:
    from .store import Store

Asked = TypeVar("Asked")

KINDS: dict[type, str] = {Maker: "maker", Selection: "selection"}
MOST = 1000  # of them, at once
LAST = "\U0010ffff"  # behind every character
AT_ONCE = 400  # ids, or pairs of them, in a statement; SQLite knows a bound

_FOUND = "SELECT json, origin FROM guide WHERE id = ? AND kind = ? AND shown = 1"
_KNOWN = "SELECT id, json FROM guide WHERE id IN ({places}) AND kind = ? AND shown = 1"
_MAKERS = """
SELECT {columns} FROM guide
JOIN facet ON facet.kind = 'by' AND facet.value = guide.id
JOIN tally ON tally.facet = facet.key
WHERE guide.shown = 1 AND guide.kind = 'maker' AND guide.title >= :first AND guide.title < :beyond
    AND guide.supported >= :supported AND tally.form IN ('film', 'series') AND tally.reach IN ({open})
GROUP BY guide.key HAVING sum(tally.works) > 0 ORDER BY guide.title, guide.id LIMIT :most
"""
_SELECTIONS = """
SELECT guide.json, count(*) FROM guide
JOIN selected ON selected.guide = guide.key
JOIN work ON work.id = selected.work AND work.shown = 1 AND work.form != 'season'
WHERE guide.shown = 1 AND guide.kind = 'selection' AND work.reach IN ({open})
GROUP BY guide.key ORDER BY guide.title, guide.id LIMIT :most
"""
_COUNTED = """
SELECT count(*) FROM guide
WHERE shown = 1 AND kind = 'selection' AND EXISTS (
    SELECT 1 FROM selected JOIN work ON work.id = selected.work AND work.shown = 1 AND work.form != 'season'
    WHERE selected.guide = guide.key AND work.reach IN ({open})
)
"""
_CREDITED = """
WITH pair (name, id) AS (VALUES {pairs})
SELECT pair.name, count(*) FROM pair
CROSS JOIN facet AS director ON director.kind = 'maker' AND director.value = pair.name
CROSS JOIN facet AS maker ON maker.kind = 'by' AND maker.value = pair.id
CROSS JOIN tag ON tag.facet = director.key
CROSS JOIN tag AS its ON its.facet = maker.key AND its.work = tag.work
CROSS JOIN work ON work.key = tag.work
WHERE work.shown = 1 AND work.form = 'film' AND work.reach IN ({open})
GROUP BY pair.name
"""
# No season, and no episode of a series that is there itself.
_MADE = """
FROM tag JOIN work ON work.key = tag.work
WHERE tag.facet = :facet AND work.shown = 1 AND work.form != 'season' AND work.reach IN ({open})
    AND NOT EXISTS (
        SELECT 1 FROM work AS whole CROSS JOIN tag AS its ON its.work = whole.key
        WHERE whole.id = work.series AND whole.shown = 1 AND its.facet = :facet AND whole.reach IN ({open})
    )
"""
_BY_YEAR = "ORDER BY work.year = 0, work.year, work.title, work.id LIMIT :size OFFSET :skip"


class Guides:
    """Those of a store, as a viewer in that country sees them, whom that level lets see so much.

    Every method raises ServiceUnavailable where the file cannot be read at present.
    """

    def __init__(self, store: Store, country: str = "", level: Level = EVERYTHING) -> None:
        self._store = store
        self._country, self._level = country, level
        self._viewer = reach.viewer(country, level)

    def maker(self, id: str) -> Maker:
        """Raises UnknownGuide."""
        return self._find(id, Maker)[0]

    def selection(self, id: str) -> Selection:
        """Raises UnknownGuide."""
        return self._find(id, Selection)[0]

    def origin(self, guide: Guide) -> str:
        """Where it comes from. Raises UnknownGuide."""
        return self._find(guide.id, type(guide))[1]

    def known(self, ids: Iterable[str]) -> dict[str, Maker]:
        """The makers of these ids that have a record."""
        found: dict[str, Maker] = {}
        with self._store.reading() as view:
            for some in _some(list(ids)):
                asked = _KNOWN.format(places=", ".join("?" * len(some)))
                for id, row in view.execute(asked, [*map(storable, some), KINDS[Maker]]):
                    found[str(id)] = _read(row, Maker)
        return found

    def makers(self, prefix: str = "", most: int = MOST, supported: bool = False) -> list[tuple[Maker, int]]:
        """Those whose folded name begins so, by name, each with how many films and series there are of it.
        `supported`: those alone to whom a way to give is shown."""
        asked = _MAKERS.format(columns="guide.json, sum(tally.works)", open=reach.OPEN)
        return self._led(asked, Maker, **_named(prefix, most, supported))

    def credited(self, ids: Mapping[str, str]) -> dict[str, int]:
        """Of directors by their folded names: how many of their films are the maker's of that id as well."""
        found: dict[str, int] = {}
        with self._store.reading() as view:
            for pairs in _some(list(ids.items())):
                values = dict(self._viewer)
                for number, (name, id) in enumerate(pairs):
                    values.update({"name%d" % number: storable(name), "id%d" % number: storable(id)})
                places = ", ".join("(:name%d, :id%d)" % (number, number) for number in range(len(pairs)))
                rows = view.execute(_CREDITED.format(pairs=places, open=reach.OPEN), values)
                found.update((str(name), int(works)) for name, works in rows)
        return found

    def prefixes(self, prefix: str = "") -> list[str]:
        """With what the folded names of those begin: one character more, or all where there are no more."""
        asked = _MAKERS.format(columns="guide.title", open=reach.OPEN)
        with self._store.reading() as view:
            titles = (str(title) for (title,) in view.execute(asked, {**self._viewer, **_named(prefix)}))
            return list(dict.fromkeys(title[: len(prefix) + 1] for title in titles))

    def count_supported(self, most: int = MOST) -> int:
        """How many makers there are to whom a way to give is shown; at least so many, where there are."""
        asked = _MAKERS.format(columns="guide.key", open=reach.OPEN)
        with self._store.reading() as view:
            return len(view.execute(asked, {**self._viewer, **_named("", most, True)}).fetchall())

    def selections(self) -> list[tuple[Selection, int]]:
        """Those of which a work may be shown, by name, each with how many."""
        return self._led(_SELECTIONS.format(open=reach.OPEN), Selection, most=MOST)

    def count_selections(self) -> int:
        """How many of those there are."""
        with self._store.reading() as view:
            return int(view.execute(_COUNTED.format(open=reach.OPEN), self._viewer).fetchone()[0])

    def chosen(self, selection: Selection, number: int = 1, size: int = PAGE_SIZE) -> Page:
        """One page of a list's works, in its order. It has less where some may not be shown."""
        ids = selection.works[(number - 1) * size : number * size]
        works = self._store.works(ids, self._country, self._level)
        shown = tuple(work for work in works if work.type != "TVSeason")
        return Page(shown, number, len(selection.works), size)

    def made(self, facet: Facet, number: int = 1, size: int = PAGE_SIZE) -> Page:
        """One page of the works that have this facet, of kind `by` or `maker`: the oldest first."""
        made = _MADE.format(open=reach.OPEN)
        with self._store.reading() as view:
            values = {**self._viewer, "facet": (_facet(view, facet) or (0,))[0]}
            total = int(view.execute("SELECT count(*) " + made, values).fetchone()[0])
            values.update(size=size, skip=(number - 1) * size)
            ids = [str(id) for (id,) in view.execute("SELECT work.id %s %s" % (made, _BY_YEAR), values)]
        return Page(tuple(self._store.works(ids, self._country, self._level)), number, total, size)

    def spelled(self, name: str) -> str:
        """A director's name as works have it."""
        with self._store.reading() as view:
            found = _facet(view, Facet("maker", name))
        return found[1] if found else name

    def _led(self, asked: str, kind: type[AnyGuide], **values: object) -> list[tuple[AnyGuide, int]]:
        with self._store.reading() as view:
            rows = view.execute(asked, {**self._viewer, **values})
            return [(_read(row, kind), int(works)) for row, works in rows]

    def _find(self, id: str, kind: type[AnyGuide]) -> tuple[AnyGuide, str]:
        with self._store.reading() as view:
            row = view.execute(_FOUND, (storable(id), KINDS[kind])).fetchone()
            if not row:
                raise UnknownGuide(id)
            return _read(row[0], kind), str(row[1])


def _named(prefix: str, most: int = -1, supported: bool = False) -> dict[str, object]:
    """What _MAKERS is asked with."""
    return {
        "first": storable(prefix),
        "beyond": storable(prefix + LAST),
        "most": most,
        "supported": supported,
    }


def check(view: sqlite3.Connection) -> None:
    """Raises sqlite3.DatabaseError where one cannot be read."""
    for kind, name in KINDS.items():
        for (row,) in view.execute("SELECT json FROM guide WHERE kind = ?", (name,)):
            _read(row, kind)


def _some(asked: list[Asked]) -> Iterator[list[Asked]]:
    """All of them, so many at once."""
    return (asked[start : start + AT_ONCE] for start in range(0, len(asked), AT_ONCE))


def _facet(view: sqlite3.Connection, facet: Facet) -> tuple[int, str] | None:
    """Its key, and as a person spells it."""
    asked = tuple(map(storable, folded_value(facet)))
    row = view.execute("SELECT key, name FROM facet WHERE kind = ? AND value = ?", asked).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def _read(row: bytes, kind: type[AnyGuide]) -> AnyGuide:
    try:
        return codec.decode_guide(row, kind)
    except (TypeError, ValueError) as error:
        raise sqlite3.DatabaseError("%s: %s" % (KINDS[kind], error)) from error
