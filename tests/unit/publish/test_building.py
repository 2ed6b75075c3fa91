# SPDX-License-Identifier: GPL-3.0-or-later
"""What the next build of a catalogue holds."""

from __future__ import annotations

import json

import pytest

from commonreel.publish import files
from commonreel.publish.building import Catalogue, gather, next_build, slim, unheeded
from commonreel.works import folder
from commonreel.works.errors import RecordInvalid
from lab.records import by_rule, chosen, free, gone, maker

DAY = "2026-11-24"


def offered(*records):
    return gather((("line %d" % number, made) for number, made in enumerate(records, 1)), 2026)


def built(*builds, window=0, day=DAY):
    catalogue = Catalogue()
    for records in builds:
        catalogue = next_build(catalogue, offered(*records), day, window)
    return catalogue


def test_what_passes_is_in_it_and_what_does_not_is_told():
    bad = free("t:b", rights={"class": "X", "territories": ["*"], "evidence": [{"kind": "license-page"}]})
    found = offered(free("t:a"), bad, {"id": "t:c"}, free("../d"), 7, RecordInvalid("record: not JSON"))
    assert list(found.records) == ["t:a"]
    assert found.problems == (
        "line 2: t:b: class X is not shown",
        "line 3: name: missing",
        "line 4: id: malformed",
        "line 5: record: not an object",
        "line 6: record: not JSON",
    )


def test_the_higher_revision_counts_wherever_it_stands():
    older, newer = free("t:a", 1), free("t:a", 2, year=2011)
    for records in ([older, newer], [newer, older]):
        assert offered(*records).records["t:a"]["year"] == 2011


def test_two_sources_that_differ_are_a_conflict():
    found = offered(free("t:a"), free("t:a", year=1999), free("t:b"), free("t:b"))
    assert list(found.records) == ["t:b"]
    assert found.problems == ("t:a: two sources say different things of it",)


def test_a_conflict_is_over_when_one_of_them_is_newer():
    found = offered(free("t:a"), free("t:a", year=1999), free("t:a", 2))
    assert (list(found.records), found.problems) == (["t:a"], ())


def test_what_no_source_names_any_more_stays():
    assert list(built([free("t:a"), free("t:b")], [free("t:b")]).records) == ["t:a", "t:b"]


def test_a_tombstone_takes_a_work_and_only_a_higher_revision_brings_it_back():
    catalogue = built([free("t:a")], [gone("t:a", 2)])
    assert catalogue.records["t:a"]["withdrawn"] == "its maker asked"
    assert next_build(catalogue, offered(free("t:a", 2)), DAY) == catalogue
    back = next_build(catalogue, offered(free("t:a", 3)), DAY)
    assert back.records["t:a"]["year"] == 2010
    assert [line["what"] for line in back.log] == ["added", "withdrawn", "added"]


def test_what_never_was_here_leaves_no_tombstone():
    assert built([gone("t:a")]) == Catalogue()


def test_nothing_new_is_no_build():
    catalogue = built([free("t:a")])
    assert next_build(catalogue, offered(free("t:a")), "2027-01-01") is catalogue


def test_a_change_without_a_new_revision_is_told():
    catalogue = built([free("t:a"), free("t:b")])
    assert unheeded(catalogue, offered(free("t:a", year=1999), free("t:b"), free("t:c"))) == ["t:a"]


def test_a_delta_is_what_has_changed():
    catalogue = built([free("t:a"), free("t:b")], [free("t:a", 2), gone("t:b", 2), free("t:c")])
    assert catalogue.build == 2
    assert [made["id"] for made in catalogue.deltas[1]] == ["t:a", "t:b"]
    assert [(made["id"], made["rev"]) for made in catalogue.deltas[2]] == [("t:a", 2), ("t:b", 2), ("t:c", 1)]


def test_deltas_reach_so_far_back_and_no_farther():
    catalogue = built(*([free("t:a", rev)] for rev in range(1, 71)))
    assert list(catalogue.deltas) == list(range(11, 71))


def test_a_work_that_a_rule_makes_free_waits_in_public():
    catalogue = built([by_rule("t:c"), free("t:b")], window=28)
    assert list(catalogue.records) == ["t:b"]
    assert catalogue.waiting["t:c"]["since"] == DAY
    assert [(line["id"], line["what"]) for line in catalogue.log] == [("t:b", "added"), ("t:c", "proposed")]
    early = next_build(catalogue, offered(by_rule("t:c")), "2026-12-21")
    assert list(early.records) == ["t:b"]
    late = next_build(catalogue, offered(by_rule("t:c")), "2026-12-22")
    assert (list(late.records), late.waiting) == (["t:b", "t:c"], {})


