# SPDX-License-Identifier: GPL-3.0-or-later
"""What a maker declares: read back as it was written, and wrong in each way that it can be."""

from __future__ import annotations

import dataclasses
import json

import pytest

from commonreel.works import declaration, metainfo, record
from commonreel.works.declaration import Declaration, DeclaredFile, Problem, Statement
from lab import torrents

STATEMENTS = {
    "authors": Statement("sole"),
    "music": Statement("agreed", "Ada Lund, composer and player"),
    "archiveFootage": Statement("none"),
    "performers": Statement("agreed"),
    "coProducers": Statement("none"),
    "collectingSociety": Statement("none"),
}
GOOD = Declaration(
    work="ia:TheLongWay",
    title="Le long chemin",
    public_key=bytes(range(32)),
    film=(DeclaredFile("film.mp4", 1234, "ab" * 32),),
    info_hash="cd" * 20,
    license="https://creativecommons.org/licenses/by/4.0/",
    by="Ada Lund",
    at="2026-11-29",
    until="2027-11-29",
    statements=STATEMENTS,
)


def said(**changes):
    """The declaration's JSON, with fields changed; None takes one out."""
    whole = {**json.loads(declaration.to_bytes(GOOD)), **changes}
    return json.dumps({name: value for name, value in whole.items() if value is not None}).encode()


def stated(name, **statement):
    return said(statements={**json.loads(declaration.to_bytes(GOOD))["statements"], name: statement})


def test_it_is_read_as_it_was_written_and_nothing_speaks_against_it():
    parsed = declaration.parse(declaration.to_bytes(GOOD))
    assert parsed == (GOOD, ())
    assert declaration.problems(GOOD) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "declaration"),
        (b"[]", "declaration"),
        (b"[" * 100_000, "declaration"),
        (b'{"v": NaN}', "declaration"),
        (b" " * (declaration.MAX_BYTES + 1), "declaration"),
        (said(v=2), "v"),
        (said(v=None), "v"),
        (said(work="../../etc"), "work"),
        (said(title=" "), "title"),
        (said(title="a\x1b[2J"), "title"),
        (said(key="0" * 64), "key"),
        (said(publicKey="AAAA"), "publicKey"),
        (said(publicKey="é"), "publicKey"),
        (said(film=[{"path": "../film.mp4", "length": 1, "sha256": "0" * 64}]), "film[0].path"),
        (said(film=[{"path": "film.mp4", "length": -1, "sha256": "0" * 64}]), "film[0].length"),
        (said(film=[{"path": "film.mp4", "length": 1, "sha256": "0" * 63}]), "film[0].sha256"),
        (said(infoHash=None), "infoHash"),
        (said(infoHash="CD" * 20), "infoHash"),
        (said(by=None), "by"),
        (said(at="2026-13-01"), "at"),
        (said(until="tomorrow"), "until"),
        (said(statements=None), "statements"),
        (stated("authors", answer="perhaps"), "statements.authors.answer"),
        (stated("music", answer="agreed"), "statements.music.note"),
        (stated("collectingSociety", answer="member", note=""), "statements.collectingSociety.note"),
    ],
)
def test_what_breaks_the_format_is_named_by_its_field(body, field):
    parsed = declaration.parse(body)
    assert parsed.declaration is None
    assert [problem.field for problem in parsed.problems] == [field]


def test_every_wrong_field_is_named_at_once():
    found = declaration.parse(b"{}").problems
    assert {"v", "key", "publicKey", "work", "title", "license", "by", "at", "until", "statements"} == {
        problem.field for problem in found
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"until": "2027-11-30"}, "until"),
        ({"until": "2026-11-29"}, "until"),
        ({"license": "https://creativecommons.org/publicdomain/mark/1.0/"}, "license"),
        ({"license": "https://creativecommons.org.example/licenses/by/4.0/"}, "license"),
    ],
)
def test_what_speaks_against_it_is_said(changes, field):
    found = declaration.problems(dataclasses.replace(GOOD, **changes))
    assert [problem.field for problem in found] == [field]


@pytest.mark.parametrize(
    ("answer", "note", "code", "allowed"),
    [
        ("none", "", "by", True),
        ("member", "SACEM", "by", False),
        ("member", "SACEM", "by-nc", True),
        ("member", "GEMA", "by-sa", False),
        ("released", "GEMA: no online rights in its hands", "by-sa", True),
        ("released", "la Sacem, par lettre", "by-sa", False),
        ("released", "la Sacem, par lettre", "by-nc-nd", True),
    ],
)
def test_a_society_binds_its_members(answer, note, code, allowed):
    society = {**STATEMENTS, "collectingSociety": Statement(answer, note)}
    made = dataclasses.replace(
        GOOD, statements=society, license="https://creativecommons.org/licenses/%s/4.0/" % code
    )
    found = [problem.field for problem in declaration.problems(made)]
    assert found == ([] if allowed else ["statements.collectingSociety"])


def record_of(declared, **changes):
    evidence = {"kind": "signed-declaration", "by": declared.key, "at": declared.at}
    return record.parse(
        {
            "id": declared.work,
            "name": {"fr": declared.title},
            "license": {"url": declared.license},
            "rights": {
                "class": "A",
                "territories": ["*"],
                "evidence": [evidence],
                "declaredUntil": declared.until,
            },
            "encoding": [{"infoHash": declared.info_hash}],
            "source": {"name": "archive.org", "url": "https://archive.org/details/TheLongWay"},
            "submitter": declared.key,
            **changes,
        }
    )


def declared_and_torrent():
    """A declaration of the files of a real torrent."""
    meta = metainfo.parse(torrents.make("film.mp4", b"film" * 9000, version=torrents.HYBRID))
    film = (DeclaredFile("film.mp4", 36_000, "ab" * 32),)
    return dataclasses.replace(GOOD, film=film, info_hash=meta.info_hash), meta


def test_record_and_torrent_say_what_is_declared():
    declared, meta = declared_and_torrent()
    assert declaration.differences(declared, record_of(declared), meta) == []


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"id": "ia:Another"}, ["id"]),
        ({"submitter": "0" * 64}, ["submitter"]),
        ({"license": {"url": "https://creativecommons.org/licenses/by-nc/4.0/"}}, ["license.url"]),
        ({"name": {"fr": "Un autre"}}, ["name"]),
        ({"encoding": [{"infoHash": "0" * 40}]}, ["encoding"]),
    ],
)
def test_a_record_that_says_something_else_is_found_out(changes, fields):
    declared, meta = declared_and_torrent()
    found = declaration.differences(declared, record_of(declared, **changes), meta)
    assert [problem.field for problem in found] == fields


def test_a_torrent_of_something_else_is_found_out():
    declared, _ = declared_and_torrent()
    other = metainfo.parse(torrents.make("film.mp4", b"fil!" * 9001, version=torrents.HYBRID))
    found = declaration.differences(declared, record_of(declared), other)
    assert [problem.field for problem in found] == ["infoHash", "film"]
    assert [each.field for each in declaration.differences(declared, record_of(declared), None)] == ["film"]


def test_a_year_ends_on_the_same_day_or_in_february_on_the_last():
    assert declaration.a_year_after("2026-11-29") == "2027-11-29"
    assert declaration.a_year_after("2028-02-29") == "2029-02-28"


def test_a_problem_is_a_field_and_a_reason():
    assert declaration.parse(said(by=None)).problems == (Problem("by", "missing"),)
