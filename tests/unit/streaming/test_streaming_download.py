# SPDX-License-Identifier: GPL-3.0-or-later
"""A download and its films, with a swarm that only takes notes."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import time

import pytest

from commonreel.streaming import film as film_module
from commonreel.streaming import torrent as module
from commonreel.streaming.pieces import Pieces
from commonreel.streaming.room import GRACE, Room
from commonreel.streaming.swarm import Traffic
from commonreel.streaming.torrent import Download
from commonreel.works.errors import DiskFull, StreamClosed, TorrentInvalid
from commonreel.works.metainfo import Metainfo, TorrentFile
from commonreel.works.protocols import Torrent

PIECE = 1 << 20
COUNT = 12
LENGTH = COUNT * PIECE - 1000


class NotedSwarm:
    """What the download told its swarm."""

    def __init__(self, priorities):
        self.priorities = list(priorities)
        self.hurried = []
        self.taken_back = []  # for which piece
        self.rechecks = self.reconnects = self.flushes = 0
        self.needy = True
        self.left = sys.maxsize  # bytes of what is wanted
        self.web_seeds = []
        self.now = Traffic(peers=1)
        self.begun_now = {}

    def prioritise(self, priorities):
        for piece, priority in priorities:
            self.priorities[piece] = priority

    def hurry(self, piece):
        self.hurried.append(piece)

    def take_back(self, piece):
        self.taken_back.append(piece)
        for each in {piece, *self.hurried}:
            self.priorities[each] = 1
        self.hurried.clear()

    def end_hurry(self):
        for piece in self.hurried:
            self.priorities[piece] = 1
        self.hurried.clear()

    def press(self, needy):
        self.needy = needy

    def to_come(self):
        return self.left

    def flush(self):
        self.flushes += 1

    def recheck(self):
        self.rechecks += 1

    def reconnect(self):
        self.reconnects += 1

    def add_web_seed(self, address):
        self.web_seeds.append(address)

    def have(self):
        return [False] * COUNT

    def begun(self):
        return self.begun_now

    def traffic(self):
        return self.now

    @property
    def wanted(self):
        return [piece for piece, priority in enumerate(self.priorities) if priority]

    def first(self, count):
        """The pieces that libtorrent would ask for first."""
        return sorted(self.wanted, key=lambda piece: -self.priorities[piece])[:count]


class Lab:
    """One film of twelve pieces, MP4 with its index in the last ones."""

    def __init__(self, folder):
        mdat = LENGTH - 1_500_000 - 16
        head = (16).to_bytes(4, "big") + b"ftypisom" + bytes(4) + (mdat + 8).to_bytes(4, "big") + b"mdat"
        self.content = head + os.urandom(LENGTH - len(head))
        cut = [self.content[at : at + PIECE] for at in range(0, LENGTH, PIECE)]
        hashes = b"".join(hashlib.sha1(piece).digest() for piece in cut)
        film = TorrentFile(0, "item/film.mp4", LENGTH, 0)
        meta = Metainfo("a" * 40, "", "item", False, PIECE, hashes, (film,), LENGTH, (), (), False)
        self.folder = folder
        self.idle = []
        self.download = Download(meta.info_hash, Pieces(meta, folder), [], self.idle.append)
        (folder / "0").write_bytes(bytes(LENGTH))

    def open(self, duration=120.0, resume=0.0):
        film = self.download.open(Torrent(b"", 0, duration=duration, resume=resume))
        self.swarm = NotedSwarm(self.download.priorities())
        self.download.start(self.swarm)
        return film

    def write(self, *pieces):
        with (self.folder / "0").open("r+b") as file:
            for piece in pieces:
                file.seek(piece * PIECE)
                file.write(self.content[piece * PIECE : (piece + 1) * PIECE])

    def arrive(self, *pieces):
        self.write(*pieces)
        for piece in pieces:
            self.download.arrived(piece)
        self.download.prepare()


class FullDisk:
    def full(self):
        return True


@pytest.fixture
def lab(tmp_path):
    return Lab(tmp_path)


def read(reader, offset, length=PIECE, timeout=0.0):
    span = reader.span(offset, length, timeout)
    return span and os.pread(span.fd, span.length, span.position)


def test_first_the_head_alone(lab):
    lab.open()
    assert lab.swarm.wanted == [0]


def test_then_the_whole_index_before_what_follows(lab):
    lab.open()
    lab.arrive(0)
    assert lab.swarm.wanted == [1, 10, 11]
    assert [lab.swarm.priorities[piece] for piece in (1, 10, 11)] == [5, 7, 7]


@pytest.fixture
def clock(monkeypatch):
    """The time, to be put forward."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    return now


