# SPDX-License-Identifier: GPL-3.0-or-later
"""Claims that do not hold, licences that are taken back, and ways to give that lead elsewhere."""

from __future__ import annotations

import pytest
import test_source_archive as ia
import test_source_commons as wc
import test_source_peertube as pt
from test_bad_replies import ARCHIVE, BOTH, DAYS, FILES, PEERTUBE, item, made

from commonreel.publish.building import Catalogue, gather, next_build
from commonreel.publish.harvest import read
from commonreel.publish.trusted import NOBODY, Trusted
from commonreel.works.record import withdrawn
from lab.records import free

BY, BY_NC = ("https://creativecommons.org/licenses/%s/4.0/" % code for code in ("by", "by-nc"))


def waiting(out, spoilt, trusted=NOBODY):
    """Why the archive's film waits for a person, as it must."""
    ARCHIVE.run(out, DAYS[0], spoilt, trusted)
    assert read(out / FILES[0]) == {}
    return read(out / FILES[1])["ia:film"]["reasons"]


@pytest.mark.parametrize(
    ("title", "year"),
    [("Citizenfour", 2014), ("Network", 1976), ("Knight Rider", 1982), ("nazar-ke-samne", 1995)],
)
@pytest.mark.parametrize("claimed", ["as it is", "", "1925"])
def test_a_mark_on_what_is_in_copyright_frees_nothing(title, year, claimed, tmp_path):
    """Not even where whoever put it there tells the year of another film."""
    date = str(year) if claimed == "as it is" else claimed
    told = {"/metadata/film": ia.answer(title=title, date=date, licenseurl=ia.PDM)}
    assert waiting(tmp_path, told) == ["no second witness" if date == "1925" else "class X is not shown"]
    known = Trusted(witness={"ia:film": {"year": year, "rights": {"evidence": [{"kind": "wikidata"}]}}})
    if date == "1925":
        assert waiting(tmp_path, told, known)[0] == "the witness says %d, not 1925" % year
    elif date:
        assert waiting(tmp_path, told, known) == ["class X is not shown"]


@pytest.mark.parametrize(
    "title",
    [
        "Nosferatu (with a new score)",
        "Nosferatu with music by a quartet",
        "Nosferatu: new soundtrack",
        "Nosferatu [Restored]",
        "Nosferatu, colourised",
    ],
)
def test_a_free_film_with_something_new_waits_though_a_house_vouches(title, tmp_path):
    told = ia.answer(title=title, date="1922", collection=["films"])
    vouched = Trusted({"collection:films": {"by": "The House"}})
    [reason] = waiting(tmp_path, {"/metadata/film": told}, vouched)
    assert reason.startswith("it names a version with rights of its own")


@pytest.mark.parametrize("title", ["Nosferatu (with a new score)", "Nosferatu [Restored]"])
def test_such_a_film_waits_wherever_it_is(title, tmp_path):
    marked = {"id": 8, "label": "Free of known copyright restrictions"}
    old = {"description": None, "originallyPublishedAt": "1922-03-04T00:00:00.000Z"}
    told = pt.detail(name=title, licence=marked, **old)
    PEERTUBE.run(tmp_path, DAYS[0], {"/api/v1/videos/": told})
    assert read(tmp_path / FILES[0]) == {}
    reasons = [read(tmp_path / FILES[1])[PEERTUBE.work]["reasons"]]
    for said, name in (({"ObjectName": title}, "File:x.webm"), ({}, "File:%s.webm" % title)):
        page = {**wc.file_page({**wc.FREE, "DateTimeOriginal": "1922", **said}), "title": name}
        reasons.append(wc.doubts(wc.examined(page)[0]))
    assert [[each[:32] for each in found] for found in reasons] == [["it names a version with rights o"]] * 3
    licensed = wc.examined({**wc.file_page({"ObjectName": title}), "title": name})[0]
    assert wc.doubts(licensed) == []


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"licenseurl": None}, "no licence"),
        ({"licenseurl": BY.replace("4.0", "9.9")}, "unknown licence: "),
        ({"licenseurl": "https://rightsstatements.org/vocab/InC/1.0/"}, "unknown licence: "),
        ({"licenseurl": BY.replace("by/4.0", "sampling+/1.0")}, "licence is waiting for review"),
        ({"licenseurl": [BY, BY_NC]}, "several licences"),
        ({"licenseurl": BY, "rights": "All rights reserved"}, "all rights reserved, it says"),
    ],
)
def test_a_licence_that_is_taken_back_takes_the_film_out_of_the_next_build(fields, why, tmp_path):
    other = {**BOTH, **item(made(), "other", licenseurl=BY)}
    licensed = {**other, **item(made(), licenseurl=BY)}
    ARCHIVE.run(tmp_path, DAYS[0], licensed)
    shown = next_build(Catalogue(), offered(tmp_path), DAYS[0], 0)
    assert [work["id"] for work in shown.works] == ["ia:film", "ia:other"]
    ARCHIVE.run(tmp_path, DAYS[1], {**other, **item(made(), **fields)})
    after = next_build(shown, offered(tmp_path), DAYS[1], 0)
    assert after.records["ia:other"] == shown.records["ia:other"]
    assert withdrawn(after.records["ia:film"])
    assert after.records["ia:film"]["withdrawn"].startswith("under review: " + why)
    ARCHIVE.run(tmp_path, DAYS[2], licensed)
    again = next_build(after, offered(tmp_path), DAYS[2], 0).records["ia:film"]
    assert {**again, "rev": 1} == shown.records["ia:film"]
    assert again["rev"] == 3


