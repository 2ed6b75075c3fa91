# SPDX-License-Identifier: GPL-3.0-or-later
"""A device follows a catalogue: what is new comes, whoever lies is refused, whoever is cut off goes on."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from commonreel.catalog import updating
from commonreel.catalog.guides import Guides
from commonreel.catalog.store import Store
from commonreel.catalog.verified import Verified
from commonreel.publish import files, keys
from commonreel.publish.building import Catalogue
from commonreel.publish.repository import Repository
from commonreel.works import folder
from commonreel.works.errors import CatalogueExpired, CatalogueRefused, CatalogueUnavailable, WorkWithdrawn
from lab.curator import NOW, Curator, Host, Publisher
from lab.device import Device
from lab.jsonrpc import wait_for
from lab.killed import ids, kill_at_random, whole
from lab.records import by_rule, chosen, free, gone, maker

FILMS = [free("t:%d" % number) for number in range(40)]
IDS = sorted(film["id"] for film in FILMS)


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path / "curator")
    made.build(*FILMS)
    return made


@pytest.fixture
def host(curator):
    with Host(curator.out) as host:
        yield host


@pytest.fixture
def device(tmp_path, host):
    return Device(tmp_path, host)


def shards(host):
    return [path for path in host.asked if path.startswith("targets/shards/")]


def test_everything_comes_the_first_time(device, host):
    assert device.update(host).changed
    assert device.ids() == IDS
    assert len(shards(host)) == 256
    assert [path.name for path in (device.followed.folder / "targets").iterdir()] == ["catalog.json"]


def test_nothing_new_costs_one_small_file(device, host):
    device.update(host)
    host.asked.clear()
    assert not device.update(host).changed
    assert host.asked == ["metadata/2.root.json", "metadata/timestamp.json"]


def test_what_has_changed_comes_by_deltas(device, host, curator):
    device.update(host)
    host.asked.clear()
    curator.build(free("t:0", 2, name={"en": "Another name"}), free("t:new"), gone("t:1"))
    curator.build(free("t:newer"), gone("t:2"))
    assert device.update(host).changed
    assert not shards(host)
    assert device.ids() == sorted({*IDS, "t:new", "t:newer"} - {"t:1", "t:2"})
    with Store(device.store) as store:
        assert store.work("t:0").title() == "Another name"
        for id in ("t:1", "t:2"):
            with pytest.raises(WorkWithdrawn):
                store.work(id)


def test_who_is_far_behind_takes_everything(device, host, curator, monkeypatch):
    monkeypatch.setattr(folder, "DELTAS", 2)
    device.update(host)
    host.asked.clear()
    for number in range(3):
        curator.build(free("t:more%d" % number))
    assert device.update(host).changed
    assert len(shards(host)) == 256
    assert device.ids() == sorted([*IDS, "t:more0", "t:more1", "t:more2"])


def test_who_cannot_use_a_delta_takes_everything(device, host, curator, monkeypatch):
    device.update(host)
    curator.build(free("t:new"))
    unpacked = updating._unpacked

    def too_much(path):
        if "deltas" in path.name:
            raise CatalogueRefused("too much")
        return unpacked(path)

    monkeypatch.setattr(updating, "_unpacked", too_much)
    host.asked.clear()
    device.update(host)
    assert len(shards(host)) == 256
    assert device.ids() == sorted([*IDS, "t:new"])


def test_who_was_interrupted_goes_on_from_there(device, host):
    host.lies = {"targets/shards/": lambda body: None if len(shards(host)) > 100 else body}
    with pytest.raises(CatalogueUnavailable):
        device.update(host)
    assert not device.store.exists() or device.version() == ""
    host.lies = {}
    host.asked.clear()
    device.update(host)
    assert len(shards(host)) == 156
    assert device.ids() == IDS


class Stopped(Exception):
    """The service stops."""


class After:
    """Stops when it was asked so often whether to go on."""

    def __init__(self, turns):
        self.left = turns

    def __call__(self):
        self.left -= 1
        if not self.left:
            raise Stopped


@pytest.mark.parametrize("turns", [1, 100, 258, 300, 500])
def test_who_is_stopped_while_everything_comes_has_nothing_and_goes_on(device, host, turns):
    with pytest.raises(Stopped):
        device.update(host, go_on=After(turns))
    assert (device.version(), device.ids()) == ("", [])
    device.update(host)
    assert device.ids() == IDS


def test_who_is_stopped_while_changes_come_has_what_was_before(device, host, curator):
    device.update(host)
    curator.build(free("t:new"))
    with pytest.raises(Stopped):
        device.update(host, go_on=After(1))
    assert (device.version(), device.ids()) == ("1", IDS)
    device.update(host)
    assert (device.version(), device.ids()) == ("2", sorted([*IDS, "t:new"]))


def test_another_host_is_asked_where_one_lies_or_is_away(device, host, curator):
    with Host(curator.out / "nowhere") as away, Host(curator.out) as liar:
        liar.lies = {"targets/shards/": b"nonsense"}
        device.update(away, liar, host)
    assert device.ids() == IDS


def test_the_keys_may_change_if_the_old_ones_say_so(device, host, curator):
    device.update(host)
    fresh = curator.keys.parent / "fresh"
    keys.make(fresh)
    for path in curator.keys.glob("root-[12].pem"):
        path.rename(curator.keys / path.name.replace("root", "retired"))
        (fresh / path.name).rename(path)
    curator.build(free("t:new"))
    device.update(host)
    assert "t:new" in device.ids()


def test_a_record_that_breaks_the_rules_is_left_out_though_it_is_signed(device, host, curator):
    device.update(host)
    bad = free("t:bad", license={"url": "https://example.org/licence"})
    rights_gone = free("t:0", 2, license={"url": "https://example.org/licence"})
    good = free("t:good")
    records = {film["id"]: film for film in (*FILMS[1:], bad, rights_gone, good)}
    deltas = {1: tuple(FILMS), 2: (bad, rights_gone, good)}
    held = Catalogue(2, "2026-11-24", records, {}, deltas, ())
    Repository(curator.out).write(held, {}, keys.read(curator.keys), NOW)
    device.update(host)
    assert device.ids() == sorted([*IDS[1:], "t:good"])


def test_a_work_that_was_revoked_is_not_shown_though_a_shard_still_has_it(device, host, curator):
    records = {film["id"]: film for film in FILMS}
    held = Catalogue(2, "2026-11-24", records, {}, {1: tuple(FILMS), 2: ()}, ())
    whole = files.files

    def contradictory(*arguments):
        return {**whole(*arguments), folder.REVOCATIONS: files.packed([gone("t:0")])}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(files, "files", contradictory)
        Repository(curator.out).write(held, {}, keys.read(curator.keys), NOW)
    device.update(host)
    assert device.ids() == sorted({*IDS} - {"t:0"})


def test_a_catalogue_without_end_is_refused(device, host, monkeypatch):
    monkeypatch.setattr("commonreel.catalog.updating.MAX_WORKS", 30)
    with pytest.raises(CatalogueRefused, match="more than 30"):
        device.update(host)
    assert device.ids() == []


# Publishers, who sign for themselves


@pytest.fixture
def festival(tmp_path):
    return Publisher("fest", tmp_path / "fest")


def test_a_publishers_works_come_under_its_own_key(device, host, curator, festival):
    curator.build(free("t:new"), publishers=[festival.publish(free("fest:a"), free("fest:b"))])
    device.update(host)
    assert device.ids() == sorted([*IDS, "t:new", "fest:a", "fest:b"])
    host.asked.clear()
    assert not device.update(host).changed
    assert not [path for path in host.asked if "fest" in path]
    curator.build(publishers=[festival.publish(free("fest:b", 2), free("fest:c"))])
    host.asked.clear()
    assert device.update(host).changed
    assert device.ids() == sorted([*IDS, "t:new", "fest:b", "fest:c"])
    assert not shards(host)
    curator.build(dropped=["fest"])
    device.update(host)
    assert device.ids() == sorted([*IDS, "t:new"])


def test_a_publisher_has_no_say_over_others(device, host, curator, festival):
    festival.check = False
    handed = festival.publish(free("fest:a"), free("t:0", 9, name={"en": "Taken over"}), gone("t:1", 9))
    curator.carry(handed)
    device.update(host)
    assert device.ids() == sorted([*IDS, "fest:a"])
    with Store(device.store) as store:
        assert store.work("t:0").title() == "Film t:0"


def test_a_publisher_that_is_wrong_does_no_harm_to_the_others(device, host, curator, festival, tmp_path):
    curator.build(publishers=[festival.publish(free("fest:a"))])
    device.update(host)
    other = Publisher("other", tmp_path / "other")
    curator.build(
        free("t:new"), publishers=[festival.publish(free("fest:b")), other.publish(free("other:a"))]
    )
    host.lies = {
        "targets/publishers/": lambda body: body if b"other" in gzip.decompress(body) else b"nonsense"
    }
    device.update(host)
    assert device.ids() == sorted([*IDS, "t:new", "fest:a", "other:a"])
    host.lies = {}
    device.update(host)
    assert device.ids() == sorted([*IDS, "t:new", "fest:b", "other:a"])


def guides(device):
    """Those of the device, a name and a number of works for each."""
    with Store(device.store) as store:
        held = Guides(store)
        return [(found.title(), works) for found, works in [*held.makers(), *held.selections()]]


def test_makers_and_lists_come_change_and_go(device, host, curator):
    device.update(host)
    films = [free("t:%d" % n, 2, maker=["t:jane"]) for n in range(2)]
    curator.build(*films, maker("t:jane"), chosen("t:nights", "t:7", "t:1", "t:nowhere"))
    device.update(host)
    assert device.ids() == IDS
    assert guides(device) == [("Maker t:jane", 2), ("List t:nights", 2)]
    curator.build(maker("t:jane", 2, name={"en": "Jane"}), chosen("t:nights", "t:3", rev=2))
    device.update(host)
    assert guides(device) == [("Jane", 2), ("List t:nights", 1)]
    curator.build(gone("t:jane", 3), gone("t:nights", 3))
    host.asked.clear()
    device.update(host)
    assert guides(device) == []
    assert not shards(host)


def test_makers_and_lists_come_with_everything_else_the_first_time(tmp_path):
    curator = Curator(tmp_path / "curator")
    curator.build(free("t:a", maker=["t:jane"]), maker("t:jane"), chosen("t:nights", "t:a"), gone("t:b"))
    with Host(curator.out) as host:
        device = Device(tmp_path, host)
        found = device.update(host)
    assert found.about.works == 1
    assert guides(device) == [("Maker t:jane", 1), ("List t:nights", 1)]


def test_a_publisher_signs_makers_and_lists_of_its_own(device, host, curator, festival):
    signed = [free("fest:a", maker=["fest:jo"]), maker("fest:jo"), chosen("fest:2026", "t:1", "fest:a")]
    curator.build(publishers=[festival.publish(*signed)])
    device.update(host)
    assert guides(device) == [("Maker fest:jo", 1), ("List fest:2026", 2)]


def test_and_none_of_others(device, host, curator, festival):
    curator.build(maker("t:jane"), free("t:0", 2, maker=["t:jane"]))
    festival.check = False
    curator.carry(festival.publish(maker("t:jane", 9, name={"en": "Evil"}), chosen("t:l", "t:0")))
    device.update(host)
    assert guides(device) == [("Maker t:jane", 1)]


# Whoever serves it, or stands between, lies. The names are those of the TUF specification, 1.5.2.


def older(tmp_path, curator):
    """The folder as it was; the curator's is one build ahead of it afterwards."""
    shutil.copytree(curator.out, tmp_path / "older")
    curator.build(free("t:new"))
    return tmp_path / "older"


