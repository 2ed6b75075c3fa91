# SPDX-License-Identifier: GPL-3.0-or-later
"""The works that may be shown here, and what it takes to show one: torrent, web seeds, subtitles."""

from __future__ import annotations

import logging
import random
from dataclasses import replace
from typing import Callable, Collection, Iterable, Sequence

from ..catalog import database
from ..catalog.store import LOCAL, Store
from ..streaming import engines, interface
from ..works import metainfo, parental, rights, subtitles
from ..works.errors import NotFreeHere, ServiceUnavailable, UnknownWork, WorkWithdrawn
from ..works.protocols import Engine, Stream, Torrent
from ..works.query import Query
from ..works.subtitles import Track
from ..works.work import Encoding, Work
from .config import Config
from .subtitles import Subtitles
from .torrents import Torrents

log = logging.getLogger(__name__)

PAGE = 10  # works that are taken from one place of the catalogue, for a sample of it


class Repertoire:
    """Used by every thread of the service."""

    def __init__(
        self, config: Callable[[], Config], torrents: Torrents, engine: Callable[[], Engine]
    ) -> None:
        """`config`: as the user has it now. `engine`: that fetches torrents which no host has."""
        self._config = config
        self._torrents = torrents
        self._engine = engine
        self._asked: tuple[object, ...] = ()  # by refused(), with how the catalogue was then
        self._answer: frozenset[str] = frozenset()

    def find(self, id: str) -> Work:
        """The work with that id. Raises UnknownWork, WorkWithdrawn, NotFreeHere, ServiceUnavailable."""
        with Store(self._config().store) as store:
            return self._find(id, store)

    def refused(self, ids: Collection[str]) -> frozenset[str]:
        """Those of these ids whose works may not, or no longer, be shown here. Cheap where the catalogue is
        as it was when the same were asked for."""
        config = self._config()
        asked = (database.look(config.store), config.country, frozenset(ids))
        if asked == self._asked:
            return self._answer
        try:
            with Store(config.store) as store:
                self._answer = frozenset(id for id in ids if not self._may_show(id, store))
        except ServiceUnavailable as error:
            log.info("the catalogue waits: %s", error)
            return frozenset()
        self._asked = asked
        return self._answer

    def suits(self, work: Work) -> bool:
        """Whether the parental level lets it be seen without a PIN."""
        return parental.allowed(work, self._config().level)

    def sample(self, count: int) -> list[Work]:
        """So many works of the catalogue by chance, free here and not above the parental level; none of the
        user's own folder, which may not be published yet."""
        config = self._config()
        found: list[Work] = []
        with Store(config.store) as store:
            query = Query(country=config.country, level=config.level, size=PAGE)
            pages = -(-store.count(query) // PAGE)
            for page in random.sample(range(1, pages + 1), min(pages, -(-count // PAGE))):
                found += store.page(query._replace(page=page)).works
            return [work for work in found if work.encoding and store.origin(work.id) != LOCAL]

    def torrent(self, work: Work, encoding: Encoding, resume: float) -> Torrent:
        """Raises what Torrents.get() does, InterfaceMissing, ProxyMissing."""
        config = self._config()
        with Store(config.store) as store:
            local = store.origin(work.id) == LOCAL
        folder = config.local_folder if local else None
        interface.check(config.streaming)  # else the torrent would be fetched another way
        return self._torrents.get(work, encoding, self._engine(), folder, resume)

    def web_seeds(self, torrent: Torrent, encoding: Encoding) -> Iterable[str]:
        """See torrents.web_seeds()."""
        return self._torrents.web_seeds(torrent, encoding)

    def has_web_copy(self, torrent: Torrent) -> bool:
        """Whether its film can come from the web instead."""
        return engines.has_web_copy(torrent, self._config().streaming)

    def subtitles(
        self,
        engine: Engine,
        film: Stream,
        work: Work,
        encoding: Encoding,
        torrent: Torrent,
        languages: Sequence[str],
    ) -> Subtitles:
        """Those of a film that the engine has opened, once they are started."""
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

    def _find(self, id: str, store: Store) -> Work:
        found = store.work(id)
        if not rights.free_in(found.rights, self._config().country):
            raise NotFreeHere(id)
        return found

    def _may_show(self, id: str, store: Store) -> bool:
        try:
            self._find(id, store)
        except (UnknownWork, WorkWithdrawn, NotFreeHere) as error:
            log.info("to be shown no more: %s", error)
            return False
        return True
