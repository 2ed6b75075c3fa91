# SPDX-License-Identifier: GPL-3.0-or-later
"""The control calls without sockets."""

from __future__ import annotations

import json

import pytest

from commonreel.proxy import control
from commonreel.proxy.control import MAX_BODY, Refusal
from commonreel.works import errors
from lab.streams import FakeControl


def asked(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def every_error(root: type[errors.CommonReelError]) -> list[type[errors.CommonReelError]]:
    return [root] + [found for child in root.__subclasses__() for found in every_error(child)]


def test_open_hands_on_what_was_asked() -> None:
    service = FakeControl()
    body = asked(work="ia:Cops", encoding="https://archive.org/x.torrent", resume=251)
    assert control.answer(service, "POST", "/v1/streams", body) == (201, {"id": "s1"})
    assert service.calls == [("open", "ia:Cops", "https://archive.org/x.torrent", 251.0)]
    assert service.languages == ()
    control.answer(service, "POST", "/v1/streams", asked(work="ia:Cops", languages=["fr", "pt-BR"]))
    assert service.languages == ("fr", "pt-BR")


def test_open_needs_only_the_work() -> None:
    service = FakeControl()
    control.answer(service, "POST", "/v1/streams", asked(work="ia:Cops"))
    assert service.calls == [("open", "ia:Cops", "", 0.0)]


def test_status_and_close() -> None:
    service = FakeControl()
    assert control.answer(service, "GET", "/v1/streams/s1", b"") == (200, {"state": "ready", "peers": 3})
    assert control.answer(service, "DELETE", "/v1/streams/s1", b"") == (200, {})
    assert service.calls == [("status", "s1"), ("close", "s1")]


def test_it_says_which_version_it_is() -> None:
    assert control.answer(FakeControl(), "GET", "/v1/", b"", version="1.2.3") == (200, {"version": "1.2.3"})


def test_it_says_how_the_engine_is() -> None:
    told = control.answer(FakeControl(), "GET", "/v1/health", b"", version="1.2.3")
    assert told == (200, {"version": "1.2.3", **FakeControl().health()})
    with pytest.raises(Refusal):
        control.answer(FakeControl(), "POST", "/v1/health", b"{}")


@pytest.mark.parametrize("origin", ["http://192.168.1.10:8090", "http://[::1]:8090", "http://nas.lan"])
def test_a_film_is_where_its_caller_has_reached_us(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    service = FakeControl()
    here = "http://0.0.0.0:8090"
    paths = ("/v1/media/s3cret/What%3F.mp4", "/v1/subtitles/s3cret/0/What%3F.fr.srt")
    subtitles = [{"url": here + paths[1], "lang": "fr"}]
    status = {"state": "ready", "url": here + paths[0], "subtitles": subtitles}
    monkeypatch.setattr(service, "status", lambda _: status)
    told = control.answer(service, "GET", "/v1/streams/s1", b"", origin).body
    subtitles = [{"url": origin + paths[1], "lang": "fr"}]
    assert told == {"state": "ready", "url": origin + paths[0], "subtitles": subtitles}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"ia:Cops"',
        b"null",
        b"\xff",
        b'{"work": "ia:Cops", "resume": NaN}',
        b'{"work": "ia:Cops", "resume": Infinity}',
        b'{"work": "ia:Cops", "resume": 1e400}',
        b"[" * MAX_BODY,
        asked(),
        asked(work=""),
        asked(work=7),
        asked(work=["ia:Cops"]),
        asked(work="x" * 301),
        asked(work="ia:Cops", encoding=None),
        asked(work="ia:Cops", encoding="x" * 3073),
        asked(work="ia:Cops", resume="1"),
        asked(work="ia:Cops", resume=True),
        asked(work="ia:Cops", resume=-1),
        asked(work="ia:Cops", via="elsewhere"),
        asked(work="ia:Cops", via=None),
        asked(work="ia:Cops", languages="fr"),
        asked(work="ia:Cops", languages=["fr"] * 11),
        asked(work="ia:Cops", languages=["../fr"]),
        asked(work="ia:Cops", languages=[7]),
        asked(work="ia:Cops", torrent="https://example.org/other.torrent"),
    ],
)
def test_a_body_that_is_not_an_open_call_reaches_nothing(body: bytes) -> None:
    service = FakeControl()
    with pytest.raises(Refusal) as refused:
        control.answer(service, "POST", "/v1/streams", body)
    assert refused.value.answer.status == 400
    assert refused.value.answer.body["error"] == "bad-request"
    assert service.calls == []


@pytest.mark.parametrize(
    "path",
    ["/v1/streams/", "/v1/streams/s1/", "/v1/streams/a.b", "/v1/streams/../x", "/v1/streams/" + "s" * 65],
)
def test_what_is_no_stream_id_is_not_found(path: str) -> None:
    service = FakeControl()
    with pytest.raises(Refusal) as refused:
        control.answer(service, "GET", path, b"")
    assert refused.value.answer.status == 404
    assert service.calls == []


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "/v1/", "GET"),
        ("GET", "/v1/streams", "POST"),
        ("DELETE", "/v1/streams", "POST"),
        ("POST", "/v1/streams/s1", "GET, DELETE"),
        ("PUT", "/v1/streams/s1", "GET, DELETE"),
    ],
)
def test_other_methods(method: str, path: str, allow: str) -> None:
    with pytest.raises(Refusal) as refused:
        control.answer(FakeControl(), method, path, asked(work="ia:Cops"))
    assert refused.value.answer.status == 405
    assert refused.value.allow == allow


@pytest.mark.parametrize("kind", every_error(errors.CommonReelError))
def test_every_error_travels_by_its_code(kind: type[errors.CommonReelError]) -> None:
    service = FakeControl()
    service.failure = kind("why")
    status, body = control.answer(service, "POST", "/v1/streams", asked(work="ia:Cops"))
    assert 400 <= status < 600
    assert body == {"error": kind.code, "detail": "why"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.UnknownWork(), 404),
        (errors.NotFreeHere(), 403),
        (errors.RestartNeeded(), 503),
        (errors.TorrentPrivate(), 422),
        (errors.CommonReelError(), 500),
    ],
)
def test_status_of_errors(error: errors.CommonReelError, status: int) -> None:
    assert control.failure(error).status == status
