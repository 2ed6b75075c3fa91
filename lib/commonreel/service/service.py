# SPDX-License-Identifier: GPL-3.0-or-later
"""The service: store, engine, cache and proxy put together and run. Knows nothing of Kodi."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import time
from dataclasses import replace
from typing import Callable, Mapping, Sequence

from ..catalog import main
from ..catalog.patronage import Patronage
from ..catalog.store import LOCAL, Store
from ..proxy.server import Listening, Proxy
from ..streaming import engines, interface
from ..streaming.cache import Cache
from ..streaming.engines import AnyEngine
from ..works import metainfo, rights, subtitles
from ..works.errors import (
    CommonReelError,
    NoEngine,
    NotFreeHere,
    ServiceUnavailable,
    StreamClosed,
    UnknownWork,
)
from ..works.protocols import Engine, Stream, Torrent
from ..works.query import Query
from ..works.subtitles import Track
from ..works.work import Encoding, Work
from .catalogues import Catalogues
from .config import Config
from .inquiries import Inquiries
from .patron import Catalogue, Patron
from .prefetch import Prefetch
from .state import ERROR, READY, STARTING, State
from .streams import Streams
from .subtitles import Subtitles
from .tally import Tally
from .torrents import Torrents
from .updates import Updates

log = logging.getLogger(__name__)

JOIN_SECONDS = 0.5
PAGE = 10  # works that are taken from one place of the catalogue, for a sample of it


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
        user_agent = "CommonReel/" + config.version
        self._torrents = Torrents(user_agent, config.history, self._cache)
        self._streams = Streams(
            self._find,
            self._torrent,
            self._torrents.web_seeds,
            self._get_engine,
            self._has_web_copy,
            self._address,
            self._subtitles,
            lambda *which: self._proxy.subtitles_address(*which),
        )
        self._prefetch = Prefetch(self._streams, lambda: self._streams.played, self._cache.spare)
        self._updates = Updates(
            config.catalogues,
            config.store,
            user_agent,
            busy=lambda: self._streams.in_use,
            engine=self._get_engine,
            offer=main.packed(config.main) if config.main else None,
        )
        self._inquiries = Inquiries(config.catalogues, self._get_engine)
        patronage = Patronage(config.patronage)
        self._tally = Tally(patronage, self._streams.work_of)
        self._patron = Patron(
            patronage,
            self._cache,
            Catalogue(self._sample, self._find, self._torrent, self._torrents.web_seeds),
            self._get_engine,
            self._streams.shares,
            busy=lambda: self._streams.wanted,
            lent=lambda: self._streams.lent,
        )
        self._proxy = Proxy(self._streams, config.version, listening)
        self._engine: AnyEngine | None = None
        self._web_copy: AnyEngine | None = None  # the engine for those who want that
        self._streaming = config.streaming  # what the engines were last told
        self._engine_lock = threading.Lock()
        self._open = False
        self._stopped = False

    def start(self) -> None:
        """Fill the store, then open for calls. A failure is published, not raised; tick() tries again."""
        self._tell(STARTING)
        try:
            self.open()
        except (CommonReelError, OSError) as error:
            log.exception("the service cannot start")
            self._tell(ERROR, error.code if isinstance(error, CommonReelError) else CommonReelError.code)

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
        another = config.streaming.web_only != self.config.streaming.web_only
        self.config = config
        self._cache.limit = config.cache_limit
        self.tick()
        if another or not config.engine:
            self._end_engine()
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
        """End all within two seconds and leave no thread: all but the system's look-up of a name, which
        nothing can break off."""
        self._updates.stop()
        self._patron.stop()
        self._streams.stop()
        self._torrents.close()
        self._proxy.stop()
        with self._engine_lock:
            self._stopped = True
            self._close_engines()
        self._streams.join(JOIN_SECONDS)
        self._updates.join(JOIN_SECONDS)
        self._inquiries.join(JOIN_SECONDS)
        self._patron.join(JOIN_SECONDS)

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
            log.info("the engine: %s", self._get_engine().name)

    def _empty_cache(self) -> None:
        """Remove what the user wants no more, until nothing is left of it: a file may still be open."""
        if not self._cache.unwanted:
            return
        with self._engine_lock:
            engine = self._engine
        if not (engine.tidy() if engine else self._cache.empty()):
            try:
                self._cache.emptied()
            except OSError as error:
                log.warning("the cache stays unwanted: %s", error)

    def _end_engine(self) -> None:
        """There is to be none, or another."""
        self._patron.tick(0, self.config.streaming)
        self._streams.stop()
        with self._engine_lock:
            self._close_engines()

    def _close_engines(self) -> None:
        """Under the lock."""
        if self._engine:
            self._count(self._engine)
        engines.close(self._engines())
        self._engine = self._web_copy = None
        self._cache.players = ()

    def _engines(self) -> list[AnyEngine]:
        return [engine for engine in (self._engine, self._web_copy) if engine]

    # What is given to others

    def _give(self) -> None:
        """Be a patron if the viewer is one, and count what is given."""
        config = self.config
        if not config.engine or (config.patron_limit and self._get_engine().web_only):
            return
        self._patron.tick(config.patron_limit, config.streaming)
        self._adjust()
        if self._engine and self._tally.due:
            self._count(self._engine)

    def _adjust(self) -> None:
        """Tell the engines what the user wants now: a patron has another limit while nobody watches."""
        wanted = self.config.streaming
        if self.config.patron_limit and not self._streams.wanted:
            wanted = replace(wanted, upload_rate=self.config.patron_rate)
        if self._engine and wanted != self._streaming:
            self._streaming = wanted
            for engine in self._engines():
                engine.configure(wanted)

    def _count(self, engine: AnyEngine) -> None:
        with contextlib.suppress(CommonReelError):
            self._tally.count(engine.shares())

    def _sample(self, count: int) -> list[Work]:
        """So many works of the catalogue by chance, free here; none of the user's own folder, which may
        not be published yet."""
        found: list[Work] = []
        with Store(self.config.store) as store:
            query = Query(country=self.config.country, size=PAGE)
            pages = -(-store.count(query) // PAGE)
            for page in random.sample(range(1, pages + 1), min(pages, -(-count // PAGE))):
                found += store.page(replace(query, page=page)).works
            return [work for work in found if work.encoding and store.origin(work.id) != LOCAL]

    def _get_engine(self, via: str = "") -> AnyEngine:
        """`via` 'web': the one that fetches from web servers alone."""
        with self._engine_lock:
            if self._stopped:
                raise StreamClosed("the service has stopped")
            if not self.config.engine:
                raise NoEngine("an engine on another machine is to be used")
            if not self._engine:
                self._streaming = self.config.streaming
                self._patron.hold(self.config.patron_limit)
                self._engine = engines.best(self._cache, self._streaming)
            if via != "web" or self._engine.web_only:
                return self._engine
            if not self._web_copy:
                self._web_copy = engines.web_copy(self._cache, self._streaming, self._engine)
            return self._web_copy

    def _find(self, work: str) -> Work:
        with Store(self.config.store) as store:
            found = store.work(work)
        if not rights.free_in(found.rights, self.config.country):
            raise NotFreeHere(work)
        return found

    def _torrent(self, work: Work, encoding: Encoding, resume: float) -> Torrent:
        with Store(self.config.store) as store:
            local = store.origin(work.id) == LOCAL
        folder = self.config.local_folder if local else None
        interface.check(self.config.streaming)  # else the torrent would be fetched another way
        return self._torrents.get(work, encoding, self._get_engine(), folder, resume)

    def _has_web_copy(self, torrent: Torrent) -> bool:
        return engines.has_web_copy(torrent, self.config.streaming)

    def _subtitles(
        self,
        engine: Engine,
        film: Stream,
        work: Work,
        encoding: Encoding,
        torrent: Torrent,
        languages: Sequence[str],
    ) -> Subtitles:
        spoken = work.in_language[0] if len(work.in_language) == 1 else ""

        def find() -> list[Track]:
            meta = metainfo.parse(torrent.metainfo)
            file = next(each for each in meta.files if each.index == torrent.file)
            return subtitles.tracks(encoding, meta, file, languages, spoken)

        def open_file(track: Track) -> Stream:
            index = track.file.index if track.file else torrent.file
            return engine.open(replace(torrent, file=index, duration=0.0, resume=0.0, web=()))

        def download(track: Track) -> bytes:
            return self._torrents.subtitles(track.url, torrent.local)

        return Subtitles(film, find, open_file, download, languages)

    def _address(self, secret: str, name: str) -> str:
        return self._proxy.media_address(secret, name)
