# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench-catalogue: a catalogue of 100,000 works on a device: how it comes, its size, its speed.

    python -m bench.catalogue [--works 100000]

Run in `tests`. Ratios are of one run: a search against the bare query of SQLite's FTS5 that it needs, a
page of a large catalogue against the same of a small one, a delta against everything. Prints Markdown.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from commonreel.catalog.store import Store
from commonreel.works.query import FILM, GIVEN, SERIES, SHORT, Facet, Query
from lab.curator import Curator, Host
from lab.records import free

ROOT = Path(__file__).resolve().parents[2]
SMALL, CHANGES = 400, 1000
SEARCHES, PAGES = 300, 50
FIRST_NAMES, LAST_NAMES, WORDS = 300, 5000, 8000  # how many there are
GENRES = ("Comedy", "Drama", "Documentary", "Animation", "Western", "Horror", "Short", "Musical")
BARE = "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 10.0, 1.0) LIMIT 100"


def say(*words):
    print(*words, file=sys.stderr, flush=True)


class Library:
    """Makes up works whose words are as unevenly common as those of real titles."""

    def __init__(self, seed):
        self._random = random.Random(seed)
        self._words = [self._made_up() for _ in range(WORDS)]
        self._first = [self._made_up().title() for _ in range(FIRST_NAMES)]
        self._last = [self._made_up().title() for _ in range(LAST_NAMES)]

    def _made_up(self):
        parts = ("ka", "lo", "mi", "ter", "ran", "sol", "vi", "den", "bu", "ché", "ox", "und", "pra", "ne")
        return "".join(self._random.choice(parts) for _ in range(self._random.randint(1, 4)))

    def word(self):
        """The n-th word about 1/n as often as the first (Zipf)."""
        return self._words[min(int(self._random.paretovariate(0.6)) - 1, WORDS - 1)]

    def people(self, count):
        names = (
            self._random.choice(self._first) + " " + self._random.choice(self._last) for _ in range(count)
        )
        return list(dict.fromkeys(names))

    def work(self, number, rev=1):
        words = [self.word() for _ in range(self._random.randint(1, 5))]
        plot = " ".join(self.word() for _ in range(60)).capitalize() + "."
        return free(
            "made:%06d" % number,
            rev,
            name={"en": " ".join(words).title()},
            year=self._random.randint(1895, 2025),
            duration=self._random.randint(60, 9000),
            description={"en": plot},
            genre=self._random.sample(GENRES, 2),
            director=self.people(1),
            actor=self.people(6),
            encoding=[
                {
                    "torrent": "https://example.org/download/made%06d/made%06d_archive.torrent"
                    % (number, number),
                    "infoHash": "%040x" % self._random.getrandbits(160),
                    "file": {
                        "path": "made%06d.mp4" % number,
                        "length": self._random.randint(1 << 20, 1 << 31),
                    },
                }
            ],
        )


def fetch(host, curator, folder):
    """One look, as a process of its own: seconds, and its peak of memory in MiB."""
    command = [sys.executable, "-m", "commonreel", "catalog", "fetch", host.address]
    command += ["--fingerprint", curator.fingerprint, "--dir", str(folder)]
    began = time.monotonic()
    process = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT / "lib")}, stdout=sys.stderr
    )
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, high_water(process.pid))
        time.sleep(0.02)
    if process.returncode:
        raise SystemExit("the fetch failed")
    return time.monotonic() - began, peak


def high_water(pid):
    """The most memory that the command has had so far, in MiB; 0 where it has not begun, or has ended: what
    the system sums up at its end counts the process that it was forked from."""
    place = Path("/proc/%d" % pid)
    try:
        if b"fetch" not in (place / "cmdline").read_bytes():
            return 0.0
        status = (place / "status").read_text()
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM")), 0.0
    )


def timed(function, *arguments):
    began = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - began


