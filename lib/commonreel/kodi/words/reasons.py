# SPDX-License-Identifier: GPL-3.0-or-later
"""Why a work may be watched, in words: a line for its row, and a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Iterable, Iterator

from ...works import licence
from ...works.licence import Licence
from ...works.work import Evidence, Work
from .strings import Text, country_name, language, language_name, text

if TYPE_CHECKING:
    from ...catalog.following import State

US_RULE, LIFE_RULE = "us-95", "life-70"


def short(work: Work, country: str) -> str:
    """In one line, for a viewer in that country: 'CC BY 3.0 – Blender Foundation'."""
    if work.rights.rights_class != "C":
        return " – ".join(part for part in (_label(work), holder(work)) if part)
    rules = {evidence.rule for evidence in work.rights.evidence}
    if US_RULE in rules and work.year and (country == "US" or LIFE_RULE not in rules):
        return text(Text.REASON_US, year=work.year)
    return text(Text.REASON_LIFE) if LIFE_RULE in rules else text(Text.REASON_LAW)


def page(work: Work, own: bool, curator: State | None = None, makers: Iterable[str] = ()) -> str:
    """All of it: licence, where it holds, on what evidence, whom to credit, who has made it, what is spoken
    and written in it, the source, and who answers for it. `own`: the record is the user's, and nobody has
    checked it. `curator`: of the catalogue it is from."""
    classes = {"A": Text.CLASS_A, "B": Text.CLASS_B, "C": Text.CLASS_C}
    named = Text.OWN_FOLDER if own else classes.get(work.rights.rights_class)
    return told(
        text(named) if named else "",
        (Text.HEADING_LICENCE, _licence_lines(work)),
        (Text.HEADING_WHERE, [_territories(work)]),
        (Text.HEADING_EVIDENCE, [_evidence_line(work, evidence) for evidence in work.rights.evidence]),
        (Text.HEADING_CREDIT, [work.license.credit]),
        (Text.HEADING_MAKERS, [", ".join(makers)]),
        (Text.KIND_LANGUAGE, [", ".join(_language(tag) for tag in work.in_language)]),
        (Text.KIND_SUBTITLES, [", ".join(_subtitles(work))]),
        (Text.HEADING_SOURCE, [work.source.name, work.source.url]),
        (Text.HEADING_CURATOR, curator_lines(curator)),
    )


def told(first: str, *sections: tuple[Text, Iterable[str]]) -> str:
    """A page: some words, and below them the sections that have any."""
    parts = [first] if first else []
    for heading, lines in sections:
        said = [line for line in lines if line]
        if said:
            parts.append("\n".join(["[B]%s[/B]" % text(heading), *said]))
    return "\n\n".join(parts)


def title(work: Work) -> str:
    """With the year where it is known."""
    name = work.title(language())
    return "%s (%d)" % (name, work.year) if work.year else name


def _label(work: Work) -> str:
    return licence.lookup(work.license.url).label or work.license.spdx


def holder(work: Work) -> str:
    """Whom its maker wants named, or who vouches for it."""
    if work.rights.rights_class == "A" and work.license.credit:
        return work.license.credit
    named = (evidence.by for evidence in work.rights.evidence if evidence.by)
    return next(named, "") or work.source.name


def _licence_lines(work: Work) -> list[str]:
    known = licence.lookup(work.license.url)
    return [_label(work), work.license.url, *(_terms(known) if known.gate == "ok" else ())]


def _terms(known: Licence) -> Iterator[str]:
    if known.attribution:
        yield text(Text.TERM_ATTRIBUTION)
    if not known.commercial:
        yield text(Text.TERM_NO_COMMERCE)
    if not known.derivatives:
        yield text(Text.TERM_NO_CHANGES)
    if known.share_alike:
        yield text(Text.TERM_SHARE_ALIKE)


def curator_lines(curator: State | None) -> list[str]:
    """Who answers for a catalogue."""
    if not curator:
        return []
    objection = text(Text.OBJECT, contact=curator.contact) if curator.contact else ""
    return [curator.name, objection, curator.legal]


def _subtitles(work: Work) -> Iterator[str]:
    """Each language of which there are any, once: 'English, French (machine-made)'."""
    found = [subtitle for encoding in work.encoding for subtitle in encoding.subtitles]
    by_hand = {_language(subtitle.lang) for subtitle in found if not subtitle.machine}
    for name in dict.fromkeys(_language(subtitle.lang) for subtitle in found):
        yield name if name in by_hand else "%s (%s)" % (name, text(Text.MACHINE_MADE))


def _language(tag: str) -> str:
    """The name of a BCP 47 tag's language."""
    return language_name(tag.partition("-")[0])


def _territories(work: Work) -> str:
    if "*" in work.rights.territories:
        return text(Text.EVERYWHERE)
    return ", ".join(sorted(country_name(code) for code in work.rights.territories))


def _evidence_line(work: Work, evidence: Evidence) -> str:
    return " · ".join(
        part for part in (_kind(work, evidence), evidence.by, evidence.url, evidence.at) if part
    )


def _kind(work: Work, evidence: Evidence) -> str:
    if evidence.kind == "pd-rule":
        if evidence.rule == US_RULE:
            return text(Text.EVIDENCE_RULE_US, year=work.year)
        return text(Text.EVIDENCE_RULE_LIFE if evidence.rule == LIFE_RULE else Text.EVIDENCE_RULE)
    kinds = {
        "signed-declaration": Text.EVIDENCE_SIGNED,
        "institution": Text.EVIDENCE_INSTITUTION,
        "license-page": Text.EVIDENCE_PAGE,
        "wikidata": Text.EVIDENCE_WIKIDATA,
    }
    return text(kinds[evidence.kind]) if evidence.kind in kinds else evidence.kind
