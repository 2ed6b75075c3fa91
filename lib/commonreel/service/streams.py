# SPDX-License-Identifier: GPL-3.0-or-later
"""The streams that are open: what the proxy's control calls act upon.

A stream begins as a promise: opening returns an id at once, and a thread of its own gets the torrent
and starts the engine behind it. It ends when somebody closes it, when nobody comes for it, or when
its work may no longer be shown.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from dataclasses import asdict
from typing import Callable, Mapping, Sequence

from ..works import choose
from ..works.errors import CommonReelError, NoEngine, StreamClosed, UnknownWork
from ..works.protocols import Engine, Stream, SubtitleFile
from ..works.work import Encoding
from .opening import Opening, by
from .repertoire import Repertoire

log = logging.getLogger(__name__)

AT_MOST = 8
UNUSED_SECONDS = 120.0  # a stream that nobody has asked for a byte or a status in that time


class Streams:
    """Implements works.protocols.Control."""

    def __init__(
        self,
        repertoire: Repertoire,
        engine: Callable[[str], Engine],
        address: Callable[[str, str], str],
        subtitles_address: Callable[[str, int, str], str],
    ) -> None:
        """`engine`: the engine for a way to fetch ('', 'web'), once it is ready. `address`: where the proxy
        serves the film of a secret and a file name; `subtitles_address`: those of a secret, a number and a
        file name."""
        self._repertoire = repertoire
        self._engine = engine
        self._address = address
        self._subtitles_address = subtitles_address
        self._open: dict[str, Opening] = {}
        self.lent: set[str] = set()  # info hashes of what was last given to the engine for the web
        self._engines: set[Engine] = set()  # that have been given something
        self._shared: dict[str, set[str]] = {}  # info hash → works: what the engine has been given
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def open(
        self, work: str, encoding: str, resume: float, languages: Sequence[str] = (), via: str = ""
    ) -> str:
        found = self._repertoire.find(work)
        wanted = choose.encoding(found, encoding)

        def get_ready(opening: Opening) -> None:
            self._get_ready(opening, wanted, resume, languages)

        opening = Opening(found, via or self._way(found.id), get_ready)
        with self._lock:
            self._open[opening.id] = opening
            self._threads = [*filter(threading.Thread.is_alive, self._threads), opening.thread]
            opening.thread.start()
        self._make_room()
        return opening.id

    def status(self, stream: str) -> Mapping[str, object]:
        opening = self._opening(stream)
        opening.touched = time.monotonic()
        return opening.status(self._address, self._subtitles_address)

    def close(self, stream: str) -> None:
        with self._lock:
            opening = self._open.pop(stream, None)
        if not opening:
            raise UnknownWork("no stream %s" % stream)
        opening.close()

    def health(self) -> Mapping[str, object]:
        engine = self._engine("")
        return {**by(engine), **asdict(engine.reach())}

    def media(self, secret: str) -> Stream | None:
        opening = self._opened_by(secret)
        return opening.stream if opening else None

    def subtitles(self, secret: str, number: int) -> SubtitleFile | None:
        opening = self._opened_by(secret)
        subtitles = opening.subtitles if opening else None
        return subtitles.file(number) if subtitles else None

    def _opened_by(self, secret: str) -> Opening | None:
        for _, opening in self._items():
            if secrets.compare_digest(opening.secret.encode(), secret.encode()):
                opening.touched = time.monotonic()
                return opening
        return None

    # What is given to others

    def shares(self, info_hash: str, work: str) -> None:
        """The engine gives that work by that info hash, for as long as the work may be shown."""
        self._shared.setdefault(info_hash, set()).add(work)

    def work_of(self, info_hash: str) -> str:
        """The id of a work that is given by it, '' for none."""
        return min(self._shared.get(info_hash, ()), default="")

    # The player, and time

    @property
    def wanted(self) -> bool:
        """Whether a film is open, even if it does not play yet."""
        return bool(self._items())

    @property
    def in_use(self) -> bool:
        """Whether somebody watches a film."""
        return any(opening.in_use for _, opening in self._items())

    @property
    def played(self) -> str:
        """The stream that the player of this machine plays, '' for none."""
        return next((name for name, opening in self._items() if opening.playing), "")

    def playing(self, address: str) -> None:
        """The player plays what is at `address`; '' when it has stopped.

        A stream that was playing and does so no more is closed.
        """
        for name, opening in self._items():
            now = bool(opening.stream and address == self._address(opening.secret, opening.stream.name))
            if opening.playing and not now:
                self._drop(name)
            opening.playing = now

    def status_at(self, address: str) -> Mapping[str, object]:
        """Of the stream whose film is at that address; empty where there is none."""
        for name, opening in self._items():
            if opening.stream and address == self._address(opening.secret, opening.stream.name):
                return self.status(name)
        return {}

    def sweep(self) -> None:
        """Close what was opened and never fetched: its plugin call, or its player, has gone."""
        now = time.monotonic()
        for name, opening in self._items():
            if opening.in_use:
                opening.touched = now
            elif opening.touched < now - UNUSED_SECONDS:
                self._drop(name)

    def recheck(self) -> None:
        """Stop showing and sharing the works that may not, or no longer, be shown."""
        opened, shared = self._items(), list(self._shared.items())
        works = {opening.work.id for _, opening in opened}.union(*(works for _, works in shared))
        refused = self._repertoire.refused(works) if works else frozenset()
        for name, opening in opened:
            if opening.work.id in refused:
                self._drop(name)
        for info_hash, sharing in shared:
            if sharing <= refused:
                del self._shared[info_hash]
                with contextlib.suppress(NoEngine):  # the engine is switched off: it shares nothing
                    self._engine("").drop(info_hash)

    def stop(self) -> None:
        for name, _ in self._items():
            self._drop(name)
        with self._lock:
            self._engines.clear()

    def join(self, until: float) -> None:
        """Wait for those who are still getting a stream ready; after what they wait for has ended.

        `until`: as time.monotonic() counts.
        """
        for thread in self._threads:
            if thread.ident:  # it has been started
                thread.join(max(0.0, until - time.monotonic()))

    def _get_ready(
        self, opening: Opening, encoding: Encoding, resume: float, languages: Sequence[str]
    ) -> None:
        """In a thread of its own."""
        id = opening.work.id
        try:
            self._begin(opening, encoding, resume, languages)
        except StreamClosed:
            log.info("%s was closed before it was ready", id)
        except CommonReelError as error:
            log.warning("%s does not open: %s", id, error)
            opening.error = error
        except Exception as error:  # whatever it is, the viewer must not wait for ever
            log.exception("%s does not open", id)
            opening.error = CommonReelError(repr(error))

    def _begin(self, opening: Opening, encoding: Encoding, resume: float, languages: Sequence[str]) -> None:
        work, repertoire = opening.work, self._repertoire
        torrent = repertoire.torrent(work, encoding, resume)
        opening.engine = engine = self._engine(opening.via)
        opening.web_copy = not engine.web_only and repertoire.has_web_copy(torrent)
        film = engine.open(torrent)
        self.shares(film.info_hash, work.id)
        self._leave_to(engine, film.info_hash)
        subtitles = repertoire.subtitles(engine, film, work, encoding, torrent, languages)
        opening.opened(film, subtitles)
        with self._lock:
            self._threads += subtitles.threads
        # The engine for the web has them all, and follows redirects itself.
        for seed in () if engine.web_only else repertoire.web_seeds(torrent, encoding):
            film.add_web_seed(seed)  # raises StreamClosed once nobody wants it any more

    def _way(self, work: str) -> str:
        """The way that a work comes already: Kodi's player asks anew for a film whose viewer has chosen."""
        ways = (opening.via for _, opening in self._items() if opening.work.id == work)
        return next(filter(None, ways), "")

    def _leave_to(self, engine: Engine, info_hash: str) -> None:
        """Of two engines only one may write a film."""
        with self._lock:
            self._engines |= {engine, self._engine("")}
            others = self._engines - {engine}
            (self.lent.add if engine.web_only else self.lent.discard)(info_hash)
        for other in others:
            other.drop(info_hash)

    def _make_room(self) -> None:
        idle = [(o.touched, name) for name, o in self._items() if not o.in_use]
        for _, name in sorted(idle)[: max(0, len(idle) - AT_MOST)]:
            self._drop(name)

    def _drop(self, name: str) -> None:
        try:
            self.close(name)
        except (UnknownWork, StreamClosed) as error:
            log.debug("already closed: %s", error)

    def _opening(self, stream: str) -> Opening:
        with self._lock:
            if stream not in self._open:
                raise UnknownWork("no stream %s" % stream)
            return self._open[stream]

    def _items(self) -> list[tuple[str, Opening]]:
        with self._lock:
            return list(self._open.items())
