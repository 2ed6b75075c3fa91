# SPDX-License-Identifier: GPL-3.0-or-later
"""Torrents in folders, and where their files lie."""

from __future__ import annotations

import pytest

from commonreel.publish import shelf
from lab.torrents import make

FILM = b"film" * 9000
FILES = {"Film.mp4": FILM, "deep/Film.srt": b"1\n"}


def lay(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_a_single_file_lies_beside_its_torrent(tmp_path):
    lay(tmp_path, {"film.torrent": make("Film.mp4", FILM), "Film.mp4": FILM})
    assert shelf.shelved(tmp_path / "film.torrent").folder == tmp_path


@pytest.mark.parametrize("inside", ["", "Item/"])
def test_several_lie_there_too_or_in_a_folder_of_their_name(tmp_path, inside):
    lay(tmp_path, {"film.torrent": make("Item", FILES)})
    lay(tmp_path / inside, FILES)
    assert shelf.shelved(tmp_path / "film.torrent").folder == tmp_path / inside


def test_all_below_are_found_and_what_is_wrong_is_said(tmp_path):
    lay(tmp_path, {"a/film.torrent": make("Film.mp4", FILM), "a/Film.mp4": FILM})
    lay(tmp_path, {"b/page.torrent": b"<html>", "c/film.torrent": make("Film.mp4", FILM)})
    lay(tmp_path, {"d/film.torrent": make("Film.mp4", FILM), "d/Film.mp4": FILM[1:]})
    lay(tmp_path, {"e/film.torrent": make("Film.mp4", FILM, private=True), "e/Film.mp4": FILM})
    (tmp_path / "f.torrent").mkdir()
    (tmp_path / "g.torrent").symlink_to("nowhere")
    found = list(shelf.find(tmp_path))
    assert isinstance(found[0], shelf.Shelved)
    said = [str(each) for each in found[1:]]
    wanted = ["page.torrent", "no %s" % (tmp_path / "c/Film.mp4"), "35999 bytes, not 36000", "private"]
    wanted += ["f.torrent", "g.torrent"]
    assert [part in words for part, words in zip(wanted, said)] == [True] * 6


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        list(shelf.find(tmp_path / "nowhere"))
