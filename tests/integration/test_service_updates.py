# SPDX-License-Identifier: GPL-3.0-or-later
"""The service follows catalogues by itself: when it looks, what it keeps, and how it ends."""

from __future__ import annotations

import json
import shutil
import threading
import time
from dataclasses import replace

import pytest

from commonreel.catalog import following, main, updating
from commonreel.catalog.admission import admit
from commonreel.catalog.following import Offer, State
from commonreel.catalog.store import LOCAL, MAIN, STARTER, Store
from commonreel.publish import keys
from commonreel.service.catalogues import Catalogues
from commonreel.service.updates import DAY, Updates
from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from commonreel.works.errors import (
    CatalogueExpired,
    CatalogueRefused,
    CatalogueUnavailable,
    NoEngine,
    UnknownWork,
)
from commonreel.works.query import Query
from lab.curator import Curator, Host
from lab.jsonrpc import wait_for
from lab.playing import OPTIONS
from lab.records import free, gone
from lab.swarm import Swarm


@pytest.fixture
def curator(tmp_path):
    made = Curator(tmp_path / "curator")
    made.about = {"name": "Festival"}
    made.build(free("t:a"), free("t:b"))
    return made


@pytest.fixture
def host(curator):
    with Host(curator.out) as host:
        yield host


class Room:
    """What updates need: a store that was filled before, and a folder of catalogues."""

    def __init__(self, folder):
        self.busy = False
        self.offer = None  # the add-on's own catalogue
        self.store, self.catalogues = folder / "catalogue.db", folder / "catalogues"
        with Store(self.store, writable=True) as store:
            store.fill("starter", "1", [])
        self.updates = self.fresh()

    def fresh(self):
        return Updates(self.catalogues, self.store, "test", lambda: self.busy, self.engine, self.offer)

    def engine(self):
        raise NoEngine("none here")

    def follow(self, host):
        return following.follow(self.catalogues, following.offered(host.address, "test"))

    def begin_with(self, offer):
        """A start of the add-on, whose zip has that catalogue of its own; None for none."""
        self.end()
        self.offer = offer
        self.updates = self.fresh()

    def end(self):
        self.updates.stop()
        self.updates.join(time.monotonic() + 1)

    def idle(self):
        thread = self.updates._thread
        return thread is None or not thread.is_alive()

    def look(self):
        """One tick, to the end of what it began."""
        self.updates.tick()
        wait_for(self.idle, 30, "the update to end", 0.01)

    def ids(self):
        with Store(self.store) as store:
            return sorted(work.id for work in store.page(Query()).works)


@pytest.fixture
def room(tmp_path):
    room = Room(tmp_path)
    yield room
    room.end()
    assert room.idle()


def test_a_catalogue_comes_as_soon_as_it_is_followed(room, host):
    followed = room.follow(host)
    room.look()
    assert room.ids() == ["t:a", "t:b"]
    state = followed.state
    assert (state.name, state.works, state.trouble, state.mirror) == ("Festival", 2, "", host.address)
    assert 0.8 * DAY < state.due - time.time() < 1.2 * DAY


def test_it_is_looked_at_once_a_day_and_when_it_is_wanted(room, host, curator):
    followed = room.follow(host)
    room.look()
    host.asked.clear()
    room.look()
    assert host.asked == []
    curator.build(free("t:c"))
    followed.want()
    room.look()
    assert room.ids() == ["t:a", "t:b", "t:c"]
    host.asked.clear()
    followed.keep(replace(followed.state, due=time.time() - 1))
    room.look()
    assert "metadata/timestamp.json" in host.asked
    assert host.unchanged == 1  # told by its ETag


def test_a_clock_that_was_set_back_does_not_put_it_off(room, host):
    followed = room.follow(host)
    room.look()
    followed.keep(replace(followed.state, due=time.time() + 1000 * DAY))
    host.asked.clear()
    room.look()
    assert host.asked


def test_nothing_is_begun_while_somebody_watches(room, host):
    room.follow(host)
    room.busy = True
    room.look()
    assert room.ids() == []
    room.busy = False
    room.look()
    assert room.ids() == ["t:a", "t:b"]


