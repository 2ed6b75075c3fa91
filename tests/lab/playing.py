# SPDX-License-Identifier: GPL-3.0-or-later
"""Playing a film in a test: a torrent to play, reading as the proxy does, and as a player does."""

from __future__ import annotations

import os
import random
import threading
import time
from pathlib import Path
from typing import Callable, Mapping, Sequence

from commonreel.streaming.session import EngineOptions
from commonreel.works import metainfo
from commonreel.works.protocols import Reader, Torrent
from lab.raw_http import RawClient
from lab.torrents import make

OPTIONS = EngineOptions(listen="127.0.0.1:0", dht=False, upnp=False)
PATIENCE = 40.0  # seconds that nothing should take


class Item:
    """A torrent of a film between neighbours of odd sizes, so that its pieces cross files.

    They lie in `folder`, and seeders find them there.
    """

    FILM = "film.mp4"

    def __init__(
        self,
        folder: Path,
        version: str = "v1",
        length: int = 12_000_001,
        piece_length: int = 64 << 10,
        **made: object,
    ) -> None:
        """`made`: what else make() takes."""
        self.content = random.Random(length).randbytes(length)
        self.length = length
        self.files = {
            "a cover & co.jpg": os.urandom(70_001),
            "empty": b"",
            self.FILM: self.content,
            "notes.txt": os.urandom(1_234),
            "z.srt": os.urandom(33_333),
        }
        self.folder = folder
        write(folder, self.files)
        self.torrent = make("item", self.files, version=version, piece_length=piece_length, **made)
        self.meta = metainfo.parse(self.torrent)
        self.file = next(file for file in self.meta.files if file.path == self.FILM)

    def of(self, peers: Sequence[tuple[str, int]] = (), **more: object) -> Torrent:
        """What an engine is asked to stream."""
        return Torrent(self.torrent, self.file.index, peers=tuple(peers), **{"local": True, **more})

    def altered(self, folder: Path, content: bytes) -> Path:
        """A folder like the item's, but for the film's content."""
        write(folder, {**self.files, self.FILM: content})
        return folder


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    (folder / "item").mkdir(parents=True)
    for name, content in files.items():
        (folder / "item" / name).write_bytes(content)


def read(reader: Reader, offset: int, length: int, patience: float = PATIENCE) -> bytes:
    """That many bytes, as the proxy would get them."""
    found = bytearray()
    until = time.monotonic() + patience
    while len(found) < length:
        span = reader.span(offset + len(found), length - len(found), 0.5)
        if span:
            data = os.pread(span.fd, span.length, span.position)
            assert len(data) == span.length
            found += data
            until = time.monotonic() + patience
        assert time.monotonic() < until, "stands still at %d" % (offset + len(found))
    return bytes(found)


def eventually(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    until = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < until, "never came true"
        threading.Event().wait(0.02)


def together(count: int, work: Callable[[int], object]) -> None:
    """Run `work(number)` in threads; the first error is raised."""
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 (raised below)
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def ask_here_and_there(port: int, path: str, content: bytes, readers: int, ranges: int) -> None:
    """That many ranges of a film at the proxy, by so many at once, each compared with `content`."""

    def ask(number: int) -> None:
        chance = random.Random(number)
        with RawClient(port, timeout=PATIENCE) as client:
            for _ in range(ranges // readers):
                start = chance.randrange(len(content))
                stop = min(len(content), start + chance.choice((1, 100, 5_000, 50_000)))
                answer = client.ask("GET", path, "Range: bytes=%d-%d" % (start, stop - 1))
                assert answer.status == 206
                assert answer.body == content[start:stop]

    together(readers, ask)


class Player:
    """Plays a film at its own rate with a buffer of some seconds, as a player does.

    It starts when its buffer is full. Whenever the buffer has run empty it stalls, and waits until
    the buffer is full again.
    """

    def __init__(self, reader: Reader, length: int, rate: float, buffer: float = 4.0) -> None:
        """`length`: of the film, bytes. `rate`: bytes a second of film. `buffer`: seconds."""
        self._reader, self._length, self._rate = reader, length, rate
        self._buffer = buffer * rate
        self._got = 0  # bytes
        self._shown = 0.0  # bytes, when the clock was last looked at
        self.stalls: list[float] = []  # where in the film, seconds

    def play(self, check: Callable[[int, bytes], None], patience: float = PATIENCE) -> None:
        """To the end; `check(offset, data)` is called for all that is read."""
        playing, before, came = False, time.monotonic(), time.monotonic()
        while self._shown < self._length:
            if self._got < min(self._length, self._shown + self._buffer):
                got = self._take(check)
                came = time.monotonic() if got else came
                assert time.monotonic() - came < patience, "stands still at %d" % self._got
            else:
                playing = True
                threading.Event().wait(0.01)
            now = time.monotonic()
            if playing:
                self._shown += self._rate * (now - before)
                if self._shown > self._got:
                    self._shown = self._got
                    playing = self._got == self._length
                    if not playing:
                        self.stalls.append(self._got / self._rate)
            before = now

    def _take(self, check: Callable[[int, bytes], None]) -> int:
        wanted = min(self._length - self._got, int(self._shown + self._buffer - self._got) + 1)
        span = self._reader.span(self._got, min(wanted, 256 << 10), 0.05)
        if not span:
            return 0
        data = os.pread(span.fd, span.length, span.position)
        assert len(data) == span.length
        check(self._got, data)
        self._got += len(data)
        return len(data)
