# SPDX-License-Identifier: GPL-3.0-or-later
"""The local HTTP server: films for the player, control calls for the plugin.

    GET, HEAD  /v1/media/<secret of the stream>/<name>   the film, with byte ranges
    …          /v1/streams…                              see proxy/control.py

It listens on 127.0.0.1 only, which every program on this machine can reach, and every web page in
its browser. So the Host must be the address itself (a page that rebinds its name to us has another
one), a request that a page made is refused, and no CORS header is ever sent. Control calls need the
proxy's secret in the Authorization header.
"""

from __future__ import annotations

import contextlib
import hmac
import logging
import secrets
import socket
import socketserver
import threading
import time
from typing import Any, Iterator
from urllib.parse import quote

from ..works.protocols import Control, Reader
from .handler import Handler

HOST = "127.0.0.1"
MAX_CONNECTIONS = 64
STOP_TIME = 1.0  # seconds in which stop() returns

_POLL = 0.1  # seconds between looks whether to stop

log = logging.getLogger(__name__)


class Proxy:
    """The server of one service: start() it once, stop() it once or more."""

    def __init__(self, control: Control, version: str) -> None:
        self.secret = secrets.token_hex(16)
        self.port = 0  # known when started
        self._control = control
        self._version = version
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        return "http://%s:%d" % (HOST, self.port)

    def media_address(self, secret: str, name: str) -> str:
        """Where the player gets the stream that `secret` opens; `name` is for its eyes only."""
        return "%s/v1/media/%s/%s" % (self.address, secret, quote(name, safe="") or "film")

    def start(self) -> None:
        """Listen on a free port of the loopback interface and serve in a thread."""
        server = Server(self._control, self.secret, self._version)
        self.port = server.server_address[1]
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, args=(_POLL,), name="commonreel-proxy", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Take no more connections, end those there are, and wait for their threads."""
        server, thread, self._server = self._server, self._thread, None
        if server is not None and thread is not None:
            deadline = time.monotonic() + STOP_TIME
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

    def __init__(self, control: Control, secret: str, version: str) -> None:
        self.control = control
        self.version = version
        self._secret = secret.encode("ascii")
        self._lock = threading.Lock()
        self._visits: dict[socket.socket, _Visit] = {}
        self._stopping = False
        super().__init__((HOST, 0), Handler)
        self.host_header = "%s:%d" % (HOST, self.server_address[1])

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
