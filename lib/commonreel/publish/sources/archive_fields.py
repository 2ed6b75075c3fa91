# SPDX-License-Identifier: GPL-3.0-or-later
"""What people have written about an archive.org item, as clean values.

Any field may be text, a number, a list of them or missing, in any notation
(https://archive.org/developers/metadata-schema/). What cannot be right is left out: '', 0 or nothing.
"""

from __future__ import annotations

import re
from typing import Iterable

from ...works.record import MAX_SECONDS
from ..plain_text import one_line, plain

STARS = 5  # of a review, at best
_MAX_VALUES = 1000  # of a field
_MAX_REVIEWS = 10_000
_MAX_READ = 10_000  # characters of a text; the longest that a record takes is a fifth of it

_DATE = re.compile(r"([0-9]{4})(-(0[1-9]|1[0-2])(-[0-3][0-9]([T ].*)?)?)?")
_CLOCK = re.compile(r"(?:([0-9]{1,3}):)?([0-9]{1,4}):([0-5][0-9])(?:\.[0-9]+)?")
_SECONDS = re.compile(r"([0-9]{1,7})(?:\.[0-9]+)?")
_TAGGED = re.compile(r"([a-z]{2,3})-([a-z]{2})")
_IDENTITIES = (
    ("imdb", re.compile(r"urn:imdb:(tt[0-9]{7,10})")),
    ("wd", re.compile(r"urn:wikidata:(Q[0-9]{1,12})")),
)

# BCP 47, then the codes of MARC and ISO 639-2, and the names that people write.
_LANGUAGES = """
ar ara arabic|bg bul bulgarian|bn ben bengali|ca cat catalan|cs cze ces czech|cy wel cym welsh|da dan danish
de ger deu german deutsch|el gre ell greek|en eng english|eo epo esperanto|es spa spanish español castellano
et est estonian|eu baq eus basque|fa per fas persian farsi|fi fin finnish|fr fre fra french français
ga gle irish|gl glg galician|gu guj gujarati|he heb hebrew|hi hin hindi|hr hrv croatian|hu hun hungarian
hy arm hye armenian|id ind indonesian|is ice isl icelandic|it ita italian italiano|ja jpn japanese
ka geo kat georgian|kn kan kannada|ko kor korean|la lat latin|lt lit lithuanian|lv lav latvian
mk mac mkd macedonian|ml mal malayalam|mr mar marathi|ms may msa malay|nl dut nld dutch nederlands
no nor norwegian|pa pan punjabi|pl pol polish polski|pt por portuguese português|ro rum ron romanian
ru rus russian|sk slo slk slovak|sl slv slovenian|sq alb sqi albanian|sr srp serbian|sv swe swedish svenska
sw swa swahili|ta tam tamil|te tel telugu|th tha thai|tl tgl tagalog|tr tur turkish|uk ukr ukrainian
ur urd urdu|vi vie vietnamese|yi yid yiddish|zh chi zho chinese mandarin
"""
_BY_NAME = {name: line.split()[0] for line in re.split(r"[|\n]", _LANGUAGES.strip()) for name in line.split()}

# The genre, then what it is called in the plural or otherwise.
_GENRES = {
    name: names[0]
    for names in (
        ("action", "action films"),
        ("adventure", "adventure films"),
        ("animation", "animated", "cartoon", "cartoons", "animated cartoon"),
        ("comedy", "comedies", "slapstick"),
        ("crime", "gangster"),
        ("documentary", "documentaries", "documentary film"),
        ("drama", "dramas", "melodrama"),
        ("fantasy",),
        ("film noir", "film-noir", "noir"),
        ("horror", "horror film", "horror films"),
        ("musical", "musicals"),
        ("mystery", "detective"),
        ("newsreel", "newsreels"),
        ("romance",),
        ("science fiction", "sci-fi", "scifi"),
        ("short", "shorts", "short film", "short films"),
        ("thriller", "suspense"),
        ("war", "war films"),
        ("western", "westerns"),
    )
    for name in names
}


def raw(value: object) -> list[str]:
    """The texts and numbers that it holds, as they stand."""
    values = value[:_MAX_VALUES] if isinstance(value, list) else [value]
    return [
        str(each) for each in values if isinstance(each, (str, int, float)) and not isinstance(each, bool)
    ]


def texts(value: object) -> list[str]:
    """The value as a list of what it holds, each text of one line and none blank."""
    return list(filter(None, (one_line(each[:_MAX_READ], _MAX_READ) for each in raw(value))))


def text(value: object, limit: int) -> str:
    """The first of them, cut."""
    return next(filter(None, (one_line(each[:_MAX_READ], limit) for each in raw(value))), "")


def prose(value: object, limit: int) -> str:
    """The value as lines, cut."""
    return plain("\n".join(each[:_MAX_READ] for each in raw(value)), limit)


def flag(value: object) -> bool:
    """Whether it says yes, in whatever words: all but a plain no."""
    return value is True or text(value, 10).lower() not in ("", "0", "false", "no")


def number(value: object, highest: int) -> int:
    """A whole number from 1 to `highest`."""
    written = text(value, 20)
    found = int(written) if re.fullmatch("[0-9]{1,15}", written) else 0
    return found if found <= highest else 0


def years(*values: object) -> set[int]:
    """The years that they name for certain: '1925', '1925-05-01', but not '19??', '[1925]', 'c.a. 1925'."""
    found = (_DATE.fullmatch(written) for value in values for written in texts(value))
    return {int(date[1]) for date in found if date and 1870 <= int(date[1]) <= 2200}


def seconds(value: object) -> int:
    """Of '5401.23', which are seconds, or '1:30:01', '90:01'."""
    written = text(value, 20)
    clock, count = _CLOCK.fullmatch(written), _SECONDS.fullmatch(written)
    found = int(count[1]) if count else 0
    if clock:
        found = int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    return found if found <= MAX_SECONDS else 0


def stars(reviews: object) -> list[int]:
    """What they give, one to STARS; a review without stars has 0."""
    entries = reviews[:_MAX_REVIEWS] if isinstance(reviews, list) else []
    found = (number(each.get("stars"), STARS) for each in entries if isinstance(each, dict))
    return [each for each in found if each]


def language(name: str) -> str:
    """BCP 47 of a language's name or code, '' where it is unknown."""
    name = name.strip().lower()
    tagged = _TAGGED.fullmatch(name)
    if tagged and tagged[1] in _BY_NAME:
        return "%s-%s" % (_BY_NAME[tagged[1]], tagged[2].upper())
    return _BY_NAME.get(name, "")


def languages(value: object) -> list[str]:
    return _known(language(name) for name in _split(value))


def genres(value: object) -> list[str]:
    """Those subjects that are a genre."""
    return _known(_GENRES.get(subject.lower(), "") for subject in _split(value))


def persons(value: object) -> list[str]:
    """One field holds one, or several with ';' between."""
    names = [name.strip() for each in texts(value) for name in each.split(";")]
    return _known(name for name in names if len(name) <= 120)


def same_as(value: object) -> list[str]:
    """The identities that a field `external-identifier` states."""
    matches = [(kind, pattern.fullmatch(urn)) for urn in texts(value) for kind, pattern in _IDENTITIES]
    return sorted({"%s:%s" % (kind, match[1]) for kind, match in matches if match})[:20]


def _known(found: Iterable[str]) -> list[str]:
    """Each once, without the unknown; twenty are what a record takes."""
    return [each for each in dict.fromkeys(found) if each][:20]


def _split(value: object) -> list[str]:
    return [part.strip() for each in texts(value) for part in re.split("[;,/]", each)]