def test_a_failure_is_told_and_tried_again_later_and_later(room, host):
    followed = room.follow(host)
    room.look()
    host.lies = {"metadata/": None}
    waits = []
    for failures in (1, 2, 3):
        followed.want()
        room.look()
        state = followed.state
        assert (state.failures, state.trouble) == (failures, CatalogueUnavailable.code)
        assert (state.works, state.name) == (2, "Festival")
        waits.append(state.due - time.time())
    assert waits[0] < waits[1] < waits[2] <= 1.2 * DAY
    assert room.ids() == ["t:a", "t:b"]
    host.lies = {}
    followed.want()
    room.look()
    assert (followed.state.failures, followed.state.trouble) == (0, "")


def test_what_is_followed_no_more_goes(room, host):
    followed = room.follow(host)
    room.look()
    followed.unfollow()
    room.look()
    assert room.ids() == []
    assert not followed.folder.exists()


def test_a_store_that_was_made_anew_is_filled_again(room, host):
    room.follow(host)
    room.look()
    for path in room.store.parent.glob("catalogue.db*"):
        path.unlink()
    with Store(room.store, writable=True) as store:
        store.fill("starter", "1", [])
    room.updates = room.fresh()
    room.look()
    assert room.ids() == ["t:a", "t:b"]


def test_a_withdrawn_work_goes(room, host, curator):
    followed = room.follow(host)
    room.look()
    curator.build(gone("t:a"))
    followed.want()
    room.look()
    assert room.ids() == ["t:b"]


def test_an_expired_catalogue_keeps_working_and_says_so(room, host, curator, monkeypatch):
    followed = room.follow(host)
    room.look()
    monkeypatch.setattr(
        "commonreel.catalog.verified.Updater.refresh",
        lambda client: expire(client),
    )
    followed.want()
    room.look()
    assert followed.state.trouble == CatalogueExpired.code
    assert room.ids() == ["t:a", "t:b"]


def expire(client):
    from tuf.api.exceptions import ExpiredMetadataError

    raise ExpiredMetadataError("timestamp.json is expired")


def test_other_hosts_that_the_catalogue_names_are_asked_too(room, host, curator):
    with Host(curator.out) as second:
        curator.about = {"name": "Festival", "mirrors": [second.address]}
        curator.build(free("t:c"))
        followed = room.follow(host)
        room.look()
        assert followed.state.mirrors == (second.address,)
        curator.build(free("t:d"))
        host.lies = {"metadata/": None}
        followed.want()
        room.look()
        assert "t:d" in room.ids()
        assert followed.state.mirror == second.address


def test_it_ends_at_once_though_a_host_says_nothing_more(room, host):
    asked, end = threading.Event(), threading.Event()

    def hang(body):
        asked.set()
        end.wait(30)
        return body

    host.lies = {"metadata/timestamp.json": hang}
    followed = room.follow(host)
    room.updates.tick()
    assert asked.wait(10)
    began = time.monotonic()
    room.end()
    assert time.monotonic() - began < 1
    assert room.idle()
    end.set()
    assert followed.state.trouble == ""  # it was not the catalogue's fault
    room.updates = room.fresh()
    room.look()
    assert room.ids() == ["t:a", "t:b"]


def test_a_damaged_folder_does_no_harm(room, host):
    followed = room.follow(host)
    room.look()
    other = room.catalogues / "0123456789abcdef"
    other.mkdir()
    for text in ("", "[]", "{}", '{"address": "file:///etc/", "fingerprint": "%s"}' % ("0" * 64)):
        (other / "followed.json").write_text(text)
        (followed.folder / "state.json").write_text(text)
        room.look()
        assert followed.state.works in (0, 2)
    with Store(room.store) as store, pytest.raises(UnknownWork):
        store.work("t:none")
    assert room.ids() == ["t:a", "t:b"]


