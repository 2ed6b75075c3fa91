# SPDX-License-Identifier: GPL-3.0-or-later
"""The local HTTP server: films for the player, control calls for the plugin.

    GET, HEAD  /v1/media/<secret of the stream>/<name>               the film, with byte ranges
    GET, HEAD  /v1/subtitles/<secret of the stream>/<number>/<name>  its subtitles
    …          /v1/streams…                                          see proxy/control.py

It listens on 127.0.0.1 unless told otherwise, which every program on this machine can reach, and
every web page in its browser. So the Host must be the address itself or a name that was allowed (a page
that rebinds its name to us has another one), a request that a page made is refused, and no CORS header
is ever sent. Control calls need the proxy's secret in the Authorization header.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import os
import secrets
import socket
import socketserver
import threading
import time
from dataclasses import dataclass
from typing import Any, Iterator
from urllib.parse import quote

from ..works.protocols import Control, Reader
from .endpoint import Endpoint
from .handler import Handler

MAX_CONNECTIONS = 64
HTTP_PORT = 80
LOOPBACK = Endpoint("127.0.0.1", 0)
STOP_TIME = 1.0  # seconds in which stop() returns, unless it is told otherwise

_POLL = 0.1  # seconds between looks whether to stop

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Listening:
    """Where a proxy listens, and for whom. To begin with: this machine, a free port, a fresh secret."""

    at: Endpoint = LOOPBACK  # a numeric address; port 0: a free one
    secret: str = ""  # of the control calls, in ASCII; '': a fresh one
    hosts: tuple[Endpoint, ...] = ()  # what else it may be called in the Host header; port 0: its own


class Proxy:
    """The server of one service: start() it once, stop() it once or more."""

    def __init__(self, control: Control, version: str, listening: Listening | None = None) -> None:
        self._listening = listening or Listening()
        self.secret = self._listening.secret or secrets.token_hex(16)
        self.port = self._listening.at.port  # known when started
        self._control = control
        self._version = version
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return "http://%s" % (self._listening.at._replace(port=self.port),)

    def media_address(self, secret: str, name: str) -> str:
        """Where the player gets the stream that `secret` opens; `name` is for its eyes only."""
        return "%s/v1/media/%s/%s" % (self.address, secret, quote(name, safe="") or "film")

    def subtitles_address(self, secret: str, number: int, name: str) -> str:
        """Where the player gets subtitles of that stream; what they are is read off the `name`."""
        return "%s/v1/subtitles/%s/%d/%s" % (self.address, secret, number, quote(name, safe="()"))

    def start(self) -> None:
        """Listen, and serve in a thread. Raises OSError where the address or the port cannot be had."""
        server = Server(self._control, self.secret, self._version, self._listening)
        self.port = server.server_address[1]
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, args=(_POLL,), name="commonreel-proxy", daemon=True
        )
        self._thread.start()

    def stop(self, seconds: float = STOP_TIME) -> None:
        """Take no more connections, end those there are, and wait for their threads, at most so long."""
        server, thread, self._server = self._server, self._thread, None
        if server is not None and thread is not None:
            deadline = time.monotonic() + seconds
            server.stop(deadline)
            thread.join(max(0.0, deadline - time.monotonic()))


class _Visit:
    """One connection: the thread that serves it, and its reader while it gets a film."""

    def __init__(self, thread: threading.Thread) -> None:
        self.thread = thread
        self.reader: Reader | None = None


class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Accepts connections, a thread for each, and knows them all so that it can end them."""

    request_queue_size = MAX_CONNECTIONS
    daemon_threads = True  # those that stop() has to leave behind keep no process alive
    allow_reuse_address = os.name == "posix"  # elsewhere it would share the port with others

    def __init__(self, control: Control, secret: str, version: str, listening: Listening) -> None:
        self.control = control
        self.version = version
        self._secret = secret.encode("ascii")
        self._lock = threading.Lock()
        self._visits: dict[socket.socket, _Visit] = {}
        self._stopping = False
        if ":" in listening.at.host:
            self.address_family = socket.AF_INET6
        try:
            super().__init__(listening.at, Handler)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(listening.at)) from error
        port = self.server_address[1]
        self._hosts = [host if host.port else host._replace(port=port) for host in listening.hosts]

    def is_called(self, host: str, sock: socket.socket) -> bool:
        """Whether a Host header means us: the address that its connection has come in on, or a name that
        was allowed. Without a port it is that of HTTP (RFC 9110, 7.2)."""
        try:
            called = Endpoint.parse(host, HTTP_PORT)
        except ValueError:
            return False
        return called in (Endpoint.of(sock.getsockname()[:2]), *self._hosts)

    def trusts(self, authorization: str) -> bool:
        """Whether an Authorization header has the control secret; takes the same time for any."""
        return hmac.compare_digest(authorization.encode("utf-8", "replace"), b"Bearer " + self._secret)

    @contextlib.contextmanager
    def reading(self, reader: Reader, sock: socket.socket) -> Iterator[None]:
        """Around the use of a connection's reader: closed in the end, or by stop() while it waits."""
        try:
            with self._lock:
                self._visits[sock].reader = reader
                stopping = self._stopping
            if stopping:
                reader.close()
            yield
        finally:
            with self._lock:
                self._visits[sock].reader = None
            reader.close()

    def stop(self, deadline: float) -> None:
        with self._lock:
            self._stopping = True
        self.shutdown()
        self.server_close()
        with self._lock:
            visits = dict(self._visits)
        for sock, visit in visits.items():
            with contextlib.suppress(OSError):  # gone by itself
                sock.shutdown(socket.SHUT_RDWR)
            reader = visit.reader  # its own thread may take it away meanwhile
            if reader is not None:
                reader.close()
        for visit in visits.values():
            visit.thread.join(max(0.0, deadline - time.monotonic()))
        left = sum(visit.thread.is_alive() for visit in visits.values())
        if left:
            log.warning("%d connections did not end in time", left)

    # socketserver's hooks

    def server_bind(self) -> None:
        if self.address_family == socket.AF_INET6:  # [::] is every address, as 0.0.0.0 is, on all systems
            self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()

    def verify_request(self, *_: Any, **__: Any) -> bool:
        with self._lock:
            return not self._stopping and len(self._visits) < MAX_CONNECTIONS

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread,
            args=(request, client_address),
            name="commonreel-connection",
            daemon=True,
        )
        with self._lock:  # the thread takes it before it ends, and so finds its visit
            thread.start()
            self._visits[request] = _Visit(thread)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._lock:
                del self._visits[request]

    def handle_error(self, *_: Any, **__: Any) -> None:
        log.exception("a connection failed")
