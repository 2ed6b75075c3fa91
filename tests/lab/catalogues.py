# SPDX-License-Identifier: GPL-3.0-or-later
"""The screen of catalogues, as a person with a remote goes there, and back."""

from __future__ import annotations

from .commonreel import ROOT, way
from .jsonrpc import wait_for
from .kodi_lab import CONTEXT_MENU, YES_NO_DIALOG

FOLLOW = "Follow another catalogue…"
LOOK = "Look for new works now"


def back_home(kodi):
    """From a list of the add-on's, or a later page of one, to its first screen."""
    while kodi.label("Container.FolderPath") != ROOT:
        here = kodi.label("Container.FolderPath")
        kodi.press("Back")
        wait_for(lambda here=here: kodi.label("Container.FolderPath") != here, 10, "the list before")
    assert wait_for(lambda: way(kodi, "Films"), 20, "the first screen")


def open_catalogues(kodi):
    """From the first screen."""
    kodi.select_label("Catalogues", down="Up")
    kodi.wait_listing(ROOT + "catalogues/")
    kodi.wait_row(FOLLOW)


def follow(kodi, address, picture, timeout=20):
    """From that screen. `timeout`: until the catalogue has answered with its fingerprint."""
    kodi.select_label(FOLLOW)
    kodi.type_text(address)
    kodi.wait_window(YES_NO_DIALOG, timeout)
    kodi.wait_still()
    picture(kodi, "fingerprint")
    kodi.focus_label("Yes", down="Left")
    kodi.press("Select")


def in_menu_of(kodi, catalogue, entry):
    kodi.select_label(catalogue)
    kodi.wait_window(CONTEXT_MENU)
    kodi.focus_label(entry)
    kodi.press("Select")


def look_for_new_works(kodi, catalogue):
    """From the add-on's first screen, or a list that is reached from there."""
    back_home(kodi)
    open_catalogues(kodi)
    in_menu_of(kodi, catalogue, LOOK)