def test_arbitrary_files_are_refused(device, host, curator):
    device.update(host)
    curator.build(free("t:new"))
    for path in (
        "metadata/timestamp.json",
        "metadata/2.snapshot.json",
        "metadata/2.targets.json",
        "targets/",
    ):
        for lie in (b"", b"nonsense", b"{}", lambda body: body[:-9] + b"123456789"):
            host.lies = {path: lie}
            with pytest.raises(CatalogueRefused):
                device.update(host)
            assert device.ids() == IDS
    host.lies = {}
    device.update(host)
    assert "t:new" in device.ids()


def test_another_curators_catalogue_is_refused(device, host, tmp_path):
    device.update(host)
    other = Curator(tmp_path / "other")
    for number in range(3):
        other.build(free("t:other%d" % number))
    with Host(other.out) as stranger, pytest.raises(CatalogueRefused):
        device.update(stranger)
    assert device.ids() == IDS


def test_new_keys_that_the_old_ones_do_not_vouch_for_are_refused(device, host, tmp_path):
    device.update(host)
    other = Curator(tmp_path / "other")
    other.build(free("t:other"))
    made = (other.out / "metadata" / "1.root.json").read_bytes()
    host.lies = {"metadata/2.root.json": made.replace(b'"version":1', b'"version":2')}
    with pytest.raises(CatalogueRefused):
        device.update(host)


