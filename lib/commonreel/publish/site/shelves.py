# SPDX-License-Identifier: GPL-3.0-or-later
"""Works that belong together: by a word of their records, by their maker, or by who has chosen them."""

from __future__ import annotations

from collections import Counter
from typing import Iterable, Iterator, Mapping, NamedTuple, Sequence

from ...works.folding import folded
from ...works.guide import Guide, Maker, Selection
from ...works.work import Work
from . import naming

KINDS = ("genres", "decades", "makers", "lists")


class Shelf(NamedTuple):
    """The works that share a genre, a decade or a maker, or that a list names."""

    kind: str
    value: str  # folded; of a decade its first year
    name: str  # as most works spell it
    works: tuple[Work, ...]
    guide: Guide | None = None  # the record that leads to them, if there is one

    @property
    def stem(self) -> str:
        return guided(self.guide) if self.guide else naming.shelf(self.kind, self.value)


def guided(guide: Guide) -> str:
    """The stem of a maker's page, or a list's."""
    return naming.guide("makers" if isinstance(guide, Maker) else "lists", guide.id)


def arranged(
    listed: Iterable[Work], works: Mapping[str, Work], guides: Mapping[str, Guide]
) -> dict[str, list[Shelf]]:
    """Of each of KINDS, in the order of their values. `listed`: the works that lists have. All by id.

    A guide that leads to no work has none.
    """
    found: dict[str, list[Shelf]] = {kind: [] for kind in KINDS}
    for shelf in (*_by_word(listed, guides), *_by_maker(works, guides), *_chosen(works, guides)):
        found[shelf.kind].append(shelf)
    for kept in found.values():
        kept.sort(key=lambda shelf: (shelf.value, shelf.stem))
    return found


def makers(work: Work, guides: Mapping[str, Guide]) -> list[Maker]:
    """Those of its makers that have a record, each once."""
    named = (guides.get(id) for id in dict.fromkeys(work.maker))
    return [each for each in named if isinstance(each, Maker)]


def names_of(maker: Maker) -> set[str]:
    """By which a work can name it among its directors."""
    return set(map(folded, maker.name.values()))


def _by_word(listed: Iterable[Work], guides: Mapping[str, Guide]) -> Iterator[Shelf]:
    spelled: dict[tuple[str, str], Counter[str]] = {}
    held: dict[tuple[str, str], dict[str, Work]] = {}
    for work in listed:
        for kind, name in _said(work, guides):
            key = kind, folded(name)
            spelled.setdefault(key, Counter())[name] += 1
            held.setdefault(key, {})[work.id] = work
    for key, works in held.items():
        name = min(spelled[key], key=lambda each: (-spelled[key][each], each))
        yield Shelf(*key, name, tuple(works.values()))


def _said(work: Work, guides: Mapping[str, Guide]) -> Iterator[tuple[str, str]]:
    """A director who has a record as the work's maker is there already."""
    told = {name for maker in makers(work, guides) for name in names_of(maker)}
    yield from (("genres", name) for name in work.genre)
    yield from (("makers", name) for name in work.director if folded(name) not in told)
    if work.year:
        yield "decades", str(work.year // 10 * 10)


def _by_maker(works: Mapping[str, Work], guides: Mapping[str, Guide]) -> Iterator[Shelf]:
    """No season, and no episode of a series that is there itself."""
    made: dict[str, list[Work]] = {}
    for work in works.values():
        whole = works.get(work.series) if work.part_of else None
        for maker in makers(work, guides) if work.type != "TVSeason" else ():
            if not (whole and maker.id in whole.maker):
                made.setdefault(maker.id, []).append(work)
    for id, held in made.items():
        yield _guided("makers", guides[id], held)


def _chosen(works: Mapping[str, Work], guides: Mapping[str, Guide]) -> Iterator[Shelf]:
    for selection in (each for each in guides.values() if isinstance(each, Selection)):
        found = [works[id] for id in selection.works if id in works and works[id].type != "TVSeason"]
        if found:
            yield _guided("lists", selection, found)


def _guided(kind: str, guide: Guide, works: Sequence[Work]) -> Shelf:
    return Shelf(kind, folded(guide.title()), guide.title(), tuple(works), guide)
