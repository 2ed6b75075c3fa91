# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad records of a catalogue: each is told by its place and its field, and takes no other with it."""

from __future__ import annotations

import csv
import json

import pytest
from test_licence import SAMPLES, needs_samples
from test_record import FULL, changed

from commonreel.catalog.admission import admit
from commonreel.works import record, rights
from lab.odd import everywhere, put
from lab.records import by_rule, free

YEAR = 2026
CC = "https://creativecommons.org/"
MARK = CC + "publicdomain/mark/1.0/"


def written(made):
    return json.dumps(made, ensure_ascii=False)


def reason(bad):
    """Why it is left out, '' if it is not. It stands between two good records, which must come through."""
    found = admit(written([free("t:first"), bad, free("t:last")]), YEAR)
    assert (found.entries[0].id, found.entries[-1].id) == ("t:first", "t:last")
    assert len(found.entries) + len(found.problems) == 3
    return "".join(found.problems)


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        ("name", ..., "name: missing"),
        ("name/en", "a\x00b", "name.en: holds a control character"),
        ("name/en", "\ud800", "name.en: holds a control character"),
        ("description/en", "x" * (1 << 20), "description.en: longer than 2000 characters"),
        ("year", "19??", "year: not a whole number"),
        ("year", -1, "year: not from 1870 to 2200"),
        ("year", 3024, "year: not from 1870 to 2200"),
        ("year", True, "year: not a whole number"),
        ("duration", 60.5, "duration: not a whole number"),
        ("duration", "90:01", "duration: not a whole number"),
        ("duration", "0", "duration: not a whole number"),
        ("duration", "NaN", "duration: not a whole number"),
        ("duration", 0, "duration: not from 1 to 604800"),
        ("encoding/0/file/length", ..., "encoding[0].file.length: missing"),
        ("encoding/0/file/length", "-5", "encoding[0].file.length: not a whole number"),
        ("encoding/0/file/length", -5, "encoding[0].file.length: not from 1 to 17592186044416"),
        ("encoding/0/file/length", 10**20, "encoding[0].file.length: not from 1 to 17592186044416"),
        ("encoding/0/file/path", "../film.mp4", "encoding[0].file.path: not a plain relative path"),
        ("updated", "9999", ""),
        ("updated", "1970-01-01", ""),
        ("updated", "Thu, 01 Jan 1970", "updated: malformed"),
        ("funding/channels/0/address", "https://a.example/" + "x" * 4096, "longer than 300 characters"),
        (
            "funding/channels/0/address",
            "https://liberapay.com@evil.example/",
            "funding.channels[0].address: does not show whom is given to: a user name hides its host",
        ),
        ("id", "ia:../x", "id: malformed"),
        ("id", "ia:a..b", "id: holds '..'"),
        ("id", "ia:%2fx", "id: malformed"),
        ("id", "ia:" + "x" * 300, "id: longer than 200 characters"),
        ("id", "t:first", "id: t:first is there twice"),
    ],
)
def test_a_bad_field_loses_its_record_alone(path, value, why):
    said = reason(changed(path, value))
    assert said.endswith(why) if why else said == ""
    assert said.startswith("record 2: ") or not why


@pytest.mark.parametrize(
    "text",
    [
        "{oops}",
        '{"id": "t:bad", "year": NaN}',
        '{"id": "t:bad", "year": %s}' % ("9" * 5000),
        '{"id": "t:bad", "x": %s%s}' % ("[" * 100_000, "]" * 100_000),
        '{"id": "t:bad", "name": {"en": "cut sho',
        "<html><body>Sorry</body></html>",
        "\x00" * 99,
        '{"id": "t:bad", "x": "%s"}' % ("x" * record.MAX_RECORD),
    ],
    ids=lambda text: ascii(text[:30]),
)
def test_a_line_that_is_no_record_loses_itself_alone(text):
    lines = [written(free("t:first")), text, written(free("t:last"))]
    for whole, place in (("\n".join(lines), "line 2"), ("[\n" + ",\n".join(lines) + "\n]", "line 3")):
        found = admit(whole, YEAR)
        assert [entry.id for entry in found.entries] == ["t:first", "t:last"]
        [problem] = found.problems
        assert problem.startswith((place + ": record: not JSON", place + ": record: more than", "record 2: "))
        assert problem.isprintable()
        assert len(problem) < 200


@pytest.mark.parametrize("notation", ["\ufeff%s\n%s\n", "\ufeff[%s, %s]", "\ufeff[\n%s,\n%s\n]"])
def test_a_mark_in_front_of_the_file_loses_nothing(notation):
    """The byte order mark of some editors."""
    found = admit(notation % (written(free("t:first")), written(free("t:last"))), YEAR)
    assert ([entry.id for entry in found.entries], found.problems) == (["t:first", "t:last"], ())


ODD = [..., None, True, -1, 3024, 10**20, 1.5, "", "\x00", "19??", "\ud800", "x" * 3000, [], ["a", None], {}]
ODD += [{"a": 1}, [[[]]]]


@pytest.mark.parametrize("name", sorted(FULL))
def test_any_value_at_any_depth_is_read_or_named(name):
    """Never a crash, and a reason that says where to look."""
    refused = 0
    for way in (way for way in everywhere(FULL) if way[:1] == (name,)):
        for odd in ODD:
            said = reason(put(FULL, way, odd))
            refused += bool(said)
            assert not said or said.startswith(("record 2: " + name, FULL["id"] + ": ")), (way, odd)
            assert said.isprintable()
            assert len(said) < 300
    assert refused


