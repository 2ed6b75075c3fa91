# SPDX-License-Identifier: GPL-3.0-or-later
"""Every page of the site in one language: its path, its template, and what the template is to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator, Mapping, NamedTuple, Sequence, TypeVar

from ...works.folding import folded
from ...works.guide import Selection
from ...works.work import Work
from . import naming
from .contents import Contents
from .shelves import Shelf
from .words import Words

WORKS, NAMES, LINES, PROPOSED = 60, 240, 200, 40  # of a page of a list
NEWEST, LARGEST = 18, 24  # works and shelves of the first page

_T = TypeVar("_T")


@dataclass(frozen=True)
class Page:
    path: str  # below the language's folder
    template: str
    title: str
    shows: Mapping[str, Any]
    section: str = ""  # of the menu
    listed: bool = True  # for search engines
    anywhere: bool = False  # shown by a host at addresses that are none
    at: str = ""  # when it last changed, ISO 8601, where that is known
    pager: Pager | None = None


class Pager(NamedTuple):
    """Where a page stands in its list."""

    stem: str
    number: int
    last: int

    @property
    def near(self) -> list[int]:
        """The numbers to go to: the first, the last, and those around."""
        around = range(self.number - 2, self.number + 3)
        return sorted({1, self.last, *(number for number in around if 0 < number <= self.last)})

    def path(self, number: int) -> str:
        return naming.page(self.stem, number)


def every(contents: Contents, words: Words) -> Iterator[Page]:
    works = sorted(contents.listed(), key=lambda each: (_order(words.best(each.name)[1]), each.id))
    shelves = {kind: [_in_order(shelf, words) for shelf in found] for kind, found in contents.shelves.items()}
    yield _start(contents, shelves, words)
    yield from _films(works, words)
    for kind in contents.kinds:
        yield from _kind(kind, shelves[kind], words)
    yield from _works(contents, words)
    for tombstone in contents.gone.values():
        yield Page(
            naming.work(tombstone.id), "gone.html", words("gone_title"), {"gone": tombstone}, listed=False
        )
    yield from _list("log", "log.html", words("log"), contents.log, LINES, _titles(contents, words))
    yield from _list("proposed", "proposed.html", words("proposed"), contents.proposed, PROPOSED)
    yield Page("legal.html", "legal.html", words("legal"), {}, "legal")
    yield Page("404.html", "not_found.html", words("not_found"), {}, listed=False, anywhere=True)


def _start(contents: Contents, shelves: Mapping[str, list[Shelf]], words: Words) -> Page:
    newest = [work for _, work in contents.newest()]
    shows = {
        "newest": newest[:NEWEST],
        "total": len(newest),
        "shelves": {**shelves, **{kind: _largest(shelves[kind]) for kind in ("genres", "makers", "lists")}},
        "all": shelves,
    }
    return Page("index.html", "start.html", contents.about.name or words("films"), shows, "home")


def _largest(shelves: Sequence[Shelf]) -> list[Shelf]:
    """Those with the most works, in the order of their values."""
    most = sorted(shelves, key=lambda each: -len(each.works))[:LARGEST]
    return sorted(most, key=lambda each: each.value)


def _films(works: Sequence[Work], words: Words) -> Iterator[Page]:
    letters: dict[str, int] = {}
    for place, work in enumerate(works):
        letters.setdefault(_letter(words.best(work.name)[1]), place // WORKS + 1)
    yield from _list("films", "films.html", words("films"), works, WORKS, {"letters": letters})


def _kind(kind: str, shelves: Sequence[Shelf], words: Words) -> Iterator[Page]:
    yield from _list(kind, "shelves.html", words(kind), shelves, NAMES)
    for shelf in shelves:
        title = shelf_name(shelf, words)
        template = "guide.html" if shelf.guide else "shelf.html"
        yield from _list(shelf.stem, template, title, shelf.works, WORKS, {"shelf": shelf}, kind)


def _works(contents: Contents, words: Words) -> Iterator[Page]:
    parts = contents.parts()
    history: dict[str, list[Any]] = {}
    for entry in contents.log:
        history.setdefault(entry.id, []).append(entry)
    for work in contents.works.values():
        own = parts.get(work.series, []) if work.type in ("TVSeries", "TVSeason") else []
        if work.type == "TVSeason":
            own = [each for each in own if _season(each) == _season(work)]
        episodes = [each for each in own if each.type == "TVEpisode"]
        shows = {
            "work": work,
            "whole": contents.whole(work),
            "seasons": [each for each in own if each.type == "TVSeason" and each.id != work.id],
            "history": history.get(work.id, []),
        }
        path = naming.work(work.id)
        for pager, page_of_them in _paged(path[: -len(".html")], episodes, WORKS):
            yield Page(
                naming.page(pager.stem, pager.number),
                "work.html",
                words.best(work.name)[1],
                {**shows, "rows": page_of_them},
                at=work.updated,
                pager=pager,
            )


def _list(
    stem: str,
    template: str,
    title: str,
    rows: Sequence[Any],
    size: int,
    more: Mapping[str, Any] | None = None,
    section: str = "",
) -> Iterator[Page]:
    for pager, some in _paged(stem, rows, size):
        yield Page(
            naming.page(stem, pager.number),
            template,
            title,
            {"rows": some, "total": len(rows), **(more or {})},
            section or stem,
            pager=pager,
        )


def _paged(stem: str, rows: Sequence[_T], size: int) -> Iterator[tuple[Pager, Sequence[_T]]]:
    """A list without any rows has one page."""
    last = max(1, -(-len(rows) // size))
    for number in range(1, last + 1):
        yield Pager(stem, number, last), rows[(number - 1) * size : number * size]


def shelf_name(shelf: Shelf, words: Words) -> str:
    if shelf.guide:
        return words.best(shelf.guide.name)[1]
    if shelf.kind == "decades":
        return words("decade", year=shelf.value)
    return words.genre(shelf.value, shelf.name) if shelf.kind == "genres" else shelf.name


def _in_order(shelf: Shelf, words: Words) -> Shelf:
    """With its works by title; those that somebody has chosen as they are."""
    if isinstance(shelf.guide, Selection):
        return shelf
    works = sorted(shelf.works, key=lambda each: (_order(words.best(each.name)[1]), each.id))
    return shelf._replace(works=tuple(works))


def _titles(contents: Contents, words: Words) -> Mapping[str, Any]:
    """What the records of the log are called, whatever has become of them."""
    proposed = (each.work for each in contents.proposed)
    named = (*contents.works.values(), *contents.guides.values(), *proposed)
    return {"titles": {each.id: words.best(each.name)[1] for each in named}}


def _season(work: Work) -> int:
    return work.part_of.season if work.part_of else 0


def _order(title: str) -> tuple[str, str]:
    return folded(title), title


def _letter(title: str) -> str:
    """Under which it is found in an alphabet; signs and writing without one are '#'."""
    first = folded(title)[:1]
    return first.upper() if first.isalpha() and first < "\u3000" else "#"
