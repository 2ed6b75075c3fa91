# SPDX-License-Identifier: GPL-3.0-or-later
"""The engines that run: one from the first film on, and one beside it for who takes a film's web copy."""

from __future__ import annotations

import threading
import time
from typing import Callable

from ..streaming import engines
from ..streaming.cache import Cache
from ..streaming.engines import AnyEngine
from ..streaming.options import EngineOptions
from ..streaming.session import CLOSING
from ..works.errors import NoEngine, StreamClosed
from .config import Config


class Engines:
    """Started when they are first wanted, by whatever thread wants one."""

    def __init__(self, cache: Cache, config: Callable[[], Config], prepare: Callable[[], object]) -> None:
        """`config`: as the user has it now. `prepare`: to be called before one trims the cache."""
        self._cache = cache
        self._config = config
        self._prepare = prepare
        self._web_copy: AnyEngine | None = None  # the engine for those who want that
        self._told = config().streaming  # what they were last told
        self._lock = threading.Lock()
        self._stopped = False
        self.first: AnyEngine | None = None

    def get(self, via: str = "") -> AnyEngine:
        """`via` 'web': the one that fetches from web servers alone. Raises NoEngine, StreamClosed."""
        if not self.first:
            self._prepare()
        with self._lock:
            if self._stopped:
                raise StreamClosed("the service has stopped")
            if not self._config().engine:
                raise NoEngine("an engine on another machine is to be used")
            if not self.first:
                self._told = self._config().streaming
                self.first = engines.best(self._cache, self._told)
            if via != "web" or self.first.web_only:
                return self.first
            if not self._web_copy:
                self._web_copy = engines.web_copy(self._cache, self._told, self.first)
            return self._web_copy

    def configure(self, options: EngineOptions) -> None:
        """Those that run are to keep to them."""
        if self.first and options != self._told:
            self._told = options
            for engine in self._running():
                engine.configure(options)

    def close(self, seconds: float = CLOSING) -> None:
        """There is to be none, or another; in that time."""
        with self._lock:
            engines.close(self._running(), seconds)
            self.first = self._web_copy = None
            self._cache.players = ()

    def stop(self, until: float) -> None:
        """There is to be none any more; one that is just being started is waited for."""
        self._stopped = True
        self.close(max(0.0, until - time.monotonic()))

    def _running(self) -> list[AnyEngine]:
        return [engine for engine in (self.first, self._web_copy) if engine]
