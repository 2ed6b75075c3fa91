# SPDX-License-Identifier: GPL-3.0-or-later
"""What a story in Kodi leaves in build/e2e, to be looked at."""

from __future__ import annotations

from .command import ROOT

FOLDER = ROOT / "build" / "e2e"


def save(kodi, what, story):
    """The screen as <story>-<what>.png; returns the path."""
    return kodi.screenshot(FOLDER / ("%s-%s.png" % (story.replace("test_", "", 1), what)))


def of_failure(kodi, story, report):
    """Keep the screen and Kodi's log, where it ran; pytest's report says what a Kodi died of."""
    if not (kodi and kodi.rpc_client):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / ("FAILED-%s.log" % story)).write_text(kodi.log(), encoding="utf-8")
    kodi.screenshot(FOLDER / ("FAILED-%s.png" % story))
    if kodi.rpc_client.closed:
        report.sections.append(("Kodi's last words", kodi.last_words()))
