# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches the pieces that are wanted next from web seeds (BEP 19), and nothing else. Knows no libtorrent.

It is told what is wanted as a swarm is (supply.py: prioritise, hurry, end_hurry), asks for little at a
time over a few lines, verifies each piece in memory by the torrent's hash, and hands the right ones to
a sink.

Beside another source of the same pieces, peers for one: `taken` says what that fetches already. Such
pieces are left to it, unless somebody waits for one; and what it has brought shows in `have`.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import Callable, Iterable, Sequence

from ..net.ranged import Failure, Line, Ranges
from .pieces import Pieces
from .runs import Run
from .weborders import LINES, REQUEST, Orders, Task
from .webseeds import Seed

log = logging.getLogger(__name__)


class WebFetcher:
    """The web's side of one download. Its lock is taken last: nothing of others is called under it."""

    def __init__(
        self,
        pieces: Pieces,
        ranges: Ranges,
        have: Sequence[int],
        sink: Callable[[int, memoryview], bool],
        on_hope: Callable[[str], None] = lambda _: None,
        taken: Callable[[int], bool] = lambda _: False,
    ) -> None:
        """`have`: a 1 for each piece that is here, kept up to date by its owner. `sink` gets each verified
        piece, on a thread of the fetcher's, and says whether it has taken it. `on_hope` gets the reason
        when nobody on the web has what is wanted, and '' when that may have changed. `taken` must return
        at once."""
        self._pieces = pieces
        self._sink, self._on_hope = sink, on_hope
        self._changed = threading.Condition()
        self._orders = Orders(pieces, have, taken)
        self._hopeless = False
        self._paused = self._stopped = False
        self._lines = [ranges.line() for _ in range(LINES)]
        self._threads = [
            threading.Thread(target=self._work, args=(line,), name="commonreel-web", daemon=True)
            for line in self._lines
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Cut every request; returns at once."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            for line in self._lines:
                line.cut()

    def join(self, seconds: float) -> None:
        """After stop(): no thread is left, unless the system's look-up of a name hangs."""
        until = time.monotonic() + seconds
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, until - time.monotonic()))

    @property
    def busy(self) -> bool:
        """Whether a thread of it lives."""
        return any(thread.is_alive() for thread in self._threads)

    @property
    def received(self) -> int:
        """Bytes of files so far."""
        return sum(line.received for line in self._lines)

    @property
    def seeds(self) -> list[Seed]:
        return list(self._orders.seeds)

    # What is wanted

    def prioritise(self, priorities: Iterable[tuple[int, int]]) -> None:
        """(piece, priority) for each piece whose priority changes, in libtorrent's scale."""
        with self._changed:
            self._orders.prioritise(priorities)
        self._hope()

    def hurry(self, piece: int) -> None:
        """Somebody waits for it: it comes first, and is asked for twice if it comes late."""
        with self._changed:
            self._orders.hurry(piece)
        self._hope()

    def end_hurry(self) -> None:
        with self._changed:
            self._orders.end_hurry()

    def add_seed(self, seed: Seed) -> None:
        with self._changed:
            self._orders.add_seed(seed)
        self._hope()

    def pause(self) -> None:
        """Nothing can be taken at present."""
        with self._changed:
            self._paused = True
            for task in self._orders.tasks:
                task.cut()

    def go_on(self) -> None:
        with self._changed:
            self._paused = False
        self._hope()

    def _hope(self) -> None:
        with self._changed:
            hopeless, self._hopeless = self._hopeless, False
            self._changed.notify_all()
        if hopeless:
            self._on_hope("")

    # The lines

    def _work(self, line: Line) -> None:
        buffer = memoryview(bytearray(REQUEST))
        while True:
            with self._changed:
                task, reason = self._await(line)
            if reason:
                self._on_hope(reason)
            elif not task:
                line.close()
                return
            else:
                try:
                    self._ask(task, buffer[: task.part.length])
                except Exception:  # a line that ends would never come back
                    log.exception("a web line stumbles, and goes on")

    def _await(self, line: Line) -> tuple[Task | None, str]:
        """Under the lock: what to ask for next; or why there is no hope; or neither, at the end."""
        while not self._stopped:
            until = math.inf
            if not self._paused:
                task, until = self._orders.next(line, time.monotonic())
                if task:
                    self._orders.begin(task)
                    return task, ""
                if until == math.inf and not self._hopeless and self._orders.hopeless:
                    self._hopeless = True
                    return None, self._orders.reason or "the torrent has no web seed"
            self._changed.wait(None if until == math.inf else max(0.01, until - time.monotonic()))
        return None, ""

    def _ask(self, task: Task, data: memoryview) -> None:
        part = task.part
        copy = task.seed.copy(part.file)
        failure: Failure | None = Failure("not asked")
        try:
            if copy:
                task.line.read(copy.address, part.start, data, part.file.length)
                failure = None
        except Failure as error:
            failure = error
            log.log(logging.DEBUG if task.was_cut else logging.INFO, "web seed: %s", error)
        finally:
            with self._changed:
                complete = self._orders.end(task, None if failure else data, failure)
                self._changed.notify_all()
        if complete:
            self._finish(task.run)

    def _finish(self, run: Run) -> None:
        """Verify the pieces of a complete run, and hand them over."""
        for piece in range(run.first, run.stop):
            data = run.bytes_of(piece)
            right = self._pieces.proves(piece, data)
            taken = False
            try:
                taken = right and self._sink(piece, data)
            finally:
                with self._changed:
                    self._orders.settle(run, piece, right, taken)
                    self._changed.notify_all()
