# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's own catalogue: what the zip says, what the viewer wants, and what is followed then."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from commonreel.catalog import following, main
from commonreel.catalog.following import Offer, State
from commonreel.catalog.store import MAIN

OFFER = Offer("https://example.org/catalogue/", b'{"signed": {"_type": "root"}}', ("https://b.example/",))
MOVED = replace(OFFER, address="https://moved.example/", mirrors=())
OTHER_KEYS = replace(OFFER, root=b'{"signed": {"_type": "root", "version": 1}}')


def of(offer, catalogues):
    """The addresses of what is followed once it has settled, and whether that is the last word."""
    main.settle(catalogues, offer)
    return [(each.origin, each.address) for each in following.followed(catalogues)]


def test_it_is_followed_by_itself(tmp_path):
    assert of(OFFER, tmp_path) == [(MAIN, OFFER.address)]
    held = following.named(tmp_path, MAIN)
    assert (held.root, held.mirrors, held.fingerprint) == (OFFER.root, OFFER.mirrors, OFFER.fingerprint)


def test_a_zip_without_follows_nothing(tmp_path):
    assert of(None, tmp_path / "catalogues") == []
    assert list(tmp_path.iterdir()) == []


def test_what_is_settled_is_left_alone(tmp_path):
    of(OFFER, tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    of(OFFER, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_a_newer_zip_moves_it_and_an_older_one_moves_it_back(tmp_path):
    of(OFFER, tmp_path)
    following.named(tmp_path, MAIN).keep(State(works=7))
    for offer in (MOVED, OFFER):
        assert of(offer, tmp_path) == [(MAIN, offer.address)]
        held = following.named(tmp_path, MAIN)
        assert (held.mirrors, held.state.works, held.wanted) == (offer.mirrors, 7, True)


def test_other_keys_begin_anew_once_nothing_of_the_old_is_left(tmp_path):
    of(OFFER, tmp_path)
    folder = following.named(tmp_path, MAIN).folder
    (folder / "metadata").mkdir()
    assert of(OTHER_KEYS, tmp_path) == []
    assert of(OTHER_KEYS, tmp_path) == []  # the service has not forgotten it yet
    assert following.left(tmp_path) == [folder]
    following.forget(folder)
    assert of(OTHER_KEYS, tmp_path) == [(MAIN, OFFER.address)]
    assert following.named(tmp_path, MAIN).root == OTHER_KEYS.root
    assert not (folder / "metadata").exists()


def test_a_zip_without_leaves_it(tmp_path):
    of(OFFER, tmp_path)
    assert of(None, tmp_path) == []
    assert following.left(tmp_path) == [tmp_path / MAIN]


def test_off_and_on_again(tmp_path):
    of(OFFER, tmp_path)
    main.switch(tmp_path, False)
    assert main.is_off(tmp_path)
    assert of(OFFER, tmp_path) == []
    following.forget(tmp_path / MAIN)
    assert of(OFFER, tmp_path) == []
    assert of(MOVED, tmp_path) == []  # an update of the add-on does not switch it on
    main.switch(tmp_path, True)
    assert of(OFFER, tmp_path) == [(MAIN, OFFER.address)]


def test_off_before_there_is_anything_and_on_twice(tmp_path):
    catalogues = tmp_path / "catalogues"
    main.switch(catalogues, True)
    main.switch(catalogues, False)
    assert of(OFFER, catalogues) == []
    main.switch(catalogues, True)
    main.switch(catalogues, True)
    assert of(OFFER, catalogues) == [(MAIN, OFFER.address)]


def test_who_followed_it_by_hand_keeps_its_works_until_they_are_here_twice(tmp_path):
    twin = following.follow(tmp_path, OFFER)
    other = following.follow(tmp_path, OTHER_KEYS)
    of(OFFER, tmp_path)
    main.settle(tmp_path, OFFER)
    assert following.named(tmp_path, twin.origin)
    following.named(tmp_path, MAIN).keep(State(checked=1.0))
    main.settle(tmp_path, OFFER)
    assert not following.named(tmp_path, twin.origin)
    assert {each.origin for each in following.followed(tmp_path)} == {MAIN, other.origin}


def test_a_damaged_folder_is_made_good(tmp_path):
    of(OFFER, tmp_path)
    (tmp_path / MAIN / "followed.json").write_text("{")
    assert of(OFFER, tmp_path) == [(MAIN, OFFER.address)]


@pytest.mark.parametrize(
    "said",
    [
        None,
        "{",
        {"address": OFFER.address},
        {"address": "file:///etc/", "fingerprint": OFFER.fingerprint},
        {"address": OFFER.address, "fingerprint": "0" * 64},
        {"address": OFFER.address, "fingerprint": OFFER.fingerprint, "mirrors": ["file:///etc/"]},
        {"address": OFFER.address, "fingerprint": OFFER.fingerprint, "mirrors": 3},
    ],
)
def test_a_zip_that_is_wrong_offers_nothing(tmp_path, said):
    if said:
        (tmp_path / "followed.json").write_text(said if isinstance(said, str) else json.dumps(said))
    (tmp_path / "root.json").write_bytes(OFFER.root)
    assert main.packed(tmp_path) is None
