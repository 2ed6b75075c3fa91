# SPDX-License-Identifier: GPL-3.0-or-later
"""A local HTTP server that serves a folder with ranges, as a web seed (BEP 19), or badly on purpose."""

from __future__ import annotations

import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

HOST = "127.0.0.1"
_RANGE = re.compile(r"bytes=(\d+)-(\d+)")
_CHUNK = 64 << 10


class WebSeed:
    """Serves `folder` at `address`. Change its attributes while it runs to change what it does."""

    def __init__(self, folder: Path, redirect: bool = False, rate: int = 0) -> None:
        """`redirect`: answer 302 to the same path below /real/ first. `rate`: bytes a second of each
        connection, 0 for no limit."""
        self.folder = folder
        self.redirect = redirect
        self.rate = rate
        self.ignore_ranges = False  # answer 200 with the whole file
        self.garbage = False  # wrong bytes
        self.missing = False  # answer 404
        self.requests = 0
        self.given = 0  # bytes of files sent
        self._server = ThreadingHTTPServer((HOST, 0), type("Handler", (_Handler,), {"seed": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return "http://%s:%d/" % self._server.server_address[:2]

    def __enter__(self) -> WebSeed:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seed: WebSeed

    def do_GET(self) -> None:
        seed = self.seed
        seed.requests += 1
        path = unquote(urlsplit(self.path).path)
        if seed.redirect and not path.startswith("/real/"):
            self._answer(302, {"Location": "/real" + self.path})
            return
        path = path[len("/real") :] if path.startswith("/real/") else path
        file = (seed.folder / path.lstrip("/")).resolve()
        if seed.missing or seed.folder.resolve() not in file.parents or not file.is_file():
            self._answer(404, {})
            return
        size = file.stat().st_size
        found = _RANGE.fullmatch(self.headers.get("Range", ""))
        if found and not seed.ignore_ranges:
            start, end = int(found[1]), min(int(found[2]) + 1, size)
            self._answer(206, {"Content-Range": "bytes %d-%d/%d" % (start, end - 1, size)}, end - start)
        else:
            start, end = 0, size
            self._answer(200, {}, size)
        try:
            self._send(file, start, end)
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
                data = opened.read(min(_CHUNK, end - start))
                start += len(data)
                self.wfile.write(bytes(len(data)) if self.seed.garbage else data)
                self.seed.given += len(data)
                if self.seed.rate:
                    time.sleep(len(data) / self.seed.rate)

    def log_message(self, *_: Any) -> None:
        """Nothing: tests read standard error."""
