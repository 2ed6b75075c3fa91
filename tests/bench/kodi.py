# SPDX-License-Identifier: GPL-3.0-or-later
"""make bench-kodi: how long lists, starting a film, and quitting take in a real Kodi.

Lists are measured against a plugin that hands Kodi the same rows from a constant: as they are kept from last
time, and made anew, as after a change; then again with 100,000 works more in the catalogue. A film's start is
measured against that plugin resolving to nginx; quitting against Kodi without the add-on. Prints Markdown
tables of medians, in seconds.
"""

from __future__ import annotations

import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import closing
from functools import partial
from pathlib import Path

from lab.catalogue_folder import EVERYWHERE, LICENCE
from lab.commonreel import ADDON_ID, ROOT, play_address, wait_listed
from lab.films import SECONDS
from lab.jsonrpc import wait_for
from lab.kodi_lab import FULLSCREEN_VIDEO, KodiLab
from lab.premiere import Premiere, work_id

from .web_server import WebServer

REPOSITORY = Path(__file__).resolve().parents[2]
BARE_PLUGIN = Path(__file__).parent / "bare_plugin"
BARE_ID = "plugin.video.bare"
SIZES = (20, 100)
HOME, ALL = "home", "all"
WAYS = {HOME: ROOT, ALL: ROOT + "films/"}  # lists of another length, of which one page is measured
PAGE = 100
LARGE = 100_000  # works
FILE = 10_000  # of them
LISTINGS, STARTS, QUITS = 15, 5, 5  # how often each is measured
REST = 5  # seconds: a film that starts while Kodi still closes the sound device waits two seconds for it
TITLE = "Ten minutes"
LAST_TITLE = "Zzz, the last of a hundred thousand"
PLOT = "A film that is there to be listed. " * 6
SHOWN = (  # of a row
    *("title", "originaltitle", "year", "runtime", "genre", "director", "cast", "country", "studio"),
    *("uniqueid", "plot", "tagline", "trailer", "streamdetails", "art"),
)
MENU = 5  # entries of a row's context menu
AGE = 60  # seconds since the last change of a file, which by then counts as settled
CHANGES = itertools.count()


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def row(number, name, genre):
    return {
        "name": {"en": name},
        "year": 1900 + number % 100,
        "duration": 5400,
        "genre": [genre],
        "director": ["A Director"],
        "actor": ["An Actor", "Another"],
        "inLanguage": ["en"],
        "country": ["FR"],
        "description": {"en": PLOT},
    }


def add_films(catalogue):
    """Films with a genre for each size of list."""
    for size in SIZES:
        for number in range(size):
            name = "Film %03d of %d" % (number, size)
            facts = row(number, name, "rows%d" % size)
            catalogue.add("local:row-%d-%d" % (size, number), name, b"", **facts)


def add_many(folder):
    """Films that are in none of the measured lists but that of all, in files of a size that is read."""
    for first in range(0, LARGE, FILE):
        lines = [json.dumps(one_of_many(number)) for number in range(first, min(first + FILE, LARGE))]
        (folder / ("many-%06d.ndjson" % first)).write_text("\n".join(lines), encoding="utf-8")


def one_of_many(number):
    name = LAST_TITLE if number == LARGE - 1 else "One of many, number %06d" % number
    return {
        "id": "local:many-%d" % number,
        "license": LICENCE,
        "rights": EVERYWHERE,
        "source": {"name": "Test suite", "url": "https://example.org/%d" % number},
        "encoding": [{"infoHash": "%040x" % number}],
        **row(number, name, "many"),
    }


def bare_zip(folder, lists, film):
    """The bare plugin with its constants: the rows of each list by its name, and the film's address."""
    target = folder / (BARE_ID + "-1.0.0.zip")
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(BARE_PLUGIN.iterdir()):
            archive.write(path, "%s/%s" % (BARE_ID, path.name))
        archive.writestr(BARE_ID + "/rows.py", "LISTS = %r\nFILM = %r\n" % (lists, film))
    return target


def rows_of(kodi, name):
    """The rows of a list of ours, as the bare plugin is to show them."""
    rows = [each for page in pages(name) for each in kodi.files(our_list(name, page), SHOWN)]
    films = [each for each in rows if "/play/" in each["file"]]
    if name != HOME and len(films) != name:
        raise SystemExit("%d rows instead of %d" % (len(films), name))
    return [
        (each["file"], each["filetype"] == "directory", MENU if each in films else 0, _facts(each))
        for each in (rows if name == HOME else films)
    ]


