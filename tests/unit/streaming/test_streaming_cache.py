# SPDX-License-Identifier: GPL-3.0-or-later
"""The disk cache: what is kept, and what goes first."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple

import pytest

from commonreel.streaming import cache as module
from commonreel.streaming.cache import Cache

HASHES = [letter * 40 for letter in "abc"]
KIB = 1024


@pytest.fixture
def cache(tmp_path):
    """Three torrents of some 100 KiB, a used first, c last."""
    made = Cache(tmp_path / "cache", limit=1 << 30)
    for age, info_hash in enumerate(HASHES):
        folder = made.keep_torrent(info_hash, b"torrent of " + info_hash.encode())
        (folder / "0").write_bytes(os.urandom(100 * KIB))
        os.utime(folder.parent / "torrent", (1000 + age, 1000 + age))
    return made


def test_a_torrent_is_kept(cache):
    assert cache.torrent(HASHES[1]) == b"torrent of " + HASHES[1].encode()
    assert cache.torrent("d" * 40) is None


def test_an_account_is_kept(cache):
    assert cache.resume(HASHES[0]) is None
    cache.keep_resume(HASHES[0], b"pieces")
    assert cache.resume(HASHES[0]) == b"pieces"


def test_an_account_of_what_has_been_removed_is_not(cache):
    cache.remove(HASHES[0])
    cache.keep_resume(HASHES[0], b"pieces")
    assert not (cache.folder / HASHES[0]).exists()


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "A" * 40, "a" * 39, "a" * 40 + "/..", "a" * 41, "a" * 40 + "\n"]
)
def test_no_path_is_made_of_anything_but_a_hash(cache, name):
    for call in (cache.torrent, cache.resume, cache.remove, lambda name: cache.keep_torrent(name, b"")):
        with pytest.raises(ValueError, match="info hash"):
            call(name)


def test_within_the_limit_all_stays(cache):
    assert cache.surplus([]) == []


def test_the_least_recently_used_goes_first(cache):
    cache.limit = 250 * KIB
    assert cache.surplus([]) == [HASHES[0]]
    cache.limit = 150 * KIB
    assert cache.surplus([]) == HASHES[:2]


def test_use_counts(cache):
    cache.used(HASHES[0])
    cache.limit = 250 * KIB
    assert cache.surplus([]) == [HASHES[1]]


def test_what_plays_never_goes(cache):
    cache.limit = 0
    assert cache.surplus([HASHES[0]]) == HASHES[1:]


def test_free_space_is_left_to_others(cache, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, module.FREE_FLOOR - 150 * KIB))
    assert cache.surplus([]) == HASHES[:2]


def test_removing(cache):
    cache.remove(HASHES[0])
    cache.remove(HASHES[0])
    assert sorted(path.name for path in cache.folder.iterdir()) == HASHES[1:]


def test_what_is_not_ours_is_left_alone(cache):
    (cache.folder / "notes").mkdir()
    cache.limit = 0
    assert cache.surplus([]) == HASHES


def test_holes_take_no_room(cache):
    with (cache.folder / HASHES[2] / "data" / "1").open("wb") as film:
        film.truncate(1 << 30)
    assert cache.surplus([]) == []


def test_nothing_there_yet(tmp_path):
    assert Cache(tmp_path / "no", 0).surplus([]) == []


def test_what_was_left_half_done_is_swept(cache):
    (cache.folder / HASHES[0] / "resume.new").write_bytes(b"half")
    (cache.folder / HASHES[1] / "torrent").unlink()  # was being removed
    (cache.folder / module.SCRATCH / ("e" * 40)).mkdir(parents=True)
    cache.sweep()
    assert sorted(path.name for path in cache.folder.iterdir()) == [HASHES[0], HASHES[2]]
    assert sorted(path.name for path in (cache.folder / HASHES[0]).iterdir()) == ["data", "torrent"]


def test_a_sweep_leaves_what_is_not_ours(cache, tmp_path):
    (cache.folder / "notes.new").write_bytes(b"mine")
    (cache.folder / ("d" * 40)).write_bytes(b"a file")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "photos.new").write_bytes(b"mine")
    (cache.folder / ("e" * 40)).symlink_to(elsewhere)
    cache.limit = 0
    cache.sweep()
    assert (cache.folder / "notes.new").exists()
    assert (cache.folder / ("d" * 40)).exists()
    assert (elsewhere / "photos.new").exists()
    assert cache.surplus([]) == HASHES


def test_nothing_to_sweep(tmp_path):
    Cache(tmp_path / "no", 0).sweep()
    assert not (tmp_path / "no").exists()


def test_a_cache_behind_a_link(cache, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(cache.folder)
    linked = Cache(link, limit=250 * KIB)
    assert linked.surplus([]) == [HASHES[0]]
    linked.remove(HASHES[0])
    assert not (cache.folder / HASHES[0]).exists()


def test_when_a_disk_is_full(cache, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, module.LAST_FLOOR))
    assert not cache.full()
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, module.LAST_FLOOR - 1))
    assert cache.full()


def test_its_size_is_that_of_what_it_holds(cache):
    assert 300 * KIB <= cache.size() < 400 * KIB
    assert Cache(cache.folder / "none", 1).size() == 0


def test_what_is_unwanted_is_surplus_but_what_plays_and_only_until_it_is_gone(cache):
    assert cache.surplus(()) == []
    cache.unwant()
    assert cache.surplus((HASHES[1],)) == [HASHES[0], HASHES[2]]
    cache.emptied()
    assert not cache.unwanted
    assert cache.surplus(()) == []


def test_a_cache_that_is_not_there_yet_can_be_unwanted(tmp_path):
    fresh = Cache(tmp_path / "none", 1)
    fresh.unwant()
    assert fresh.unwanted
    assert fresh.surplus(()) == []


def test_what_is_kept_for_others_does_not_count_and_does_not_go(tmp_path, monkeypatch):
    cache = Cache(tmp_path, 5_000_000)
    hashes = ["%040x" % n for n in range(4)]
    for info_hash in hashes:
        (cache.keep_torrent(info_hash, b"d4:infode") / "0").write_bytes(bytes(3_000_000))
    for age, info_hash in enumerate(hashes):
        os.utime(tmp_path / info_hash / "torrent", (1000 + age, 1000 + age))
    cache.kept = frozenset(hashes[:2])
    assert cache.surplus(playing=[]) == [hashes[2]]
    monkeypatch.setattr(cache, "free", lambda: module.FREE_FLOOR - 8_000_000)
    assert cache.surplus(playing=[]) == [hashes[2], hashes[3], hashes[0]]  # only for the disk's sake
    assert cache.surplus(playing=[hashes[0]]) == [hashes[2], hashes[3], hashes[1]]


def test_what_can_come_beside_a_film_that_plays(cache, monkeypatch):
    Usage = namedtuple("Usage", "free")
    playing = 100 * KIB
    cache.limit = 1000 * KIB
    spare = cache.spare(HASHES[0])
    assert cache.limit - playing - 50 * KIB < spare <= cache.limit - playing
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(module.FREE_FLOOR))
    assert 2 * playing <= cache.spare(HASHES[0]) < spare
    assert cache.spare("d" * 40) > cache.spare(HASHES[0])
    cache.limit = 10 * KIB
    assert cache.spare(HASHES[0]) < 0


def test_what_another_engine_plays_stays(tmp_path):
    cache = Cache(tmp_path, 0)
    cache.keep_torrent("a" * 40, b"x" * 100)
    cache.keep_torrent("b" * 40, b"x" * 100)
    cache.players = (lambda: ["a" * 40],)
    assert cache.surplus([]) == ["b" * 40]
    cache.unwant()
    assert cache.surplus([]) == ["b" * 40]
