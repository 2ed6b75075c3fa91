# SPDX-License-Identifier: GPL-3.0-or-later
"""How other people's servers are asked."""

from __future__ import annotations

import pytest

from commonreel.publish.polite import LONGEST_WAIT, TRIES, Polite
from commonreel.works.errors import FetchFailed


class Clock:
    now = 0.0

    def __call__(self):
        return self.now

    def pause(self, seconds):
        self.now += seconds


class Server:
    """Answers in turn; notes when it was asked."""

    def __init__(self, clock, *answers):
        self.clock, self.answers, self.asked = clock, list(answers), []

    def get(self, url, limit, timeout):
        self.asked.append((self.clock.now, url))
        answer = self.answers.pop(0)
        if isinstance(answer, FetchFailed):
            raise answer
        return answer


@pytest.fixture
def clock():
    return Clock()


def polite(clock, server):
    return Polite(server, 0.5, clock.pause, clock)


def test_there_is_a_pause_between_two_questions(clock):
    server = Server(clock, b"1", b"2")
    ask = polite(clock, server)
    assert [ask.json("https://a/"), ask.json("https://a/")] == [1, 2]
    assert [when for when, _ in server.asked] == [0.0, 0.5]


def test_a_query_is_quoted(clock):
    server = Server(clock, b"{}")
    polite(clock, server).json("https://a/s", q="a & b", fl=["x", "y"])
    assert server.asked[0][1] == "https://a/s?q=a+%26+b&fl=x&fl=y"


def test_a_server_that_asks_to_wait_is_given_its_time(clock):
    server = Server(clock, FetchFailed("HTTP 429", 429, 30.0), b"{}")
    polite(clock, server).json("https://a/")
    assert [when for when, _ in server.asked] == [0.0, 30.0]


def test_a_server_in_trouble_is_asked_ever_more_seldom_and_then_left_alone(clock):
    server = Server(clock, *[FetchFailed("HTTP 503", 503)] * TRIES)
    with pytest.raises(FetchFailed):
        polite(clock, server).json("https://a/")
    times = [when for when, _ in server.asked]
    gaps = [late - early for early, late in zip(times, times[1:])]
    assert gaps == sorted(set(gaps))


@pytest.mark.parametrize(
    "error",
    [FetchFailed("HTTP 404", 404), FetchFailed("no answer"), FetchFailed("HTTP 503", 503, LONGEST_WAIT + 1)],
)
def test_what_asking_again_does_not_help_is_not_asked_again(clock, error):
    server = Server(clock, error)
    with pytest.raises(FetchFailed):
        polite(clock, server).get("https://a/", 10)
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<html>Sorry</html>", b"", b"[" * 100_000, b'{"a": NaN}', b"\xff"])
def test_what_is_no_json_is_a_failure(clock, body):
    with pytest.raises(FetchFailed):
        polite(clock, Server(clock, body)).json("https://a/")