def test_where_no_host_has_the_files_other_viewers_have(room, host, curator, tmp_path):
    torrent = (curator.out / "catalogue.torrent").read_bytes()
    served = shutil.copytree(curator.out, tmp_path / "served" / "catalogue")
    engine = LibtorrentEngine(Cache(tmp_path / "cache", 1 << 30), OPTIONS)
    room.engine = lambda: engine
    room.updates = room.fresh()
    with Swarm(torrent, served.parent) as swarm:
        followed = room.follow(host)
        followed.keep(State(trackers=(swarm.tracker.address,)))
        host.lies = {"targets/": None}
        room.look()
    engine.close()
    assert followed.state.trouble == ""
    assert room.ids() == ["t:a", "t:b"]


def test_one_that_is_wrong_in_an_unforeseen_way_keeps_nobody_else_waiting(room, host, tmp_path):
    with Host(tmp_path / "odd") as odd:
        (tmp_path / "odd" / "metadata").mkdir(parents=True)
        (tmp_path / "odd" / "metadata" / "1.root.json").write_text('{"signed": {"_type": "root"}}')
        wrong = room.follow(odd)
        room.follow(host)
        room.look()
    assert room.ids() == ["t:a", "t:b"]
    assert (wrong.state.failures, wrong.state.trouble) == (1, CatalogueRefused.code)


def test_who_follows_again_while_it_is_forgotten_keeps_it(room, host, monkeypatch):
    followed = room.follow(host)
    room.look()
    followed.unfollow()
    drop = updating.forget

    def slowly(origin, store):
        drop(origin, store)
        room.follow(host)

    monkeypatch.setattr(updating, "forget", slowly)
    room.look()
    assert following.followed(room.catalogues) == [followed]
    room.updates = room.fresh()
    room.look()
    assert room.ids() == ["t:a", "t:b"]


def test_it_ends_at_once_in_the_middle_of_the_store_too(room, host, monkeypatch):
    """One statement may take seconds on a small device."""
    begun = threading.Event()

    def long(connection, *_arguments):
        begun.set()
        endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        connection.execute(endless).fetchone()

    room.follow(host)
    monkeypatch.setattr("commonreel.catalog.store.replace_origin", long)
    room.updates.tick()
    assert begun.wait(20)
    assert room.updates.writing
    began = time.monotonic()
    room.end()
    assert time.monotonic() - began < 1
    assert room.idle()
    assert not list(room.store.parent.glob("*.suspect"))


def test_what_the_update_made_anew_is_filled_again_by_the_others(room, host, tmp_path):
    """A store that is damaged is made anew by whoever writes first."""
    starter = tmp_path / "starter.json"
    starter.write_text(json.dumps([free("s:one")]))
    catalogues = Catalogues(room.store, starter, "1.0")
    catalogues.refresh(None, 2026)
    room.follow(host)
    room.store.with_name("catalogue.db.suspect").touch()  # a reader has met damage
    room.look()
    catalogues.refresh(None, 2026)
    assert room.ids() == ["s:one", "t:a", "t:b"]


# The add-on's own catalogue.


@pytest.fixture
def own(curator, host):
    """What the zip has of it."""
    return offer_of(curator, host)


def offer_of(curator, host):
    return Offer(host.address, (curator.out / "metadata" / "1.root.json").read_bytes())


def held(room):
    return following.named(room.catalogues, MAIN)


def origins(room):
    """Id → origin of every work that is shown."""
    with Store(room.store) as store:
        return {work.id: store.origin(work.id) for work in store.page(Query()).works}


def test_the_add_ons_own_comes_by_itself_over_the_starter_and_under_local(room, own, curator):
    with Store(room.store, writable=True) as store:
        store.fill(STARTER, "1", [work(id) for id in ("t:a", "s:old", "s:kept")])
        store.fill(LOCAL, "1", [work(id) for id in ("t:b", "l:mine")])
    curator.build(free("s:old"), free("l:mine"))
    curator.build(gone("s:old"), gone("l:mine"))
    room.begin_with(own)
    room.look()
    assert origins(room) == {"t:a": MAIN, "s:kept": STARTER, "t:b": LOCAL, "l:mine": LOCAL}
    assert held(room).state.name == "Festival"


def work(id):
    return admit(json.dumps([free(id)]), 2026).entries[0]


