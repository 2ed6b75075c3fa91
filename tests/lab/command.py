# SPDX-License-Identifier: GPL-3.0-or-later
"""`commonreel …` as a process of its own."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, Callable

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 20.0  # seconds for a line


class Command:
    """A running `commonreel …`; a context manager that leaves no process behind."""

    def __init__(self, *words: object, path: Path | None = None) -> None:
        """`path`: where its Python looks for packages before it looks where ours does."""
        command = [sys.executable, "-m", "commonreel", *map(str, words)]
        paths = os.pathsep.join(str(each) for each in (path, ROOT / "lib") if each)
        environment = {**os.environ, "PYTHONPATH": paths}
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
        self.errors = b""  # what it wrote to standard error; known at its end
        self._held = b""

    def line(self) -> dict[str, Any]:
        """The next line of its standard output."""
        until = time.monotonic() + PATIENCE
        assert self.process.stdout
        while b"\n" not in self._held:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0.0, until - time.monotonic()))
            assert ready, "no line in time"
            more = os.read(self.process.stdout.fileno(), 65536)
            assert more, "ended: %r" % self.process.stderr.read() if self.process.stderr else ""
            self._held += more
        line, _, self._held = self._held.partition(b"\n")
        found = json.loads(line)
        assert isinstance(found, dict)
        return found

    def ask(self, request: object) -> dict[str, Any]:
        """Write a line, an object as JSON or bytes as they are; its answer."""
        assert self.process.stdin
        self.process.stdin.write(request if isinstance(request, bytes) else json.dumps(request).encode())
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        return self.line()

    def wait_line(
        self, wanted: Callable[[dict[str, Any]], object], seconds: float = PATIENCE
    ) -> dict[str, Any]:
        """The next line that is wanted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            line = self.line()
            if wanted(line):
                return line
        raise AssertionError("no such line in time")

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def close_input(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.stdin = None

    def end(self) -> tuple[int, float]:
        """Its exit status, and the seconds it has taken from now."""
        began = time.monotonic()
        _, self.errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, time.monotonic() - began

    def __enter__(self) -> Command:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.process.kill()
            self.process.communicate()


class StreamCommand(Command):
    """A running `commonreel stream …`."""

    def __init__(self, *arguments: object, path: Path | None = None) -> None:
        super().__init__("stream", *arguments, path=path)


def get(url: str, first: int = 0, last: int | None = None) -> bytes:
    """The bytes of a film, or some of them."""
    ranges = "bytes=%d-%s" % (first, "" if last is None else last)
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Range": ranges}), timeout=30) as answer:
        return bytes(answer.read())


def refusal(url: str) -> tuple[int, str]:
    """The status and the error code of an answer that is no film."""
    try:
        get(url)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.loads(error.read())["error"]
    raise AssertionError("a film")
