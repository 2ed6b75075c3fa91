# SPDX-License-Identifier: GPL-3.0-or-later
"""What `commonreel stream -` makes of the lines that it reads."""

from __future__ import annotations

import json
import os
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commonreel.cli import standard_input, stream
from commonreel.service.direct import Request
from commonreel.works.errors import NoSource

DEFAULTS = Request("-", "default.mp4", (("192.0.2.1", 1),))


class FakeDirect:
    def __init__(self, failure=None):
        self.failure = failure
        self.opened = []

    def open(self, request):
        if self.failure:
            raise self.failure
        self.opened.append(request)
        return "http://127.0.0.1:1/v1/media/x/film.mp4"


def test_a_request_in_full():
    direct = FakeDirect()
    line = json.dumps({"source": "a.torrent", "file": "b.mp4", "peers": ["h.example:5", "[::1]:6"]}).encode()
    answer = stream._answer(direct, line, DEFAULTS)
    assert answer == {"url": "http://127.0.0.1:1/v1/media/x/film.mp4", "pid": os.getpid()}
    assert direct.opened == [Request("a.torrent", "b.mp4", (("h.example", 5), ("::1", 6)))]


@pytest.mark.parametrize("more", [{}, {"file": None, "peers": None}, {"file": "", "peers": []}])
def test_what_a_request_leaves_out_is_as_on_the_command_line(more):
    direct = FakeDirect()
    stream._answer(direct, json.dumps({"source": "a", **more}).encode(), DEFAULTS)
    assert direct.opened == [Request("a", DEFAULTS.file, DEFAULTS.peers)]


@pytest.mark.parametrize(
    "failure", [NoSource("nobody"), OSError(2, "gone"), ValueError("x"), ZeroDivisionError()]
)
def test_whatever_fails_is_an_answer(failure):
    assert list(stream._answer(FakeDirect(failure), b'{"source": "a"}', DEFAULTS)) == ["error"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
requests = st.dictionaries(st.sampled_from(["source", "file", "peers", "other"]), values, max_size=4)


@given(st.binary(max_size=200) | (values | requests).map(lambda value: json.dumps(value).encode()))
@settings(derandomize=True, max_examples=300, deadline=None)
def test_any_line_is_answered(line):
    direct = FakeDirect()
    answer = stream._answer(direct, line, DEFAULTS)
    assert list(answer) in (["url", "pid"], ["error"])
    for request in direct.opened:
        assert request.source
        assert all(isinstance(host, str) and 0 < port < 65536 for host, port in request.peers)


@pytest.fixture
def typed(monkeypatch):
    """What is written to it comes in on standard input."""
    reading, writing = os.pipe()
    monkeypatch.setattr(standard_input, "_FD", reading)
    yield writing
    os.close(reading)


def lines_of(typed, *chunks):
    def write():
        for chunk in chunks:
            os.write(typed, chunk)
        os.close(typed)

    writer = threading.Thread(target=write)
    writer.start()
    found = list(standard_input.lines())
    writer.join(5)
    return found


def test_lines_come_whole_however_they_were_written(typed):
    assert lines_of(typed, b"a", b"b\nc\n\nd", b"e") == [b"ab", b"c", b"", b"de"]


def test_a_line_that_is_too_long_is_cut_and_the_next_one_is_whole(typed):
    limit = standard_input.MAX_LINE
    long, after = lines_of(typed, *[b"x" * 50_000] * 40, b"\nafter\n")
    assert limit < len(long) < 3 * limit
    assert after == b"after"


def test_no_standard_input_is_one_that_has_ended(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    assert list(standard_input.lines()) == []
    standard_input.wait_for_end()


@pytest.mark.parametrize(("cache", "below"), [("/x", "/x"), ("", ""), ("relative", "")])
def test_the_cache_is_below_the_users(monkeypatch, tmp_path, cache, below):
    monkeypatch.setenv("XDG_CACHE_HOME", cache)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert str(stream._cache()) == (below or str(tmp_path / ".cache")) + "/commonreel"
