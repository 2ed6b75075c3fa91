# SPDX-License-Identifier: GPL-3.0-or-later
"""A run of a source: what passes, what waits, what goes, and that nothing is lost on the way."""

from __future__ import annotations

import json

import pytest

from commonreel.publish.harvest import harvest, read
from commonreel.publish.sources.source import Found, Listed
from commonreel.publish.trusted import Trusted
from commonreel.works.errors import FetchFailed
from lab.records import free

DAY, NEXT_DAY = "2026-11-24", "2026-11-25"


def film(id, **more):
    return free(id, **{"year": 1925, **more})


class Asked:
    asked = 0


class Shelf:
    """A source that holds what it is told to."""

    def __init__(self, *found):
        self.holds = {each.id[2:]: [each] for each in found}
        self.names = list(self.holds)
        self.examined = []
        self.silent = set()  # keys for which it does not answer
        self.breaks_after = None  # items of the listing

    def listing(self, ask):
        for count, name in enumerate(self.names):
            if count == self.breaks_after:
                raise FetchFailed("HTTP 500")
            yield Listed(name, {"title": name})

    def examine(self, ask, listed):
        self.examined.append(listed.key)
        if listed.key in self.silent:
            raise FetchFailed("HTTP 503")
        return self.holds.get(listed.key, [Found("t:" + listed.key, gone="deleted")])

    def item(self, id):
        return Listed(id[2:])


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def run(shelf, out, day=DAY, **trusted):
    report = harvest(shelf, Asked(), out, day, Trusted(**trusted))
    return report, read(out / "records.ndjson"), read(out / "review.ndjson")


def shelf_of(*names):
    return Shelf(*(Found("t:" + name, film("t:" + name)) for name in names))


def test_what_passes_the_gate_is_a_record(out):
    report, records, review = run(shelf_of("a", "b"), out)
    assert list(records) == ["t:a", "t:b"]
    assert records["t:a"]["rev"] == 1
    assert review == {}
    assert (report.listed, report.records, report.review) == (2, 2, 0)


def test_what_the_gate_or_the_format_refuses_waits_with_the_reason(out):
    shelf = Shelf(
        Found("t:a", film("t:a", license={"url": "https://creativecommons.org/licenses/by/9.9/"})),
        Found("t:b", film("t:b", year="soon")),
        Found("t:c", film("t:c"), ("two licences",)),
        Found("t:d", reasons=("no playable file",)),
    )
    _, records, review = run(shelf, out)
    assert records == {}
    reasons = {id: line["reasons"] for id, line in review.items()}
    assert reasons == {
        "t:a": ["licence is unknown or refused"],
        "t:b": ["year: not a whole number"],
        "t:c": ["two licences"],
        "t:d": ["no playable file"],
    }
    assert review["t:c"]["record"]["id"] == "t:c"


def test_the_same_again_is_the_same_to_the_byte(out):
    run(shelf_of("a", "b"), out)
    before = (out / "records.ndjson").read_bytes()
    run(shelf_of("b", "a"), out, NEXT_DAY)
    assert (out / "records.ndjson").read_bytes() == before


def test_a_change_is_a_new_revision(out):
    run(shelf_of("a"), out)
    _, records, _ = run(Shelf(Found("t:a", film("t:a", year=1926))), out, NEXT_DAY)
    assert (records["t:a"]["rev"], records["t:a"]["year"]) == (2, 1926)


def test_a_listing_that_shrank_removes_nothing(out):
    shelf = shelf_of("a", "b", "c")
    run(shelf, out)
    shelf.names = ["a"]
    _, records, review = run(shelf, out, NEXT_DAY)
    assert list(records) == ["t:a", "t:b", "t:c"]
    assert review == {}


def test_what_is_gone_twice_on_different_days_is_withdrawn(out):
    shelf = shelf_of("a", "b")
    run(shelf, out)
    del shelf.holds["b"]
    _, records, review = run(shelf, out, DAY)
    assert records["t:b"]["year"] == 1925
    assert review["t:b"]["gone"] == DAY
    assert run(shelf, out, DAY)[1]["t:b"]["year"] == 1925
    report, records, review = run(shelf, out, NEXT_DAY)
    assert records["t:b"] == {"id": "t:b", "withdrawn": "deleted", "rev": 2, "at": NEXT_DAY}
    assert (report.records, report.withdrawn, review) == (1, 1, {})
    assert run(shelf, out, NEXT_DAY)[1]["t:b"]["rev"] == 2


def test_a_work_that_its_item_holds_no_more_is_gone(out):
    class Series(Shelf):
        def item(self, id):
            return Listed(id[2:].partition(":")[0])

    shelf = Series(Found("t:s", film("t:s")))
    shelf.holds["s"].append(Found("t:s:e1", film("t:s:e1")))
    run(shelf, out)
    shelf.holds["s"].pop()
    assert run(shelf, out, DAY)[2]["t:s:e1"]["gone"] == DAY
    _, records, review = run(shelf, out, NEXT_DAY)
    assert (records["t:s:e1"]["withdrawn"], review) == ("its item does not hold it any more", {})
    assert records["t:s"]["year"] == 1925


def test_what_is_back_is_gone_no_more(out):
    shelf = shelf_of("a")
    run(shelf, out)
    held = shelf.holds.pop("a")
    run(shelf, out, DAY)
    shelf.holds["a"] = held
    _, records, review = run(shelf, out, NEXT_DAY)
    assert (records["t:a"]["rev"], review) == (1, {})


