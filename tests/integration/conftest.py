# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from commonreel.streaming.session import LibtorrentEngine
from commonreel.streaming.webengine import WebEngine


@pytest.fixture(autouse=True)
def no_engine_is_left(monkeypatch):
    """A test that fails half-way leaves no engine running for those after it to stumble over."""
    begun = []
    for kind in (LibtorrentEngine, WebEngine):
        monkeypatch.setattr(kind, "__init__", _noting(kind.__init__, begun))
    yield
    for engine in begun:
        engine.close()


def _noting(begin, begun):
    def __init__(self, *args, **kwargs):
        begin(self, *args, **kwargs)
        begun.append(self)

    return __init__
