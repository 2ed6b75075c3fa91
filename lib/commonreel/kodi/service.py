# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kodi side of the service: its life, its settings, what the player does, and where it is found."""

from __future__ import annotations

import logging
from itertools import count
from pathlib import Path
from typing import Callable, Mapping, Sequence

from ..service.config import GIB, Config
from ..service.service import Service
from . import answers, paths, settings, state, wishes
from . import log as kodi_log
from .api import xbmc, xbmcgui
from .library.librarian import Librarian
from .lists import items
from .lists.ahead import Ahead
from .playing import subtitles, viewing
from .playing.appeal import Appeal
from .playing.next_episode import queued
from .playing.overlay import Overlay
from .remote import Watch
from .screens import parental, quality
from .words.strings import Text, listen, text

log = logging.getLogger(__name__)

PULSE_SECONDS = 1.0
PULSES = 2  # from one look at everything to the next
TOAST_MS = 8000


def run() -> None:
    """Run the service until Kodi quits or the add-on is disabled."""
    kodi_log.install()
    monitor = Monitor()
    player = Player()
    librarian = Librarian()
    ahead = Ahead()
    service = Service(_config(), state.publish, _complain)
    player.service = monitor.service = service
    monitor.librarian, monitor.player = librarian, player
    try:
        service.start()
        monitor.read_settings()
        for pulse in count():
            if monitor.waitForAbort(PULSE_SECONDS):
                break
            _turn(player.tick)
            if pulse % PULSES == 0:
                _turn(listen)
                _turn(monitor.read_level)
                _turn(service.tick)
                _turn(player.watch.tick)
                _turn(lambda: player.late.tick(player.status))
                _turn(lambda: librarian.tick(service.config))
                if not player.isPlaying():
                    _turn(ahead.tick)
    finally:
        _turn(state.clear)
        _turn(player.close)
        service.stop()
        player.service = monitor.service = monitor.player = None
        player.watch.playing("")
        player.watch.tick()


def _turn(tick: Callable[[], None]) -> None:
    """Whatever breaks, the others have their turn, and so has it again: nobody starts the service anew."""
    try:
        tick()
    except Exception:
        log.exception("a turn of the service broke off")


class Monitor(xbmc.Monitor):
    """Hears of changed settings."""

    service: Service | None = None
    librarian: Librarian | None = None
    player: Player | None = None

    def onSettingsChanged(self) -> None:
        if self.service:
            self.service.reconfigure(_config())
            self.read_settings()

    def read_level(self) -> None:
        """The parental level, which is no setting of Kodi's; see parental."""
        if self.service and self.service.config.level != parental.level():
            self.service.reconfigure(_config())

    def read_settings(self) -> None:
        """Those that the service itself knows nothing of."""
        chosen = settings.read()
        if self.librarian:
            self.librarian.follow = chosen.library_update
        if self.player:
            self.player.overlaid = chosen.overlay
            self.player.appeal.wanted = chosen.appeal


class Player(xbmc.Player):
    """Hears what Kodi plays."""

    service: Service | None = None

    def __init__(self) -> None:
        super().__init__()
        self.watch = Watch()
        self.late = subtitles.Late(self)
        self.appeal = Appeal()
        self.overlaid = False  # whether the picture is to say how it is coming
        self._overlay = Overlay()
        self._address = ""  # of what plays
        self._viewing: viewing.Viewing | None = None

    def onAVStarted(self) -> None:
        try:
            self._playing(self.getPlayingFile())
            self._begin(self.getVideoInfoTag().getUniqueID(items.OWN_ID))
        except RuntimeError as error:  # it has stopped meanwhile, or is no video
            log.debug("%s", error)

    def onPlayBackStopped(self) -> None:
        self._over()

    def onPlayBackEnded(self) -> None:
        if self._viewing:
            self._viewing.ended()
        self._over()

    def onPlayBackError(self) -> None:
        self._playing("")

    def tick(self) -> None:
        """Take note of how far the film has come, and say on the screen what is to be said of it."""
        self.appeal.tick()
        coming = self._coming()
        if not coming:
            self._overlay.hide()
        if not (coming or self._viewing):
            return
        try:
            position, duration = self.getTime(), self.getTotalTime()
        except RuntimeError as error:  # it has stopped meanwhile
            log.debug("%s", error)
            return
        if self._viewing:
            self._viewing.at(position, duration)
        if coming:
            self._overlay.show(coming, position)

    def _coming(self) -> Mapping[str, object]:
        """The status of what plays, where the viewer wants to see it; empty where it is none of ours."""
        return self.service.status(self._address) if self.service and self.overlaid else {}

    def close(self) -> None:
        """Take off the screen what is there."""
        self._overlay.hide()
        self.appeal.close()
        if self._viewing:
            self._viewing.close()
            self._viewing = None

    def _begin(self, work: str) -> None:
        self._viewing = viewing.begin(work)
        following = self._viewing and self._viewing.announced
        for engine in (self.service, self.watch):
            if engine and following:
                engine.comes_next(following.id, quality.encoding(following).key)

    def _over(self) -> None:
        seen = self._viewing and self._viewing.last_seen
        self._playing("")
        if seen and not queued():
            self.appeal.due(seen)

    def _playing(self, address: str) -> None:
        self.close()
        self._address = address
        self.watch.playing(address)
        self.late.playing(address)
        if self.service:
            self.service.playing(address)
            self.service.comes_next("")

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
        level=parental.level(),
        local_folder=Path(chosen.local_folder) if chosen.local_folder else None,
        cache_limit=chosen.cache_gb * GIB,
        patron_limit=chosen.patron_gb * GIB if chosen.sharing == answers.PATRON else 0,
        patron_rate=chosen.patron_kbps * 1000,
        streaming=wishes.streaming(chosen),
    )


def _complain(problems: Sequence[str]) -> None:
    """Tell the first; the log has them all."""
    title = text(Text.LOCAL_FOLDER)
    problem = problems[0] if len(problems) == 1 else "(%d) %s" % (len(problems), problems[0])
    xbmcgui.Dialog().notification(title, problem, xbmcgui.NOTIFICATION_WARNING, TOAST_MS)
