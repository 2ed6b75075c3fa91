# SPDX-License-Identifier: GPL-3.0-or-later
"""The service: store, engine, cache and proxy put together and run. Knows nothing of Kodi."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from dataclasses import replace
from typing import Callable, Mapping, Sequence

from ..catalog import main
from ..catalog.patronage import Patronage
from ..proxy.server import Listening, Proxy
from ..streaming.cache import Cache
from ..works import agent
from ..works.errors import CommonReelError, ServiceUnavailable, UnknownWork, foreseen
from .catalogues import Catalogues
from .config import Config
from .engines import Engines
from .inquiries import Inquiries
from .patron import Patron
from .prefetch import Prefetch
from .repertoire import Repertoire
from .state import ERROR, READY, STARTING, State
from .streams import Streams
from .tally import Tally
from .torrents import Torrents
from .updates import Updates

log = logging.getLogger(__name__)

STOP_SECONDS = 1.8  # in which stop() returns


class Service:
    """Runs from start() to stop()."""

    def __init__(
        self,
        config: Config,
        publish: Callable[[State], None],
        complain: Callable[[Sequence[str]], None],
        listening: Listening | None = None,
    ) -> None:
        """`publish` is called with each new state, `complain` with what was left out of the local
        folder, and why. `listening`: elsewhere than for this machine alone."""
        config.profile.mkdir(parents=True, exist_ok=True)
        self.config = config
        self._publish, self._complain = publish, complain
        self._catalogues = Catalogues(config.store, config.starter, config.version)
        self._cache = Cache(config.cache, config.cache_limit)
        self._patronage = Patronage(config.patronage)
        user_agent = agent.name(config.version)
        self._torrents = Torrents(user_agent, config.history, self._cache)
        self._engines = Engines(
            self._cache, lambda: self.config, lambda: self._patron.hold(self.config.patron_limit)
        )
        repertoire = Repertoire(lambda: self.config, self._torrents, self._engines.get)
        self._streams = Streams(
            repertoire,
            self._engines.get,
            lambda *film: self._proxy.media_address(*film),
            lambda *which: self._proxy.subtitles_address(*which),
        )
        self._prefetch = Prefetch(self._streams, lambda: self._streams.played, self._cache.spare)
        self._updates = Updates(
            config.catalogues,
            config.store,
            user_agent,
            busy=lambda: self._streams.in_use,
            engine=self._engines.get,
            offer=main.packed(config.main) if config.main else None,
        )
        self._inquiries = Inquiries(config.catalogues, self._engines.get)
        self._tally = Tally(self._patronage, self._streams.work_of)
        self._patron = Patron(
            self._patronage,
            self._cache,
            repertoire,
            self._engines.get,
            self._streams.shares,
            busy=lambda: self._streams.wanted,
            lent=lambda: self._streams.lent,
        )
        self._proxy = Proxy(self._streams, config.version, listening)
        self._open = False

    def start(self) -> None:
        """Fill the store, then open for calls. A failure is published, not raised; tick() tries again."""
        self._tell(STARTING)
        try:
            self.open()
        except (CommonReelError, OSError) as error:
            log.exception("the service cannot start")
            self._tell(ERROR, foreseen(error).code)

    def open(self) -> None:
        """start(), for those who want to hear of a failure. Raises CommonReelError, OSError."""
        self._refresh()
        self._proxy.start()
        self._open = True
        self._tell(READY)
        self._warm_up()

    @property
    def address(self) -> str:
        """Where it listens, once open: http://HOST:PORT."""
        return self._proxy.address

    def reconfigure(self, config: Config) -> None:
        """The user has changed settings. What may no longer be shown stops at once."""
        before, self.config = self.config, config
        self._cache.limit = config.cache_limit
        if config.level != before.level:
            self._patron.look_anew()
        self.tick()
        if config.streaming.web_only != before.streaming.web_only or not config.engine:
            self._end_engines()
        self._adjust()

    def tick(self) -> None:
        """Every few seconds: take over what is new in the catalogues, and end the streams that nobody
        came for or that may no longer be shown."""
        if not self._open:
            return self.start()
        try:
            if not self._updates.writing:
                self._refresh()
            self._updates.tick()
            self._inquiries.tick()
        except (ServiceUnavailable, OSError) as error:
            log.warning("the catalogue waits: %s", error)
        self._streams.recheck()
        self._streams.sweep()
        self._prefetch.tick()
        self._empty_cache()
        self._give()

    def playing(self, address: str) -> None:
        """The player plays `address` now; '' when it has stopped."""
        self._streams.playing(address)

    def status(self, address: str) -> Mapping[str, object]:
        """Of the stream whose film the player gets at `address`, as works.protocols.Control tells it; empty
        where there is none."""
        try:
            return self._streams.status_at(address)
        except UnknownWork:  # it has just ended
            return {}

    def comes_next(self, work: str, encoding: str = "") -> None:
        """What the player will ask for after the film that plays: a work and its encoding's key, '' for
        nothing. Its beginning is fetched as soon as the one that plays has come."""
        self._prefetch.want(work, encoding)

    def stop(self) -> None:
        """End all within two seconds, however long a part of it takes, and leave no thread: all but the
        system's look-up of a name, which nothing can break off."""
        until = time.monotonic() + STOP_SECONDS
        ending = threading.Thread(target=self._end, args=(until,), name="the service's end", daemon=True)
        ending.start()
        ending.join(STOP_SECONDS)
        if ending.is_alive():
            log.warning("not all has ended in time")

    def _end(self, until: float) -> None:
        self._patronage.hurry()
        for stop in (self._updates.stop, self._patron.stop, self._streams.stop, self._torrents.close):
            _quietly(stop)
        engines = threading.Thread(target=self._end_all_engines, args=(until,), daemon=True)
        engines.start()
        self._proxy.stop(max(0.0, until - time.monotonic()))
        engines.join(max(0.0, until - time.monotonic()))
        for part in (self._streams, self._updates, self._inquiries, self._patron):
            part.join(until)

    def _end_all_engines(self, until: float) -> None:
        _quietly(self._count)
        self._engines.stop(until)

    def _refresh(self) -> None:
        problems = self._catalogues.refresh(self.config.local_folder, time.localtime().tm_year)
        if problems:
            self._complain(problems)

    def _tell(self, status: str, reason: str = "") -> None:
        secret = self._proxy.secret if status == READY else ""
        self._publish(State(status, self._proxy.port, secret, reason, self.config.version))

    def _warm_up(self) -> None:
        """Start the engine before the first play asks for it."""
        if self.config.engine:
            log.info("the engine: %s", self._engines.get().name)

    def _empty_cache(self) -> None:
        """Remove what the user wants no more, until nothing is left of it: a file may still be open."""
        if not self._cache.unwanted:
            return
        engine = self._engines.first
        if not (engine.tidy() if engine else self._cache.empty()):
            try:
                self._cache.emptied()
            except OSError as error:
                log.warning("the cache stays unwanted: %s", error)

    def _end_engines(self) -> None:
        """There is to be none, or another."""
        self._patron.tick(0, self.config.streaming)
        self._streams.stop()
        self._count()
        self._engines.close()

    # What is given to others

    def _give(self) -> None:
        """Be a patron if the viewer is one, and count what is given."""
        config = self.config
        if not config.engine or (config.patron_limit and self._engines.get().web_only):
            return
        self._patron.tick(config.patron_limit, config.streaming)
        self._adjust()
        if self._tally.due:
            self._count()

    def _adjust(self) -> None:
        """Tell the engines what the user wants now: a patron has another limit while nobody watches."""
        wanted = self.config.streaming
        if self.config.patron_limit and not self._streams.wanted:
            wanted = replace(wanted, upload_rate=self.config.patron_rate)
        self._engines.configure(wanted)

    def _count(self) -> None:
        engine = self._engines.first
        if engine:
            with contextlib.suppress(CommonReelError):
                self._tally.count(engine.shares())


def _quietly(step: Callable[[], None]) -> None:
    """One of several that must all be done."""
    try:
        step()
    except Exception:
        log.exception("a part of the service does not end well")
