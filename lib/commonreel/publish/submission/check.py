# SPDX-License-Identifier: GPL-3.0-or-later
"""A submission looked at from all sides: rights, giving, titles, duplicates, torrent, proof, film."""

from __future__ import annotations

from dataclasses import dataclass
from typing import AbstractSet, Collection, Iterator, Mapping

from ...works import declaration
from ...works.declaration import Problem
from ...works.work import Work
from ..building import Catalogue, Record
from . import RECORD, claims, duplicates, film, known_titles, proof
from .received import Submission
from .web import Web


@dataclass(frozen=True)
class Terms:
    """What a submission is looked at with. `decided`, `taken_back`: as in the ledger. `namesake`: a person
    has seen that it is not the work in copyright that has its name. `commercial`: the catalogue is sold, or
    shown for money."""

    catalogue: Catalogue
    decided: Mapping[str, Record]
    taken_back: AbstractSet[str]
    namesake: bool = False
    commercial: bool = False
    publishers: Collection[str] = ()  # names of those whose works the catalogue carries


def problems(submission: Submission, terms: Terms, web: Web, today: str) -> list[Problem]:
    """What is wrong with it; nothing, and it is of class A. `today`: ISO 8601 date. Raises OSError, and
    CommonReelError where ffprobe is missing."""
    said = [*_as_it_stands(submission, terms, today)]
    at_its_place = [*proof.problems(submission.work, submission.torrent, submission.declaration.key, web)]
    return list(dict.fromkeys([*said, *at_its_place, *_film(submission, web)]))


def _as_it_stands(submission: Submission, terms: Terms, today: str) -> Iterator[Problem]:
    work, declared = submission.work, submission.declaration
    yield from declaration.problems(declared)
    yield from declaration.differences(declared, work, submission.torrent)
    if declared.record != declaration.seal(submission.made):
        yield Problem(RECORD, "not the record that was signed for")
    for number, each in enumerate(work.encoding):
        if each != submission.encoding:
            yield Problem("encoding[%d]" % number, "not of the torrent that is declared")
    held = {**terms.catalogue.records, **terms.decided}
    for field, id in _joined(work):
        if id in held and held[id].get("submitter") != declared.key:
            yield Problem(field, "%s was not sent in with this key" % id)
        elif id.startswith(declaration.maker("")):
            yield Problem(field, "%s is another's key" % id)
        elif id.partition(":")[0] in terms.publishers:
            yield Problem(field, "%s is a publisher's" % id)
    yield from claims.problems(work, submission.made, declared, today)
    if terms.commercial:
        yield from claims.not_commercial(work)
    if not terms.namesake:
        yield from known_titles.problems(work)
    yield from duplicates.problems(submission.made, terms.catalogue, terms.decided, terms.taken_back)


def _joined(work: Work) -> Iterator[tuple[str, str]]:
    """The ids of what the work would stand below: its series, and makers' pages but its submitter's own."""
    own = declaration.maker(work.submitter)
    yield from (("maker[%d]" % number, id) for number, id in enumerate(work.maker) if id != own)
    if work.part_of:
        yield "partOf.series", work.part_of.series


def _film(submission: Submission, web: Web) -> list[Problem]:
    """The film's bytes are looked at only where torrent and declaration agree on which they are."""
    declared, torrent, encoding = submission.declaration, submission.torrent, submission.encoding
    if not torrent or not encoding:
        return []
    found = [*film.torrent_problems(torrent, encoding)]
    if found or declaration.differences(declared, submission.work, torrent):
        return found
    return [*film.problems(submission.folder, declared.film, torrent, encoding, web)]
