# SPDX-License-Identifier: GPL-3.0-or-later
import pytest

from commonreel.streaming.cache import Cache
from commonreel.streaming.session import LibtorrentEngine
from commonreel.streaming.webengine import WebEngine
from lab.playing import Item


@pytest.fixture
def item(tmp_path):
    """A film in a torrent."""
    return Item(tmp_path)


@pytest.fixture
def cache(tmp_path):
    """With room for all films of a test."""
    return Cache(tmp_path / "cache", 1 << 30)


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
