# SPDX-License-Identifier: GPL-3.0-or-later
"""A local HTTP server that serves a folder with ranges, as a web seed (BEP 19), or badly on purpose."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
_CHUNK = 64 << 10
_PAGE = b"<!doctype html><title>Please log in</title>" * 10


class WebSeed:
    """Serves `folder` at `address`. Change its attributes while it runs to change what it does."""

    def __init__(
        self, folder: Path, redirect: bool = False, rate: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """`redirect`: answer 302 to the same path below /real/ first. `rate`: bytes a second of each
        connection, 0 for no limit. `tls`: speak HTTPS."""
        self.folder = folder
        self.redirect = redirect
        self.rate = rate
        self.ignore_ranges = False  # answer 200 with the whole file
        self.garbage = False  # wrong bytes
        self.missing = False  # answer 404
        self.missing_first = 0  # answer 404 to so many requests
        self.html = False  # answer 200 with a page
        self.wrong_total = False  # in Content-Range
        self.wrong_span = False  # the bytes after those that were asked for
        self.too_long = False  # more bytes than were asked for
        self.short = False  # break off after half of what was promised
        self.drip = 0.0  # seconds after each byte
        self.busy = 0  # answer so many requests with 503 and Retry-After: 1
        self.elsewhere = ""  # redirect to that address, the path appended
        self.requests = 0
        self.connections = 0
        self.asked: list[str] = []  # path and range of each request
        self.given = 0  # bytes of files sent
        self._server = _Server((HOST, 0), type("Handler", (_Handler,), {"seed": self}))
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return "http://%s:%d/" % self._server.server_address[:2]

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> WebSeed:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hang_up(self) -> None:
        """End all connections."""
        for found in list(self._server.open):
            with contextlib.suppress(OSError):  # it has ended
                found.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.drip = 0.0
        self._server.shutdown()
        self.hang_up()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.open: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        found, address = super().get_request()
        self.open.add(found)
        return found, address

    def shutdown_request(self, request: Any) -> None:
        self.open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        """A client that has gone in mid-request; tests read standard error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seed: WebSeed

    def setup(self) -> None:
        super().setup()
        self.seed.connections += 1

    def do_GET(self) -> None:
        seed = self.seed
        seed.requests += 1
        path = unquote(urlsplit(self.path).path)
        seed.asked.append("%s %s" % (path, self.headers.get("Range", "")))
        if seed.elsewhere:
            self._answer(302, {"Location": seed.elsewhere + self.path.lstrip("/")})
            return
        if seed.redirect and not path.startswith("/real/"):
            self._answer(302, {"Location": "/real" + self.path})
            return
        path = path[len("/real") :] if path.startswith("/real/") else path
        file = (seed.folder / path.lstrip("/")).resolve()
        if seed.busy:
            seed.busy -= 1
            self._answer(503, {"Retry-After": "1"})
        elif seed.missing_first:
            seed.missing_first -= 1
            self._answer(404, {})
        elif seed.missing or seed.folder.resolve() not in file.parents or not file.is_file():
            self._answer(404, {})
        elif seed.html:
            self._answer(200, {"Content-Type": "text/html"}, len(_PAGE))
            with contextlib.suppress(OSError):  # the client has gone, as clients may
                self.wfile.write(_PAGE)
        else:
            self._serve(file)

    def _serve(self, file: Path) -> None:
        seed, size = self.seed, file.stat().st_size
        found = _RANGE.fullmatch(self.headers.get("Range", ""))
        start, end = 0, size
        if found and not seed.ignore_ranges:
            start, end = int(found[1]), min(int(found[2] or size) + 1 + seed.too_long, size)
            said = start + seed.wrong_span, end - 1 + seed.wrong_span, size + seed.wrong_total
            self._answer(206, {"Content-Range": "bytes %d-%d/%d" % said}, end - start)
        else:
            self._answer(200, {}, size)
        try:
            self._send(file, start, end - (end - start) // 2 if seed.short else end)
            self.close_connection |= seed.short
        except OSError:  # the client has gone, as clients may
            self.close_connection = True

    def _answer(self, status: int, headers: dict[str, str], length: int = 0) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, file: Path, start: int, end: int) -> None:
        with file.open("rb") as opened:
            opened.seek(start)
            while start < end:
                data = opened.read(min(1 if self.seed.drip else _CHUNK, end - start))
                start += len(data)
                self.wfile.write(bytes(len(data)) if self.seed.garbage else data)
                self.seed.given += len(data)
                time.sleep(self.seed.drip)
                if self.seed.rate:
                    time.sleep(len(data) / self.seed.rate)

    def log_message(self, *_: Any) -> None:
        """Nothing: tests read standard error."""