def _facts(row):
    return {"label": row["label"], **{name: row[name] for name in SHOWN if name in row}}


def pages(name):
    return range(1, 2 if name in WAYS else -(-name // PAGE) + 1)


def our_list(name, page):
    if name in WAYS:
        return WAYS[name]
    return "%sfilms/?genre=rows%d%s" % (ROOT, name, "&page=%d" % page if page > 1 else "")


def bare_list(name, page):
    return "plugin://%s/?list=%s&page=%d" % (BARE_ID, name, page)


def seconds(action):
    began = time.monotonic()
    action()
    return time.monotonic() - began


def listing(kodi, address, name):
    """Seconds until Kodi has all rows of a list, page after page as a person would see them."""
    return seconds(lambda: [kodi.files(address(name, page)) for page in pages(name)])


def listing_anew(kodi, name):
    """… of one of ours that cannot be shown as it was last time."""
    then = time.time() - AGE - next(CHANGES)
    os.utime(kodi.userdata / "addon_data" / ADDON_ID / "settings.xml", (then, then))
    return listing(kodi, our_list, name)


def first_and_again(actions):
    """Seconds of each, by its name: of a first call, which comes after another add-on's and has to start the
    interpreter anew, and of a second right behind it. In turn, so that what else the machine does hits all
    alike."""
    taken = {"%s, %s" % (name, which): [] for name in actions for which in ("first", "again")}
    for _ in range(LISTINGS):
        for name, action in actions.items():
            taken[name + ", first"].append(action())
            taken[name + ", again"].append(action())
    return taken


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
        print("| %s | %.4f | %.4f | %.4f | %d |" % (name, *figures), flush=True)


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

    def lists_and_starts(self, served, folder):
        with self.kodi() as kodi:
            self.with_addon(kodi)
            lists = (HOME, *SIZES)
            kodi.install_zip(bare_zip(folder, {str(name): rows_of(kodi, name) for name in lists}, served))
            measured = {}
            for name in lists:
                words = name if name == HOME else "%d rows" % name
                measured[words + ", Common Reel"] = partial(listing, kodi, our_list, name)
                measured[words + ", Common Reel, made anew"] = partial(listing_anew, kodi, name)
                measured[words + ", bare plugin"] = partial(listing, kodi, bare_list, name)
            table("List", first_and_again(measured).items())
            swarm = [start(kodi, play_address(work_id(TITLE)))]
            again, file = [], []
            for _ in range(STARTS):
                again.append(start(kodi, play_address(work_id(TITLE))))
                file.append(start(kodi, "plugin://%s/play/?id=film" % BARE_ID))
        return swarm, again, file

    def large(self):
        """Lists, made anew, before and after the catalogue has grown."""
        with self.kodi() as kodi:
            self.with_addon(kodi)
            few = self.lists(kodi)
            add_many(self.premiere.folder)
            say("%d works more" % LARGE)
            last = ROOT + "search/results/?q=last+hundred+thousand"
            wait_for(lambda: any("/play/" in row["file"] for row in kodi.files(last)), 900, "them all", 1)
            many = self.lists(kodi)
        both = (("few works", few), ("100,000 more", many))
        table("List", [("%s, %s" % (name, size), each[name]) for name in few for size, each in both])

    def lists(self, kodi):
        measured = {"home": HOME, "the first page of all": ALL, "a genre of 100": 100}
        return {
            words: [listing_anew(kodi, name) for _ in range(LISTINGS)] for words, name in measured.items()
        }

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
        with closing(WebServer(film.parent, Path(name))) as server:
            say("Lists and starts")
            swarm, again, file = bench.lists_and_starts(server.address(film.name), Path(name))
        swarm += [bench.first_start() for _ in range(STARTS - 1)]
        table(
            "OK to moving picture",
            [
                ("Common Reel, out of the swarm", swarm),
                ("Common Reel, film already here", again),
                ("bare plugin, nginx", file),
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
        say("A large catalogue")
        bench.large()


if __name__ == "__main__":
    main()
