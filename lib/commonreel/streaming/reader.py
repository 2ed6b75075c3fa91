# SPDX-License-Identifier: GPL-3.0-or-later
"""One player's place in a film: implements works.protocols.Reader."""

from __future__ import annotations

import os
import time
import weakref
from typing import TYPE_CHECKING

from ..works.errors import StreamClosed
from ..works.protocols import Span
from .window import Place

if TYPE_CHECKING:
    from .film import Film

LARGEST_SPAN = 16 << 20  # bytes
# A piece is in the file some milliseconds after it is said to be here: how often we look.
_FIRST_LOOK = 0.003
_LAST_LOOK = 0.1


class FilmReader:
    """Waits for the bytes that one player asks for."""

    def __init__(self, film: Film) -> None:
        self.place: Place | None = None
        self.offset = 0  # where its player reads
        self.since = 0  # where that player came in
        self.asked = 0.0  # when that was, monotonic seconds
        self._film = film
        self._download = film.download
        self._closed = False
        self._fd = -1

    def span(self, offset: int, length: int, timeout: float) -> Span | None:
        """See works.protocols.Reader. Raises ValueError for an offset outside of the film."""
        film, pieces = self._film, self._download.pieces
        if not 0 <= offset < film.length or length <= 0:
            raise ValueError("no %d bytes at %d of %d" % (length, offset, film.length))
        self.offset, self.asked = offset, time.monotonic()
        piece = pieces.at(film.file, offset)
        if not self._wait(piece, time.monotonic() + timeout):
            return None
        end = min(film.length, offset + min(length, LARGEST_SPAN))
        stop = self._download.verified_end(piece, pieces.at(film.file, end - 1) + 1)
        if stop <= piece:  # all is being looked through anew meanwhile
            return None
        return Span(self._descriptor(), offset, min(end, pieces.end(film.file, stop - 1)) - offset)

    def close(self) -> None:
        with self._download.changed:
            if not self._closed:
                self._closed = True
                self._film.left(self)
                self._download.changed.notify_all()

    def _wait(self, piece: int, until: float) -> bool:
        """Until the piece is verified; False when the time is over."""
        download = self._download
        look = _FIRST_LOOK
        with download.changed:
            self._check()
            self._film.visit(self, piece)
        while True:
            if not self._arrives(piece, until):
                return False
            if download.verify(piece):
                return self._may_begin(piece, until)
            if time.monotonic() >= until:
                return False
            with download.changed:
                download.changed.wait(min(look, max(0.0, until - time.monotonic())))
            look = min(2 * look, _LAST_LOOK)

    def _may_begin(self, piece: int, until: float) -> bool:
        """Wait until a film that comes slowly is there for some seconds, so that it need not stop soon."""
        download, film = self._download, self._film
        film.prepare()
        with download.changed:
            while film.withholds(piece):
                self._check()
                now = time.monotonic()
                if self.place:
                    self.place.asked = now
                if now >= until or not download.changed.wait(until - now):
                    return False
        return True

    def _arrives(self, piece: int, until: float) -> bool:
        """Wait until the piece is said to be here."""
        download, place = self._download, self.place
        with download.changed:
            while True:
                self._check()
                if download.have[piece]:
                    return True
                if download.error:
                    raise download.error
                now = time.monotonic()
                if place:
                    place.asked = now
                if now >= until or not download.changed.wait(until - now):
                    return False

    def _check(self) -> None:
        if self._closed or self._film.closed:
            raise StreamClosed(self._film.name)

    def _descriptor(self) -> int:
        """Of the film's file, for this reader alone. It is closed when nobody holds the reader any
        more, not by close(): a thread that is just sending from it would go on with whatever file
        gets the same number next."""
        if self._fd < 0:
            path = self._download.pieces.path(self._film.file)
            self._fd = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            weakref.finalize(self, os.close, self._fd)
        return self._fd
