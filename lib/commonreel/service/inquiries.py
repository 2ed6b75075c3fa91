# SPDX-License-Identifier: GPL-3.0-or-later
"""Finds out, for a person who waits, whose catalogue it is that a key in the DHT stands for."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path
from typing import Callable

from ..catalog import asking
from ..catalog.following import FIRST_ROOT, MAX_ROOT
from ..works import pointer
from ..works.errors import CatalogueUnavailable, CommonReelError, FetchFailed, error_for, foreseen
from ..works.protocols import Engine
from .announced import Announced

log = logging.getLogger(__name__)


class Inquiries:
    """A thread of its own while there are questions. It ends when the engine does."""

    def __init__(self, catalogues: Path, engine: Callable[[], Engine]) -> None:
        self._catalogues = catalogues
        self._engine = engine
        self._thread: threading.Thread | None = None

    def tick(self) -> None:
        """Begin with what has been asked."""
        waiting = asking.waiting(self._catalogues, time.time())
        if waiting and not (self._thread and self._thread.is_alive()):
            self._thread = threading.Thread(
                target=self._run, args=(waiting,), name="whose catalogue", daemon=True
            )
            self._thread.start()

    def join(self, until: float) -> None:
        """Wait until it has ended, at most until then, monotonic seconds."""
        if self._thread:
            self._thread.join(max(0.0, until - time.monotonic()))

    def _run(self, waiting: list[Path]) -> None:
        for folder in waiting:
            try:
                asking.answer(folder, self._found(folder))
            except (OSError, ValueError) as error:  # nobody waits any more, or the disk is full
                log.warning("%s: %s", folder.name, error)
                asking.drop(folder)

    def _found(self, folder: Path) -> bytes | CommonReelError:
        """The keys that the catalogue began with, or why there are none."""
        try:
            asked = pointer.parse(asking.link(folder))
            engine = self._engine()
            if engine.web_only:
                return error_for(engine.web_only)
            return Announced(lambda: engine, asked).get(FIRST_ROOT, MAX_ROOT)
        except CommonReelError as error:
            log.warning("%s: %s", folder.name, error)
            return CatalogueUnavailable() if isinstance(error, FetchFailed) else error
        except Exception as error:  # else it would be asked again, and never answered
            log.exception("%s", folder.name)
            return foreseen(error)
