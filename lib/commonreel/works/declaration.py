# SPDX-License-Identifier: GPL-3.0-or-later
"""What a maker declares of a film: that it is theirs to give, under which licence, until when.

declaration.json, a JSON object whose bytes are signed (declaration.sig, minisign's format):

    {"v": 1, "work": id, "title", "key": fingerprint, "publicKey": base64 of the key's 32 bytes,
     "film": [{"path", "length", "sha256"}], "infoHash", "license": address, "by": who declares,
     "at", "until": dates, "statements": {"authors": {"answer", "note"}, …},
     "record": SHA-256 of the record's line}

`film` is every file of the torrent: the film and what goes with it. A series as a whole has no film of its
own, so no file and no info hash either. A statement is an answer of ANSWERS, with a note where the answer
means little without one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any, Callable, Mapping, NamedTuple, TypeVar

from . import licence, record
from .errors import RecordInvalid
from .fields import Fields
from .metainfo import Metainfo
from .record_parts import ID
from .strict_json import strict_json
from .work import WHOLES, Work

VERSION = 1
MAX_BYTES = 256 << 10  # of declaration.json
MAX_FILES = 200

# Statement → its answers → what the note must tell; '' where none is needed.
ANSWERS: Mapping[str, Mapping[str, str]] = {
    "authors": {"sole": "", "agreed": "the authors' names"},
    "music": {
        "none": "",
        "own": "",
        "agreed": "who wrote, plays and has recorded it",
        "free": "titles, authors and licences",
    },
    "archiveFootage": {
        "none": "",
        "own": "",
        "agreed": "what it is, and whose",
        "free": "what it is, and under which licence or rule",
    },
    "performers": {"none": "", "agreed": ""},
    "coProducers": {"none": "", "agreed": "their names"},
    "collectingSociety": {"none": "", "member": "which one", "released": "which one, and how it has agreed"},
}

_SHA256 = re.compile(r"[0-9a-f]{64}")
_INFO_HASH = re.compile(r"[0-9a-f]{40}")
_DATE = re.compile(r"([0-9]{4})(-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))")
_SACEM = re.compile(r"(?<![a-z])sacem(?![a-z])", re.IGNORECASE)

T = TypeVar("T")


class Problem(NamedTuple):
    """What is wrong with a submission."""

    field: str  # 'statements.music.note'
    reason: str  # in English


class Statement(NamedTuple):
    answer: str
    note: str = ""


class DeclaredFile(NamedTuple):
    path: str  # in the torrent
    length: int  # bytes
    sha256: str  # 64 hex digits


@dataclass(frozen=True)
class Declaration:
    work: str  # the record's id
    title: str
    public_key: bytes  # Ed25519, 32
    film: tuple[DeclaredFile, ...]
    info_hash: str  # v1, 40 hex digits
    license: str  # its address
    by: str  # the declarer's name
    at: str  # ISO 8601 dates
    until: str
    statements: Mapping[str, Statement]
    record: str = ""  # seal() of the record that goes with it: nobody else can ask for gifts in it

    @property
    def key(self) -> str:
        return fingerprint(self.public_key)


class Parsed(NamedTuple):
    """A declaration that keeps to the format, or what breaks it."""

    declaration: Declaration | None
    problems: tuple[Problem, ...]


def fingerprint(public_key: bytes) -> str:
    """By which a key is known: 64 hex digits."""
    return hashlib.sha256(public_key).hexdigest()


def proof(key: str) -> str:
    """What whoever has the account or channel writes there, to say that this key is theirs."""
    return "urn:commonreel:key:" + key


def maker(key: str) -> str:
    """The id of whose key it is: all works that are sent in with it name that as their maker."""
    return "key:" + key


def seal(made: Mapping[str, object]) -> str:
    """By which a declaration says which record it goes with: 64 hex digits."""
    return hashlib.sha256(record.line(made).encode("utf-8", "surrogatepass")).hexdigest()


def _is_day(said: str) -> bool:
    """Whether the calendar has that day."""
    year, month, day = map(int, said.split("-"))
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day <= (28 + leap if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def a_year_after(day: str) -> str:
    """The last day for which a declaration of that date may stand."""
    later = "%04d%s" % (int(day[:4]) + 1, day[4:])
    return later[:-2] + "28" if later.endswith("-02-29") else later


def to_bytes(declaration: Declaration) -> bytes:
    """The bytes to sign: the same for the same declaration."""
    statements = {
        name: {"answer": said.answer, **({"note": said.note} if said.note else {})}
        for name, said in declaration.statements.items()
    }
    whole = {
        "v": VERSION,
        "work": declaration.work,
        "title": declaration.title,
        "key": declaration.key,
        "publicKey": base64.b64encode(declaration.public_key).decode(),
        "film": [file._asdict() for file in declaration.film],
        "infoHash": declaration.info_hash,
        "license": declaration.license,
        "by": declaration.by,
        "at": declaration.at,
        "until": declaration.until,
        "statements": statements,
        "record": declaration.record,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def parse(body: bytes) -> Parsed:
    """What such bytes say, with every field that is wrong. Whose signature they bear is not looked at."""
    if len(body) > MAX_BYTES:
        return Parsed(None, (Problem("declaration", "more than %d bytes" % MAX_BYTES),))
    try:
        fields = Fields(strict_json(body.decode("utf-8")), "", False)
    except (ValueError, RecordInvalid) as error:
        return Parsed(None, (Problem("declaration", "not a JSON object (%s)" % error),))
    return _Reader(fields).parsed()


def problems(declaration: Declaration) -> list[Problem]:
    """What speaks against it, though it keeps to the format."""
    found = []
    if not all(map(_is_day, (declaration.at, declaration.until))):
        found.append(Problem("until", "no day of the calendar: %s, %s" % (declaration.at, declaration.until)))
    elif not declaration.at < declaration.until <= a_year_after(declaration.at):
        found.append(Problem("until", "not within a year of %s" % declaration.at))
    granted = licence.lookup(declaration.license)
    if granted.gate != "ok":
        found.append(Problem("license", "not a licence by which a maker gives a film: %s" % granted.gate))
    society = declaration.statements["collectingSociety"]
    if granted.commercial and non_commercial_only(society):
        found.append(
            Problem(
                "statements.collectingSociety",
                "its members may give works under non-commercial licences (NC) only, not %s" % granted.label,
            )
        )
    return found


def differences(declaration: Declaration, work: Work, torrent: Metainfo | None) -> list[Problem]:
    """Where record, torrent and declaration do not say the same. `torrent`: None for a series as a whole."""
    same = [
        ("id", work.id, declaration.work),
        ("submitter", work.submitter, declaration.key),
        ("license.url", work.license.url, declaration.license),
        ("rights.declaredUntil", work.rights.declared_until, declaration.until),
    ]
    found = [
        Problem(field, "%s, but %s is declared" % tuple(each)) for field, *each in same if each[0] != each[1]
    ]
    if declaration.title not in work.name.values():
        found.append(Problem("name", "%r is declared" % declaration.title))
    if (declaration.key, declaration.at) not in [
        (one.by, one.at) for one in work.rights.evidence if one.kind == "signed-declaration"
    ]:
        found.append(Problem("rights.evidence", "not of the key and date that the declaration has"))
    return found + _torrent_differences(declaration, work, torrent)


def _torrent_differences(declaration: Declaration, work: Work, torrent: Metainfo | None) -> list[Problem]:
    if torrent is None:
        is_whole = work.type in WHOLES and not declaration.film
        return [] if is_whole else [Problem("film", "there is no torrent")]
    found = []
    if torrent.info_hash != declaration.info_hash:
        found.append(Problem("infoHash", "the torrent's is %s" % torrent.info_hash))
    held = sorted((file.path, file.length) for file in torrent.files)
    if held != sorted((file.path, file.length) for file in declaration.film):
        found.append(Problem("film", "the torrent has other files"))
    if declaration.info_hash not in [each.info_hash for each in work.encoding]:
        found.append(Problem("encoding", "none has the declared info hash"))
    return found


def non_commercial_only(society: Statement) -> bool:
    """Whether a collecting society leaves but licences for non-commercial use. Every society of the EU lets
    its members give so much (Directive 2014/26/EU, art. 5(3)); SACEM lets them go no further."""
    named = _SACEM.search(society.note)
    return society.answer == "member" or (society.answer == "released" and bool(named))


class _Reader:
    """Reads one field after another, and notes what is wrong with each."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._problems: list[Problem] = []

    def parsed(self) -> Parsed:
        fields = self._fields
        self._read(fields.number, "v", VERSION, VERSION, True)
        declared_key = self._read(fields.matching, "key", _SHA256, 64, True)
        public_key = self._read(key_of, fields)
        if public_key and declared_key not in (None, fingerprint(public_key)):
            self._problems.append(Problem("key", "not the public key's fingerprint"))
        made: dict[str, Any] = {
            "work": self._read(fields.matching, "work", ID, 200, True),
            "title": self._read(fields.text, "title", 300, True),
            "public_key": public_key,
            "film": self._read(_film, fields),
            "info_hash": self._read(fields.matching, "infoHash", _INFO_HASH, 40),
            "license": self._read(fields.text, "license", licence.MAX_URL, True),
            "by": self._read(fields.text, "by", 200, True),
            "at": self._read(fields.matching, "at", _DATE, 10, True),
            "until": self._read(fields.matching, "until", _DATE, 10, True),
            "statements": self._statements(),
            "record": self._read(fields.matching, "record", _SHA256, 64),
        }
        if made["film"] and made["info_hash"] == "":
            self._problems.append(Problem("infoHash", "missing"))
        found = tuple(self._problems)
        return Parsed(None if found else Declaration(**made), found)

    def _statements(self) -> dict[str, Statement]:
        within = self._read(self._fields.child, "statements", True)
        said = {name: self._read(_statement, within, name) for name in ANSWERS} if within else {}
        return {name: statement for name, statement in said.items() if statement}

    def _read(self, read: Callable[..., T], *arguments: object) -> T | None:
        try:
            return read(*arguments)
        except RecordInvalid as error:
            field, _, reason = error.detail.partition(": ")
            self._problems.append(Problem(field, reason))
            return None


def _statement(statements: Fields, name: str) -> Statement:
    fields = statements.child(name, required=True)
    answer = fields.choice("answer", tuple(ANSWERS[name]), required=True)
    note = fields.text("note", 2000, required=bool(ANSWERS[name][answer]))
    return Statement(answer, note)


def _film(fields: Fields) -> tuple[DeclaredFile, ...]:
    return tuple(
        DeclaredFile(
            one.path("path", required=True),
            one.number("length", 0, record.MAX_BYTES, required=True),
            one.matching("sha256", _SHA256, 64, required=True),
        )
        for one in fields.children("film", MAX_FILES)
    )


def key_of(fields: Fields) -> bytes:
    """The public key in `publicKey`, 32 bytes. Raises RecordInvalid."""
    text = fields.text("publicKey", 44, required=True)
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise fields.wrong("publicKey", "not base64") from error
    if len(key) != 32:
        raise fields.wrong("publicKey", "not 32 bytes")
    return key
