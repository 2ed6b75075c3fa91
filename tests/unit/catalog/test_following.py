# SPDX-License-Identifier: GPL-3.0-or-later
"""The folders of catalogues that are followed."""

from __future__ import annotations

import pytest

from commonreel.catalog import following
from commonreel.catalog.following import Offer, State
from commonreel.net.fetch import Fetcher
from commonreel.works.errors import CatalogueRefused, CatalogueUnavailable, FetchFailed

ROOT = b'{"signed": {"_type": "root"}}'
OFFER = Offer("https://example.org/catalogue/", ROOT)


@pytest.fixture
def found(monkeypatch):
    """What is asked for. Its `answer` is what is there, or an error to raise."""

    class Asked(list):
        answer = ROOT

    asked = Asked()

    def get(self, url, limit, timeout):
        asked.append((url, self._local))
        if isinstance(asked.answer, Exception):
            raise asked.answer
        return asked.answer

    monkeypatch.setattr(Fetcher, "get", get)
    return asked


@pytest.mark.parametrize(
    ("typed", "address", "local"),
    [
        ("example.org", "https://example.org/", False),
        (" https://example.org/a ", "https://example.org/a/", False),
        ("https://example.org/a//", "https://example.org/a/", False),
        ("http://192.168.1.2:8000", "http://192.168.1.2:8000/", True),
    ],
)
def test_what_people_type(found, typed, address, local):
    assert following.offered(typed, "test").address == address
    assert found == [(address + "metadata/1.root.json", local)]


@pytest.mark.parametrize(
    "answer", [b"", b"<html>", b"[]", b"{}", b'{"signed": {"_type": "targets"}}', b"[" * 10000]
)
def test_what_is_no_catalogue(found, answer):
    found.answer = answer
    with pytest.raises(CatalogueRefused):
        following.offered("example.org", "test")


def test_nobody_there(found):
    found.answer = FetchFailed("HTTP 404", 404)
    with pytest.raises(CatalogueUnavailable):
        following.offered("example.org", "test")


def test_followed_left_and_forgotten(tmp_path):
    assert following.followed(tmp_path / "none") == following.left(tmp_path / "none") == []
    made = following.follow(tmp_path, OFFER)
    assert following.followed(tmp_path) == [made]
    assert following.named(tmp_path, made.origin) == made
    (made.folder / "metadata" / "deep").mkdir(parents=True)
    made.unfollow()
    assert following.followed(tmp_path) == []
    assert following.left(tmp_path) == [made.folder]
    following.forget(made.folder)
    assert list(tmp_path.iterdir()) == []


def test_followed_again_after_it_was_left(tmp_path):
    made = following.follow(tmp_path, OFFER)
    made.keep(State(works=7))
    made.unfollow()
    again = following.follow(tmp_path, Offer("https://example.org/moved/", ROOT))
    assert following.left(tmp_path) == []
    assert following.followed(tmp_path) == [again]
    assert (again.address, again.state.works) == ("https://example.org/moved/", 7)


def test_a_folder_that_is_just_being_made_is_not_taken_for_one_that_was_left(tmp_path):
    (tmp_path / OFFER.fingerprint[:16]).mkdir()
    assert following.left(tmp_path) == []


def test_state_is_kept(tmp_path):
    made = following.follow(tmp_path, OFFER)
    state = State(due=1.5, failures=2, name="Festival", mirrors=("https://a.example/",), tag='"x"')
    made.keep(state)
    assert made.state == state


@pytest.mark.parametrize("text", ["", "[]", "3", '{"due": "soon"}', '{"mirrors": 3}', "{"])
def test_a_damaged_state_is_no_state(tmp_path, text):
    made = following.follow(tmp_path, OFFER)
    (made.folder / "state.json").write_text(text)
    assert made.state == State()


def test_wanted_until_granted(tmp_path):
    made = following.follow(tmp_path, OFFER)
    assert not made.wanted
    made.want()
    assert made.wanted
    made.granted()
    assert not made.wanted
