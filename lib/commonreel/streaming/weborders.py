# SPDX-License-Identifier: GPL-3.0-or-later
"""What to ask which web seed for next: pure planning, under the lock of whoever owns it.

Each piece that is wanted is fetched as part of a run, in few requests, from the seeds that are likely
to give it first. What somebody waits for and comes late is asked for twice. A seed that gave a wrong
piece all alone is not asked again.
"""

from __future__ import annotations

import math
import time
from typing import Callable, Iterable, Iterator, Sequence

from ..net.ranged import Failure, Line
from .pieces import Pieces
from .runs import Part, Run
from .webseeds import Seed, choose

LINES = 3  # connections in all
REQUEST = 1 << 20  # bytes at most: what is in flight delays a seek
LEAST_REQUEST = 256 << 10  # bytes at least, where little is wanted and all lines are to take part
RACE = 1.0  # seconds after which what somebody waits for is asked for twice
CUT_WORTH = 0.25  # seconds of useless transfer that are worth a new connection
RUNS = 2 * LINES  # open at most: they are in memory
HELD = 64 << 20  # bytes of them from which on no further one is opened


class Task:
    """One request under way."""

    def __init__(self, run: Run, part: Part, seed: Seed, line: Line) -> None:
        self.run, self.part, self.seed, self.line = run, part, seed, line
        self.began = time.monotonic()
        self.was_cut = False
        self._before = line.received

    @property
    def got(self) -> int:
        return self.line.received - self._before

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def left(self) -> float:
        """Seconds until it is done, as far as can be told."""
        rate = max(self.got / max(self.seconds, 0.001), self.seed.rate)
        return (self.part.length - self.got) / rate if rate else math.inf

    def cut(self) -> None:
        self.was_cut = True
        self.line.cut()


