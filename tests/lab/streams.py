# SPDX-License-Identifier: GPL-3.0-or-later
"""A film for tests of the proxy: bytes in a temporary file that arrive when the test says so."""

from __future__ import annotations

import random
import tempfile
import threading
from typing import Callable, Sequence

from commonreel.works.errors import CommonReelError, StreamClosed, UnknownWork
from commonreel.works.protocols import Span, StreamStatus, SubtitleFile


def noise(length: int, seed: int = 1) -> bytes:
    """Bytes with no pattern, the same every time."""
    return random.Random(seed).getrandbits(8 * length).to_bytes(length, "little")


class FakeStream:
    """A works.protocols.Stream whose first `have` bytes are there; more come with arrive().

    `opened` and `active` count readers, `waiting` those that wait at present; `failure` is raised to
    a reader that asks for a byte that is not there.
    """

    def __init__(self, data: bytes, have: int | None = None, name: str = "film.mp4") -> None:
        self.name = name
        self.length = len(data)
        self.info_hash = "0123456789abcdef0123456789abcdef01234567"
        self.changed = threading.Condition()
        self.have = len(data) if have is None else have
        self.opened = self.active = self.waiting = 0
        self.failure: CommonReelError | None = None
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the stream
        self._file.write(data)
        self._file.flush()

    def reader(self) -> FakeReader:
        with self.changed:
            self.opened += 1
            self.active += 1
            self.changed.notify_all()
        return FakeReader(self)

    def status(self) -> StreamStatus:
        return StreamStatus("ready" if self.have == self.length else "buffering")

    def arrive(self, have: int) -> None:
        with self.changed:
            self.have = have
            self.changed.notify_all()

    def fail(self, error: CommonReelError) -> None:
        with self.changed:
            self.failure = error
            self.changed.notify_all()

    def close(self) -> None:
        self.fail(StreamClosed("closed by the test"))
        self._file.close()

    def wait(self, condition: Callable[[], bool], seconds: float = 5.0) -> bool:
        """Wait until something is true of this stream's attributes."""
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def fd(self) -> int:
        return self._file.fileno()


class FakeReader:
    def __init__(self, stream: FakeStream) -> None:
        self._stream = stream
        self._closed = False

    def span(self, offset: int, length: int, timeout: float) -> Span | None:
        stream = self._stream

        def settled() -> bool:
            return self._closed or stream.failure is not None or stream.have > offset

        with stream.changed:
            stream.waiting += 1
            stream.changed.notify_all()
            stream.changed.wait_for(settled, timeout)
            stream.waiting -= 1
            if self._closed:
                raise StreamClosed("reader closed")
            if stream.have > offset:
                return Span(stream.fd(), offset, min(length, stream.have - offset))
            if stream.failure is not None:
                raise stream.failure
            return None

    def close(self) -> None:
        with self._stream.changed:
            if not self._closed:
                self._closed = True
                self._stream.active -= 1
            self._stream.changed.notify_all()


class FakeControl:
    """A works.protocols.Control with one film behind one secret."""

    SECRET = "5ec2e7" * 5

    def __init__(self, stream: FakeStream | None = None) -> None:
        self.stream = stream
        self.calls: list[tuple[object, ...]] = []
        self.failure: Exception | None = None
        self.languages: Sequence[str] = ()
        self.files: dict[int, SubtitleFile] = {}

    def open(
        self, work: str, encoding: str, resume: float, languages: Sequence[str] = (), via: str = ""
    ) -> str:
        self.languages = languages
        self.calls.append(("open", work, encoding, resume, *([via] if via else [])))
        if self.failure is not None:
            raise self.failure
        return "s1"

    def status(self, stream: str) -> dict[str, object]:
        self.calls.append(("status", stream))
        if self.failure is not None:
            raise self.failure
        if stream != "s1":
            raise UnknownWork(stream)
        return {"state": "ready", "peers": 3}

    def close(self, stream: str) -> None:
        self.calls.append(("close", stream))
        if self.failure is not None:
            raise self.failure

    def health(self) -> dict[str, object]:
        if self.failure is not None:
            raise self.failure
        return {"engine": "a fake", "webOnly": "", "port": 6881, "mapped": True, "incoming": False}

    def media(self, secret: str) -> FakeStream | None:
        return self.stream if secret == self.SECRET else None

    def subtitles(self, secret: str, number: int) -> SubtitleFile | None:
        return self.files.get(number) if secret == self.SECRET else None
