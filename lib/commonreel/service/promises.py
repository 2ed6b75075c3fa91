# SPDX-License-Identifier: GPL-3.0-or-later
"""Films that have an address before they are there: who asks for one waits until it is."""

from __future__ import annotations

import contextlib
import secrets
import threading
from concurrent.futures import CancelledError, Future, InvalidStateError
from typing import Any, Mapping

from ..works.errors import CommonReelError, UnknownWork
from ..works.protocols import Stream

AT_MOST = 8  # open at once


class Promises:
    """The films that are open, each by a secret of its own.

    Implements works.protocols.Control, for the films only: there are no works of a catalogue to open.
    """

    def __init__(self) -> None:
        self._films: dict[str, Future[Stream]] = {}
        self._lock = threading.Lock()

    def add(self) -> tuple[str, Future[Stream]]:
        """One more, to be fulfilled: its secret, and the promise. The oldest is closed if need be."""
        secret = secrets.token_urlsafe(16)
        film: Future[Stream] = Future()
        with self._lock:
            self._films[secret] = film
            oldest = [*self._films][:-AT_MOST]
            surplus = [self._films.pop(name) for name in oldest]
        for each in surplus:
            _close(each)
        return secret, film

    def media(self, secret: str) -> Stream | None:
        """Waits for a film that is still to come. Raises what has come instead, a CommonReelError."""
        with self._lock:
            films = list(self._films.items())
        for name, film in films:
            if secrets.compare_digest(name.encode(), secret.encode()):
                with contextlib.suppress(CancelledError):  # closed meanwhile
                    return film.result()
        return None

    def subtitles(self, *_: Any, **__: Any) -> None:
        """None: of a film that its user names nobody tells any."""

    def close_all(self) -> None:
        """Nobody waits any more."""
        with self._lock:
            films, self._films = self._films, {}
        for film in films.values():
            _close(film)

    # The control calls

    def open(self, *_: Any, **__: Any) -> str:
        raise UnknownWork("no catalogue here")

    def status(self, *_: Any, **__: Any) -> Mapping[str, object]:
        raise UnknownWork("no catalogue here")

    def close(self, *_: Any, **__: Any) -> None:
        raise UnknownWork("no catalogue here")

    def health(self) -> Mapping[str, object]:
        return {}


def fulfil(film: Future[Stream], outcome: Stream | CommonReelError) -> None:
    """The film is here, or cannot be had. One that was closed meanwhile is closed again."""
    try:
        if isinstance(outcome, CommonReelError):
            film.set_exception(outcome)
        else:
            film.set_result(outcome)
    except InvalidStateError:
        if not isinstance(outcome, CommonReelError):
            outcome.close()


def _close(film: Future[Stream]) -> None:
    if not film.cancel() and not film.exception():
        film.result().close()
