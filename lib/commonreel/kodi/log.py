# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends the standard library's logging to Kodi's log."""

from __future__ import annotations

import logging

from .api import xbmc
from .paths import ADDON_ID

PACKAGE = __name__.split(".")[0]


class KodiHandler(logging.Handler):
    """Writes each record into kodi.log, at Kodi's level for it."""

    def emit(self, record: logging.LogRecord) -> None:
        xbmc.log("[%s] %s" % (ADDON_ID, self.format(record)), _kodi_level(record.levelno))


def install() -> None:
    """Log through Kodi from now on. Kodi may keep the interpreter for the next call: once is enough."""
    logger = logging.getLogger(PACKAGE)
    if any(isinstance(handler, KodiHandler) for handler in logger.handlers):
        return
    handler = KodiHandler()
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False


def _kodi_level(level: int) -> int:
    if level >= logging.ERROR:
        return xbmc.LOGERROR
    if level >= logging.WARNING:
        return xbmc.LOGWARNING
    return xbmc.LOGINFO if level >= logging.INFO else xbmc.LOGDEBUG
