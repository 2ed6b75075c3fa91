# SPDX-License-Identifier: GPL-3.0-or-later
"""make run: the zip in a real Kodi, and a film that this machine seeds over BitTorrent.

With a screen: opens the add-on, plays the film, and leaves Kodi to the person at the screen. Without
one, or with HEADLESS=1: walks through the add-on with remote keys and quits; pictures of each step go to
build/run/. The profile is build/run/home, never the user's. Options are those of .ci/build_zip.py.

The last line of standard output is one JSON object; Demo says what is in it. Everything else goes to
standard error. Exit status 0 only if all of it really happened.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from . import commonreel
from .films import SECONDS
from .jsonrpc import KodiError, wait_for
from .kodi_lab import KodiLab
from .premiere import Premiere, work_id

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "run"
TITLE = "10 Minutes of Common Reel"
PLOT = {"en": "A clock counts ten minutes. It comes from three BitTorrent peers on this machine."}
AT_LEAST = 10  # seconds of Kodi's clock
DOWNLOAD_TIMEOUT = 120
SEEK_TO = 0.7  # of the film


@dataclass
class Demo:
    """What was seen; None is what was not."""

    titles_listed: int | None = None  # rows of Films over all its pages, on the screen
    played_seconds: float | None = None  # advance of Kodi's clock
    bytes_from_peers: int | None = None  # payload, by the seeders' own count
    seek_seconds: float | None = None  # from the seek to the clock moving beyond its target
    quit_seconds: float | None = None  # None if Kodi had to be killed
    error: str = ""

    def line(self) -> str:
        return json.dumps({key: value for key, value in asdict(self).items() if key != "error" or value})


def say(*words):
    print(*words, file=sys.stderr, flush=True)


def build_zip():
    command = [sys.executable, str(ROOT / ".ci" / "build_zip.py"), *sys.argv[1:]]
    return Path(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip())


def walk(kodi, demo, path, premiere):
    """Through the add-on with remote keys, noting down what is seen."""
    say("Opening the add-on")
    commonreel.open_addon(kodi)
    show(kodi, "1-add-on")
    say("Answering the question of the country:", commonreel.answer_country(kodi))
    commonreel.open_films(kodi)
    demo.titles_listed = count_titles(kodi)
    say("Films lists %d titles" % demo.titles_listed)
    play(kodi, demo)
    say("Waiting for the bytes to come")
    half = path.stat().st_size / 2
    wait_for(lambda: premiere.given() >= half, DOWNLOAD_TIMEOUT, "half of the film to come from peers")
    demo.seek_seconds = round(kodi.seek(SECONDS * SEEK_TO), 2)
    kodi.wait_playing(SECONDS * SEEK_TO + 2)
    show(kodi, "5-after-the-seek")
    say("The seek took %.2f s" % demo.seek_seconds)
    demo.bytes_from_peers = premiere.given()
    kodi.stop_playing()
    kodi.wait_still()
    show(kodi, "6-stopped")


def count_titles(kodi):
    """Titles over all pages of Films; ends on the page with the film, which is where it came from."""
    pages = [commonreel.titles(kodi)]
    show(kodi, "2-films")
    while commonreel.next_page_row(kodi):
        commonreel.go_to_next_page(kodi)
        pages.append(commonreel.titles(kodi))
    show(kodi, "3-films-last-page")
    wanted = next((number for number, page in enumerate(pages) if TITLE in page), None)
    if wanted is None:
        raise KodiError("the film is on no page of Films")
    for _ in pages[wanted + 1 :]:
        here = kodi.label("Container.FolderPath")
        kodi.press("Back")
        wait_for(lambda here=here: kodi.label("Container.FolderPath") != here, 20, "the page before")
    kodi.wait_row(TITLE)
    return sum(map(len, pages))


def play(kodi, demo):
    rows = kodi.rows()
    nearer = "Down" if rows.index(TITLE) < len(rows) / 2 else "Up"
    say("Playing", TITLE)
    kodi.select_label(TITLE, down=nearer, limit=len(rows) + 2)
    began = kodi.wait_playing(0, timeout=60)
    demo.played_seconds = round(kodi.wait_playing(began + AT_LEAST, timeout=60) - began, 1)
    show(kodi, "4-playing")


def show(kodi, name):
    if not kodi.screen:
        kodi.wait_still() if name[0] in "123" else None
        kodi.screenshot(PLACE / ("%s.png" % name))


def leave_to_person(kodi, demo, premiere):
    """With a screen: play the film, then wait until the person quits Kodi."""
    commonreel.open_addon(kodi)
    kodi.rpc("Player.Open", item={"file": commonreel.play_address(work_id(TITLE))})
    began = kodi.wait_playing(0, timeout=60)
    demo.played_seconds = round(kodi.wait_playing(began + AT_LEAST, timeout=60) - began, 1)
    say("Kodi is yours. The film goes on being seeded until you quit it.")
    kodi.process.wait()
    demo.bytes_from_peers = premiere.given()


def run(demo, screen):
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    addon = build_zip()
    with Premiere(PLACE / "films") as premiere:
        say("Making a film of ten minutes")
        path = premiere.show(TITLE, "demo.mp4", description=PLOT)
        settings = {commonreel.ADDON_ID: {"local_folder": "%s/" % premiere.folder}}
        say("Starting Kodi, and installing", addon.name)
        with KodiLab(home=PLACE / "home", screen=screen, addon_settings=settings) as kodi:
            kodi.install_zip(addon)
            kodi.wait_service(commonreel.ADDON_ID)
            if screen:
                leave_to_person(kodi, demo, premiere)
                return
            try:
                walk(kodi, demo, path, premiere)
            except KodiError:
                show(kodi, "error")
                raise
            kodi.quit()
            demo.quit_seconds = kodi.quit_seconds and round(kodi.quit_seconds, 2)
            check_end(kodi)


def check_end(kodi):
    if kodi.quit_seconds is None:
        raise KodiError("Kodi did not quit and had to be killed")
    if kodi.processes_left:
        raise KodiError("left behind: " + "; ".join(kodi.processes_left))
    if kodi.tracebacks():
        raise KodiError("a traceback in Kodi's log: " + kodi.tracebacks()[0])


def main():
    demo, began = Demo(), time.monotonic()
    screen = bool(os.environ.get("DISPLAY")) and os.environ.get("HEADLESS") != "1"
    try:
        run(demo, screen)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (the last line tells of it, whatever it was)
        demo.error = str(error) or type(error).__name__
    say("Done in %d s; pictures and Kodi's log are below build/run/" % (time.monotonic() - began))
    print(demo.line(), flush=True)
    return 1 if demo.error else 0


if __name__ == "__main__":
    sys.exit(main())
