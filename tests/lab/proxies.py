# SPDX-License-Identifier: GPL-3.0-or-later
"""A proxy on this machine that remembers whom it was asked for: SOCKS5 (RFC 1928, 1929) or HTTP."""

from __future__ import annotations

import contextlib
import select
import socket
import socketserver
import struct
import threading
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
_SOCKS5, _NO_PASSWORD, _PASSWORD, _CONNECT, _REFUSED = 5, 0, 2, 1, 7


class ProxyServer:
    """`kind`: socks5 or http. With a `user` it lets in nobody else. It passes no UDP on.

    `asked`: (host as asked for, port) of every connection. `places`: its own ends of those that it made.
    """

    def __init__(self, kind: str = "socks5", user: str = "", password: str = "") -> None:
        self.kind, self.user, self.password = kind, user, password
        self.asked: list[tuple[str, int]] = []
        self.places: set[tuple[str, int]] = set()
        self.refused = 0  # for want of the right password
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, struct.error):  # whoever goes away, goes
                    (proxy._socks if proxy.kind == "socks5" else proxy._http)(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server((HOST, 0), Handler)
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def __enter__(self) -> ProxyServer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _socks(self, client: socket.socket) -> None:
        _, count = _take(client, 2)
        offered = _take(client, count)
        wanted = _PASSWORD if self.user else _NO_PASSWORD
        client.sendall(bytes([_SOCKS5, wanted if wanted in offered else 255]))
        if wanted not in offered:
            self.refused += 1
            return
        if self.user:
            user = _take(client, _take(client, 2)[1]).decode()
            right = (user, _take(client, _take(client, 1)[0]).decode()) == (self.user, self.password)
            client.sendall(bytes([1, not right]))
            if not right:
                self.refused += 1
                return
        _, command, _, kind = _take(client, 4)
        if kind == 3:
            host = _take(client, _take(client, 1)[0]).decode()
        else:
            family, length = (socket.AF_INET, 4) if kind == 1 else (socket.AF_INET6, 16)
            host = socket.inet_ntop(family, _take(client, length))
        (port,) = struct.unpack(">H", _take(client, 2))
        if command != _CONNECT:
            client.sendall(bytes([_SOCKS5, _REFUSED, 0, 1]) + bytes(6))
            return
        with self._connect(host, port) as server:
            client.sendall(bytes([_SOCKS5, 0, 0, 1]) + bytes(6))
            _relay(client, server)

    def _http(self, client: socket.socket) -> None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += _take(client, 1)
        method, target, rest = head.split(b" ", 2)
        if method == b"CONNECT":
            host, _, port = target.decode().rpartition(":")
            with self._connect(host.strip("[]"), int(port)) as server:
                client.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                _relay(client, server)
            return
        address = urlsplit(target.decode())
        with self._connect(address.hostname or "", address.port or 80) as server:
            path = target[len("%s://%s" % (address.scheme, address.netloc)) :]
            server.sendall(b" ".join((method, path or b"/", rest)))
            _relay(client, server)

    def _connect(self, host: str, port: int) -> socket.socket:
        self.asked.append((host, port))
        made = socket.create_connection((host, port), 10)
        self.places.add(made.getsockname()[:2])
        return made


def _take(sock: socket.socket, length: int) -> bytes:
    data = b""
    while len(data) < length:
        more = sock.recv(length - len(data))
        if not more:
            raise ConnectionAbortedError("the other side has gone")
        data += more
    return data


def _relay(*pair: Any) -> None:
    while True:
        for ready in select.select(pair, (), ())[0]:
            data = ready.recv(1 << 16)
            if not data:
                return
            pair[ready is pair[0]].sendall(data)
