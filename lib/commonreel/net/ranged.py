# SPDX-License-Identifier: GPL-3.0-or-later
"""Ranges of large files on the web, over connections that are kept, each to be cut at any moment.

A request asks for little (the caller's buffer), so that what is wanted next need not wait for it. A
server is believed in nothing: a range that is answered with anything but that range is refused.
Importing this module is cheap; the first connection imports guard.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import ssl
import threading
import time
from typing import Any, Callable
from urllib.parse import urljoin, urlsplit

from ..works import links
from ..works.errors import AddressRefused, FetchFailed
from . import address
from .fetch import MAX_REDIRECTS, REDIRECTS, retry_after

CONNECTING = 8.0  # seconds, TLS included
SILENCE = 8.0  # seconds without a byte
LEAST_RATE = 16 << 10  # bytes a second: slower than that no film plays
LONGEST_WAIT = 300.0  # seconds that a server may ask us to stay away

_CHUNK = 128 << 10
_DRAINED = 16 << 10  # bytes of a redirect's body that are read to keep the connection
_SPAN = re.compile(r"bytes (\d{1,19})-(\d{1,19})/(\d{1,19}|\*)")


class Failure(Exception):
    """A range that did not come.

    `tries`: how many times in a row this may happen before its address is given up; 0 for ever.
    `wait`: seconds that the server wants to be left alone.
    """

    def __init__(self, detail: str, tries: int = 0, wait: float = 0.0) -> None:
        super().__init__(detail)
        self.tries = tries
        self.wait = wait


class Ranges:
    """What all lines to the web have in common: who asks, where they may go, where files were found.

    With `local`, private addresses and plain HTTP are permitted. `source`: the address of this device
    that alone is used.
    """

    def __init__(self, user_agent: str, local: bool = False, source: str = "") -> None:
        self.local = local
        self.source = source
        self.headers = {"User-Agent": user_agent, "Accept": "*/*", "Accept-Encoding": "identity"}
        self.found: dict[str, str] = {}  # address → where its redirects ended
        self._tls: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def line(self) -> Line:
        return Line(self)

    def tls(self) -> ssl.SSLContext:
        """Made once, for that takes some 20 ms."""
        from . import guard  # late: it imports requests

        with self._lock:
            if self._tls is None:
                self._tls = guard.tls()
            return self._tls


class Line:
    """One connection at a time, kept from one range to the next. Of one thread, but for cut()."""

    def __init__(self, ranges: Ranges) -> None:
        self.received = 0  # bytes of files so far
        self._ranges = ranges
        self._connection: _Connection | None = None
        self._origin: tuple[str, str, int] = ("", "", 0)
        self._handle: socket.socket | None = None
        self._lock = threading.Lock()
        self._cut = False
        self._deadline = 0.0

    def read(self, url: str, start: int, into: memoryview, length: int) -> None:
        """Fill `into` with the bytes from `start` on of the file at `url`, which has `length` bytes.

        Redirects are followed as fetch.Fetcher does, and remembered. Raises Failure, also when cut;
        after that the line is to be mended.
        """
        known = self._ranges.found.get(url)
        if known:
            try:
                self._read(known, start, into, length)
                return
            except Failure:
                if self._cut:
                    raise
                self._ranges.found.pop(url, None)  # moved on: back to where we were told to ask
        found = self._read(url, start, into, length)
        if found != url:
            self._ranges.found[url] = found

    def cut(self) -> None:
        """End the request under way, and refuse all to come; may be called from any thread."""
        with self._lock:
            self._cut = True
            if self._handle:
                from . import guard

                guard.shut(self._handle)

    def mend(self) -> None:
        """Allow requests again after a cut."""
        with self._lock:
            self._cut = False

    def close(self) -> None:
        connection, self._connection = self._connection, None
        with self._lock:
            handle, self._handle = self._handle, None
        if connection:
            connection.close()
        if handle:
            handle.close()

    def remaining(self) -> float:
        """Seconds left for this request. Raises TimeoutError when there are none, or it was cut."""
        left = self._deadline - time.monotonic()
        if self._cut or left <= 0:
            raise TimeoutError("cut" if self._cut else "too slow")
        return min(left, SILENCE)

    def dial(self, scheme: str, host: str, port: int) -> socket.socket:
        """A connection of our own making, for http.client."""
        from . import guard

        sock = guard.dial(host, port, self._ranges.local, self.remaining, self._hold, self._ranges.source)
        try:
            return self._ranges.tls().wrap_socket(sock, server_hostname=host) if scheme == "https" else sock
        except BaseException:
            sock.close()
            raise

    def _hold(self, sock: socket.socket) -> None:
        # A handle of its own on the same connection: TLS takes the first one over.
        fresh = sock.dup()
        with self._lock:
            before, self._handle = self._handle, fresh
        if before:
            before.close()
        self.remaining()  # nobody would shut a connection that began after the cut

    def _read(self, url: str, start: int, into: memoryview, length: int) -> str:
        """Where it was found in the end."""
        from . import guard

        self._deadline = time.monotonic() + CONNECTING + SILENCE + len(into) / LEAST_RATE
        try:
            url, answer = self._follow(url, start, len(into))
            _check(answer, start, len(into), length)
            self._receive(answer, into)
            return url
        except Failure:
            self.close()
            raise
        except (AddressRefused, ssl.SSLCertVerificationError) as error:
            self.close()
            raise Failure(_told(url, error), tries=1) from error
        except (FetchFailed, *guard.FAILURES) as error:
            self.close()
            raise Failure(_told(url, error)) from error

    def _follow(self, url: str, start: int, count: int) -> tuple[str, http.client.HTTPResponse]:
        for _ in range(MAX_REDIRECTS + 1):
            address.check(url, self._ranges.local)
            answer = self._ask(url, "bytes=%d-%d" % (start, start + count - 1))
            if answer.status not in REDIRECTS:
                return url, answer
            place = answer.getheader("Location", "").encode("latin-1").decode("utf-8")
            url = links.well_formed(urljoin(url, place), links.WEB) if place else ""
            if not url:
                raise Failure("a redirect that leads nowhere", tries=1)
            answer.read(_DRAINED)
            if not answer.isclosed():
                self.close()
        raise Failure("more than %d redirects, the last to %s" % (MAX_REDIRECTS, address.shown(url)), 1)

    def _ask(self, url: str, span: str) -> http.client.HTTPResponse:
        parts = urlsplit(url)
        origin = (parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme])
        kept = self._connection if self._origin == origin else None
        if kept and kept.sock:
            try:
                return kept.ask(parts.path, parts.query, {**self._ranges.headers, "Range": span})
            except (http.client.HTTPException, OSError):
                if self._cut:
                    raise  # else: a server ends what has been idle, as it may
        self.close()
        self.remaining()
        self._connection, self._origin = _Connection(self, *origin), origin
        return self._connection.ask(parts.path, parts.query, {**self._ranges.headers, "Range": span})

    def _receive(self, answer: http.client.HTTPResponse, into: memoryview) -> None:
        at = 0
        while at < len(into):
            count = answer.readinto(into[at : at + _CHUNK])
            if not count:
                raise Failure("broken off after %d of %d bytes" % (at, len(into)))
            at += count
            self.received += count
        if not answer.isclosed() and answer.read(1):  # only without a Content-Length
            raise Failure("more bytes than were asked for", tries=1)
        if answer.will_close:
            self.close()


_PORTS = {"http": 80, "https": 443}


class _Connection(http.client.HTTPConnection):
    """http.client's, on a socket that Line makes and bounds in time."""

    def __init__(self, line: Line, scheme: str, host: str, port: int) -> None:
        super().__init__(host, port)
        self.default_port = _PORTS[scheme]  # else the Host header names the port
        self._line = line
        self._scheme = scheme

    def connect(self) -> None:
        self.sock: Any = _Socket(self._line, self._line.dial(self._scheme, self.host, self.port))

    def ask(self, path: str, query: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        self.request("GET", (path or "/") + ("?" + query if query else ""), headers=headers)
        return self.getresponse()


class _Socket:
    """As much of a socket as http.client uses. It lives as long as somebody holds it: the connection, or
    the body of an answer that ends the connection."""

    def __init__(self, line: Line, sock: socket.socket) -> None:
        self._line = line
        self._sock = sock
        self._holders = 1

    def sendall(self, data: bytes) -> None:
        self._sock.settimeout(self._line.remaining())
        self._sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        self._holders += 1
        return io.BufferedReader(_Incoming(self._line, self._sock, self.close))

    def close(self) -> None:
        """Let go of it; each holder once."""
        self._holders -= 1
        if not self._holders:
            self._sock.close()


class _Incoming(io.RawIOBase):
    """What comes in: each single read has no more time than the request has left."""

    def __init__(self, line: Line, sock: socket.socket, let_go: Callable[[], None]) -> None:
        self._line = line
        self._sock = sock
        self._let_go = let_go

    def close(self) -> None:
        if not self.closed:
            self._let_go()
        super().close()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(self._line.remaining())
        return self._sock.recv_into(buffer)


def _check(answer: http.client.HTTPResponse, start: int, count: int, length: int) -> None:
    """Raise Failure unless the answer is that range of a file of that length."""
    whole = answer.status == 200 and count == length
    if answer.status != 206 and not whole:
        raise _refusal(answer)
    if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
        raise Failure("a content coding that was not asked for", tries=1)
    said = answer.getheader("Content-Range", "").strip()
    span = _SPAN.fullmatch(said)
    fits = span and (int(span[1]), int(span[2])) == (start, start + count - 1)
    if not whole and not (span and fits and span[3] in ("*", str(length))):
        raise Failure("Content-Range %s of %d bytes" % (ascii(said[:80]), length), tries=1)
    if answer.length not in (None, count):
        raise Failure("%s bytes instead of %d" % (answer.length, count), tries=1)


def _refusal(answer: http.client.HTTPResponse) -> Failure:
    detail = "HTTP %d to a range" % answer.status
    if answer.status in (429, 503):
        wait = retry_after(answer.getheader("Retry-After", ""))
        return Failure(detail, wait=min(wait, LONGEST_WAIT))
    if answer.status >= 500:
        return Failure(detail)
    # A page in place of the file comes with 200: no server of ranges. What is missing may be on its way.
    return Failure(detail, tries=1 if answer.status in (200, 416) else 3)


def _told(url: str, error: BaseException) -> str:
    return "%s: %s: %s" % (address.shown(url), type(error).__name__, ascii(str(error))[1:200])
