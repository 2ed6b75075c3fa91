# SPDX-License-Identifier: GPL-3.0-or-later
"""An HTTP client with no manners of its own: sends what it is told, byte for byte."""

from __future__ import annotations

import socket
from typing import NamedTuple


class Response(NamedTuple):
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes


class RawClient:
    """One connection to 127.0.0.1. Every wait is bounded, so that a server that hangs fails a test."""

    def __init__(self, port: int, timeout: float = 8.0, receive_buffer: int = 0) -> None:
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(timeout)
        self.sock.connect(("127.0.0.1", port))
        self.file = self.sock.makefile("rb")
        self.port = port

    def __enter__(self) -> RawClient:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()

    def close(self) -> None:
        self.file.close()
        self.sock.close()

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def request(self, method: str, path: str, *fields: str, body: bytes = b"", host: str = "") -> None:
        """Send a request with the right Host (or `host`) and the header fields given."""
        lines = ["%s %s HTTP/1.1" % (method, path), "Host: " + (host or "127.0.0.1:%d" % self.port), *fields]
        self.send("\r\n".join([*lines, "", ""]).encode("latin-1") + body)

    def head(self) -> Response:
        """The next response without its body, which is left to be read from `file`."""
        line = self.file.readline()
        if not line:
            raise EOFError("the server closed the connection")
        headers = {}
        while True:
            field = self.file.readline().decode("latin-1").rstrip("\r\n")
            if not field:
                return Response(int(line.split()[1]), headers, b"")
            name, _, value = field.partition(":")
            headers[name.lower()] = value.strip()

    def response(self, method: str = "GET") -> Response:
        """The next response with its body, as long as its Content-Length says."""
        head = self.head()
        length = 0 if method == "HEAD" else int(head.headers["content-length"])
        return head._replace(body=self.file.read(length))

    def ask(self, method: str, path: str, *fields: str, body: bytes = b"", host: str = "") -> Response:
        self.request(method, path, *fields, body=body, host=host)
        return self.response(method)

    def closed(self) -> bool:
        """Whether the server ends the connection, with nothing more to say, before the time-out."""
        try:
            return self.file.read(1) == b""
        except ConnectionError:
            return True
        except socket.timeout:
            return False