def test_the_first_blocks_tell_where_the_index_is_before_the_head_is_whole(lab):
    """It comes next, and what follows the head has to wait."""
    lab.open()
    lab.write(0)
    lab.swarm.left = PIECE * 3 // 4
    assert not lab.download.foresee()
    assert lab.swarm.flushes == 1
    assert lab.swarm.wanted == [0, 10, 11]
    assert lab.swarm.first(1) == [0]
    assert not lab.download.verify(1)


def test_the_head_tells_better_where_the_index_is(lab):
    lab.open(resume=60.0)
    lab.swarm.left = 0
    lab.download.foresee()
    lab.arrive(0)
    assert lab.swarm.wanted == [5, 10, 11]
    assert lab.swarm.first(2) == [10, 11]


def test_with_the_head_here_there_is_nothing_to_foresee(lab):
    lab.open()
    lab.arrive(0)
    before = list(lab.swarm.priorities)
    lab.swarm.left = 0
    assert not lab.download.foresee()
    assert lab.swarm.priorities == before


def test_in_comfort_little_is_asked_for_ahead(lab):
    lab.open(duration=60.0)
    lab.arrive(0)
    assert lab.swarm.needy
    lab.arrive(10, 11)
    assert not lab.swarm.needy


def test_a_jump_is_in_need_until_its_film_has_come(lab):
    reader = lab.open(duration=60.0).reader()
    lab.arrive(0, 1, 2, 3, 10, 11)
    read(reader, 0)
    assert not lab.swarm.needy
    read(reader, 6 * PIECE)
    assert lab.swarm.needy
    lab.arrive(6, 7)
    assert not lab.swarm.needy


def test_one_of_two_in_need_is_enough(lab):
    film = lab.open(duration=60.0)
    one, two = film.reader(), film.reader()
    lab.arrive(0, 1, 2, 3, 10, 11)
    read(one, 0)
    read(two, 6 * PIECE)
    assert lab.swarm.needy
    two.close()
    assert not lab.swarm.needy


def test_who_has_played_up_what_was_ahead_is_in_need_again(lab, monkeypatch):
    reader = lab.open(duration=60.0).reader()
    lab.arrive(0, 1, 2, 10, 11)
    read(reader, 0)
    assert not lab.swarm.needy
    later = time.monotonic() + 15
    monkeypatch.setattr(module.time, "monotonic", lambda: later)
    lab.download.tick()
    assert lab.swarm.needy


def test_with_a_resume_place_the_film_goes_on_there(lab):
    lab.open(resume=60.0)
    lab.arrive(0)
    assert lab.swarm.wanted == [5, 10, 11]


def test_ready_with_head_index_and_seconds(lab):
    film = lab.open()
    assert film.status().state == "buffering"
    lab.arrive(0)
    assert film.status().state == "buffering"
    lab.arrive(10, 11)
    assert film.status().state == "ready"
    assert film.status().seconds_ready == pytest.approx(120 / 12, abs=0.1)


def test_without_anybody_it_is_connecting(lab):
    film = lab.open()
    lab.swarm.now = Traffic()
    assert film.status().state == "connecting"


def test_the_index_alone_is_not_enough(lab):
    film = lab.open(duration=12.0)
    lab.arrive(0, 10, 11)
    assert film.status().state == "buffering"
    lab.arrive(*range(1, 6))
    assert film.status().state == "ready"


def test_once_ready_it_stays_so(lab):
    film = lab.open()
    lab.arrive(0, 10, 11)
    assert film.status().state == "ready"
    lab.download.failed(DiskFull("no room"))
    assert film.status().state == "ready"


