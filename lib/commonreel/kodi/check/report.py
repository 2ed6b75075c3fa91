# SPDX-License-Identifier: GPL-3.0-or-later
"""The self-check, the settings and the add-on's own lines of Kodi's log as a text file, to be shown to who
helps: without what is nobody's business."""

from __future__ import annotations

import re
import time
from collections import deque
from pathlib import Path
from typing import Iterable, Iterator

from ...catalog import following as catalogues
from ...works.redaction import redacted
from .. import dialogs, paths, settings, state
from ..api import xbmcgui, xbmcvfs
from ..call import Call
from ..screens import following
from ..words.strings import Text, text
from . import checks

LINES = 2000  # of the log, the last ones
MAX_LOG = 16 << 20  # bytes of it that are looked through
FOLDER = 3  # the kind of xbmcgui.Dialog.browseSingle: one that can be written to

_NEW_LINE = re.compile(r"\d{4}-\d\d-\d\d ")  # how Kodi begins one; what goes on with it is indented


def save(_call: Call) -> None:
    """Ask for the folder, and write the file there."""
    folder = xbmcgui.Dialog().browseSingle(FOLDER, text(Text.REPORT_FOLDER), "files")
    if not folder:
        return
    name = time.strftime("commonreel-%Y%m%d-%H%M%S.txt")
    if _written(folder.rstrip("/\\") + ("\\" if "\\" in folder else "/") + name, made()):
        dialogs.explain(text(Text.REPORT_SAVED, name=name))
    else:
        dialogs.explain(text(Text.REPORT_NOT_SAVED))


def made() -> str:
    """The whole text, redacted."""
    parts = ("Common Reel", *_checked(), "", *_settings(), "", *own_lines(_log()))
    return redacted("\n".join(parts) + "\n", _secrets(), _places())


def own_lines(log: Iterable[str]) -> Iterator[str]:
    """The last of the add-on's own lines, with what goes on below them, such as a traceback."""
    kept: deque[str] = deque(maxlen=LINES)
    ours = False
    for line in log:
        if _NEW_LINE.match(line):
            ours = "[%s]" % paths.ADDON_ID in line
        if ours:
            kept.append(line.rstrip())
    yield from kept


def _checked() -> Iterator[str]:
    for check in checks.every():
        yield "%s %s: %s" % ("!" if check.amiss else "-", check.label, check.found)
        if check.words:
            yield "    " + check.words.replace("\n", "\n    ")


def _settings() -> Iterator[str]:
    for name, value in settings.shown(settings.read()).items():
        yield "%s = %s" % (name, value)


def _log() -> list[str]:
    try:
        with Path(xbmcvfs.translatePath("special://logpath/kodi.log")).open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - MAX_LOG))
            return file.read(MAX_LOG).decode("utf-8", "replace").splitlines()
    except OSError as error:
        return ["0000-00-00 [%s] no log: %s" % (paths.ADDON_ID, error)]


def _secrets() -> Iterator[str]:
    yield from settings.secrets(settings.read())
    yield state.read().secret
    yield from (following.name(each) for each in catalogues.followed(paths.catalogues()))


def _places() -> Iterator[tuple[str, str]]:
    yield str(paths.addon_folder()), "<add-on>"
    yield str(paths.profile()), "<profile>"
    for place in ("temp", "home"):
        yield xbmcvfs.translatePath("special://%s" % place).rstrip("/\\"), "<%s>" % place


def _written(path: str, content: str) -> bool:
    """By Kodi's own ways: the folder may be on another machine."""
    with xbmcvfs.File(path, "w") as file:
        return bool(file.write(content))
