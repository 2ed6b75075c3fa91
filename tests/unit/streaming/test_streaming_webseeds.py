# SPDX-License-Identifier: GPL-3.0-or-later
"""Which web seed is asked, and which is left alone."""

from __future__ import annotations

import pytest

from commonreel.net.ranged import Failure
from commonreel.streaming.webseeds import LONGEST_WAIT, Copy, Seed, choose
from commonreel.works import metainfo
from lab.torrents import make

META = metainfo.parse(make("item", {"a b.mp4": bytes(100_000), "sub/c.srt": bytes(10)}))
FILM, SUBTITLES = META.files


def seed(name="https://example.org/", files=None, rate=0.0, active=0):
    made = Seed(name, META, files)
    made.rate, made.active = rate, active
    return made


def test_where_a_seed_has_each_file():
    found = seed("https://example.org/x/")
    assert found.offers(FILM).address == "https://example.org/x/item/a%20b.mp4"
    assert found.offers(SUBTITLES).address == "https://example.org/x/item/sub/c.srt"


def test_a_seed_of_single_files_has_no_others():
    found = seed(files={FILM.index: "https://example.org/film"})
    assert found.offers(FILM).address == "https://example.org/film"
    assert found.offers(SUBTITLES) is None


def test_the_quicker_one_is_asked_until_it_has_too_much_to_do():
    slow, quick = seed("slow", rate=100.0), seed("quick", rate=250.0)
    assert choose([slow, quick], FILM, 1000, 0.0) is quick
    quick.active = 2
    assert choose([slow, quick], FILM, 1000, 0.0) is slow


def test_one_that_was_never_asked_is_tried():
    known, fresh = seed("known", rate=100.0, active=1), seed("fresh")
    assert choose([known, fresh], FILM, 1000, 0.0) is fresh


def test_one_that_lags_is_asked_last():
    lagging, other = seed("lagging"), seed("other", rate=100.0, active=2)
    lagging.lags(0, 5.0)
    assert choose([lagging, other], FILM, 1000, 0.0) is other
    assert choose([lagging], FILM, 1000, 0.0) is lagging


def test_a_banned_one_is_not_asked():
    bad = seed()
    bad.ban("a lie")
    assert choose([bad], FILM, 1000, 0.0) is None


def test_one_that_has_failed_is_left_alone_for_longer_each_time():
    copy = Copy("https://example.org/")
    waits = []
    for _ in range(8):
        copy.failed(Failure("refused"), 100.0)
        waits.append(copy.not_before - 100.0)
    assert waits[:3] == [1.0, 2.0, 4.0]
    assert waits[-1] == LONGEST_WAIT
    assert not copy.gone


def test_it_is_left_alone_for_as_long_as_it_asks():
    copy = Copy("https://example.org/")
    copy.failed(Failure("busy", wait=120.0), 100.0)
    assert copy.not_before == 220.0


@pytest.mark.parametrize("tries", [1, 3])
def test_it_is_given_up_after_so_many_failures_in_a_row(tries):
    copy = Copy("https://example.org/")
    for _ in range(tries - 1):
        copy.failed(Failure("missing", tries), 0.0)
    copy.gave()
    for count in range(tries):
        assert not copy.gone, count
        copy.failed(Failure("missing", tries), 0.0)
    assert copy.gone


def test_what_is_missing_is_missing_for_that_file_alone():
    found = seed()
    found.copy(SUBTITLES).failed(Failure("HTTP 416", 1), 0.0)
    assert found.offers(SUBTITLES) is None
    assert choose([found], FILM, 1000, 0.0) is found
