# SPDX-License-Identifier: GPL-3.0-or-later
"""Which works may be shown here, and how seldom that is looked up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from commonreel.catalog.store import Store
from commonreel.service import repertoire as module
from commonreel.service.config import Config
from commonreel.service.repertoire import Repertoire
from commonreel.works.errors import NotFreeHere
from commonreel.works.parental import Level
from commonreel.works.work import ContentRating, Tombstone
from lab.few_works import COPS, MOON, OPEN, TRAP, WORKS


class House:
    """A repertoire, what its user has chosen, and how often the store is opened."""

    def __init__(self, folder, monkeypatch):
        self.config = Config(profile=folder, starter=None, version="1", country="US")
        self.repertoire = Repertoire(lambda: self.config, None, None)
        self.opened = 0
        self.fill(*WORKS)
        monkeypatch.setattr(module, "Store", self._store)

    def fill(self, *entries, origin="starter"):
        with Store(self.config.store, writable=True) as store:
            store.fill(origin, str(entries), entries)

    def _store(self, *arguments):
        self.opened += 1
        return Store(*arguments)


@pytest.fixture
def house(tmp_path, monkeypatch):
    return House(tmp_path, monkeypatch)


def test_the_store_is_opened_once_and_again_only_for_what_is_new(house):
    ids = [work.id for work in WORKS]
    for _ in range(5):
        assert house.repertoire.refused(ids) == frozenset()
    assert house.opened == 1
    house.fill(*WORKS[1:], Tombstone(COPS.id, "an objection"))
    for _ in range(5):
        assert house.repertoire.refused(ids) == {COPS.id}
    assert house.opened == 2
    house.config = replace(house.config, country="FR")
    assert house.repertoire.refused(ids) == {COPS.id, TRAP.id}
    assert house.repertoire.refused([MOON.id, "ia:nobody"]) == {"ia:nobody"}
    assert house.opened == 4


def test_a_store_that_cannot_be_read_for_a_moment_refuses_nothing_and_is_read_again(house):
    place = house.config.store
    away = place.rename(place.with_name("away"))
    assert house.repertoire.refused([COPS.id, "ia:nobody"]) == frozenset()
    away.rename(place)
    assert house.repertoire.refused([COPS.id, "ia:nobody"]) == {"ia:nobody"}


def test_what_is_not_free_here_is_not_found(house):
    house.config = replace(house.config, country="FR")
    assert house.repertoire.find(MOON.id) == MOON
    with pytest.raises(NotFreeHere):
        house.repertoire.find(TRAP.id)


def test_a_sample_keeps_to_the_parental_level_and_leaves_the_users_own_out(house):
    house.fill(OPEN._replace(id="house:mine"), origin="local")
    house.fill(COPS._replace(content_rating=ContentRating(age=16)), MOON, TRAP)
    assert {work.id for work in house.repertoire.sample(30)} == {COPS.id, MOON.id, TRAP.id}
    house.config = replace(house.config, level=Level(12))
    assert {work.id for work in house.repertoire.sample(30)} == {MOON.id, TRAP.id}
    house.config = replace(house.config, level=Level(12, unrated=False))
    assert house.repertoire.sample(30) == []
