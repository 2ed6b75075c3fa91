# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture tour shows each of its pictures."""

from __future__ import annotations

import pytest
from PIL import Image

import tour_pictures


@pytest.fixture
def page(tmp_path):
    page = tmp_path / "tour.md"
    page.write_text("![Films](screenshots/tour/01-films.jpg)", encoding="utf-8")
    return page


def take(folder, *names):
    folder.mkdir()
    for name in names:
        Image.new("RGB", (1280, 720)).save(folder / name)


def test_the_page_in_the_repository_shows_every_picture():
    assert tour_pictures.amiss(tour_pictures.PAGE, tour_pictures.KEPT) == []


def test_pictures_are_made_small_and_old_ones_go(tmp_path, page):
    taken, kept = tmp_path / "taken", tmp_path / "kept"
    take(taken, "01-films.png", "FAILED-test.png")
    take(kept, "09-old.jpg")
    tour_pictures.shrink(taken, kept)
    assert [file.name for file in kept.iterdir()] == ["01-films.jpg"]
    with Image.open(kept / "01-films.jpg") as small:
        assert small.size == (960, 540)
    assert tour_pictures.amiss(page, kept) == []


def test_what_is_not_shown_or_not_there_is_told(tmp_path, page):
    kept = tmp_path / "kept"
    take(kept, "02-genres.jpg")
    assert tour_pictures.amiss(page, kept) == [
        "not in tour.md: 02-genres.jpg",
        "no such picture: 01-films.jpg",
    ]
