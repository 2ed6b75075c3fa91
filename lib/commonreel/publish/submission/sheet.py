# SPDX-License-Identifier: GPL-3.0-or-later
"""What a maker says of a film: each question, whether it must be answered, and how an answer is read.

Answers come as text from a terminal or an option, or as values of a TOML file; docs/makers.md lists them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Callable, Mapping, NamedTuple

from ...net.address import near
from ...works import declaration, languages, licence, links, well_known
from ...works.countries import CODES
from ...works.declaration import ANSWERS, Problem, Statement
from . import place, torrent
from .place import Place

OWN = ""  # in place of a title's language: the film's own


@dataclass(frozen=True)
class Sheet:
    """What is known of a film once all that must be answered is."""

    title: Mapping[str, str]  # language (BCP 47, OWN) → text
    place: Place
    year: int
    language: tuple[str, ...]  # spoken, BCP 47
    director: tuple[str, ...]
    by: str  # who declares
    licence: str  # its address
    statements: Mapping[str, Statement]
    credit: str = ""
    description: Mapping[str, str] = field(default_factory=dict)
    actor: tuple[str, ...] = ()
    genre: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    rating: Mapping[str, object] = field(default_factory=dict)  # the record's contentRating
    funding: tuple[str, ...] = ()  # addresses
    site: str = ""  # address of what proves a site of their own, beside the place
    trackers: tuple[str, ...] = torrent.TRACKERS  # addresses


class Question(NamedTuple):
    """`read` makes of an answer what a Sheet holds; ValueError says what is wrong with it."""

    name: str
    read: Callable[[Any], object]
    needed: bool = True
    each: bool = False  # of every film for itself, where several are sent in at once


class Filled(NamedTuple):
    sheet: Sheet | None
    problems: tuple[Problem, ...]


def fill(answers: Mapping[str, object]) -> Filled:
    """The sheet of these answers, by question; where it cannot be made, all that is missing or wrong."""
    read: dict[str, Any] = {}
    problems = [Problem(name, "not a question") for name in answers if name not in _BY_NAME]
    for question in (*asked(answers), *UNASKED):
        if question.name not in answers:
            if question.needed:
                problems.append(Problem(question.name, "missing" + _answers(question.name)))
            continue
        try:
            read[question.name] = question.read(answers[question.name])
        except ValueError as error:
            problems.append(Problem(question.name, str(error)))
    if problems:
        return Filled(None, tuple(problems))
    channel = read.pop("channel", "")
    try:
        read["place"] = place.of(str(answers["place"]), channel)
    except ValueError as error:
        return Filled(None, (Problem("channel", str(error)),))
    statements = {name: read.pop(name) for name in ANSWERS}
    return Filled(Sheet(**read, statements=statements), ())


def _answers(name: str) -> str:
    """What a statement's answers are: ': sole, agreed (with the authors' names)'."""
    named = ["%s (with %s)" % (each, note) if note else each for each, note in ANSWERS.get(name, {}).items()]
    return ": " + ", ".join(named) if named else ""


def asked(answers: Mapping[str, object]) -> tuple[Question, ...]:
    """The questions that there are, after these answers: that for a channel is for PeerTube alone."""
    in_channel = place.is_peertube(str(answers.get("place", "")))
    return tuple(each for each in QUESTIONS if each.name != "channel" or in_channel)


def non_commercial_only(answers: Mapping[str, object]) -> bool:
    """Whether, after these answers, only licences for non-commercial use will do."""
    try:
        return declaration.non_commercial_only(
            _statement("collectingSociety")(answers.get("collectingSociety"))
        )
    except ValueError:
        return False


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("not text")
    return value.strip()


def _texts(value: Any) -> tuple[str, ...]:
    """A list, or one with commas."""
    found = value.split(",") if isinstance(value, str) else value
    if not isinstance(found, list) or not found:
        raise ValueError("neither text nor a list of texts")
    return tuple(dict.fromkeys(map(_text, found)))


def _translated(value: Any) -> dict[str, str]:
    """Text in the film's own language, or {language: text}."""
    if not isinstance(value, dict):
        return {OWN: _text(value)}
    if not value or not all(languages.code(each) for each in value):
        raise ValueError('not text, nor {language: text}: {"fr": "…", "en": "…"}')
    return {each: _text(text) for each, text in value.items()}


def _year(value: Any) -> int:
    try:
        if isinstance(value, (bool, float)):
            raise TypeError
        return int(value)
    except (TypeError, ValueError) as error:
        raise ValueError("not a year: %.40s" % value) from error


def _languages(value: Any) -> tuple[str, ...]:
    found = []
    for each in _texts(value):
        code = languages.code(each)
        if not code and each != "zxx":
            raise ValueError("not a language: %.40s; 'fr', 'pt-BR', 'French' are; zxx is for none" % each)
        found.append(each if "-" in each or not code else code)
    return tuple(dict.fromkeys(found))


def _countries(value: Any) -> tuple[str, ...]:
    found = tuple(each.upper() for each in _texts(value))
    unknown = [each for each in found if each not in CODES]
    if unknown:
        raise ValueError("not a country: %.40s; codes of two letters are, as FR" % unknown[0])
    return found


def _place(value: Any) -> str:
    place.of(_text(value))
    return _text(value)


def _licence(value: Any) -> str:
    found = licence.lookup(_text(value))
    if found.gate != "ok":
        raise ValueError("not a licence by which a maker gives a film: %.100s" % value)
    return found.url


def _funding(value: Any) -> tuple[str, ...]:
    found = _texts(value)
    for each in found:
        if links.concealed(each):
            raise ValueError("%.100s does not show whom is given to: %s" % (each, links.concealed(each)))
    return found


def _site(value: Any) -> str:
    """'https://makers.example', or its host alone."""
    host = _text(value).rpartition("://")[2].rstrip("/").lower()
    if not links.payee("https://%s/" % host):
        raise ValueError("not a site of your own: %.100s" % value)
    return well_known.address(host)


def _trackers(value: Any) -> tuple[str, ...]:
    """Such as a device asks: on the open Internet, and no user name goes there."""
    found = _texts(value)
    for each in found:
        if links.well_formed(each, links.TRACKERS) != each or "@" in each or near(each):
            schemes = ", ".join(map("%s://".__mod__, links.TRACKERS))
            raise ValueError(
                "not a tracker on the open Internet: %.100s; one begins with %s" % (each, schemes)
            )
    return found


def _rating(value: Any) -> dict[str, object]:
    """A note, or the record's contentRating."""
    return dict(value) if isinstance(value, dict) else {"note": _text(value)}


def _statement(name: str) -> Callable[[Any], Statement]:
    """Of an answer's word, or {"answer", "note"}."""

    def read(value: Any) -> Statement:
        said = value if isinstance(value, dict) else {"answer": value}
        answer, note = str(said.get("answer")), said.get("note", "")
        if answer not in ANSWERS[name] or not set(said) <= {"answer", "note"}:
            raise ValueError("not an answer: one of %s" % ", ".join(ANSWERS[name]))
        if ANSWERS[name][answer] and not note:
            raise ValueError("%r needs a note: %s" % (answer, ANSWERS[name][answer]))
        return Statement(answer, _text(note) if note else "")

    return read


QUESTIONS = (
    Question("title", _translated, each=True),
    Question("place", _place, each=True),
    Question("channel", _text),
    Question("year", _year, each=True),
    Question("language", _languages, each=True),
    Question("director", _texts),
    Question("actor", _texts, needed=False, each=True),
    Question("description", _translated, needed=False, each=True),
    Question("genre", _texts, needed=False),
    Question("country", _countries, needed=False),
    Question("rating", _rating, needed=False, each=True),
    Question("funding", _funding, needed=False),
    Question("site", _site, needed=False),
    Question("by", _text),
    *(Question(name, _statement(name)) for name in ANSWERS),
    Question("licence", _licence),
    Question("credit", _text, needed=False),
)
# What a file or an option alone says: few makers have one.
UNASKED = (Question("trackers", _trackers, needed=False),)
_BY_NAME = {each.name: each for each in (*QUESTIONS, *UNASKED)}
