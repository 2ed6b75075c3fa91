# SPDX-License-Identifier: GPL-3.0-or-later
"""One connection's requests: checked, answered, one after the other.

http.server reads the request line and the header fields, and keeps the connection alive or not;
what reaches it was bounded by proxy/incoming.py before.
"""

from __future__ import annotations

import io
import json
import logging
import re
import socket
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any

from ..works import agent
from ..works import media as kinds
from ..works.errors import CommonReelError
from ..works.protocols import Stream
from . import control, media, ranges
from .control import Answer, Refusal
from .incoming import Incoming

if TYPE_CHECKING:
    from .server import Server

_MEDIA = re.compile(r"/v1/media/([0-9A-Za-z_-]{1,64})/[^/]+")
_SUBTITLES = re.compile(r"/v1/subtitles/([0-9A-Za-z_-]{1,64})/([0-9]{1,3})/[^/]+")

log = logging.getLogger(__name__)


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    default_request_version = "HTTP/1.1"  # of an answer to a line that cannot be read

    def setup(self) -> None:
        super().setup()
        self.rfile.close()  # reads without a bound
        self._incoming = Incoming(self.connection)

    def handle_one_request(self) -> None:
        self.close_connection = True  # until the request has been read to its end
        self.command = self.path = ""
        self.request_version = self.default_request_version
        try:
            self._one_request()
        except (ConnectionError, TimeoutError, socket.timeout):
            self.close_connection = True  # the client has gone

    def _one_request(self) -> None:
        try:
            head = self._incoming.head()
            if head:
                line, _, fields = head.partition(b"\r\n")
                self.raw_requestline = line + b"\r\n"
                self.rfile = io.BytesIO(fields)
                if self.parse_request():
                    self._answer()
        except Refusal as refusal:
            self.close_connection = True
            self._say(refusal.answer, refusal.allow)

    def _answer(self) -> None:
        self._check_origin()
        path = self.path.partition("?")[0]
        film, subtitles = _MEDIA.fullmatch(path), _SUBTITLES.fullmatch(path)
        if film is not None:
            self._serve(film.group(1))
        elif subtitles is not None:
            self._serve_subtitles(subtitles.group(1), int(subtitles.group(2)))
        elif control.covers(path):
            self._control(path)
        else:
            raise Refusal(404, "not-found")

    def _check_origin(self) -> None:
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not self.server.is_called(hosts[0], self.connection):
            raise Refusal(403, "forbidden", "host")
        sites = self.headers.get_all("Sec-Fetch-Site", [])
        if "Origin" in self.headers or any(site != "none" for site in sites):
            raise Refusal(403, "forbidden", "asked by a web page")

    # Control calls

    def _control(self, path: str) -> None:
        if not self.server.trusts(self.headers.get("Authorization", "")):
            raise Refusal(401, "unauthorized")
        length = self._body_length()
        if self.command == "POST" and self.headers.get_content_type() != "application/json":
            raise Refusal(400, "bad-request", "content type")
        body = self._incoming.body(length)
        try:
            here = "http://" + self.headers["Host"]
            version = self.server.version
            answer = control.answer(self.server.control, self.command, path, body, here, version)
        except Refusal:
            raise
        except Exception:  # whatever breaks behind it, the plugin gets an answer
            log.exception("a control call failed")
            answer = control.failure(CommonReelError("see the log"))
        self._say(answer)

    def _body_length(self) -> int:
        lengths = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or (self.command == "POST" and not lengths):
            raise Refusal(411, "bad-request", "a length is wanted")
        if not lengths:
            return 0
        if len(lengths) > 1 or re.fullmatch("[0-9]{1,20}", lengths[0]) is None:
            raise Refusal(400, "bad-request", "length")
        if int(lengths[0]) > control.MAX_BODY:
            raise Refusal(413, "bad-request", "body too large")
        return int(lengths[0])

    # The film, and its subtitles

    def _serve(self, secret: str) -> None:
        try:
            stream = self.server.control.media(secret)
        except CommonReelError as error:  # there was to be one
            self.close_connection = True
            self._say(control.failure(error))
            return
        if stream is None:
            raise Refusal(404, "not-found")
        self._only_get()
        try:
            wanted = ranges.parse(self._range(stream), stream.length)
        except ranges.Unsatisfiable:
            self._say(Answer(416, {"error": "range"}), length=stream.length)
            return
        if self.command == "HEAD":
            self._say_film(stream, wanted)
        else:
            self._send(stream, wanted)

    def _serve_subtitles(self, secret: str, number: int) -> None:
        """All of them at once: they are small, and in memory."""
        found = self.server.control.subtitles(secret, number)
        if found is None:
            raise Refusal(404, "not-found")
        self._only_get()
        self.send_response(200)
        self._end(kinds.mime(found.name), len(found.data))
        if self.command == "GET":
            self.wfile.write(found.data)

    def _only_get(self) -> None:
        if self.command not in ("GET", "HEAD"):
            raise Refusal(405, "method-not-allowed", allow="GET, HEAD")
        if self._body_length():
            raise Refusal(400, "bad-request", "a body")

    def _send(self, stream: Stream, wanted: tuple[int, int] | None) -> None:
        start, stop = wanted or (0, stream.length)
        try:
            reader = stream.reader()
        except CommonReelError as error:
            self._say(control.failure(error))
            return
        try:
            with self.server.reading(reader, self.connection):
                self._say_film(stream, wanted)
                media.send(self.connection, reader, start, stop)
        except CommonReelError as error:
            # Nothing can be said in mid-body: the client sees it by the length it was promised.
            self.close_connection = True
            log.info("a film broke off: %s", error)

    def _range(self, stream: Stream) -> str:
        """The Range header if it counts: on GET only, and not for another film (If-Range)."""
        condition = self.headers.get("If-Range")
        if self.command != "GET" or condition not in (None, _etag(stream)):
            return ""
        return ",".join(self.headers.get_all("Range", []))

    # Answers

    def _say_film(self, stream: Stream, wanted: tuple[int, int] | None) -> None:
        start, stop = wanted or (0, stream.length)
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start, stop - 1, stream.length))
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("ETag", _etag(stream))
        self._end(kinds.mime(stream.name), stop - start)

    def _say(self, answer: Answer, allow: str = "", length: int | None = None) -> None:
        body = json.dumps(answer.body).encode("ascii")
        self.send_response(answer.status)
        if allow:
            self.send_header("Allow", allow)
        if length is not None:
            self.send_header("Content-Range", "bytes */%d" % length)
        if answer.status == 401:
            self.send_header("WWW-Authenticate", "Bearer")
        self._end("application/json", len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _end(self, mime: str, length: int) -> None:
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    # http.server's hooks

    def send_error(self, code: int, message: str | None = None, *_: Any, **__: Any) -> None:
        self.close_connection = True
        self._say(Answer(code, {"error": "bad-request", "detail": message or ""}))

    def version_string(self) -> str:
        return agent.name(self.server.version)

    def log_request(self, code: Any = "-", *_: Any, **__: Any) -> None:
        # Such an address opens a film: only its kind goes into the log.
        secret = "media" in self.path or "subtitles" in self.path
        shown = "/v1/media/…" if secret else ascii(self.path[:80])
        log.debug("%s %s: %s", ascii(self.command), shown, code)


def _etag(stream: Stream) -> str:
    return '"%s-%d"' % (stream.info_hash, stream.length)