class Orders:
    """The pieces of one download that are wanted, and the requests for them."""

    def __init__(self, pieces: Pieces, have: Sequence[int], taken: Callable[[int], bool]) -> None:
        self.seeds: list[Seed] = []
        self.tasks: set[Task] = set()
        self.held: dict[int, Run] = {}  # pieces being fetched, verified or handed over
        self.reason = ""  # why something did not come, the last time
        self._pieces = pieces
        self._have = have
        self._taken = taken
        self._wanted = bytearray(pieces.count)  # 1; 2 for what comes before all others
        self._hurried: set[int] = set()
        self._alone: set[int] = set()  # pieces that came wrong: next from one seed, in a run of their own
        self._distrusted: dict[int, set[Seed]] = {}  # piece → who gave it wrong, or had a part in it
        self._lost: set[int] = set()  # pieces that no seed has

    # What is wanted

    def prioritise(self, priorities: Iterable[tuple[int, int]]) -> None:
        """In libtorrent's scale. Requests for what is wanted no more are cut."""
        for piece, priority in priorities:
            self._wanted[piece] = 2 if priority >= 7 else 1 if priority else 0
        for task in self.tasks:
            if not self._is_wanted(task.run) and task.left() > CUT_WORTH:
                task.cut()

    def hurry(self, piece: int) -> None:
        self._hurried.add(piece)
        self._wanted[piece] = max(1, self._wanted[piece])
        if len(self.tasks) == LINES:
            self._free_a_line(piece)

    def end_hurry(self) -> None:
        self._hurried.clear()

    def add_seed(self, seed: Seed) -> None:
        if all(known.name != seed.name for known in self.seeds):
            self.seeds.append(seed)
            self._lost.clear()

    @property
    def hopeless(self) -> bool:
        """Whether something is wanted that nobody is or will be asked for; after next()."""
        return not self.held and any(not self._taken(piece) for piece in self._in_order())

    # What happens to a request

    def begin(self, task: Task) -> None:
        task.line.mend()
        task.part.takers.append(task.seed)
        task.seed.active += 1
        self.tasks.add(task)

    def end(self, task: Task, data: memoryview | None, failure: Failure | None) -> bool:
        """It has brought `data`, or failed. Whether its run is complete now."""
        part, seed = task.part, task.seed
        part.takers.remove(seed)
        seed.active -= 1
        self.tasks.discard(task)
        copy = seed.copy(part.file)
        complete = False
        if data is not None:
            seed.gave(part.file, part.length, task.seconds)
            complete = self._take(task, data)
        elif copy and failure and not task.was_cut:
            self.reason = str(failure)
            copy.failed(failure, time.monotonic())
        self._let_go()
        return complete

    def settle(self, run: Run, piece: int, right: bool, taken: bool) -> None:
        """A piece of a complete run has been verified, and taken by who wants it if it is right."""
        if taken:
            self._wanted[piece] = 0
            self._hurried.discard(piece)
        elif not right:
            self._judge(run, piece)
        del self.held[piece]
        self._let_go()

    def _take(self, task: Task, data: memoryview) -> bool:
        run, part = task.run, task.part
        if part.giver or self.held.get(run.first) is not run:
            return False
        run.data[part.place : part.place + part.length] = data
        part.giver = task.seed
        for other in self.tasks:
            if other.part is part:
                other.seed.lags(other.got, other.seconds)
                other.cut()
        return run.complete

    def _let_go(self) -> None:
        """Forget the runs that nobody wants any more, or that cannot be completed: whom one of them waits
        for may have failed in another."""
        for run in set(self.held.values()):
            if run.complete or not run.idle:
                continue
            lost = any(not part.giver and not self._offers(part, run) for part in run.parts)
            if lost or not self._is_wanted(run):
                for piece in range(run.first, run.stop):
                    del self.held[piece]

    def _is_wanted(self, run: Run) -> bool:
        return any(self._wanted[run.first : run.stop])

    def _judge(self, run: Run, piece: int) -> None:
        """Whoever gave all of a wrong piece, of the one file it lies in, is to blame. At a file's edge it
        may be the neighbour that has been changed: the film stays good."""
        givers = run.givers(piece)
        self.reason = "piece %d was wrong" % piece
        if len(givers) == 1 and run.files(piece) == 1:
            next(iter(givers)).ban(self.reason)
        elif len(givers) == 1 or piece in self._alone:
            self._distrusted.setdefault(piece, set()).update(givers)
        self._alone.add(piece)

    # What to do next

    def next(self, line: Line, now: float) -> tuple[Task | None, float]:
        """What to ask for, or when to look again, in monotonic seconds."""
        until = math.inf
        blocked = 0
        front = True
        runs = set(self.held.values())
        full = len(runs) >= RUNS or sum(len(run.data) for run in runs) >= HELD
        for piece in self._in_order():
            run = self.held.get(piece)
            if not run and full:
                continue
            run = run or self._open(piece, now)
            if not run:
                until = min(until, self._free_at(piece, now))
                blocked += until < math.inf
                if blocked > RUNS:
                    break
                continue
            part, seed = self._pick(run, now)
            if not part and (front or piece in self._hurried):
                part, seed = self._race(run, piece in self._hurried, now)
            front = False
            if part and seed:
                return Task(run, part, seed, line), now
            if any(not part.giver and not part.takers for part in run.parts):
                until = min(until, self._free_at(piece, now))
        return None, until

    def _in_order(self) -> Iterator[int]:
        """The pieces that are wanted and not here, first those that somebody waits for."""
        levels = [iter(sorted(self._hurried)), self._at_level(2), self._at_level(1)]
        for level in levels:
            for piece in level:
                if self._have[piece]:
                    self._wanted[piece] = 0
                elif self._wanted[piece]:
                    yield piece

    def _at_level(self, level: int) -> Iterator[int]:
        piece = self._wanted.find(level)
        while piece >= 0:
            yield piece
            piece = self._wanted.find(level, piece + 1)

    def _open(self, piece: int, now: float) -> Run | None:
        """A run from there on; None if it is not to be fetched, or not now."""
        if not self._may_open(piece, now):
            return None
        lacking = self._pieces.length * (self._pieces.count - self._wanted.count(0))
        reach = min(REQUEST, max(LEAST_REQUEST, lacking // LINES))
        stop = piece + 1
        while (
            piece not in self._alone
            and stop < self._pieces.count
            and (stop - piece + 1) * self._pieces.length <= reach
            and self._wanted[stop]
            and not (self._have[stop] or stop in self.held or stop in self._alone)
            and self._may_open(stop, now)
        ):
            stop += 1
        run = Run(self._pieces, piece, stop, reach)
        self.held.update(dict.fromkeys(range(piece, stop), run))
        return run

    def _may_open(self, piece: int, now: float) -> bool:
        """Whether somebody can give all of it, and gives something of it now."""
        if piece in self._lost or (self._taken(piece) and piece not in self._hurried):
            return False
        asked = self._trusted(piece)
        files = [extent.file for extent in self._pieces.extents(piece)]
        if not all(any(seed.offers(file) for seed in asked) for file in files):
            self._lost.add(piece)
            return False
        return any(choose(asked, file, 1, now) for file in files)

    def _free_at(self, piece: int, now: float) -> float:
        """When one of those who have the piece, and want to be left alone now, may be asked again."""
        if piece in self._lost:
            return math.inf
        files = [extent.file for extent in self._pieces.extents(piece)]
        copies = [seed.offers(file) for seed in self._trusted(piece) for file in files]
        return min((copy.not_before for copy in copies if copy and copy.not_before > now), default=math.inf)

    def _trusted(self, piece: int) -> list[Seed]:
        distrusted = self._distrusted.get(piece, ())
        return [seed for seed in self.seeds if seed not in distrusted]

    def _offers(self, part: Part, run: Run) -> list[Seed]:
        """Who may be asked for a part. A piece that came wrong from several comes from one alone, if
        one has all of it."""
        found = [seed for seed in self._trusted(run.first) if seed.offers(part.file)]
        if run.first in self._alone:
            whole = [seed for seed in found if all(seed.offers(each.file) for each in run.parts)]
            begun = {seed for each in run.parts for seed in (each.giver, *each.takers) if seed}
            return [seed for seed in whole if not begun or seed in begun] or ([] if whole else found)
        return found

    def _pick(self, run: Run, now: float) -> tuple[Part | None, Seed | None]:
        """A part of the run that nobody is asked for, and whom to ask."""
        for part in run.parts:
            if not part.giver and not part.takers:
                seed = choose(self._offers(part, run), part.file, part.length, now)
                if seed:
                    return part, seed
        return None, None

    def _race(self, run: Run, hurried: bool, now: float) -> tuple[Part | None, Seed | None]:
        """A part of the run that is late, and whom else to ask: also one who has never given anything
        is late, where others have."""
        for task in self.tasks:
            part = task.part
            if task.run is not run or part.giver or len(part.takers) > 1:
                continue
            others = [seed for seed in self._offers(part, run) if seed is not task.seed]
            other = choose(others, part.file, part.length, now)
            late = hurried and now - task.began > RACE
            if other and (late or (other.proven and not task.seed.proven)):
                return part, other
            if late and not task.got:  # the connection hangs: perhaps another does not
                return part, task.seed
        return None, None

    def _free_a_line(self, piece: int) -> None:
        """All are busy: one that does not serve the piece ends, if it would take long."""
        run = self.held.get(piece)
        if run and any(task.run is run for task in self.tasks):
            tasks = [task for task in self.tasks if task.run is not run and task.seconds > RACE]
        else:
            tasks = list(self.tasks)
        slowest = max(tasks, key=Task.left, default=None)
        if slowest and slowest.left() > CUT_WORTH:
            slowest.cut()