def test_a_rollback_is_refused(device, host, curator, tmp_path):
    with Host(older(tmp_path, curator)) as behind:
        device.update(host)
        with pytest.raises(CatalogueRefused):
            device.update(behind)
    assert "t:new" in device.ids()


def test_a_fast_forward_of_one_file_is_refused(device, host):
    host.lies = {"metadata/timestamp.json": lambda body: body.replace(b'"version":1', b'"version":9')}
    with pytest.raises(CatalogueRefused):
        device.update(host)


def test_a_freeze_shows_and_what_is_here_stays(tmp_path):
    """The host goes on with a timestamp whose seven days end in four seconds."""
    curator = Curator(tmp_path / "frozen")
    curator.build(*FILMS, now=datetime.now(timezone.utc) - timedelta(days=7) + timedelta(seconds=4))
    with Host(curator.out) as host:
        device = Device(tmp_path / "device", host)
        device.update(host)

        def expired():
            with contextlib.suppress(CatalogueExpired):
                device.update(host)
                return False
            return True

        wait_for(expired, 10, "the timestamp to expire", 0.2)
        assert device.ids() == IDS
        curator.build(free("t:new"))
        device.update(host)
        assert "t:new" in device.ids()


@pytest.mark.parametrize("part", ["snapshot", "targets"])
def test_mix_and_match_is_refused(device, host, curator, tmp_path, part):
    behind = older(tmp_path, curator)
    old = (behind / "metadata" / ("1.%s.json" % part)).read_bytes()
    host.lies = {"metadata/2.%s.json" % part: old}
    with pytest.raises(CatalogueRefused):
        device.update(host)