def test_a_full_disk_is_told(lab):
    film = lab.open()
    lab.download.failed(DiskFull("no room"))
    with pytest.raises(DiskFull):
        film.status()


def test_what_a_full_disk_never_took_makes_no_film_ready(lab):
    """It seemed ready for a moment, since what had arrived counted as here."""
    film = lab.open(duration=12.0)
    lab.arrive(0, 10, 11)
    for piece in range(1, 6):
        lab.download.arrived(piece)
    assert film.status().state == "ready"
    room = Room(FullDisk(), lambda: None, lambda _: None, lambda _: None)
    for now in (0.0, GRACE):
        room.look([lab.download], now)
    with pytest.raises(DiskFull):
        film.status()


def test_with_a_full_disk_what_is_here_still_plays(lab):
    film = lab.open()
    lab.arrive(0)
    lab.download.failed(DiskFull("no room"))
    reader = film.reader()
    assert read(reader, 0) == lab.content[:PIECE]
    with pytest.raises(DiskFull):
        reader.span(PIECE, 1, 1.0)


def test_complete(lab):
    film = lab.open()
    lab.arrive(*range(COUNT))
    status = film.status()
    assert (status.complete, status.state) == (True, "ready")


def test_no_byte_before_its_piece_is_in_the_file(lab):
    reader = lab.open().reader()
    lab.download.arrived(0)
    assert reader.span(0, 10, 0.01) is None
    lab.write(0)
    assert read(reader, 0, 10) == lab.content[:10]


def test_spans_join_verified_pieces(lab):
    reader = lab.open().reader()
    lab.arrive(0, 1, 2, 4)
    for piece in (2, 1, 0):
        assert read(reader, piece * PIECE, 1)
    assert read(reader, 100, 10 * PIECE) == lab.content[100 : 3 * PIECE]
    assert read(reader, 100, 50) == lab.content[100:150]


def test_the_last_bytes(lab):
    reader = lab.open().reader()
    lab.arrive(COUNT - 1)
    assert read(reader, LENGTH - 7, 100) == lab.content[-7:]


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (LENGTH, 1), (0, 0)])
def test_places_that_are_not(lab, offset, length):
    with pytest.raises(ValueError, match="bytes at"):
        lab.open().reader().span(offset, length, 0.0)


def test_a_seek_asks_for_its_piece_first_and_then_the_next_ones(lab):
    reader = lab.open().reader()
    lab.arrive(0)
    read(reader, 0)
    assert reader.span(5 * PIECE + 5, 1, 0.0) is None
    assert lab.swarm.wanted == [5, 6, 7, 8]
    assert lab.swarm.first(2) == [5, 6]
    assert lab.swarm.hurried == [], "with a deadline peers are asked for one block at a time"
    assert lab.swarm.taken_back == [5]


def test_a_seek_leaves_what_another_reader_waits_for_its_priority(lab, clock):
    film = lab.open()
    lab.arrive(0)
    film.reader().span(3 * PIECE, 1, 0.0)
    lab.download.tick()
    clock[0] += 2.5
    lab.download.tick()
    assert lab.swarm.hurried == [3]
    film.reader().span(7 * PIECE, 1, 0.0)
    assert lab.swarm.priorities[3] > 1


def test_the_next_seek_takes_back_the_last(lab):
    reader = lab.open().reader()
    lab.arrive(0)
    reader.span(8 * PIECE, 1, 0.0)
    reader.span(3 * PIECE, 1, 0.0)
    assert (lab.swarm.wanted, lab.swarm.first(1)) == ([3, 4, 5, 6], [3])


def test_what_was_foreseen_is_no_seek(lab):
    film = lab.open()
    lab.arrive(0)
    before = list(lab.swarm.priorities)
    assert before[10]
    assert film.reader().span(10 * PIECE, 1, 0.0) is None
    assert lab.swarm.wanted == [10, 11]
    assert [lab.swarm.priorities[piece] for piece in (10, 11)] == before[10:12]


