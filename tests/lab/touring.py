# SPDX-License-Identifier: GPL-3.0-or-later
"""Walking through the screens with a remote, and keeping pictures of them."""

from __future__ import annotations

from pathlib import Path

from .commonreel import ROOT, open_addon
from .jsonrpc import wait_for
from .kodi_lab import CONTEXT_MENU, SELECT_DIALOG, VIDEOS

PICTURES = Path(__file__).resolve().parents[2] / "build" / "tour"


class Tour:
    """`kodi`, in which the add-on is, and `showcase`, which it shows."""

    def __init__(self, kodi, showcase):
        self.kodi, self.showcase = kodi, showcase
        self._pictures = PICTURES / str(kodi.size[1])

    def look(self, name, still=True):
        """Keep a picture of the screen, once it stands still and no message is on it."""
        if still:
            self.kodi.wait_condition("!Window.IsVisible(notification)")
            self.kodi.wait_still()
        return self.kodi.screenshot(self._pictures / (name + ".png"))

    def home(self, presses=10):
        """Back, until the add-on's first screen is there."""
        for _ in range(presses):
            if self.kodi.label("Container.FolderPath") == ROOT and self.kodi.window() == VIDEOS:
                break
            self.kodi.press("Back")
        else:
            open_addon(self.kodi)
        wait_for(lambda: "Settings" in self.kodi.rows(), 20, "the first screen")


def step_to(kodi, title):
    """To a row of the list on the screen, by the shorter way; its end leads to its beginning."""
    wait_for(lambda: title in kodi.rows(), 10, "a row %r" % title)  # a dialog may still be closing
    rows = kodi.rows()
    here = rows.index(kodi.focused()) if kodi.focused() in rows else 0
    below = (rows.index(title) - here) % len(rows)
    kodi.focus_label(title, down="Down" if below <= len(rows) / 2 else "Up", limit=len(rows) + 2)


def menu(kodi, title, entry=None):
    """Open a row's context menu, and choose from it."""
    step_to(kodi, title)
    kodi.press("ContextMenu")
    kodi.wait_window(CONTEXT_MENU)
    if entry:
        kodi.select_label(entry, limit=15)


def choose(kodi, beginning):
    """Of a dialog's list, the entry that begins so."""
    kodi.wait_window(SELECT_DIALOG)

    def there():
        if kodi.focused().startswith(beginning):
            return True
        kodi.press("Down", pause=0.1)

    wait_for(there, 20, "an entry %r" % beginning)
    kodi.press("Select")


def to_the_last_page(kodi):
    """Returns its rows."""
    while True:
        more = next((row for row in kodi.rows() if row.startswith("Next page")), None)
        if not more:
            return kodi.rows()
        here = kodi.label("Container.FolderPath")
        step_to(kodi, more)
        kodi.press("Select")
        wait_for(
            lambda here=here: (
                kodi.label("Container.FolderPath") != here and not kodi.condition("Container.IsUpdating")
            ),
            20,
            "the next page",
        )
