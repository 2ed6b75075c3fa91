# SPDX-License-Identifier: GPL-3.0-or-later
"""What a story in Kodi leaves in build/e2e, to be looked at."""

from __future__ import annotations

from .command import ROOT

FOLDER = ROOT / "build" / "e2e"


def save(kodi, what, story):
    """The screen as <story>-<what>.png; returns the path."""
    return kodi.screenshot(FOLDER / ("%s-%s.png" % (story.replace("test_", "", 1), what)))


def of_failure(kodi, story):
    """The screen and Kodi's log, where it ran."""
    if kodi and kodi.rpc_client:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / ("FAILED-%s.log" % story)).write_text(kodi.log(), encoding="utf-8")
        kodi.screenshot(FOLDER / ("FAILED-%s.png" % story))
