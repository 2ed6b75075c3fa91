# SPDX-License-Identifier: GPL-3.0-or-later
"""When the disk is full: what stops, what is said, and when it goes on."""

from __future__ import annotations

import pytest

from commonreel.streaming.room import GRACE, RETRY, Room
from commonreel.works.errors import DiskFull

REFUSAL = DiskFull("no space left")


class FakeDownload:
    info_hash = "a" * 40
    error = None
    fetches = True

    def sift(self):
        pass

    def failed(self, error):
        self.error = error


class FakeDisk:
    is_full = False
    tidied = 0

    def full(self):
        return self.is_full

    def tidy(self):
        self.tidied += 1


@pytest.fixture
def disk():
    return FakeDisk()


@pytest.fixture
def film():
    return FakeDownload()


@pytest.fixture
def room(disk):
    def stop(download):
        download.fetches = False

    def go_on(download):
        download.fetches = True
        download.failed(None)

    return Room(disk, disk.tidy, stop, go_on)


def test_nothing_is_said_while_there_is_room(room, film):
    room.look([film], 0.0)
    assert film.error is None


def test_a_disk_that_stays_full_is_said_to_be(room, film, disk):
    disk.is_full = True
    room.refused(film, REFUSAL, 0.0)
    room.look([film], GRACE - 1.0)
    assert film.error is None
    room.look([film], GRACE)
    assert isinstance(film.error, DiskFull)


def test_what_an_older_film_makes_room_for_is_never_said(room, film, disk):
    disk.is_full = True
    film.fetches = False
    room.refused(film, REFUSAL, 0.0)
    room.refused(film, REFUSAL, 0.1)
    room.look([film], 0.2)
    assert (film.error, film.fetches, disk.tidied) == (None, False, 1)
    disk.is_full = False  # its files have been closed
    room.look([film], GRACE)
    assert (film.error, film.fetches) == (None, True)


def test_the_last_room_is_left_to_others(room, film, disk):
    disk.is_full = True
    room.look([film], 0.0)
    assert (film.error, film.fetches) == (None, False)
    room.look([film], GRACE)
    assert isinstance(film.error, DiskFull)
    disk.is_full = False
    room.look([film], RETRY)
    assert (film.error, film.fetches) == (None, True)


def test_a_disk_that_refuses_though_it_has_room_is_tried_now_and_then(room, film):
    room.refused(film, REFUSAL, 0.0)
    room.look([film], GRACE)
    room.refused(film, REFUSAL, GRACE + 0.1)
    assert film.error is REFUSAL
    film.fetches = False
    room.look([film], GRACE + 1.0)
    assert not film.fetches
    room.look([film], GRACE + 0.1 + RETRY)
    assert film.fetches


def test_it_lacks_room_from_the_refusal_until_it_is_tried_again(room, film):
    assert not room.lacks(film)
    room.refused(film, REFUSAL, 0.0)
    assert room.lacks(film)
    room.look([film], GRACE)
    assert not room.lacks(film)
