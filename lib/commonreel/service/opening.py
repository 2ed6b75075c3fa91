# SPDX-License-Identifier: GPL-3.0-or-later
"""One stream that a viewer has asked for, from the call on."""

from __future__ import annotations

import secrets
import threading
import time
from typing import Callable, Mapping

from ..works import media
from ..works.errors import CommonReelError
from ..works.protocols import Engine, Stream
from ..works.work import Work
from .subtitles import Subtitles


class Opening:
    """First a thread that gets ready, then the engine's stream."""

    def __init__(self, work: Work, via: str, run: Callable[[Opening], None]) -> None:
        self.work = work
        self.via = via
        self.id = secrets.token_hex(8)
        self.secret = "%s-%s" % (self.id, secrets.token_urlsafe(16))  # whoever may close it finds the id
        self.engine: Engine | None = None
        self.stream: Stream | None = None
        self.subtitles: Subtitles | None = None
        self.error: CommonReelError | None = None
        self.web_copy = False  # whether it can come from the web instead
        self.closed = False
        self.playing = False
        self.touched = time.monotonic()
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=run, args=(self,), name="open " + work.id, daemon=True)

    @property
    def in_use(self) -> bool:
        """Whether the player of this machine plays it, or any player is reading it."""
        stream = self.stream
        return self.playing or bool(stream and stream.readers)

    def opened(self, stream: Stream, subtitles: Subtitles) -> None:
        with self.lock:
            if not self.closed:
                self.stream, self.subtitles = stream, subtitles
                subtitles.start()
                return
        stream.close()

    def close(self) -> None:
        with self.lock:
            self.closed = True
            stream, self.stream = self.stream, None
            subtitles, self.subtitles = self.subtitles, None
        if subtitles:
            subtitles.close()
        if stream:
            stream.close()

    def status(
        self, address: Callable[[str, str], str], subtitles_address: Callable[[str, int, str], str]
    ) -> Mapping[str, object]:
        """As works.protocols.Control tells it. `address`: see Streams."""
        film, subtitles = self.stream, self.subtitles
        if not film:
            return self._failed(self.error) if self.error else {"state": "fetching"}
        try:
            now = film.status()
        except CommonReelError as error:
            return self._failed(error)
        return {
            **by(self.engine),
            "state": now.state,
            "secondsReady": round(now.seconds_ready, 1),
            "secondsWanted": round(now.seconds_wanted, 1),
            "peers": now.peers,
            "webSeeds": now.web_seeds,
            "rate": now.rate,
            "fromPeers": now.from_peers,
            "fromWeb": now.from_web,
            "complete": now.complete,
            "settled": now.settled,
            "secondsLeft": now.seconds_left,
            "since": now.since,
            "secondsAhead": round(now.seconds_ahead, 1),
            "seeds": now.seeds,
            "webCopy": self.web_copy,
            "url": address(self.secret, film.name),
            "mime": media.mime(film.name),
            "name": film.name,
            "length": film.length,
            "infoHash": film.info_hash,
            **(subtitles.status(self._subtitles_at(subtitles_address)) if subtitles else {}),
        }

    def _subtitles_at(self, address: Callable[[str, int, str], str]) -> Callable[[int, str], str]:
        return lambda number, name: address(self.secret, number, name)

    def _failed(self, error: CommonReelError) -> Mapping[str, object]:
        return {**by(self.engine), "state": "failed", "error": error.code, "detail": error.detail}


def by(engine: Engine | None) -> Mapping[str, object]:
    """Which engine it is, in a status."""
    return {"engine": engine.name, "webOnly": engine.web_only} if engine else {}
