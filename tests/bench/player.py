# SPDX-License-Identifier: GPL-3.0-or-later
"""A player that plays one film of one engine, and compares each byte it gets with the film's."""

from __future__ import annotations

import contextlib
import http.client
import mmap
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Iterator
from urllib.parse import urlsplit

from .engine import Engine, EngineFailed, answers
from .media import Film
from .swarm import Source
from .usage import Usage

PATIENCE = 60.0  # seconds until what does not come counts as not coming
MIB = 1 << 20
AGAIN = 0.01  # seconds between two attempts at an address that is not ready


class Compared:
    """How many bytes were compared with the film's, and how many of them were wrong."""

    def __init__(self, film: Film) -> None:
        self.bytes = self.wrong = 0
        with film.path.open("rb") as opened:
            self._film = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)

    def take(self, data: bytes, at: int) -> None:
        expected = self._film[at : at + len(data)]
        self.bytes += len(data)
        if data != expected:
            self.wrong += sum(map(int.__ne__, data, expected)) + len(data) - len(expected)


class Range:
    """The body of one answer, from a byte of the film on."""

    def __init__(
        self,
        connection: http.client.HTTPConnection,
        answer: http.client.HTTPResponse,
        start: int,
        to: Compared,
    ) -> None:
        self._connection, self._answer, self._compared = connection, answer, to
        self.at = start

    def read(self, limit: int = MIB) -> int:
        """Up to so many bytes, what is there; how many. 0 at the end."""
        data = self._answer.read1(limit)
        self._compared.take(data, self.at)
        self.at += len(data)
        return len(data)

    def read_all(self, count: int) -> None:
        """So many bytes. Raises EngineFailed where the answer ends before."""
        while count:
            read = self.read(min(count, MIB))
            if not read:
                raise EngineFailed("the answer ended before its length")
            count -= read

    def rest_unseen(self) -> int:
        """The rest of it, as fast as it comes and not compared; how many bytes."""
        space = memoryview(bytearray(MIB))
        count = 0
        while True:
            read = self._answer.readinto(space)
            if not read:
                return count
            count += read

    def close(self) -> None:
        self._connection.close()


class Player:
    """One engine from its start on, and one film. The clock runs from `began`, the moment of the play."""

    def __init__(self, kind: type[Engine], source: Source, scratch: Path) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix="engine-", dir=scratch, ignore_cleanup_errors=True)
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(self._scratch)
        try:
            self.engine = kind(Path(self._scratch.name))
            self._stack.callback(self.engine.close)
            self.usage = self._stack.enter_context(Usage(self.engine.pids))
        except BaseException:
            self._stack.close()
            raise
        self.source = source
        self.compared = Compared(source.film)
        self.address = ""
        self.began = 0.0

    def __enter__(self) -> Player:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def play(self, how: str = "torrent") -> None:
        self.began = time.monotonic()
        self.address = self.engine.play(self.source, how)

    def since(self) -> float:
        return time.monotonic() - self.began

    @contextlib.contextmanager
    def open(self, start: int = 0, length: int | None = None) -> Iterator[Range]:
        """The film from a byte on. Waits where nobody answers yet, or answers with an error."""
        opened = self._ask(start, length)
        try:
            yield opened
        finally:
            opened.close()

    def first_picture(self) -> None:
        """Have ffmpeg decode one frame."""
        until = time.monotonic() + PATIENCE
        while not answers(self.address):
            if time.monotonic() > until:
                raise EngineFailed("nobody answers")
            time.sleep(AGAIN)
        command = ["ffmpeg", "-nostdin", "-v", "error", "-i", self.address, "-map", "0:v:0"]
        command += ["-frames:v", "1", "-f", "null", "-"]
        while True:
            left = until - time.monotonic()
            try:
                ran = subprocess.run(command, stderr=subprocess.PIPE, timeout=max(1.0, left), check=False)
            except subprocess.TimeoutExpired as error:
                raise EngineFailed("no picture in %d s" % PATIENCE) from error
            if ran.returncode == 0 and b"Invalid data" not in ran.stderr:
                return
            if left < 0:
                raise EngineFailed("no picture: %r" % ran.stderr[-200:])
            time.sleep(2 * AGAIN)

    def _ask(self, start: int, length: int | None) -> Range:
        where = urlsplit(self.address)
        path = where.path + ("?" + where.query if where.query else "")
        end = "" if length is None else str(start + length - 1)
        until = time.monotonic() + PATIENCE
        said = "nobody answers"
        while time.monotonic() < until:
            connection = http.client.HTTPConnection(where.hostname, where.port, timeout=PATIENCE)
            try:
                connection.request("GET", path, headers={"Range": "bytes=%d-%s" % (start, end)})
                answer = connection.getresponse()
                if answer.status == 206 or (answer.status == 200 and start == 0):
                    return Range(connection, answer, start, self.compared)
                said = "status %d" % answer.status
            except (OSError, http.client.HTTPException) as error:
                said = repr(error)
            connection.close()
            time.sleep(AGAIN)
        raise EngineFailed("no stream: " + said)