def test_reading_on_is_no_seek(lab):
    reader = lab.open().reader()
    for piece in range(4):
        lab.arrive(piece)
        assert read(reader, piece * PIECE)
    assert reader.span(4 * PIECE, 1, 0.0) is None
    assert lab.swarm.hurried == []


def test_when_the_last_reader_leaves_its_place_is_fetched(lab):
    film = lab.open()
    reader = film.reader()
    lab.arrive(0, 10, 11)
    reader.span(7 * PIECE, 1, 0.0)
    reader.close()
    assert lab.swarm.first(3) == [7, 8, 9]
    assert min(lab.swarm.wanted) == 7


def test_what_is_late_is_hurried(lab, monkeypatch):
    lab.open()
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    for _ in range(4):
        lab.download.tick()
        now[0] += 1
    assert lab.swarm.hurried[0] == 0


def test_a_piece_that_is_overtaken_while_somebody_waits_for_it_is_hurried(lab, monkeypatch):
    """Once, and only until it is here."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    reader = lab.open().reader()
    lab.arrive(0, 10, 11)
    now[0] += module.PACE + 0.1
    reader.span(4 * PIECE, 1, 0.0)
    lab.arrive(6, 7)
    assert lab.swarm.hurried == [4]
    lab.arrive(4)
    assert lab.swarm.hurried == []
    assert lab.swarm.first(1) == [5]


@pytest.mark.parametrize(("lately", "hurries"), [(3, True), (4, False), (9, False)])
def test_what_is_soon_whole_is_not_hurried(lab, monkeypatch, lately, hurries):
    """It has no use, and a libtorrent that has become a seed meanwhile dies of it."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    reader = lab.open().reader()
    lab.arrive(*range(11, 11 - lately, -1))
    reader.span(0, 1, 0.0)
    lab.swarm.taken_back.clear()
    reader.span(2 * PIECE, 1, 0.0)
    assert (lab.swarm.taken_back == [2]) is hurries
    now[0] += module.PACE + 0.1  # nothing has come for a while
    reader.span(0, 1, 0.0)
    assert lab.swarm.taken_back[-1] == 0


def test_no_hurry_outlasts_whoever_waited(lab, monkeypatch):
    """While there is one, peers are asked for one block at a time."""
    reader = lab.open().reader()
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    for _ in range(4):
        reader.span(0, 1, 0.0)
        lab.download.tick()
        now[0] += 1
    assert 0 in lab.swarm.hurried
    reader.span(5 * PIECE, 1, 0.0)
    assert lab.swarm.hurried == []
    assert lab.swarm.priorities[0] == 0, "not libtorrent's lowest, which it gives"


def test_when_nobody_reads_any_more_nothing_is_wanted(lab):
    film = lab.open()
    other = lab.download.open(Torrent(b"", 0))
    film.reader().span(7 * PIECE, 1, 0.0)
    film.close()
    assert (lab.idle, bool(lab.swarm.wanted)) == ([], True)
    other.close()
    assert (lab.idle, lab.swarm.wanted, lab.swarm.hurried) == ([lab.download], [], [])


def test_a_piece_that_is_never_right_is_looked_at_again(lab, monkeypatch):
    reader = lab.open().reader()
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    lab.download.arrived(0)
    assert not lab.download.verify(0)
    now[0] += module.DOUBT
    assert not lab.download.verify(0)
    assert not lab.download.verify(0)
    assert lab.swarm.rechecks == 1
    lab.download.recount()
    assert reader.span(0, 1, 0.0) is None
    lab.arrive(0)
    assert read(reader, 0, 5) == lab.content[:5]