def test_another_catalogue_takes_nothing_from_it(room, own, tmp_path):
    other = Curator(tmp_path / "other")
    other.build(free("t:a", 5), free("o:1"), gone("t:b"))
    room.begin_with(own)
    room.look()
    with Host(other.out) as stranger:
        followed = room.follow(stranger)
        room.look()
    assert origins(room) == {"t:a": MAIN, "t:b": MAIN, "o:1": followed.origin}


def test_a_first_start_without_network_shows_the_starter_and_the_rest_comes_later(room, own, host):
    with Store(room.store, writable=True) as store:
        store.fill(STARTER, "1", [work("s:kept")])
    host.lies = {"": None}
    room.begin_with(own)
    room.look()
    assert room.ids() == ["s:kept"]
    state = held(room).state
    assert (state.failures, state.trouble) == (1, CatalogueUnavailable.code)
    assert state.due - time.time() < 2 * 60  # a network that is about to come is not waited for in hours
    host.lies = {}
    held(room).keep(replace(state, due=time.time()))
    room.look()
    assert room.ids() == ["s:kept", "t:a", "t:b"]


def test_where_its_address_is_gone_its_mirror_is_asked(room, own, host):
    host.lies = {"metadata/": None}
    with Host(host.folder) as mirror:
        room.begin_with(replace(own, mirrors=(mirror.address,)))
        room.look()
    assert room.ids() == ["t:a", "t:b"]


def test_switched_off_its_works_go_and_on_again_they_come(room, own):
    room.begin_with(own)
    room.look()
    main.switch(room.catalogues, False)
    room.look()
    assert room.ids() == []
    room.begin_with(own)
    room.look()
    assert (room.ids(), held(room)) == ([], None)
    main.switch(room.catalogues, True)
    room.look()
    assert room.ids() == ["t:a", "t:b"]


def test_a_newer_zip_moves_it_and_the_zip_before_moves_it_back(room, own, host, curator):
    room.begin_with(own)
    room.look()
    with Host(curator.out) as second:
        curator.build(free("t:c"))
        for there, offer in ((second, offer_of(curator, second)), (host, own)):
            host.asked.clear()
            second.asked.clear()
            room.begin_with(offer)
            room.look()
            assert room.ids() == ["t:a", "t:b", "t:c"]
            assert (bool(host.asked), bool(second.asked)) == (there is host, there is second)


def test_keys_that_are_replaced_go_on_from_the_first_ones_of_an_older_or_newer_zip(room, own, curator):
    room.begin_with(own)
    room.look()
    (curator.keys / "root-1.pem").rename(curator.keys / "retired-1.pem")
    spare = curator.keys.parent / "spare"
    keys.make(spare)
    (spare / "root-1.pem").rename(curator.keys / "root-1.pem")
    curator.build(free("t:c"))
    room.begin_with(own)
    held(room).want()
    room.look()
    assert (room.ids(), held(room).state.trouble) == (["t:a", "t:b", "t:c"], "")


def test_other_keys_of_a_newer_zip_begin_anew_and_nothing_of_the_old_stays(room, own, tmp_path):
    room.begin_with(own)
    room.look()
    heir = Curator(tmp_path / "heir")
    heir.build(free("t:a"), free("h:1"))
    with Host(heir.out) as successor:
        room.begin_with(offer_of(heir, successor))
        room.look()
        assert (room.ids(), list(room.catalogues.iterdir())) == ([], [])
        room.look()
        assert room.ids() == ["h:1", "t:a"]
        assert held(room).fingerprint == heir.fingerprint


def test_a_zip_without_leaves_nothing_of_it(room, own):
    room.begin_with(own)
    room.look()
    room.begin_with(None)
    room.look()
    assert (room.ids(), list(room.catalogues.iterdir())) == ([], [])


def test_a_mirror_of_its_own_that_lies_is_refused(room, own, tmp_path):
    """It has the address, not the keys."""
    liar = Curator(tmp_path / "liar")
    liar.build(free("t:lie"))
    with Host(liar.out) as wrong:
        room.begin_with(replace(own, address=wrong.address))
        room.look()
    assert (room.ids(), held(room).state.trouble) == ([], CatalogueRefused.code)
