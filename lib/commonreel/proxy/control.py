# SPDX-License-Identifier: GPL-3.0-or-later
"""The control calls: open, watch and close a stream of a work of the catalogue. No sockets here.

    GET    /v1/               →  200 {"version"}
    GET    /v1/health         →  200 {"version", …works.protocols.Control}
    POST   /v1/streams        →  201 {"id"}, of {"work", "encoding", "resume", "languages", "via"}
    GET    /v1/streams/<id>   →  200 status (works.protocols.Control)
    DELETE /v1/streams/<id>   →  200 {}

The status has its addresses under the one that the caller has used. An error is {"error": code,
"detail": text}; codes of works.errors travel as they are.
"""

from __future__ import annotations

import re
from typing import Mapping, NamedTuple
from urllib.parse import urlsplit

from ..works import errors
from ..works.protocols import Control
from ..works.strict_json import strict_json

MAX_BODY = 64 * 1024  # bytes
ROOT = "/v1/"
HEALTH = ROOT + "health"
STREAMS = ROOT + "streams"
MEDIA = ROOT + "media/"  # then the stream's secret, and a name
SUBTITLES = ROOT + "subtitles/"  # then the stream's secret, a number, and a name

_OPEN = {"work", "encoding", "resume", "languages", "via"}
_MAX_ID = 300  # characters of a work's id
_MAX_KEY = 3072  # characters of an encoding's key, which may be an address with a path
_MAX_RESUME = 1e6  # seconds, more than eleven days
_MAX_LANGUAGES = 10
_LANGUAGE = re.compile("[A-Za-z0-9-]{2,40}")  # BCP 47, as far as it matters here
_STREAM = re.compile(re.escape(STREAMS) + r"/([0-9A-Za-z_-]{1,64})")

_STATUS = {
    errors.CommonReelError: 500,
    errors.UnknownWork: 404,
    errors.WorkWithdrawn: 410,
    errors.NotFreeHere: 403,
    errors.RecordInvalid: 422,
    errors.TorrentInvalid: 422,
    errors.LocalFolderInvalid: 422,
    errors.FetchFailed: 502,
    errors.NoSource: 503,
    errors.NoEngine: 503,
    errors.ServiceUnavailable: 503,
    errors.DiskFull: 507,
    errors.StreamClosed: 410,
}


class Answer(NamedTuple):
    status: int
    body: Mapping[str, object]


class Refusal(Exception):
    """A request that breaks the rules of HTTP or of these calls, with the answer it gets."""

    def __init__(self, status: int, code: str, detail: str = "", allow: str = "") -> None:
        super().__init__(detail)
        self.answer = Answer(status, {"error": code, "detail": detail})
        self.allow = allow  # the methods there are, with 405


def covers(path: str) -> bool:
    """Whether a path is for control calls."""
    return path in (ROOT, HEALTH, STREAMS) or path.startswith(STREAMS + "/")


def answer(
    control: Control, method: str, path: str, body: bytes, origin: str = "", version: str = ""
) -> Answer:
    """Act on one control call. Raises Refusal; errors of works.errors become their answer.

    `origin`: http://HOST:PORT, as the caller has it. `version`: the add-on's.
    """
    try:
        if path == ROOT:
            _only(method, "GET")
            return Answer(200, {"version": version})
        if path == HEALTH:
            _only(method, "GET")
            return Answer(200, {"version": version, **control.health()})
        if path == STREAMS:
            _only(method, "POST")
            return Answer(201, {"id": control.open(*_wanted(body))})
        match = _STREAM.fullmatch(path)
        if match is None:
            raise Refusal(404, "not-found")
        _only(method, "GET", "DELETE")
        if method == "GET":
            return Answer(200, _reachable(control.status(match.group(1)), origin))
        control.close(match.group(1))
        return Answer(200, {})
    except errors.CommonReelError as error:
        return failure(error)


def failure(error: errors.CommonReelError) -> Answer:
    """What an error looks like over HTTP."""
    status = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
    return Answer(status, {"error": error.code, "detail": error.detail})


def _reachable(status: Mapping[str, object], origin: str) -> Mapping[str, object]:
    """The status with the addresses as the caller has reached us: we may listen on several."""
    found = dict(status)
    if "url" in found:
        found["url"] = origin + urlsplit(str(found["url"])).path
    subtitles = found.get("subtitles")
    if isinstance(subtitles, list):
        found["subtitles"] = [{**each, "url": origin + urlsplit(each["url"]).path} for each in subtitles]
    return found


def _only(method: str, *allowed: str) -> None:
    if method not in allowed:
        raise Refusal(405, "method-not-allowed", allow=", ".join(allowed))


def _wanted(body: bytes) -> tuple[str, str, float, tuple[str, ...], str]:
    """Work, encoding, resume point, languages and way of an open call."""
    try:
        given = strict_json(body.decode("utf-8"))
    except ValueError as error:
        raise _bad("not JSON") from error
    if not isinstance(given, dict) or not given.keys() <= _OPEN:
        raise _bad("an object with work, encoding, resume, languages and via is wanted")
    work, encoding, resume = given.get("work"), given.get("encoding", ""), given.get("resume", 0)
    if not isinstance(work, str) or not 0 < len(work) <= _MAX_ID:
        raise _bad("work")
    if not isinstance(encoding, str) or len(encoding) > _MAX_KEY:
        raise _bad("encoding")
    if not isinstance(resume, (int, float)) or isinstance(resume, bool) or not 0 <= resume <= _MAX_RESUME:
        raise _bad("resume")
    via = given.get("via", "")
    if via not in ("", "web"):
        raise _bad("via")
    return work, encoding, float(resume), _languages(given.get("languages", [])), via


def _languages(given: object) -> tuple[str, ...]:
    if not isinstance(given, list) or len(given) > _MAX_LANGUAGES:
        raise _bad("languages")
    if not all(isinstance(each, str) and _LANGUAGE.fullmatch(each) for each in given):
        raise _bad("languages")
    return tuple(given)


def _bad(detail: str) -> Refusal:
    return Refusal(400, "bad-request", detail)