def offered(out):
    found = gather(read(out / FILES[0]).items(), 2026)
    assert found.problems == ()
    return found


def test_a_file_under_two_licences_waits_for_a_person_and_what_is_shown_stays():
    def film(id, url, sha1="a" * 40):
        file = {"path": "film.mp4", "length": 9, "sha1": sha1}
        encoding = [{"torrent": "https://example.org/%s.torrent" % id[2:], "file": file}]
        return free(id, license={"url": url}, encoding=encoding)

    shown = next_build(Catalogue(), told(film("t:a", BY)), DAYS[0], 0)
    found = told(film("t:a", BY), film("t:b", BY_NC), film("t:c", BY), film("t:d", BY_NC, "b" * 40))
    assert list(found.records) == ["t:d"]
    assert found.problems == (
        "t:a: t:b has the same file under another licence",
        "t:b: t:a has the same file under another licence",
        "t:c: t:b has the same file under another licence",
    )
    gone = {"id": "t:e", "withdrawn": "its maker asked", "encoding": [{"file": 7}]}
    assert told(film("t:a", BY), gone).problems == ()
    after = next_build(shown, found, DAYS[1], 0)
    assert list(after.records) == ["t:a", "t:d"]
    assert told(film("t:a", BY), film("t:c", BY.replace("https", "http"))).problems == ()


def told(*records):
    return gather((("", made) for made in records), 2026)


def test_another_free_licence_is_a_new_revision(tmp_path):
    for day, url in zip(DAYS, (BY, BY_NC)):
        ARCHIVE.run(tmp_path, day, item(made(), licenseurl=url))
    record = read(tmp_path / FILES[0])["ia:film"]
    assert (record["license"]["spdx"], record["rev"]) == ("CC-BY-NC-4.0", 2)


@pytest.mark.parametrize(
    "support",
    [
        "https://lıberapay.com/makers",  # a letter that looks like another
        "https://liberapay.com/m\u0430kers",  # and here too
        "https://xn--lberapay-7ya.com/makers",
        "https://liberapay.com@evil.example/makers",
        "https://liberapay.com:secret@evil.example/",
        "https://1\\@evil.example/",
        "https://a.example/" + "x" * 4096,
        "http://liberapay.com/makers",
        "https://a.example/to?url=https://evil.example/",  # an open redirect
        "![give](https://tracker.example/pixel.gif)",
        "<img src='https://tracker.example/pixel.gif'>",
        "<script src='https://evil.example/x.js'></script>",
        "//evil.example/makers",
        "[give](javascript:alert(1))",
        "<script>alert('give')</script>",
        "data:text/html,<script>alert(1)</script>",
        "https://203.0.113.7/ https://[2001:db8::1]/ https://3405803783/",
        "https://a.example:8443/",
        "x" * 100_000,
        ["https://evil.example/"],
    ],
)
def test_a_bad_way_to_give_loses_itself_alone(support, tmp_path):
    """The film, its words and the way that its channel names stay."""
    told = pt.detail(support=support)
    told["channel"] = {**told["channel"], "support": "Give at <https://liberapay.com/films>"}
    PEERTUBE.run(tmp_path, DAYS[0], {"/api/v1/videos/": told})
    film = read(tmp_path / FILES[0])[PEERTUBE.work]
    assert [each["address"] for each in film["funding"]["channels"]] == ["https://liberapay.com/films"]
    assert film["description"] == {"fr": "Licence: CC BY-SA"}
