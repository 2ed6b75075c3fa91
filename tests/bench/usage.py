# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine's processes and their children take: processor time, and memory at its peak."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import Iterator, Sequence

import psutil

EVERY = 0.2  # seconds
LOOK_AGAIN = 1.0  # seconds, for new children: it takes reading all of /proc


class Usage:
    """Watches from its making until closed. `pids` may grow meanwhile."""

    def __init__(self, pids: Sequence[int]) -> None:
        self._pids = pids
        self._processes: list[psutil.Process] = []
        self._looked = 0.0
        self._cpu: dict[int, float] = {}  # by process, those that have gone too
        self._lock = threading.Lock()
        self.peak_anonymous = 0  # bytes, of all processes together
        self.peak_resident = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def cpu(self) -> float:
        """Seconds of processor time since the processes began, in the program and in the kernel."""
        self._sample()
        return sum(self._cpu.values())

    def __enter__(self) -> Usage:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._closing.wait(EVERY):
            self._sample()

    def _sample(self) -> None:
        anonymous = resident = 0
        with self._lock:
            if time.monotonic() - self._looked > LOOK_AGAIN:
                self._processes, self._looked = list(self._look()), time.monotonic()
            for process in self._processes:
                with contextlib.suppress(psutil.Error, OSError, KeyError):  # it has just ended
                    times = process.cpu_times()
                    self._cpu[process.pid] = times.user + times.system
                    memory = _memory(process.pid)
                    anonymous += memory["RssAnon"]
                    resident += memory["VmRSS"]
            self.peak_anonymous = max(self.peak_anonymous, anonymous)
            self.peak_resident = max(self.peak_resident, resident)

    def _look(self) -> Iterator[psutil.Process]:
        for pid in list(self._pids):
            with contextlib.suppress(psutil.Error):  # it has ended
                process = psutil.Process(pid)
                yield process
                yield from process.children(recursive=True)


def _memory(pid: int) -> dict[str, int]:
    """Bytes, of the fields of /proc/PID/status in kB."""
    with open("/proc/%d/status" % pid, encoding="ascii", errors="replace") as status:  # noqa: PTH123
        fields = (line.split() for line in status)
        return {each[0].rstrip(":"): int(each[1]) << 10 for each in fields if each[-1:] == ["kB"]}
