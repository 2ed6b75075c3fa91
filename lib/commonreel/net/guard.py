# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that go only where they may, and end when their time is over.

A look-up before the request proves nothing: the name may lead elsewhere a moment later (DNS
rebinding). So the socket is connected here, to the very address that was checked, before one byte
is sent. Proxies of the environment are not used: they would connect in our place, unchecked.

Importing this module imports requests, which costs 0.2 to 1 s on a small device.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from typing import Any, Callable, Mapping

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ..works.errors import AddressRefused, FetchFailed
from .address import public

# All that a request or a read can raise beside our own errors.
FAILURES = (
    requests.RequestException,
    urllib3.exceptions.HTTPError,
    http.client.HTTPException,
    OSError,
    ValueError,
)

Dial = Callable[[str, int], socket.socket]


class Call:
    """The connections of one fetch, and the time it has: a context manager around its use.

    A time-out per read would not bound a body that comes in drips: at the deadline every connection
    is shut down, which wakes whoever waits on it.
    """

    def __init__(self, local: bool, timeout: float) -> None:
        self._cut = False
        self._local = local
        self._deadline = time.monotonic() + timeout
        self._timer = threading.Timer(timeout, self.cut)
        self._lock = threading.Lock()
        self._handles: list[socket.socket] = []
        self._adapter = _Adapter(self._dial)

    def __enter__(self) -> Call:
        self._timer.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._adapter.close()
        self._timer.cancel()
        self._timer.join()
        with self._lock:
            for handle in self._handles:
                shut(handle)
                handle.close()
            self._handles.clear()

    @property
    def over(self) -> bool:
        """Whether its time is up, or it was cut."""
        return self._cut or time.monotonic() >= self._deadline

    def cut(self) -> None:
        """End the fetch now; may be called from any thread."""
        with self._lock:
            self._cut = True
            for handle in self._handles:
                shut(handle)

    def remaining(self) -> float:
        """Seconds left; FetchFailed if there are none."""
        if self.over:
            raise FetchFailed("no time left")
        return max(0.001, self._deadline - time.monotonic())

    def get(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        """The answer to one request, its body still to be read; no redirect is followed.

        Goes straight to the adapter: a Session would take proxies, passwords and certificates from
        the environment, and read the body of a redirect, however large it is.
        """
        request = requests.Request("GET", url, headers=headers).prepare()
        roots = DEFAULT_CA_BUNDLE_PATH  # certifi's
        return self._adapter.send(request, stream=True, timeout=self.remaining(), verify=roots)

    def _dial(self, host: str, port: int) -> socket.socket:
        return dial(host, port, self._local, self.remaining, self._hold)

    def _hold(self, sock: socket.socket) -> None:
        # A handle of its own on the same connection: TLS takes the first one over.
        handle = sock.dup()
        with self._lock:
            self._handles.append(handle)
        self.remaining()  # nobody would shut a connection that began after the cut


def dial(
    host: str,
    port: int,
    local: bool,
    remaining: Callable[[], float],
    hold: Callable[[socket.socket], None],
    source: str = "",
) -> socket.socket:
    """A connection to the first of the host's permitted addresses that answers.

    `remaining`: seconds left. `hold` is given each socket before it connects. `source`: our own address
    that alone is used. Raises AddressRefused, FetchFailed, OSError.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if source:
        own = socket.AF_INET6 if ":" in source else socket.AF_INET
        found = [entry for entry in found if entry[0] == own]
    allowed = [entry for entry in found if local or public(str(entry[4][0]))]
    if not allowed:
        raise AddressRefused("%s leads to no public address" % ascii(host))
    failure: OSError | None = None
    for tried, (family, kind, protocol, _, address) in enumerate(allowed):
        sock = socket.socket(family, kind, protocol)
        try:
            # One address that swallows packets must not use up the time of the others.
            sock.settimeout(remaining() / (len(allowed) - tried))
            hold(sock)
            if source:
                sock.bind((source, 0))
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            failure = error
        except BaseException:
            sock.close()
            raise
        else:
            return sock
    raise FetchFailed("cannot connect to %s: %s" % (ascii(host), failure))


def tls() -> ssl.SSLContext:
    """For connections made by dial(): verifies against certifi's roots."""
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


def shut(sock: socket.socket) -> None:
    """End what goes over it: whoever waits on it wakes."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # not connected yet, or no longer


class _Adapter(HTTPAdapter):
    """requests' way to the network, with every connection made by `dial`."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": self._http, "https": self._https}

    def _http(self, host: str, port: int, **context: Any) -> HTTPConnectionPool:
        dial = self._dial

        class Connection(HTTPConnection):
            def _new_conn(self) -> socket.socket:
                return dial(self.host, self.port)

        pool = HTTPConnectionPool(host, port, **context)
        pool.ConnectionCls = Connection
        return pool

    def _https(self, host: str, port: int, **context: Any) -> HTTPSConnectionPool:
        dial = self._dial

        class Connection(HTTPSConnection):
            def _new_conn(self) -> socket.socket:
                return dial(self.host, self.port)

        pool = HTTPSConnectionPool(host, port, **context)
        pool.ConnectionCls = Connection
        return pool
