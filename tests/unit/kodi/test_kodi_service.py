# SPDX-License-Identifier: GPL-3.0-or-later
"""The service's loop in Kodi."""

from __future__ import annotations

from unittest.mock import create_autospec

import pytest

from commonreel.kodi import service as kodi_service
from commonreel.kodi.library.librarian import Librarian
from commonreel.kodi.screens import parental
from commonreel.service.service import Service
from commonreel.works.parental import Level


@pytest.fixture
def service(kodi, monkeypatch):
    service = create_autospec(Service, instance=True, config=None)
    monkeypatch.setattr(kodi_service, "Service", lambda *_: service)
    return service


@pytest.fixture
def pulses(monkeypatch):
    """Kodi quits after four."""
    waits = iter([False] * 4 + [True])
    monkeypatch.setattr(kodi_service.Monitor, "waitForAbort", lambda *_: next(waits))


def test_a_new_parental_level_reaches_the_service_at_its_next_turn(service, monkeypatch, kodi):
    lengths = iter([False, False, False, False, True])
    service.config = kodi_service._config()
    level = [Level()]
    monkeypatch.setattr(parental, "level", lambda: level[0])

    def wait(*_):
        level[0] = Level(12)
        return next(lengths)

    def reconfigure(config):
        service.config = config

    monkeypatch.setattr(kodi_service.Monitor, "waitForAbort", wait)
    service.reconfigure.side_effect = reconfigure
    kodi_service.run()
    [told] = [called[0][0] for called in service.reconfigure.call_args_list]
    assert told.level == Level(12)


def test_a_turn_that_breaks_off_ends_nothing(service, pulses, monkeypatch):
    turns = []
    monkeypatch.setattr(Librarian, "tick", lambda *_: turns.append(1))
    service.tick.side_effect = KeyError("unforeseen")
    kodi_service.run()
    assert service.tick.call_count == len(turns) == 2
    service.stop.assert_called_once_with()