def test_a_record_that_a_person_must_look_at_again_is_withdrawn_at_once_and_may_come_back(out):
    run(shelf_of("a"), out)
    _, records, review = run(Shelf(Found("t:a", film("t:a"), ("two claim it",))), out, NEXT_DAY)
    assert records["t:a"]["withdrawn"] == "under review: two claim it"
    assert review["t:a"]["reasons"] == ["two claim it"]
    _, records, review = run(shelf_of("a"), out, NEXT_DAY)
    assert (records["t:a"]["rev"], records["t:a"]["year"], review) == (3, 1925, {})


def test_what_is_not_answered_for_stays_as_it_was(out):
    shelf = shelf_of("a", "b")
    run(shelf, out)
    shelf.silent = {"b"}
    report, records, review = run(shelf, out, NEXT_DAY)
    assert report.unanswered == {"b": "HTTP 503"}
    assert (list(records), review) == (["t:a", "t:b"], {})


def test_a_listing_that_breaks_off_loses_nothing_and_is_told(out):
    shelf = shelf_of("a", "b", "c")
    run(shelf, out)
    shelf.breaks_after = 1
    report, records, _ = run(shelf, out, NEXT_DAY)
    assert report.listing_broken == "HTTP 500"
    assert list(records) == ["t:a", "t:b", "t:c"]


@pytest.mark.parametrize("cut", [0, 3])
def test_a_run_that_was_killed_goes_on_where_it_was(out, cut):
    """The last line may be torn."""

    class Killed(BaseException):
        pass

    shelf = shelf_of("a", "b", "c")
    ask = shelf.examine

    def until_the_third(asking, listed):
        if listed.key == "c":
            raise Killed
        return ask(asking, listed)

    shelf.examine = until_the_third
    with pytest.raises(Killed):
        run(shelf, out)
    journal = out / "run.ndjson"
    journal.write_bytes(journal.read_bytes()[: len(journal.read_bytes()) - cut])
    shelf.examine = ask
    shelf.examined.clear()
    _, records, _ = run(shelf, out)
    assert list(records) == ["t:a", "t:b", "t:c"]
    assert shelf.examined == (["b", "c"] if cut else ["c"])
    assert not journal.exists()


def test_an_institution_that_the_curator_trusts_vouches(out):
    unproven = film(
        "t:a", rights={"class": "X", "territories": ["US"], "evidence": [{"kind": "license-page"}]}
    )
    shelf = Shelf(Found("t:a", unproven, holders=("collection:films",)))
    assert list(run(shelf, out)[2]) == ["t:a"]
    said = {"by": "The Film House", "url": "https://house.example/"}
    _, records, review = run(shelf, out, institutions={"collection:films": said})
    rights = records["t:a"]["rights"]
    assert (rights["class"], rights["territories"], review) == ("B", ["*"], {})
    assert {"kind": "institution", **said} in rights["evidence"]


def by_rule(**more):
    rights = {"class": "C", "territories": ["US"], "evidence": [{"kind": "pd-rule", "rule": "us-95"}]}
    mark = {"url": "https://creativecommons.org/publicdomain/mark/1.0/"}
    return film("t:a", rights=rights, license=mark, **more)


def test_a_second_witness_speaks_for_the_public_domain(out):
    shelf = Shelf(Found("t:a", by_rule()))
    assert run(shelf, out)[2]["t:a"]["reasons"] == ["no second witness"]
    page = {"kind": "wikidata", "url": "https://www.wikidata.org/wiki/Q1"}
    other = {"id": "t:a", "year": 1925, "sameAs": ["wd:Q1"], "rights": {"evidence": [page]}}
    _, records, review = run(shelf, out, witness={"t:a": other})
    assert (records["t:a"]["sameAs"], review) == (["wd:Q1"], {})


def test_a_witness_who_names_another_year_is_a_conflict(out):
    other = {"id": "t:a", "year": 1955, "rights": {"evidence": [{"kind": "wikidata"}]}}
    _, _, review = run(Shelf(Found("t:a", by_rule())), out, witness={"t:a": other})
    assert "the witness says 1955, not 1925" in review["t:a"]["reasons"]


def test_what_was_only_for_review_is_forgotten_when_it_is_gone(out):
    shelf = Shelf(Found("t:a", film("t:a"), ("two licences",)), Found("t:b", reasons=("dark",)))
    run(shelf, out)
    shelf.holds.clear()
    shelf.names = ["b"]
    assert list(run(shelf, out, NEXT_DAY)[2]) == ["t:b"]  # still listed: somebody may wonder


@pytest.mark.parametrize("bad", ["\ud800", [[]]])
def test_a_record_that_no_file_can_hold_loses_itself_alone(out, bad):
    if bad == [[]]:
        for _ in range(100_000):
            bad = [bad]
    shelf = Shelf(Found("t:a", film("t:a", x=bad)), Found("t:b", film("t:b")))
    _, records, review = run(shelf, out)
    assert list(records) == ["t:b"]
    assert "cannot be written down" in review["t:a"]["reasons"][0]


def test_the_report_is_kept(out):
    run(shelf_of("a"), out)
    assert json.loads((out / "report.json").read_text())["records"] == 1