@pytest.mark.parametrize("path", ["metadata/timestamp.json", "metadata/1.targets.json", "targets/"])
def test_endless_data_is_refused(device, host, path):
    host.lies = {path: bytes(40 << 20)}
    with pytest.raises((CatalogueUnavailable, CatalogueRefused)):
        device.update(host)


def test_a_bomb_is_refused_though_it_is_signed(device, host, curator, monkeypatch):
    monkeypatch.setattr("commonreel.catalog.updating.MAX_FILE", 100)
    with pytest.raises(CatalogueRefused, match="unpacked"):
        device.update(host)


def test_a_first_root_that_was_changed_on_the_disk_is_not_trusted(device, host):
    (device.followed.folder / "root.json").write_bytes(b"{}")
    with pytest.raises(CatalogueRefused):
        device.update(host)


def test_keys_of_another_fingerprint_are_not_followed(device, host):
    device.followed = replace(device.followed, fingerprint="0" * 64)
    with pytest.raises(CatalogueRefused):
        device.update(host)


def test_a_catalogue_with_nothing_in_it_yet_is_known(tmp_path):
    curator = Curator(tmp_path / "curator")
    curator.build()
    with Host(curator.out) as host:
        device = Device(tmp_path, host)
        device.update(host)
        assert device.version() == "0"
        curator.build(free("t:first"))
        device.update(host)
        assert device.ids() == ["t:first"]


def test_a_delta_that_the_host_lost_is_done_without(device, host, curator):
    device.update(host)
    curator.build(free("t:new"))
    host.lies = {"targets/deltas/": None}
    device.update(host)
    assert device.ids() == sorted([*IDS, "t:new"])


def test_a_host_that_is_away_is_not_asked_for_each_file(device, host, tmp_path):
    with Host(tmp_path / "nowhere") as away:
        device.update(away, host)
        assert len(away.asked) < 5


def test_a_clock_that_is_behind_refuses_nothing(tmp_path):
    """A small box starts in 1970; what the catalogue's own date frees is free."""
    curator = Curator(tmp_path / "curator")
    curator.build(by_rule("t:old"), window=0)
    with Host(curator.out) as host:
        device = Device(tmp_path, host)
        device.year = 1970
        device.update(host)
        with Store(device.store) as store:
            assert store.work("t:old").year == 1925


@pytest.mark.parametrize(
    "named", ["a" * 64 + "&y=/../x", "a" * 40 + "&ws=http://192.168.1.1/", "A" * 40, 3, None]
)
def test_a_torrent_that_is_no_hash_is_none(device, host, named):
    """It becomes part of a link and of a path."""
    device.update(host)
    path = device.followed.folder / "metadata" / "timestamp.json"
    path.write_text(json.dumps({"signed": {"torrent": named}}))
    assert Verified(device.followed, []).torrent() == ""


# The command, and what happens when it is killed; tests/long has more of that.


def test_the_command_keeps_a_copy(curator, host, tmp_path):
    copy = tmp_path / "copy"
    assert whole(host, curator, copy) == {
        "build": 1,
        "at": NOW.date().isoformat(),
        "works": 40,
        "changed": True,
    }
    assert whole(host, curator, copy)["changed"] is False
    curator.build(free("t:new"))
    assert whole(host, curator, copy)["works"] == 41
    assert len(ids(copy)) == 41


def test_the_command_refuses_other_keys(curator, host, tmp_path):
    other = Curator(tmp_path / "other")
    other.build(free("t:other"))
    assert "catalogue-refused" in whole(host, other, tmp_path / "copy")["error"]


def test_killed_a_few_times(curator, host, tmp_path):
    copy = tmp_path / "copy"

    def all_or_nothing(found):
        assert found is None or found in ([], IDS)

    kill_at_random(host, curator, copy, 5, 1.5, all_or_nothing)
    whole(host, curator, copy)
    assert ids(copy) == IDS
