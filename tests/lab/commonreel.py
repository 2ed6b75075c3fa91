# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on's screens, as a person with a remote goes through them."""

from __future__ import annotations

import re
from urllib.parse import quote

from .jsonrpc import KodiError, wait_for
from .kodi_lab import OK_DIALOG, PROGRESS_DIALOG, SELECT_DIALOG

ADDON_ID = "plugin.video.commonreel"
ROOT = "plugin://%s/" % ADDON_ID
COUNTRY_QUESTION = "Which country are you in?"
NARROW = "Narrow this list…"
SHARING_QUESTION = "How do you want to share?"
NEXT_PAGE = re.compile(r"Next page \(\d+\)")


def play_address(work_id):
    return "%splay/?id=%s" % (ROOT, work_id.replace(":", "%3A"))


def open_addon(kodi):
    """Go to the add-on by the list of video add-ons."""
    kodi.open_videos("addons://sources/video/")
    kodi.select_label("Common Reel")
    kodi.wait_listing(ROOT)
    wait_for(lambda: way(kodi, "Films"), 20, "the first screen")


def way(kodi, name):
    """The row of that name on the screen, with how many there are behind it; None if there is none."""
    return next((row for row in kodi.rows() if _is_way(row, name)), None)


def go(kodi, name, path):
    """Press the row of that name, which leads to that list. How many there are may change meanwhile."""
    wait_for(lambda: way(kodi, name), 20, "a row %r" % name)
    for _ in range(60):
        if _is_way(kodi.focused(), name):
            break
        kodi.step("Down")
    kodi.press("Select")
    kodi.wait_listing(ROOT + path)


def _is_way(row, name):
    return re.fullmatch(re.escape(name) + r"( \(\d+\))?", row) is not None


def wait_listed(kodi, title, timeout=20):
    """Wait until a film is in the catalogue."""
    wait_for(lambda: title in _found(kodi, title), timeout, "%r to be in the catalogue" % title, 0.5)


def wait_unlisted(kodi, title, timeout=20):
    """Wait until a film is gone from the catalogue."""
    wait_for(lambda: title not in _found(kodi, title), timeout, "%r to be gone" % title, 0.5)


def _found(kodi, words):
    found = kodi.files("%ssearch/results/?q=%s" % (ROOT, quote(words)))
    return [row["label"] for row in found]


def open_films(kodi):
    """From the add-on's first screen into Films."""
    go(kodi, "Films", "films/")


def country_row(kodi):
    """The row that asks for the country, None where it was answered."""
    return next((row for row in kodi.rows() if row.startswith(COUNTRY_QUESTION)), None)


def answer_country(kodi):
    """Press the row that asks, and OK on the guess; returns the guess."""
    kodi.select_label(wait_for(lambda: country_row(kodi), 20, "the question"))
    kodi.wait_window(SELECT_DIALOG)
    guess = wait_for(kodi.focused, 5, "a preselected country")
    kodi.press("Select")
    wait_for(lambda: country_row(kodi) is None, 20, "the question to be gone")
    return guess


def answer_sharing(kodi, way, picture=None):
    """Press the row that asks how to share, and one of the ways."""
    kodi.select_label(SHARING_QUESTION)
    kodi.wait_window(SELECT_DIALOG)
    if picture:
        kodi.wait_still()
        picture(kodi, "ways")
    kodi.select_label(way)
    wait_for(lambda: kodi.window() != SELECT_DIALOG, 10, "the dialog to be gone")


def titles(kodi):
    """Titles of the films on the screen's page."""
    return [
        row
        for row in kodi.rows()
        if not NEXT_PAGE.fullmatch(row) and not row.startswith((COUNTRY_QUESTION, SHARING_QUESTION, NARROW))
    ]


def next_page_row(kodi):
    return next((row for row in kodi.rows() if NEXT_PAGE.fullmatch(row)), None)


def go_to_next_page(kodi):
    """Up from the top of a list leads to its end, where the row to the next page is."""
    here = kodi.label("Container.FolderPath")
    kodi.select_label(next_page_row(kodi), down="Up")
    wait_for(lambda: kodi.label("Container.FolderPath") != here, 20, "the next page")
    wait_for(lambda: not kodi.condition("Container.IsUpdating"), 20, "the next page")


def all_titles(kodi):
    """Titles of all pages from the one on the screen on; leaves the last page on the screen."""
    found = titles(kodi)
    while next_page_row(kodi):
        go_to_next_page(kodi)
        found += titles(kodi)
    return found


def press_ok_watching(kodi, title, timeout=30):
    """Select a film and wait until it plays; returns the ids of the dialogs that came up meanwhile."""
    kodi.focus_label(title)
    seen = set()

    def playing():
        seen.add(kodi.window())
        return kodi.player_time()

    kodi.rpc("Input.Select")
    wait_for(playing, timeout, "the film to play", 0.02)
    return sorted(seen & {PROGRESS_DIALOG, OK_DIALOG})


def wait_refused(kodi, timeout=60):
    """Wait for the message that says why nothing plays; returns it."""

    def said():
        if kodi.window() == OK_DIALOG:
            return kodi.dialog_text()
        if kodi.player_time():
            raise KodiError("it plays")

    return wait_for(said, timeout, "a message")


def wait_progress(kodi, words="", timeout=20):
    """Wait for the progress dialog, and until it says these words."""
    kodi.wait_window(PROGRESS_DIALOG, timeout)
    wait_for(lambda: words in kodi.dialog_text(), timeout, "the dialog to say %r" % words)
