# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kodi side of the service: its life, its settings, what the player does, and where it is found."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Mapping, Sequence

from ..service.config import GIB, Config
from ..service.service import Service
from . import log as kodi_log
from . import paths, settings, state, subtitles
from .api import xbmc, xbmcgui
from .librarian import Librarian
from .remote import Watch
from .strings import Text, text

log = logging.getLogger(__name__)

TICK_SECONDS = 2.0
TOAST_MS = 8000


def run() -> None:
    """Run the service until Kodi quits or the add-on is disabled."""
    kodi_log.install()
    monitor = Monitor()
    player = Player()
    librarian = Librarian()
    service = Service(_config(), state.publish, _complain)
    player.service = monitor.service = service
    monitor.librarian = librarian
    try:
        service.start()
        monitor.read_settings()
        while not monitor.waitForAbort(TICK_SECONDS):
            service.tick()
            player.watch.tick()
            librarian.tick(service.config)
            player.late.tick(player.status)
    finally:
        state.clear()
        service.stop()
        player.service = monitor.service = None
        player.watch.playing("")
        player.watch.tick()


class Monitor(xbmc.Monitor):
    """Hears of changed settings."""

    service: Service | None = None
    librarian: Librarian | None = None

    def onSettingsChanged(self) -> None:
        if self.service:
            self.service.reconfigure(_config())
            self.read_settings()

    def read_settings(self) -> None:
        """Those that the service itself knows nothing of."""
        if self.librarian:
            self.librarian.follow = settings.read().library_update


class Player(xbmc.Player):
    """Hears what Kodi plays."""

    service: Service | None = None

    def __init__(self) -> None:
        super().__init__()
        self.watch = Watch()
        self.late = subtitles.Late(self)

    def onAVStarted(self) -> None:
        try:
            self._playing(self.getPlayingFile())
        except RuntimeError as error:  # it has stopped meanwhile
            log.debug("%s", error)

    def onPlayBackStopped(self) -> None:
        self._playing("")

    def onPlayBackEnded(self) -> None:
        self._playing("")

    def onPlayBackError(self) -> None:
        self._playing("")

    def _playing(self, address: str) -> None:
        self.watch.playing(address)
        self.late.playing(address)
        if self.service:
            self.service.playing(address)

    def status(self, address: str) -> Mapping[str, object]:
        """Of the stream whose film is at that address, here or on the other machine; empty if it is no film
        of ours."""
        here = self.service.status(address) if self.service else {}
        return here or self.watch.status()


def _config() -> Config:
    chosen = settings.read()
    return Config(
        profile=paths.profile(),
        starter=paths.addon_folder() / "resources" / "catalogue.json",
        main=paths.main(),
        version=paths.version(),
        engine=not chosen.remote,
        country=chosen.country,
        local_folder=Path(chosen.local_folder) if chosen.local_folder else None,
        cache_limit=chosen.cache_gb * GIB,
        patron_limit=chosen.patron_gb * GIB if chosen.sharing == settings.PATRON else 0,
        patron_rate=chosen.patron_kbps * 1000,
        streaming=settings.streaming(chosen),
    )


def _complain(problems: Sequence[str]) -> None:
    """Tell the first; the log has them all."""
    title = text(Text.LOCAL_FOLDER)
    problem = problems[0] if len(problems) == 1 else "(%d) %s" % (len(problems), problems[0])
    xbmcgui.Dialog().notification(title, problem, xbmcgui.NOTIFICATION_WARNING, TOAST_MS)
