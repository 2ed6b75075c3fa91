# SPDX-License-Identifier: GPL-3.0-or-later
"""Questions whose catalogue a key stands for, between a screen and the service."""

from __future__ import annotations

import os
import time

import pytest

from commonreel.catalog import asking, following
from commonreel.works.errors import CatalogueRefused, CatalogueUnavailable, NoEngine

LINK = "magnet:?xs=urn:btpk:" + "ab" * 32
ROOT = b'{"signed": {"_type": "root"}}'


def test_asked_and_answered(tmp_path):
    question = asking.ask(tmp_path, LINK)
    assert asking.waiting(tmp_path, time.time()) == [question]
    assert asking.answered(question) is None
    assert asking.link(question) == LINK
    asking.answer(question, ROOT)
    assert asking.waiting(tmp_path, time.time()) == []
    offer = asking.answered(question)
    assert (offer.address, offer.root) == (LINK, ROOT)
    asking.drop(question)
    made = following.follow(tmp_path, offer)
    assert following.followed(tmp_path) == [made]
    assert made.pointer.link == LINK
    assert not made.local


@pytest.mark.parametrize("error", [NoEngine("x"), CatalogueUnavailable("y")])
def test_answered_by_why_not(tmp_path, error):
    question = asking.ask(tmp_path, LINK)
    asking.answer(question, error)
    with pytest.raises(type(error)):
        asking.answered(question)
    assert asking.waiting(tmp_path, time.time()) == []


def test_what_has_come_may_be_no_keys(tmp_path):
    question = asking.ask(tmp_path, LINK)
    asking.answer(question, b"<html>")
    with pytest.raises(CatalogueRefused):
        asking.answered(question)


def test_nobody_waits_any_more(tmp_path):
    question = asking.ask(tmp_path, LINK)
    asking.drop(question)
    asking.answer(question, ROOT)
    assert list(tmp_path.iterdir()) == []
    assert following.followed(tmp_path) == following.left(tmp_path) == []


def test_what_is_no_link_asks_nothing(tmp_path):
    with pytest.raises(CatalogueRefused):
        asking.ask(tmp_path, "magnet:?xt=urn:btih:" + "0" * 40)
    assert asking.waiting(tmp_path, time.time()) == []


@pytest.mark.parametrize("age", [asking.PATIENCE + 1, -60])
def test_a_question_left_behind_is_not_asked(tmp_path, age):
    """As where Kodi went away while somebody waited; or the clock was set back since."""
    question = asking.ask(tmp_path, LINK)
    then = time.time() - age
    os.utime(question / "link", (then, then))
    assert asking.waiting(tmp_path, time.time()) == []
    assert not question.exists()
