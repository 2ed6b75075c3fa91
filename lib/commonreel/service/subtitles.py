# SPDX-License-Identifier: GPL-3.0-or-later
"""The subtitles of a stream: found, fetched behind the film's back once it begins to come, and kept ready.

The player is shown only what is here: one that it had to wait for would hold up the film.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import Callable, NamedTuple, Protocol, Sequence

from ..proxy.media import read_at
from ..works import languages, subtitle_text, subtitles
from ..works.errors import CommonReelError, NoSource, StreamClosed
from ..works.protocols import Engine, Stream, SubtitleFile, Torrent
from ..works.subtitle_text import SubtitlesInvalid
from ..works.subtitles import Track
from ..works.work import Encoding, Work

PATIENCE = 60.0  # seconds for each; a swarm may have to be asked
MOST_BYTES = 8 << 20  # of all subtitles of a stream, which are kept in memory
_LOOK = 0.1  # seconds between looks whether the film has begun to come
_WAIT = 0.5  # seconds for bytes, between looks whether anybody still wants them

log = logging.getLogger(__name__)


class Ready(NamedTuple):
    """Subtitles that are here."""

    number: int  # among the film's
    track: Track
    file: SubtitleFile


class Subtitles:
    """The subtitles of one stream, from start() to close().

    What lies in the torrent and what is on the web is fetched beside each other, each in the order of the
    viewer's languages.
    """

    def __init__(
        self,
        film: Stream,
        find: Callable[[], list[Track]],
        open_file: Callable[[Track], Stream],
        download: Callable[[Track], bytes],
        wanted: Sequence[str],
    ) -> None:
        """`find`: the film's, best first; may take a while. `open_file`: a stream of a file of the torrent.
        `download`: the bytes at an address. `wanted`: the viewer's languages, BCP 47."""
        self._film, self._find, self._wanted = film, find, wanted
        self._open_file, self._download = open_file, download
        self._tracks: list[Track] = []
        self._ready: dict[int, Ready] = {}
        self._done: set[int] = set()
        self._found, self._closed = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._reading: Stream | None = None
        self.threads = [
            threading.Thread(target=run, name="commonreel-subtitles", daemon=True)
            for run in (self._from_torrent, self._from_web)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def close(self) -> None:
        """Nobody wants more; returns at once."""
        self._closed.set()
        self._found.set()
        with self._lock:
            reading, self._reading = self._reading, None
        if reading:
            reading.close()

    @property
    def ready(self) -> list[Ready]:
        """What is here, best first."""
        with self._lock:
            return [self._ready[number] for number in sorted(self._ready)]

    def file(self, number: int) -> SubtitleFile | None:
        with self._lock:
            found = self._ready.get(number)
        return found.file if found else None

    def status(self, address: Callable[[int, str], str]) -> dict[str, object]:
        """For works.protocols.Control. `address`: where those of a number and a file name are served."""
        with self._lock:
            done = set(self._done)
        return {
            "subtitles": [
                {
                    "url": address(each.number, each.file.name),
                    "lang": each.track.lang,
                    "format": each.file.name.rpartition(".")[2],
                    "machine": each.track.machine,
                    "forced": each.track.forced,
                    "sdh": each.track.sdh,
                }
                for each in self.ready
            ],
            "subtitlesComing": not self._found.is_set() or len(done) < len(self._tracks),
            "subtitlesAwaited": not self._found.is_set() or (0 not in done and self._is_wanted(0)),
        }

    def _is_wanted(self, number: int) -> bool:
        """Whether it is in one of the viewer's languages."""
        lang = self._tracks[number].lang if number < len(self._tracks) else ""
        return any(languages.same(each, lang) for each in self._wanted)

    def _from_torrent(self) -> None:
        try:
            self._tracks = self._find()
        except Exception:  # the film plays without
            log.exception("the subtitles of %s cannot be told", self._film.name)
        self._found.set()
        mine = [number for number, track in enumerate(self._tracks) if track.file]
        if mine:
            self._wait_for_film()
        self._fetch(mine, lambda track: self._read(self._open_file(track)))

    def _from_web(self) -> None:
        self._found.wait()
        self._fetch([number for number, track in enumerate(self._tracks) if not track.file], self._download)

    def _fetch(self, numbers: Sequence[int], load: Callable[[Track], bytes]) -> None:
        """One after the other."""
        for number in numbers:
            if self._closed.is_set():
                return
            made = self._loaded(load, number, self._tracks[number])
            with self._lock:
                self._done.add(number)
                held = sum(len(each.file.data) for each in self._ready.values())
                if made and held + len(made.file.data) <= MOST_BYTES:
                    self._ready[number] = made

    def _loaded(self, load: Callable[[Track], bytes], number: int, track: Track) -> Ready | None:
        try:
            text = subtitle_text.read(load(track), track.lang)
        except (CommonReelError, SubtitlesInvalid, OSError) as error:
            log.info("subtitles in %s are left out: %s", track.lang, error)
        except Exception:
            log.exception("subtitles in %s are left out", track.lang)
        else:
            name = subtitles.file_name(self._film.name, track, text.format)
            return Ready(number, track, SubtitleFile(name, text.data))
        return None

    def _wait_for_film(self) -> None:
        """Until its beginning is here: that comes first."""
        while not self._closed.wait(_LOOK):
            try:
                now = self._film.status()
            except CommonReelError:
                return
            if now.state == "ready" or now.seconds_ready > 0 or self._film.readers:
                return

    def _read(self, stream: Stream) -> bytes:
        """All bytes of a stream, which is closed then. Raises StreamClosed, NoSource, DiskFull."""
        with self._lock:
            self._reading = stream
        try:
            if self._closed.is_set():
                raise StreamClosed(stream.name)
            return _bytes(stream, time.monotonic() + PATIENCE)
        finally:
            with self._lock:
                self._reading = None
            stream.close()


def _bytes(stream: Stream, until: float) -> bytes:
    found = bytearray()
    reader = stream.reader()
    try:
        while len(found) < stream.length:
            span = reader.span(len(found), stream.length - len(found), _WAIT)
            if span:
                found += read_at(span.fd, span.position, span.length)
            elif time.monotonic() > until:
                raise NoSource("nothing of %s for %d s" % (stream.name, PATIENCE))
    finally:
        reader.close()
    return bytes(found)


class GetSubtitles(Protocol):
    """Begins to fetch the subtitles of a film that the engine has opened."""

    def __call__(
        self,
        engine: Engine,
        film: Stream,
        work: Work,
        encoding: Encoding,
        torrent: Torrent,
        languages: Sequence[str],
    ) -> Subtitles: ...