def compare(ask, large, small):
    """Median seconds of each, asked in turn."""
    ask(large), ask(small)
    return map(statistics.median, zip(*((timed(ask, large), timed(ask, small)) for _ in range(PAGES))))


def p95(figures):
    return statistics.quantiles(figures, n=20)[-1]


def searches(path, library):
    """Seconds of each search, and of the bare queries; what people type: two words, or a word's beginning."""
    ours, bare = [], []
    plain = sqlite3.connect("file:%s?mode=ro" % path, uri=True)
    for turn in range(SEARCHES):
        text = "%s %s" % (library.word(), library.word()) if turn % 2 else library.word()[:3]
        match = " ".join('"%s"' % word for word in text.split()) + "*"
        bare.append(timed(lambda match=match: plain.execute(BARE, (match,)).fetchall()))
        ours.append(timed(search, path, text))
    plain.close()
    return ours, bare


def search(path, text):
    with Store(path) as store:
        store.page(Query(text=text, country="FR", size=100))


def page(path, *facets, number=1):
    with Store(path) as store:
        store.page(Query(country="FR", form=FILM, facets=facets, page=number, size=100))


def home(path):
    """What the first screen asks for."""
    films = Query(country="FR", form=FILM)
    with Store(path) as store:
        store.count(films), store.count(Query(country="FR", form=SERIES))
        for kind in ("genre", "decade", "language", "country", "maker"):
            store.shelves(kind, films)
        for facet in (SHORT, GIVEN, Facet("genre", "documentary"), Facet("genre", "animation")):
            store.count(Query(country="FR", form=FILM, facets=(facet,)))


# What is measured of a large catalogue and of a small one.
LISTS = {
    "page of 100": page,
    "page of 100 of a genre": lambda path: page(path, Facet("genre", "drama")),
    "page of 100 of a decade's short comedies": lambda path: page(
        path, Facet("genre", "comedy"), Facet("decade", "1950"), SHORT
    ),
    "first screen": home,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--works", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        for row in measure(Path(scratch), options.works):
            print("| %s | %s |" % row)


def measure(scratch, count):
    library = Library(1)
    say("making up %d works" % count)
    large, small = Curator(scratch / "large"), Curator(scratch / "small")
    large.build(*(library.work(number) for number in range(count)))
    small.build(*(library.work(number) for number in range(SMALL)))
    with Host(large.out) as host, Host(small.out) as few:
        say("fetching it")
        whole, memory = fetch(host, large, scratch / "copy")
        fetch(few, small, scratch / "few")
        path, few_path = scratch / "copy" / "catalogue.db", scratch / "few" / "catalogue.db"
        size = path.stat().st_size
        say("asking it")
        lists = {name: compare(ask, path, few_path) for name, ask in LISTS.items()}
        ours, bare = searches(path, library)
        large.build(*(library.work(random.randrange(count), 2) for _ in range(CHANGES)))
        nothing, _ = fetch(few, small, scratch / "few")
        delta, delta_memory = fetch(host, large, scratch / "copy")
    yield "works", count
    yield "everything, seconds", "%.1f" % whole
    yield "its peak of memory, MiB", "%.0f" % memory
    yield "store, bytes a work", "%.0f" % (size / count)
    yield "%d changes by a delta, seconds" % CHANGES, "%.2f" % delta
    yield "… of which a look without news takes", "%.2f" % nothing
    yield "… its peak of memory, MiB", "%.0f" % delta_memory
    yield "… ÷ everything", "%.3f" % (delta / whole)
    yield "search, p95, ms", "%.1f" % (1000 * p95(ours))
    yield "… ÷ the bare FTS5 query", "%.2f" % (p95(ours) / p95(bare))
    for name, (of_large, of_small) in lists.items():
        yield name + ", ms", "%.1f" % (1000 * of_large)
        yield "… ÷ the same of %d works" % SMALL, "%.2f" % (of_large / of_small)


if __name__ == "__main__":
    main()
