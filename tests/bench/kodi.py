# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench-kodi: how long lists, starting a film, and quitting take in a real Kodi.

Lists are measured against a plugin that hands Kodi the same rows from a constant; starting a film
against that plugin resolving to the film's file; quitting against Kodi without the add-on. Prints
Markdown tables of medians, in seconds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from lab.commonreel import ADDON_ID, ROOT, play_address, wait_listed
from lab.films import SECONDS
from lab.jsonrpc import wait_for
from lab.kodi_lab import FULLSCREEN_VIDEO, KodiLab
from lab.premiere import Premiere, work_id

REPOSITORY = Path(__file__).resolve().parents[2]
BARE_PLUGIN = Path(__file__).parent / "bare_plugin"
BARE_ID = "plugin.video.bare"
SIZES = (20, 100, 400)
PAGE = 100
LISTINGS, STARTS, QUITS = 9, 5, 5  # how often each is measured
REST = 5  # seconds: a film that starts while Kodi still closes the sound device waits two seconds for it
TITLE = "Ten minutes"
PLOT = "A film that is there to be listed. " * 6


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def add_films(catalogue):
    """Films with a genre for each size of list."""
    for size in SIZES:
        for number in range(size):
            catalogue.add(
                "local:row-%d-%d" % (size, number),
                "Film %03d of %d" % (number, size),
                b"",
                year=1900 + number % 100,
                duration=5400,
                genre=["rows%d" % size],
                director=["A Director"],
                description={"en": PLOT},
            )


def bare_zip(folder, rows, film):
    """The bare plugin with its constant: rows by size, and the film's path."""
    target = folder / (BARE_ID + "-1.0.0.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(BARE_PLUGIN.iterdir()):
            archive.write(path, "%s/%s" % (BARE_ID, path.name))
        archive.writestr(BARE_ID + "/rows.py", "ROWS = %r\nFILM = %r\n" % (rows, str(film)))
    return target


def rows_of(kodi, size):
    """The rows of our list of that size, as the bare plugin is to show them."""
    properties = ["title", "year", "runtime", "genre", "director", "plot", "tagline", "art"]
    rows = []
    for page in range(1, size // PAGE + 2):
        rows += [row for row in kodi.files(our_list(size, page), properties) if "/play/" in row["file"]]
    assert len(rows) == size, "%d rows instead of %d" % (len(rows), size)
    return [(row["file"], {name: row[name] for name in properties}) for row in rows]


def our_list(size, page):
    return "%sfilms/?genre=rows%d%s" % (ROOT, size, "&page=%d" % page if page > 1 else "")


def bare_list(size, page):
    return "plugin://%s/?size=%d&page=%d" % (BARE_ID, size, page)


def seconds(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def listing(kodi, address, size):
    """Seconds until Kodi has all rows of a list, page after page as a person would see them."""
    pages = range(1, -(-size // PAGE) + 1)
    return seconds(lambda: [kodi.files(address(size, page)) for page in pages])


def start(kodi, address):
    """Seconds from the play to the moving picture; stops it again."""

    def play():
        kodi.rpc("Player.Open", item={"file": address})
        wait_for(lambda: (kodi.player_time() or 0) > 0, 60, "the film to play", 0.01)
        kodi.wait_window(FULLSCREEN_VIDEO)

    taken = seconds(play)
    kodi.stop_playing()
    time.sleep(REST)
    return taken


def table(title, rows):
    print("\n| %s | median | smallest | largest | n |\n|---|---|---|---|---|" % title)
    for name, values in rows:
        figures = (statistics.median(values), min(values), max(values), len(values))
        print("| %s | %.3f | %.3f | %.3f | %d |" % (name, *figures), flush=True)


class Bench:
    def __init__(self, premiere, addon):
        self.premiere, self.addon = premiere, addon
        self.settings = {ADDON_ID: {"local_folder": "%s/" % premiere.folder}}

    def kodi(self):
        return KodiLab(addon_settings=self.settings)

    def with_addon(self, kodi):
        kodi.install_zip(self.addon)
        kodi.wait_service(ADDON_ID)
        wait_listed(kodi, TITLE)

    def lists_and_starts(self, film, folder):
        with self.kodi() as kodi:
            self.with_addon(kodi)
            rows = {size: rows_of(kodi, size) for size in SIZES}
            bare = bare_zip(folder, rows, film)
            kodi.install_zip(bare)
            found = []
            for size in SIZES:
                for name, address in (("Common Reel", our_list), ("bare plugin", bare_list)):
                    listing(kodi, address, size)  # the first loads modules
                    taken = [listing(kodi, address, size) for _ in range(LISTINGS)]
                    found.append(("%d rows, %s" % (size, name), taken))
            table("List", found)
            first = [start(kodi, play_address(work_id(TITLE)))]
            again = [start(kodi, play_address(work_id(TITLE))) for _ in range(STARTS)]
            file = [start(kodi, "plugin://%s/play/?id=film" % BARE_ID) for _ in range(STARTS)]
        return first, again, file

    def first_start(self):
        with self.kodi() as kodi:
            self.with_addon(kodi)
            return start(kodi, play_address(work_id(TITLE)))

    def quit(self, addon, address):
        """Seconds to quit, with the add-on or without, while a film plays or not."""
        with self.kodi() as kodi:
            if addon:
                self.with_addon(kodi)
            if address:
                kodi.rpc("Player.Open", item={"file": address})
                kodi.wait_playing(2)
            kodi.quit()
            if kodi.quit_seconds is None:
                raise SystemExit("Kodi had to be killed")
            return kodi.quit_seconds


def main():
    command = [sys.executable, str(REPOSITORY / ".ci" / "build_zip.py")]
    addon = Path(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
    with tempfile.TemporaryDirectory() as name, Premiere(Path(name) / "films") as premiere:
        film = premiere.show(TITLE, "demo.mp4", duration=SECONDS)
        add_films(premiere.catalogue)
        bench = Bench(premiere, addon)
        say("Lists and starts")
        first, again, file = bench.lists_and_starts(film, Path(name))
        first += [bench.first_start() for _ in range(STARTS - 1)]
        table(
            "OK to moving picture",
            [
                ("Common Reel, out of the swarm", first),
                ("Common Reel, film already here", again),
                ("bare plugin, the film's file", file),
            ],
        )
        say("Quitting")
        cases = (
            ("Kodi alone", False, ""),
            ("Kodi alone, a file plays", False, str(film)),
            ("with Common Reel", True, ""),
            ("with Common Reel, in mid-stream", True, play_address(work_id(TITLE))),
        )
        table("Quit", [(what, [bench.quit(*how) for _ in range(QUITS)]) for what, *how in cases])


if __name__ == "__main__":
    main()
