# SPDX-License-Identifier: GPL-3.0-or-later
"""What an engine is to the benchmark: it gets ready, is told to play, gives an address, goes.

Warm ones run before the play, as a service or an application does; cold ones are commands that start
with it.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Sequence

from .swarm import Source
from .web_server import listens

READY_SECONDS, PLAY_SECONDS, END_SECONDS = 30.0, 30.0, 10.0


class EngineFailed(Exception):
    """It ended, or did not answer in time."""


class Engine:
    """One engine from its start to its end. `pids`: its processes, without their children."""

    title = ""  # as the document names it
    warm = False
    at_most = 0  # runs, where a run takes minutes; 0: as many as asked

    def __init__(self, scratch: Path) -> None:
        """Get ready. `scratch`: an empty folder for what is downloaded, its home as well."""
        self.scratch = scratch
        self.pids: list[int] = []
        self._processes: list[subprocess.Popen[bytes]] = []

    def play(self, source: Source, how: str) -> str:
        """The film's address. `how`: "torrent", "magnet", or "web" for the web seed alone."""
        raise NotImplementedError

    def finished(self, address: str) -> str:
        """Where the film is once all of it is here."""
        return address

    def close(self) -> None:
        for process in self._processes:
            if process.stdin:
                process.stdin.close()
            elif process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._processes:
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @classmethod
    def version(cls) -> str:
        """As the engine itself says. Raises OSError or CalledProcessError where it is not installed."""
        raise NotImplementedError

    def _start(self, command: Sequence[str], talks: bool = False, **environment: str) -> None:
        scratch = str(self.scratch)
        with (self.scratch / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
                stdout=subprocess.PIPE if talks else log,
                stderr=log,
                cwd=scratch,
                env={**os.environ, "HOME": scratch, "TMPDIR": scratch, **environment},
                start_new_session=True,
            )
        self._processes.append(process)
        self.pids.append(process.pid)


class Talking(Engine):
    """Speaks the lines of `commonreel stream -`."""

    warm = True

    def __init__(self, scratch: Path) -> None:
        super().__init__(scratch)
        self._start(self.command(), talks=True, **self.environment())
        self._answer(READY_SECONDS)

    def command(self) -> list[str]:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return {}

    def play(self, source: Source, how: str) -> str:
        wanted = {"source": told(source, how), "file": source.film.name}
        stdin = self._processes[0].stdin
        stdin.write(json.dumps(wanted).encode() + b"\n")
        stdin.flush()
        answer = self._answer(PLAY_SECONDS)
        if "url" not in answer:
            raise EngineFailed(str(answer.get("error", answer)))
        return str(answer["url"])

    def _answer(self, seconds: float) -> dict[str, object]:
        stdout = self._processes[0].stdout
        until = time.monotonic() + seconds
        line = b""
        while not line.endswith(b"\n"):
            if not select.select([stdout], [], [], max(0.0, until - time.monotonic()))[0]:
                raise EngineFailed("no answer in %d s" % seconds)
            read = os.read(stdout.fileno(), 4096)
            if not read:
                raise EngineFailed("it ended")
            line += read
        answer: dict[str, object] = json.loads(line)
        return answer


def answers(address: str) -> bool:
    host, port = re.fullmatch(r"http://([^:/]+):(\d+)/.*", address).groups()
    return listens(host, int(port))


def told(source: Source, how: str) -> str:
    """How an engine is told of a film: a path or a magnet link."""
    return {"torrent": str(source.torrent), "magnet": source.magnet, "web": str(source.from_web)}[how]
