# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks for what is new in the catalogues that are followed: once a day, in the background, quietly."""

from __future__ import annotations

import logging
import random
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Callable, Sequence, TypeVar

from ..catalog import following, main
from ..catalog.following import Followed, Offer, State
from ..catalog.store import Store
from ..net.fetch import Fetcher
from ..works.errors import CatalogueUnavailable, CommonReelError, ServiceUnavailable, foreseen
from ..works.protocols import Engine

log = logging.getLogger(__name__)

DAY, HOUR, MINUTE = 86400.0, 3600.0, 60.0
JITTER = 0.1  # of a wait: else all devices would ask at the same time


Subject = TypeVar("Subject", Path, Followed)


class _Ended(Exception):
    """The service stops."""


class Updates:
    """A thread of its own, whenever there is something to do."""

    def __init__(
        self,
        catalogues: Path,
        store: Path,
        user_agent: str,
        busy: Callable[[], bool],
        engine: Callable[[], Engine],
        offer: Offer | None = None,
    ) -> None:
        """`catalogues`: see catalog.following. `busy`: whether somebody watches a film now, who is not to
        be disturbed. `engine`: that fetches what no host has. `offer`: the add-on's own catalogue."""
        self._catalogues = catalogues
        self._store = store
        self._user_agent = user_agent
        self._busy = busy
        self._engine = engine
        self._offer = offer
        self._rests: dict[str, float] = {}  # folder's name → until when nothing is tried, monotonic
        self._miss_at = 0.0  # when to see whether the store has them all
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._fetcher: Fetcher | None = None
        self._open: Store | None = None
        self._thread: threading.Thread | None = None

    def tick(self) -> None:
        """Begin what is due. Raises OSError."""
        if self._thread and self._thread.is_alive():
            return
        main.settle(self._catalogues, self._offer)
        followed, gone = following.followed_and_left(self._catalogues)
        now = time.time()
        self._miss(followed)
        gone = [folder for folder in gone if self._rested(folder)]
        due = [each for each in followed if _is_due(each, now) and self._rested(each.folder)]
        if (gone or due) and not self._busy():
            self._thread = threading.Thread(
                target=self._run, args=(gone, due), name="update of catalogues", daemon=True
            )
            self._thread.start()

    @property
    def writing(self) -> bool:
        """Whether the store is being written, so that whoever else wants to write would have to wait."""
        store = self._open
        return bool(store and store.writing)

    def stop(self) -> None:
        """Break off what is under way; the next time goes on from there."""
        self._stopping.set()
        with self._lock:
            if self._fetcher:
                self._fetcher.close()
            if self._open:
                self._open.interrupt()

    def join(self, until: float) -> None:
        """After stop(): wait until it has ended."""
        if self._thread:
            self._thread.join(max(0.0, until - time.monotonic()))

    def _rested(self, folder: Path) -> bool:
        return self._rests.get(folder.name, 0.0) <= time.monotonic()

    def _miss(self, followed: Sequence[Followed]) -> None:
        """Want those that the store does not hold: it may have been made anew."""
        if not followed or time.monotonic() < self._miss_at:
            return
        self._miss_at = time.monotonic() + MINUTE
        try:
            with Store(self._store) as store:
                missed = [each for each in followed if not store.version(each.origin)]
        except ServiceUnavailable as error:
            log.info("%s", error)
            return
        for each in missed:
            if not each.state.failures:
                each.want()

    def _run(self, gone: Sequence[Path], due: Sequence[Followed]) -> None:
        """Whatever happens to one of them, the others have their turn."""
        try:
            with Store(self._store, writable=True) as store:
                with self._lock:
                    self._open = store
                for folder in gone:
                    self._try(folder, self._forget, folder, store)
                for each in due:
                    self._try(each.folder, self._look, each, store)
        except _Ended:
            log.info("the service stops: the catalogues wait")
        except ServiceUnavailable as error:
            log.warning("the catalogues wait: %s", error)
        finally:
            with self._lock:
                self._open = None

    def _try(
        self, folder: Path, do: Callable[[Subject, Store], None], subject: Subject, store: Store
    ) -> None:
        self._go_on()
        try:
            do(subject, store)
        except _Ended:
            raise
        except Exception:  # nobody else would hear of it
            self._go_on()
            self._rests[folder.name] = time.monotonic() + HOUR
            log.exception("%s is left alone for a while", folder.name)

    def _forget(self, folder: Path, store: Store) -> None:
        from ..catalog import updating  # late: tuf takes 0.2 s

        updating.forget(folder.stem, store)
        following.forget(folder)
        log.info("%s is followed no more", folder.stem)

    def _look(self, followed: Followed, store: Store) -> None:
        followed.granted()
        before = followed.state
        try:
            state = self._update(followed, before, store)
        except _Ended:
            raise
        except Exception as error:  # a catalogue is made by others: it may be wrong in any way
            self._go_on()
            known = isinstance(error, (CommonReelError, OSError))
            log.warning("%s: %s", followed.address, error, exc_info=not known)
            state = replace(
                before,
                due=time.time() + _wait(error, before.failures),
                failures=before.failures + 1,
                trouble=foreseen(error).code,
            )
        followed.keep(state)

    def _update(self, followed: Followed, before: State, store: Store) -> State:
        from . import looking  # late: tuf takes 0.2 s, and may be missing

        until = time.monotonic() + HOUR

        def go_on() -> None:
            self._go_on()
            if time.monotonic() > until:
                raise CatalogueUnavailable("it took longer than %d s" % HOUR)

        fetcher = self._fetch_with(followed.local)
        state = looking.look(followed, before, store, fetcher, self._engine, go_on).state
        return replace(state, due=time.time() + _spread(DAY))

    def _fetch_with(self, local: bool) -> Fetcher:
        fetcher = Fetcher(self._user_agent, local=local)
        with self._lock:
            self._fetcher = fetcher
        self._go_on()
        return fetcher

    def _go_on(self) -> None:
        if self._stopping.is_set():
            raise _Ended


def _is_due(followed: Followed, now: float) -> bool:
    due = followed.state.due
    return followed.wanted or due <= now or due > now + 2 * DAY  # the last: the clock was set back


def _wait(error: Exception, failures: int) -> float:
    if isinstance(error, ServiceUnavailable):  # the store is in use
        return MINUTE
    first = MINUTE if isinstance(error, CatalogueUnavailable) else HOUR  # the network may be about to come
    return _spread(min(first * 2.0 ** min(failures, 11), DAY))


def _spread(seconds: float) -> float:
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