def test_who_objects_stops_the_clock_and_it_is_told_once():
    catalogue = built([by_rule("t:c")], window=28)
    for _ in range(2):
        catalogue = next_build(catalogue, offered(by_rule("t:c")), "2027-01-10", 28, {"t:c": "2027-01-09"})
    assert (list(catalogue.records), list(catalogue.waiting)) == ([], ["t:c"])
    assert catalogue.log[1:] == ({"at": "2027-01-09", "id": "t:c", "what": "objection"},)
    settled = next_build(catalogue, offered(by_rule("t:c")), "2027-01-11", 28)
    assert list(settled.records) == ["t:c"]


def test_what_waits_and_is_offered_no_more_is_not_added():
    catalogue = built([by_rule("t:c")], window=28)
    assert next_build(catalogue, offered(free("t:a")), "2027-01-01").records.keys() == {"t:a"}


def test_a_change_of_what_is_shown_does_not_wait():
    catalogue = built([by_rule("t:c")])
    assert (
        next_build(catalogue, offered(by_rule("t:c", 2, year=1926)), DAY, 28).records["t:c"]["year"] == 1926
    )


@pytest.fixture
def catalogue():
    waiting = built([free("t:a"), free("t:b", description={"en": "Long"}), by_rule("t:c")], window=28)
    return next_build(waiting, offered(gone("t:a", 2), by_rule("t:c")), DAY)


def test_the_files_say_all_of_it(catalogue):
    made = files.files(catalogue, {"contact": "mail@example.org"})
    assert files.catalogue(made) == catalogue
    assert files.about(made) == {"contact": "mail@example.org"}


def test_the_same_catalogue_is_the_same_bytes(catalogue):
    again = Catalogue(
        catalogue.build,
        catalogue.at,
        dict(reversed(list(catalogue.records.items()))),
        catalogue.waiting,
        catalogue.deltas,
        catalogue.log,
    )
    assert files.files(catalogue, {}) == files.files(files.catalogue(files.files(again, {})), {})


def test_the_index_has_what_lists_need_and_no_more():
    line = slim(free("t:b", description={"en": "Long"}, genre=["short"]))
    assert {"description", "encoding", "source"}.isdisjoint(line)
    assert (line["genre"], line["rights"]["territories"]) == (["short"], ["*"])


def test_a_work_is_always_in_the_same_shard():
    assert folder.shard("t:a") == folder.shard("t:a")
    assert len({folder.shard("t:%d" % number) for number in range(3000)}) == 256


def test_makers_and_lists_are_built_and_are_no_works():
    catalogue = built([free("t:a"), by_rule("t:b"), maker("t:jane"), chosen("t:l", "t:a")])
    assert set(catalogue.records) == {"t:a", "t:b", "t:jane", "t:l"}
    assert [made["id"] for made in catalogue.works] == ["t:a", "t:b"]
    assert {line["id"] for line in catalogue.log} == set(catalogue.records)
    held = files.files(catalogue, {})
    assert json.loads(held[folder.ABOUT])["works"] == 2
    assert [line["id"] for line in files._unpacked(held[folder.INDEX])] == ["t:a", "t:b"]
    assert files.catalogue(held) == catalogue


def test_makers_and_lists_wait_for_nobodys_objection():
    catalogue = built([by_rule("t:b"), maker("t:jane"), chosen("t:l", "t:b")], window=28)
    assert (list(catalogue.waiting), list(catalogue.records)) == (["t:b"], ["t:jane", "t:l"])


def test_makers_and_lists_grow_by_revisions_and_are_withdrawn_as_works_are():
    first = [maker("t:jane"), chosen("t:l", "t:a")]
    ignored = [maker("t:jane", name={"en": "Other"}), chosen("t:l", "t:b")]
    assert built(first, ignored).records == built(first).records
    after = built(first, [maker("t:jane", 2, url="https://jane.example/"), gone("t:l")])
    assert after.records["t:jane"]["url"] == "https://jane.example/"
    assert after.records["t:l"] == gone("t:l")
    assert built(first, [gone("t:l")], [chosen("t:l", "t:a")]).records["t:l"] == gone("t:l")


def test_a_maker_or_a_list_that_is_wrong_is_told():
    found = offered(maker("t:jane", url="http://jane.example/"), chosen("t:l"), maker("t:ok"))
    assert list(found.records) == ["t:ok"]
    assert found.problems == (
        "line 1: url: address is not https",
        "line 2: itemListElement: 0 entries, not from 1 to 500",
    )


def test_unknown_fields_of_makers_and_lists_are_passed_on():
    made = maker("t:jane", award={"name": "A prize"})
    assert built([made]).records["t:jane"] == made
