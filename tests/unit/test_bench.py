# SPDX-License-Identifier: GPL-3.0-or-later
"""What the benchmark says must follow from what was measured."""

import pytest

from bench import floors, goals, report
from bench.delay_line import Lane, Throttle
from bench.engines import JUDGED
from bench.media import Film, Media
from bench.player import Compared
from bench.results import Results
from commonreel.works import metainfo

TRACKER = "http://198.18.0.1:6969/announce"
WEB = "http://198.18.0.20:8080/short.bin"


@pytest.fixture
def film(tmp_path) -> Film:
    (tmp_path / "short.bin").write_bytes(bytes(range(256)) * 8192)
    return Media(tmp_path).film("short.bin")


@pytest.fixture
def results() -> Results:
    made = Results(None)
    made.about.update({"namespaces": True, "films": {}})
    made.about["machine"] = {"processor": "", "cores": 2, "memory GiB": 8, "system": "", "date": ""}
    made.about["machine"]["SHA-1 MB/s"] = 1000.0
    for engine in (JUDGED, "peerflix", "webtorrent"):
        made.describe(engine, engine, "1", warm=False)
    return made


def verdict(results: Results, work: str) -> goals.Verdict:
    return next(each for each in goals.judge(results) if each.work.startswith(work))


def test_the_torrent_of_a_film_is_one(film):
    meta = metainfo.parse(film.torrent(TRACKER, WEB))
    assert meta.info_hash == film.info_hash
    assert (meta.web_seeds, meta.trackers) == ((WEB,), (TRACKER,))
    assert [(file.path, file.length) for file in meta.files] == [("short.bin", film.size)]


def test_a_byte_that_differs_is_counted(film):
    compared = Compared(film)
    compared.take(bytes(range(256)), 0)
    compared.take(b"\x00\x02\x02", 512)
    assert (compared.bytes, compared.wrong) == (259, 1)


def test_bytes_beyond_the_end_are_wrong(film):
    compared = Compared(film)
    compared.take(b"\xff\x00\x00", film.size - 1)
    assert compared.wrong == 2


def test_ours_is_judged_by_medians_against_the_best_rival(results):
    results.add(JUDGED, {"start first byte": [0.5, 0.7, 9.0]})
    results.add("peerflix", {"start first byte": [2.0]})
    results.add("webtorrent", {"start first byte": [1.4]})
    found = verdict(results, "play → first byte, from .torrent")
    assert (found.ratio, found.reached) == ("0.50", True)
    assert found.beside == "1.4 (webtorrent)"
    results.add("webtorrent", {"start first byte": [1.0, 1.0]})
    assert verdict(results, "play → first byte, from .torrent").reached is False


def test_where_more_is_better_the_best_rival_is_the_fastest(results):
    results.add(JUDGED, {"swarm MB/s": 200.0})
    results.add("peerflix", {"swarm MB/s": 95.0})
    results.add("webtorrent", {"swarm MB/s": 40.0})
    found = verdict(results, "1 GiB")
    assert (found.ratio, found.reached) == ("2.11", False)


def test_what_no_rival_did_is_not_measured(results):
    results.add(JUDGED, {"magnet first byte": 0.8})
    assert verdict(results, "play → first byte, from magnet").reached is None


def test_a_run_that_failed_or_stalled_misses_the_goal(results):
    results.add(JUDGED, {"stalls": 0.0})
    assert verdict(results, "stalls").reached is True
    results.fail(JUDGED, "stalls", "it ended")
    assert verdict(results, "stalls").reached is False


def test_memory_must_not_grow_with_the_film(results):
    results.add("peerflix", {"anonymous MiB, 1 GiB": 200.0, "anonymous MiB, 8 GiB": 300.0})
    results.add(JUDGED, {"anonymous MiB, 1 GiB": 100.0, "anonymous MiB, 8 GiB": 105.0})
    assert verdict(results, "peak anonymous memory").reached is True
    results.add(JUDGED, {"anonymous MiB, 8 GiB": [150.0, 150.0]})
    assert verdict(results, "peak anonymous memory").reached is False


def test_the_document_says_what_was_missed_and_what_failed(results):
    results.add(JUDGED, {"start first byte": 2.0})
    results.add("peerflix", {"start first byte": 2.0})
    results.fail("peerflix", "magnet", "no stream")
    text = report.document(results)
    assert "**missed**" in text
    assert "| peerflix | magnet | 1 | no stream |" in text


def test_the_document_of_too_few_runs_calls_itself_a_trial(results):
    results.add(JUDGED, {"start first byte": [0.7, 0.7]})
    assert "A trial" in report.document(results)
    results.add(JUDGED, {"start first byte": 0.7})
    assert "A trial" not in report.document(results)


def test_figures_are_added_to_those_of_an_earlier_run(tmp_path):
    for value in (1.0, 2.0):
        Results(tmp_path / "figures.json").add("peerflix", {"start first byte": value})
    assert Results(tmp_path / "figures.json").values("peerflix", "start first byte") == [1.0, 2.0]


def test_a_floor_counts_whole_pieces():
    assert floors.touched(start=5, length=10, piece_length=8, size=100) == 16
    assert floors.touched(start=90, length=10, piece_length=8, size=100) == 12
    assert floors.seconds(trips=2, pieces=0) == pytest.approx(0.06)


def test_the_line_delays_what_it_takes_and_drops_what_does_not_fit():
    lane = Lane(target=-1, throttle=Throttle(rate=80_000.0))  # 10,000 bytes a second: 0.1 s of queue
    for number in range(20):
        lane.accept(bytes(500), number, delay=1.0)
    assert 2 <= len(lane.waiting) < 6
    assert lane.deliver(now=0.0) > 1.0