def test_what_has_lain_there_wrong_is_soon_looked_at_again(lab, monkeypatch):
    """Nothing of it is on its way to the file, also where libtorrent says once more that it is here."""
    now = [1000.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    lab.download.have[0] = 1
    lab.open()
    lab.download.arrived(0)
    assert not lab.download.verify(0)
    assert lab.swarm.rechecks == 0
    now[0] += 2 * module.OLD_DOUBT
    assert not lab.download.verify(0)
    assert lab.swarm.rechecks == 1


@pytest.mark.parametrize("close", ["reader", "film", "download"])
def test_closing_wakes_who_waits(lab, close):
    film = lab.open()
    reader = film.reader()
    raised = []
    waiting = threading.Event()

    def wait():
        waiting.set()
        try:
            reader.span(0, 1, 30.0)
        except StreamClosed as error:
            raised.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    assert waiting.wait(5)
    {"reader": reader, "film": film, "download": lab.download}[close].close()
    thread.join(5)
    assert raised


def test_after_the_end(lab):
    film = lab.open()
    reader = film.reader()
    film.close()
    film.close()
    assert film.readers == set()
    reader.close()
    for call in (
        film.status,
        film.reader,
        lambda: film.add_web_seed("http://x/"),
        lambda: reader.span(0, 1, 0),
    ):
        with pytest.raises(StreamClosed):
            call()


def test_closing_a_reader_does_not_pull_its_file_from_under_a_sender(lab):
    reader = lab.open().reader()
    lab.arrive(0)
    span = reader.span(0, 100, 0.0)
    reader.close()
    assert os.pread(span.fd, span.length, span.position) == lab.content[:100]
    del reader
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(span.fd)


def test_a_web_seed_is_passed_on(lab):
    lab.open().add_web_seed("http://127.0.0.1/x/")
    assert lab.swarm.web_seeds == ["http://127.0.0.1/x/"]


def test_no_such_film(lab):
    with pytest.raises(TorrentInvalid):
        lab.download.open(Torrent(b"", 3))


# To begin


def slowly(lab, clock, seconds, duration=12.0):
    """A film whose first piece has come in that time; a piece of it is a second."""
    film = lab.open(duration=duration)
    reader = film.reader()
    assert reader.span(0, 1, 0.0) is None
    clock[0] += seconds
    lab.arrive(0)
    return film, reader


def test_a_film_that_comes_fast_is_given_at_once(lab, clock):
    film, reader = slowly(lab, clock, seconds=0.45, duration=6.0 * COUNT)
    assert read(reader, 0, 5) == lab.content[:5]
    assert film.status().seconds_wanted == 2.0


def test_a_film_that_comes_slowly_is_given_once_some_seconds_are_here(lab, clock):
    film, reader = slowly(lab, clock, seconds=0.9)
    assert read(reader, 0, 5) is None
    assert film.status().seconds_wanted == 5.0
    lab.arrive(1, 2, 3)
    clock[0] += 4
    assert read(reader, 0, 5) is None
    lab.download.tick()
    clock[0] += 2.5
    assert read(reader, 0, 5) is None
    lab.download.tick()
    assert lab.swarm.hurried == [4], "who is kept waiting is looked after"
    lab.arrive(4)
    assert read(reader, 0, 5) == lab.content[:5]


def test_a_film_is_not_kept_back_for_ever(lab, clock):
    _, reader = slowly(lab, clock, seconds=0.9)
    assert read(reader, 0, 5) is None
    clock[0] += 20
    assert read(reader, 0, 5) == lab.content[:5]


def test_what_is_here_of_a_film_that_fails_is_given(lab, clock):
    _, reader = slowly(lab, clock, seconds=0.9)
    lab.download.failed(DiskFull("no room"))
    assert read(reader, 0, 5) == lab.content[:5]


def test_who_jumps_does_not_wait_for_the_beginning(lab, clock):
    _, reader = slowly(lab, clock, seconds=0.9)
    lab.arrive(7)
    assert read(reader, 7 * PIECE, 5) == lab.content[7 * PIECE : 7 * PIECE + 5]


def test_what_is_looked_through_anew_while_a_player_is_kept_waiting(tmp_path, clock):
    """No span comes of it, rather than one of what lies before."""
    lab = Lab(tmp_path)
    film, reader = slowly(lab, clock, seconds=0.9)

    def meanwhile(_):
        lab.download.recount()
        return False

    film.withholds = meanwhile
    assert reader.span(PIECE // 2, 10, 0.0) is None


def header(seconds):
    """A moov in front that says how long the film lasts."""
    mvhd = bytes(12) + (1000).to_bytes(4, "big") + int(1000 * seconds).to_bytes(4, "big") + bytes(80)
    inner = (8 + len(mvhd)).to_bytes(4, "big") + b"mvhd" + mvhd
    return b"\0\0\0\x10ftypisom\0\0\0\0" + (8 + len(inner)).to_bytes(4, "big") + b"moov" + inner


def test_a_first_block_that_nobody_has_verified_does_not_decide_for_ever(lab):
    film = lab.open(duration=0.0)
    before = film.status().seconds_wanted
    with (lab.folder / "0").open("r+b") as file:
        file.write(header(0.5))
    lab.swarm.left = PIECE // 2
    lab.download.foresee()
    assert film.status().seconds_wanted < 1  # of the half second that it claims to last
    lab.arrive(0)
    lab.download.prepare()
    assert film.status().seconds_wanted >= 2
    assert before >= 2


def test_a_film_that_claims_to_last_no_time(lab):
    film = lab.open(duration=0.0)
    with (lab.folder / "0").open("r+b") as file:
        file.write(header(0.001))
    lab.swarm.left = PIECE // 2
    lab.download.foresee()
    assert film.status().seconds_wanted >= 2


def test_a_head_that_somebody_has_removed(lab):
    """It was right once; it comes anew, and nobody else's film suffers."""
    lab.arrive(0)
    assert lab.download.verify(0)
    (lab.folder / "0").unlink()
    lab.open()
    assert not lab.download.verify(0)


def test_after_a_disk_refused_only_what_lies_there_is_here(lab):
    lab.open()
    lab.arrive(0)
    lab.download.arrived(1)  # but it never got to the disk
    lab.download.sift()
    assert [lab.download.have[piece] for piece in (0, 1)] == [1, 0]


def test_what_gets_to_the_disk_while_it_is_sifted_stays(lab, monkeypatch):
    lab.open()
    lab.download.arrived(1)
    verify = lab.download.pieces.verify

    def late(piece):
        if piece == 1 and not lab.download._verified[1]:
            lab.write(1)
            monkeypatch.setattr(lab.download.pieces, "verify", verify)
            assert lab.download.verify(1)
            return False
        return verify(piece)

    monkeypatch.setattr(lab.download.pieces, "verify", late)
    lab.download.sift()
    assert lab.download.have[1]


def test_a_film_in_need_says_so_from_the_start(lab):
    lab.open()
    swarm = lab.swarm
    swarm.needy = None
    lab.download.start(swarm)
    assert lab.download._needy


def test_a_film_of_which_nobody_says_how_long_it_lasts_is_not_kept_back(lab, clock):
    _, reader = slowly(lab, clock, seconds=9, duration=0.0)
    assert read(reader, 0, 5) == lab.content[:5]


# How long it will still take


def test_the_time_left_is_what_is_missing_at_the_rate_it_comes(lab, monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(film_module.time, "monotonic", lambda: now)
    film = lab.open(duration=120.0)  # of which it takes five seconds, in the first piece
    assert film.status().seconds_left is None
    lab.swarm.begun_now = {0: PIECE // 2}
    now += 2
    assert film.status().seconds_left == pytest.approx(2)
    lab.swarm.begun_now = {0: PIECE * 3 // 4}
    now += 1
    assert film.status().seconds_left == pytest.approx(1)
    lab.write(0)
    lab.arrive(0)
    film.prepare()
    assert film.status().seconds_left is not None  # its index is wanted as well


def test_the_seconds_ahead_are_those_from_where_the_player_came_in(lab):
    film = lab.open(duration=120.0)
    piece = PIECE / LENGTH * 120  # seconds
    lab.write(0, 1, 2, 6)
    lab.arrive(0, 1, 2, 6)
    assert film.status().seconds_ahead == pytest.approx(3 * piece)
    reader = film.reader()
    for offset in (PIECE, 2 * PIECE):
        reader.span(offset, 1, 0)
        assert (film.status().since, film.status().seconds_ahead) == (PIECE, pytest.approx(2 * piece))
    reader.span(6 * PIECE + 1000, 1, 0)
    assert film.status().since == 6 * PIECE + 1000
    assert film.status().seconds_ahead < piece
