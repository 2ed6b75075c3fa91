# SPDX-License-Identifier: GPL-3.0-or-later
"""Films with an address before they are there."""

from __future__ import annotations

import threading

import pytest

from commonreel.service.promises import AT_MOST, Promises, fulfil
from commonreel.works.errors import NoSource, StreamClosed, UnknownWork
from lab.streams import FakeStream


def waiting(promises, secret):
    """A thread that asks for the film; what it got comes into the list."""
    found = []
    started = threading.Event()

    def ask():
        started.set()
        try:
            found.append(promises.media(secret))
        except NoSource as error:
            found.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    started.wait(5)
    return thread, found


def test_who_asks_gets_the_film_once_it_is_there():
    promises, stream = Promises(), FakeStream(b"film")
    secret, film = promises.add()
    thread, found = waiting(promises, secret)
    assert not found
    fulfil(film, stream)
    thread.join(5)
    assert found == [stream]
    assert promises.media(secret) is stream
    stream.close()


def test_who_asks_gets_the_error_that_came_instead():
    promises, error = Promises(), NoSource("nobody")
    secret, film = promises.add()
    thread, found = waiting(promises, secret)
    fulfil(film, error)
    thread.join(5)
    assert found == [error]


def test_who_waits_is_sent_away_when_all_is_closed():
    promises = Promises()
    secret, film = promises.add()
    thread, found = waiting(promises, secret)
    promises.close_all()
    thread.join(5)
    assert found == [None]
    late = FakeStream(b"film")
    fulfil(film, late)
    assert isinstance(late.failure, StreamClosed)
    fulfil(film, NoSource(""))


@pytest.mark.parametrize("secret", ["", "x", "é"])
def test_no_other_text_opens_a_film(secret):
    promises = Promises()
    promises.add()
    assert promises.media(secret) is None


def test_one_more_than_can_be_open_closes_the_oldest():
    promises, streams = Promises(), [FakeStream(b"film") for _ in range(AT_MOST + 1)]
    secrets = []
    for stream in streams:
        secret, film = promises.add()
        fulfil(film, stream)
        secrets.append(secret)
    assert isinstance(streams[0].failure, StreamClosed)
    assert promises.media(secrets[0]) is None
    assert all(promises.media(secret) is stream for secret, stream in zip(secrets[1:], streams[1:]))
    promises.close_all()
    assert all(stream.failure for stream in streams)


def test_there_is_no_catalogue_to_open_works_of():
    promises = Promises()
    for call in (
        lambda: promises.open("ia:x", "", 0.0),
        lambda: promises.status("x"),
        lambda: promises.close("x"),
    ):
        with pytest.raises(UnknownWork):
            call()
