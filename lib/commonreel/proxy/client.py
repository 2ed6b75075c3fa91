# SPDX-License-Identifier: GPL-3.0-or-later
"""How the plugin calls the service: the other end of proxy/control.py. Light to import."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import quote

from ..works.errors import ServiceUnavailable, error_for
from .control import MAX_BODY, STREAMS


class Client:
    """Control calls to the service on this machine.

    Every call raises the error of works.errors that the service answered with, or
    ServiceUnavailable: nobody listens, no answer in `timeout` seconds, or one that is not ours.
    """

    def __init__(self, port: int, secret: str, timeout: float = 5.0) -> None:
        self._port = port
        self._secret = secret
        self._timeout = timeout

    def open(self, work: str, encoding: str = "", resume: float = 0.0) -> str:
        """Open a stream and return its id; see works.protocols.Control."""
        asked = {"work": work, "encoding": encoding, "resume": resume}
        stream = self._call("POST", STREAMS, asked).get("id")
        if not isinstance(stream, str):
            raise ServiceUnavailable("no stream id in the answer")
        return stream

    def status(self, stream: str) -> dict[str, Any]:
        """How the stream is doing; see works.protocols.Control."""
        return self._call("GET", "%s/%s" % (STREAMS, quote(stream, safe="")))

    def close(self, stream: str) -> None:
        """Close the stream."""
        self._call("DELETE", "%s/%s" % (STREAMS, quote(stream, safe="")))

    def _call(self, method: str, path: str, asked: object = None) -> dict[str, Any]:
        headers = {"Authorization": "Bearer " + self._secret}
        body = None
        if asked is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(asked).encode("ascii")
        # A connection to a number: no name look-up, and no proxy of the environment in between.
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=self._timeout)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            status, text = response.status, response.read(MAX_BODY)
        except (OSError, http.client.HTTPException) as error:
            raise ServiceUnavailable("%s: %s" % (type(error).__name__, error)) from error
        finally:
            connection.close()
        return _checked(status, text)


def _checked(status: int, text: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ServiceUnavailable("HTTP %d, and not JSON" % status) from error
    if not isinstance(answer, dict) or status == 401:
        raise ServiceUnavailable("HTTP %d: not our service, or not our secret" % status)
    if status not in (200, 201):
        raise error_for(str(answer.get("error", "")), str(answer.get("detail", "")))
    return answer