@pytest.mark.parametrize(
    "name", ["שלום – סרט", "فيلم", "\u200fסרט", "👩‍👩‍👧 🎬", " Lock Up - S01E01", "映画", "e\u0301"]
)
def test_names_of_any_script_stay_as_they_are(name):
    made = put(changed("name", {"und": name}), ("encoding", 0, "file", "path"), name + ".mp4")
    [work] = admit(written([made]), YEAR).entries
    assert (work.title(), work.encoding[0].file.path) == (name, name + ".mp4")


def test_two_works_of_one_title_are_two():
    twins = [free(id, name={"en": "The Film"}) for id in ("t:a", "t:b")]
    assert [entry.id for entry in admit(written(twins), YEAR).entries] == ["t:a", "t:b"]


# Licences

UNKNOWN = "t:bad: licence is unknown or refused"
WAITING = "t:bad: licence is waiting for review"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (CC + "licenses/by/4.0/", ""),
        (CC + "licenses/by-nc/4.0/", ""),
        (CC + "licenses/by/9.9/", UNKNOWN),
        (CC + "licenses/sampling/1.0/", UNKNOWN),
        (CC + "licenses/sampling+/1.0/", WAITING),
        (CC + "licenses/devnations/2.0/", UNKNOWN),
        ("https://rightsstatements.org/vocab/NoC-US/1.0/", WAITING),
        ("https://rightsstatements.org/vocab/InC/1.0/", UNKNOWN),
        ("https://creativecommons.org.evil.example/licenses/by/4.0/", UNKNOWN),
        ("https://creativecommons.org@evil.example/licenses/by/4.0/", UNKNOWN),
        ("https://user@creativecommons.org/licenses/by/4.0/", UNKNOWN),
        ("https://evil.example/?u=https://creativecommons.org/licenses/by/4.0/", UNKNOWN),
        ("https://сreativecommons.org/licenses/by/4.0/", UNKNOWN),  # Cyrillic letter
        ("All rights reserved", UNKNOWN),
    ],
)
def test_a_licence_that_will_not_do_loses_its_record_alone(url, why):
    assert reason(free("t:bad", license={"url": url})) == why


@needs_samples
def test_a_licence_of_the_samples_passes_the_gate_or_is_refused_with_a_reason():
    rows = csv.DictReader(
        (SAMPLES / "licence-url-vectors.tsv").read_text("utf-8").splitlines(), delimiter="\t"
    )
    expected = {"ok": "", "ok-pd-claim": "", "review": WAITING, "refuse": UNKNOWN}
    seen = []
    for row in rows:
        wanted = expected[row["expected_gate"]] if row["url"].strip() else "record 2: license.url: blank"
        assert reason(free("t:bad", license={"url": row["url"]})) == wanted, row
        seen.append(row["expected_gate"])
    assert len(seen) == 33
    assert set(seen) == set(expected)


# Rights

IN_COPYRIGHT = [("Citizenfour", 2014), ("Network", 1976), ("Knight Rider", 1982), ("Nazar Ke Samne", 1995)]
PAGE = {"kind": "license-page", "url": "https://example.org/"}
BY_YEAR = {"kind": "pd-rule", "rule": "us-95"}
WITNESS = {"kind": "wikidata", "url": "https://example.org/"}


@pytest.mark.parametrize(("title", "year"), IN_COPYRIGHT)
@pytest.mark.parametrize(
    ("kind", "evidence", "why"),
    [
        ("X", [PAGE], "class X is not shown"),
        ("A", [PAGE], "class A without a signed declaration"),
        ("A", [{"kind": "signed-declaration"}], "a public-domain mark is a claim, not a licence"),
        ("B", [PAGE, WITNESS], "class B without an institution that vouches"),
        ("C", [PAGE, WITNESS], "no rule makes it free in US"),
        ("C", [BY_YEAR, WITNESS], "rule us-95 does not hold for a film of %d"),
        ("C", [{"kind": "pd-rule", "rule": "life-70", "url": PAGE["url"]}, WITNESS], "rule life-70 does not"),
    ],
)
def test_a_public_domain_mark_frees_nothing_that_is_in_copyright(title, year, kind, evidence, why):
    claimed = {"class": kind, "territories": ["US"], "evidence": evidence}
    made = free("t:bad", name={"en": title}, year=year, license={"url": MARK}, rights=claimed)
    assert reason(made).startswith("t:bad: " + (why % year if "%d" in why else why))


def test_what_is_free_in_the_united_states_alone_is_so_nowhere_else():
    film = record.parse(by_rule("t:film"))
    assert rights.refusal(film, YEAR) == ""
    assert rights.free_in(film.rights, "US")
    assert not any(rights.free_in(film.rights, country) for country in (*rights.LIFE_70, "ES", ""))


@pytest.mark.parametrize("country", ["DE", "FR", "ES", "*"])
def test_and_whoever_claims_more_for_it_is_refused(country):
    more = by_rule("t:bad")["rights"]
    said = reason(by_rule("t:bad", rights={**more, "territories": ["US", country]}))
    assert said == "t:bad: no rule makes it free in " + country
