# SPDX-License-Identifier: GPL-3.0-or-later
"""How the plugin calls the service: the other end of proxy/control.py. Light to import."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import threading
from typing import Any, Iterator, Sequence
from urllib.parse import quote

from ..works.errors import (
    CommonReelError,
    NotFreeHere,
    NothingPlayable,
    NotOnRemote,
    RemoteFailed,
    RemoteUnavailable,
    ServiceUnavailable,
    UnknownWork,
    VersionMismatch,
    WrongToken,
    error_for,
)
from .control import HEALTH, MAX_BODY, MEDIA, ROOT, STREAMS, SUBTITLES
from .endpoint import Endpoint

CONNECT_SECONDS = 2.5  # for a connection, to each of the addresses that a name may have


class Client:
    """Control calls to the service on this machine.

    Every call raises the error of works.errors that the service answered with, or
    ServiceUnavailable: nobody listens, no answer in `timeout` seconds, or one that is not ours.
    """

    def __init__(self, port: int, secret: str, timeout: float = 5.0) -> None:
        self._at = Endpoint("127.0.0.1", port)
        self._secret = secret
        self._timeout = timeout

    def open(
        self,
        work: str,
        encoding: str = "",
        resume: float = 0.0,
        languages: Sequence[str] = (),
        via: str = "",
    ) -> str:
        """Open a stream and return its id; see works.protocols.Control."""
        asked = {
            "work": work,
            "encoding": encoding,
            "resume": resume,
            "languages": [*languages],
            "via": via,
        }
        stream = self._call("POST", STREAMS, asked).get("id")
        if not isinstance(stream, str):
            raise self._unavailable("no stream id in the answer")
        return stream

    def status(self, stream: str) -> dict[str, Any]:
        """How the stream is doing; see works.protocols.Control."""
        found = self._call("GET", _path(stream))
        if not str(found.get("url", self._films)).startswith(self._films):
            raise self._unavailable("a film that is elsewhere")
        if "subtitles" in found:
            found["subtitles"] = self._subtitles(found["subtitles"])
        return found

    def close(self, stream: str) -> None:
        """Close the stream."""
        self._call("DELETE", _path(stream))

    def health(self) -> dict[str, Any]:
        """How the engine is; see works.protocols.Control."""
        return self._call("GET", HEALTH)

    def failure(self, error: CommonReelError) -> CommonReelError:
        """What to say of a stream that has failed of that."""
        return error

    def stream_at(self, address: str) -> str:
        """The id of the stream whose film the player gets at `address`; '' for one that is not ours."""
        if not address.startswith(self._films):
            return ""
        return address[len(self._films) :].partition("-")[0]

    @property
    def _films(self) -> str:
        """How the addresses of its films begin."""
        return "http://%s%s" % (self._at, MEDIA)

    def _subtitles(self, given: object) -> list[dict[str, Any]]:
        begin = "http://%s%s" % (self._at, SUBTITLES)
        found = [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
        if not all(str(each.get("url")).startswith(begin) for each in found):
            raise self._unavailable("subtitles that are elsewhere")
        return found

    def _call(self, method: str, path: str, asked: object = None) -> dict[str, Any]:
        headers = {"Authorization": "Bearer " + self._secret, "Host": str(self._at)}
        body = None
        if asked is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(asked).encode("ascii")
        # No proxy of the environment comes in between.
        connection = http.client.HTTPConnection(*self._at, timeout=min(self._timeout, CONNECT_SECONDS))
        try:
            connection.connect()
            with _at_most(self._timeout, connection.sock):
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                status, text = response.status, response.read(MAX_BODY)
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise self._unavailable(_reason(error)) from error
        finally:
            connection.close()
        return self._checked(status, text)

    def _checked(self, status: int, text: bytes) -> dict[str, Any]:
        try:
            answer = json.loads(text.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise self._unavailable("HTTP %d, and not JSON" % status) from error
        if not isinstance(answer, dict):
            raise self._unavailable("HTTP %d: not our service" % status)
        if status == 401:
            raise self._untrusted()
        if status not in (200, 201):
            raise error_for(str(answer.get("error", "")), str(answer.get("detail", "")))
        return answer

    def _unavailable(self, reason: str) -> ServiceUnavailable:
        return ServiceUnavailable(reason)

    def _untrusted(self) -> CommonReelError:
        return ServiceUnavailable("not our service, or not our secret")


class RemoteClient(Client):
    """Control calls to an engine on another machine (`commonreel serve`).

    Raises besides, for ServiceUnavailable, RemoteUnavailable, whose detail begins with the address;
    WrongToken; and to open a stream VersionMismatch and NotOnRemote.
    """

    def __init__(self, address: str, token: str, version: str, timeout: float = 5.0) -> None:
        """`address`: HOST:PORT, as in the settings. `version`: ours. Raises RemoteUnavailable, WrongToken."""
        super().__init__(0, token.strip(), timeout)
        self._version = version
        try:
            self._at = Endpoint.parse(address.strip())
        except ValueError as error:
            raise RemoteUnavailable(str(error)) from error
        if re.fullmatch("[!-~]+", self._secret) is None:
            raise WrongToken("the token in the settings is empty or malformed")

    def open(
        self,
        work: str,
        encoding: str = "",
        resume: float = 0.0,
        languages: Sequence[str] = (),
        via: str = "",
    ) -> str:
        theirs = str(self._call("GET", ROOT).get("version"))
        if _series(theirs) != _series(self._version):
            raise VersionMismatch("add-on %s, engine %.40s" % (self._version, theirs))
        try:
            return super().open(work, encoding, resume, languages, via)
        except (UnknownWork, NotFreeHere, NothingPlayable) as error:
            raise NotOnRemote("%s: %s" % (self._at, error)) from error

    def failure(self, error: CommonReelError) -> CommonReelError:
        return RemoteFailed(str(self._at), error)

    def _unavailable(self, reason: str) -> ServiceUnavailable:
        return RemoteUnavailable("%s: %s" % (self._at, reason))

    def _untrusted(self) -> CommonReelError:
        return WrongToken(str(self._at))


@contextlib.contextmanager
def _at_most(seconds: float, sock: socket.socket) -> Iterator[None]:
    """Break off what goes over the socket after that time as a whole: its own time-out counts anew with
    every byte."""

    def hang_up() -> None:
        with contextlib.suppress(OSError):  # it has ended meanwhile
            sock.shutdown(socket.SHUT_RDWR)

    sock.settimeout(seconds)
    timer = threading.Timer(seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()


def _path(stream: str) -> str:
    return "%s/%s" % (STREAMS, quote(stream, safe=""))


def _reason(error: Exception) -> str:
    """What the system says, or what is wrong with the answer."""
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _series(version: str) -> list[str]:
    """What two versions must have in common: the first two numbers."""
    return version.split(".")[:2]
