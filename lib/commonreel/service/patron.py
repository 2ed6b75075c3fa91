# SPDX-License-Identifier: GPL-3.0-or-later
"""A patron's part: films that few have are fetched, kept on the disk and given to others.

What is kept is written down (catalog/patronage.py), fetched one film at a time, and given like any other
film of the engine, but without limits of ratio and time. Once a day a few works of the catalogue are
looked at: which of them is more in need than what is kept.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from typing import Callable, Collection, Iterable, Mapping, Sequence

from ..catalog.patronage import Kept, Patronage
from ..streaming import sharing
from ..streaming.cache import FREE_FLOOR, Cache
from ..streaming.options import EngineOptions
from ..works import choose, metainfo, need
from ..works.errors import AboveLevel, CommonReelError, NotFreeHere, StreamClosed, UnknownWork, WorkWithdrawn
from ..works.need import Candidate
from ..works.protocols import Engine, Torrent
from ..works.work import Work
from .repertoire import Repertoire
from .taking import Taking

log = logging.getLogger(__name__)

SAMPLE = 30  # works of the catalogue that are looked at on a day
DAY, HOUR = 86400.0, 3600.0
SCRAPE_SECONDS = 20.0
PAUSE = 2.0  # seconds between two torrents, which mostly come from the same archive
STUCK = 1800.0  # seconds in which nothing of a film has come, after which another has its turn
IN_VAIN = 7 * DAY  # after which a film that has not come makes room
CALM = 60.0  # seconds after the start before it is looked which works are in need
LOOK = 10.0  # seconds between looks at what the engine has


class Patron:
    """Used by the service's thread; it fetches in threads of its own."""

    def __init__(
        self,
        patronage: Patronage,
        cache: Cache,
        repertoire: Repertoire,
        engine: Callable[[], Engine],
        shares: Callable[[str, str], None],
        busy: Callable[[], bool],
        lent: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """`shares`: to be told of an info hash and the work that is given by it, which then is watched
        over. `busy`: whether somebody watches a film now, who is not to be disturbed. `lent`: the info
        hashes of films that another engine was given meanwhile."""
        self._patronage = patronage
        self._cache = cache
        self._repertoire = repertoire
        self._engine = engine
        self._shares = shares
        self._busy = busy
        self._lent = lent
        self._taking: Taking | None = None
        self._here: dict[str, str] = {}  # info hash → work: in the engine
        self._done: set[str] = set()  # works of which all is here
        self._above: set[str] = set()  # works that wait for another parental level
        self._tried: dict[str, float] = {}  # work → when it was last tried
        self._look_at = 0.0
        self._calm_at = time.monotonic() + CALM
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._looking: threading.Thread | None = None

    def tick(self, room: int, options: EngineOptions) -> None:
        """Every few seconds. `room`: bytes to keep for others; 0: the viewer is no patron."""
        if not room:
            self.rest()
            self._here.clear()
            self._done.clear()
        kept = self.hold(room)
        if not room:
            return
        if self._look_at <= time.monotonic():
            self._look_at = time.monotonic() + LOOK
            self._look_after(kept)
        loud = sharing.may_share(sharing.local_minute(), options, given=0, taken=0, since=0.0)
        if self._busy() or not loud or self._cache.free() < FREE_FLOOR:
            self._pause()
        else:
            self._take(kept)
            self._look_for_need(room)

    def hold(self, room: int) -> Sequence[Kept]:
        """Keep what is kept for others apart in the cache, before an engine trims that; see tick()."""
        kept = self._patronage.kept() if room else []
        self._cache.kept = frozenset(each.info_hash for each in kept if each.info_hash)
        return kept

    def stop(self) -> None:
        """Break off what is under way; the next start goes on from there."""
        self._stopping.set()
        self.rest()

    def join(self, until: float) -> None:
        """After stop(), and once what is fetched has been broken off."""
        for thread in [*self._threads, *([self._looking] if self._looking else [])]:
            thread.join(max(0.0, until - time.monotonic()))

    # What is kept

    def _look_after(self, kept: Sequence[Kept]) -> None:
        """Let go what the viewer wants no more, and what the engine or the disk has let go."""
        for each in self._patronage.unwanted():
            if each.info_hash:
                self._forget(each)
        here, shares = dict(self._here), self._engine().shares()
        for each in kept:
            if each.info_hash in shares:
                seeds = shares[each.info_hash].seeds
                if seeds != each.seeds and seeds >= 0:
                    self._patronage.has_seeds(each.work, seeds)
            elif each.info_hash in here and each.info_hash in self._lent():
                self._here.pop(each.info_hash, None)  # it is taken back once nobody watches
                self._done.discard(each.work)
            elif each.info_hash in here:
                log.info("%s is kept no more: it may not be shown, or the disk is full", each.work)
                self._release(each)

    def _release(self, kept: Kept) -> None:
        self._forget(kept)
        self._patronage.leave(kept.work)

    def _forget(self, kept: Kept) -> None:
        if self._taking and self._taking.work == kept.work:
            self.rest()
        self._done.discard(kept.work)
        self._here.pop(kept.info_hash, None)
        if kept.info_hash:
            self._engine().forget(kept.info_hash)
            self._patronage.gone(kept.work)

    # To take

    def _take(self, kept: Sequence[Kept]) -> None:
        """Go on with one film at a time; after a start also those that are here, which takes a moment."""
        if self._taking:
            self._go_on(self._taking)
        missing = [each for each in kept if each.work not in self._done | self._above]
        if self._taking or not missing:
            return
        turn = min(missing, key=lambda each: (self._tried.get(each.work, 0.0), not each.whole, each.since))
        if not turn.whole and self._cache.free() < turn.size + FREE_FLOOR:
            self._tried[turn.work] = time.monotonic()
            return
        self._tried[turn.work] = time.monotonic()
        self._taking = Taking(turn.work, lambda taking: self._open(taking, turn))
        self._threads = [*filter(threading.Thread.is_alive, self._threads), self._taking.thread]
        self._taking.start()

    def _go_on(self, taking: Taking) -> None:
        if taking.look():
            self._patronage.is_whole(taking.work)
            self._done.add(taking.work)
        elif not taking.failed and taking.silent < STUCK:
            return
        self.rest()

    def look_anew(self) -> None:
        """The parental level has changed."""
        self._above.clear()
        self.rest()

    def rest(self) -> None:
        """Take nothing now; the next tick looks anew what may be taken."""
        taking, self._taking = self._taking, None
        if taking:
            taking.end()

    def _pause(self) -> None:
        """Rest, and go on with the same film afterwards."""
        if self._taking:
            self._tried.pop(self._taking.work, None)
            self.rest()

    def _open(self, taking: Taking, kept: Kept) -> None:
        """Have the engine fetch the film. In a thread of its own."""
        try:
            work = self._repertoire.find(kept.work)
            if not kept.whole and not self._repertoire.suits(work):
                raise AboveLevel(kept.work)  # what was taken before is given on: nobody sees it here
            encoding = choose.encoding(work)
            torrent = self._repertoire.torrent(work, encoding, 0.0)
            engine = self._engine()
            film = engine.open(torrent)
            taking.opened(film)
            if kept.info_hash not in ("", film.info_hash):  # the catalogue means another torrent now
                engine.forget(kept.info_hash)
            self._patronage.came(kept.work, film.info_hash, film.length)
            self._cache.kept |= {film.info_hash}
            self._shares(film.info_hash, kept.work)
            self._here[film.info_hash] = kept.work
            if not film.status().complete:
                for seed in self._repertoire.web_seeds(torrent, encoding):
                    film.add_web_seed(seed)
        except StreamClosed:
            log.info("%s waits", kept.work)
        except (UnknownWork, WorkWithdrawn, NotFreeHere) as error:
            log.info("to be kept no more: %s", error)
            self._release(kept)
        except AboveLevel:
            self._above.add(kept.work)
            taking.failed = True
        except CommonReelError as error:
            log.info("%s does not come: %s", kept.work, error)
            taking.failed = True
        except Exception:  # nobody else would hear of it
            log.exception("%s does not come", kept.work)
            taking.failed = True

    # Which works are in need

    def _look_for_need(self, room: int) -> None:
        """Once a day, in the background."""
        since = time.time() - self._patronage.looked()
        if 0 <= since < DAY or time.monotonic() < self._calm_at:
            return
        if self._looking and self._looking.is_alive():
            return
        self._patronage.looks(time.time())
        self._looking = threading.Thread(
            target=self._find_need, args=(room,), name="look for films in need", daemon=True
        )
        self._looking.start()

    def _find_need(self, room: int) -> None:
        try:
            self._change(room)
        except CommonReelError as error:
            log.info("which films are in need is not known: %s", error)
            self._patronage.looks(time.time() - DAY + HOUR)
        except Exception:  # nobody else would hear of it
            log.exception("which films are in need is not known")

    def _change(self, room: int) -> None:
        now = time.time()
        for each in self._patronage.kept():
            if not each.whole and now - each.since > IN_VAIN:
                self._patronage.leave(each.work)  # what has come of it stays in the cache, like any other
        kept = self._patronage.kept()
        given = self._patronage.given()
        known = {each.work for each in [*kept, *self._patronage.unwanted()]}
        found = self._candidates([work for work in self._repertoire.sample(SAMPLE) if work.id not in known])
        mine = [Candidate(each.work, each.size, each.seeds, given.get(each.work, 0)) for each in kept]
        change = need.change(mine, self._in_need(found, given), room)
        if self._stopping.is_set():
            return
        for each in kept:
            if each.work in change.leave:
                log.info("%s makes room", each.work)
                self._release(each)
        for candidate in change.take:
            log.info("%s is in need: %d seeds", candidate.work, candidate.seeds)
            self._patronage.keep(candidate.work, candidate.size, candidate.seeds, now)

    def _candidates(self, works: Iterable[Work]) -> dict[str, Torrent]:
        """The torrents of the works that have one."""
        found: dict[str, Torrent] = {}
        for work in works:
            if self._busy() or self._stopping.wait(PAUSE if found else 0.0):
                break
            try:
                encoding = choose.encoding(work)
                if encoding.torrent:  # else only peers have it
                    found[work.id] = self._repertoire.torrent(work, encoding, 0.0)
            except CommonReelError as error:
                log.info("%s is no candidate: %s", work.id, error)
        return found

    def _in_need(self, torrents: Mapping[str, Torrent], given: Mapping[str, int]) -> list[Candidate]:
        """With what their trackers say, in an order that differs from device to device."""
        sizes, hashes = {}, {}
        for work, torrent in torrents.items():
            meta = metainfo.parse(torrent.metainfo)
            sizes[work] = next(file.length for file in meta.files if file.index == torrent.file)
            hashes[work] = meta.info_hash or meta.info_hash_v2
        asked = {hashes[work]: torrent for work, torrent in torrents.items()}
        seeds = self._engine().seeds(asked, SCRAPE_SECONDS) if asked else {}
        found = [
            Candidate(work, sizes[work], seeds.get(hashes[work], need.UNKNOWN), given.get(work, 0))
            for work in torrents
        ]
        random.shuffle(found)
        return found
