# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import logging

import pytest


@pytest.fixture(autouse=True)
def logging_as_before():
    """The plugin, the service and `commonreel stream` say where logging goes, for as long as Python lives."""
    ours, everybody = logging.getLogger("commonreel"), logging.root.manager
    handlers, level, propagate, disabled = ours.handlers[:], ours.level, ours.propagate, everybody.disable
    yield
    ours.handlers[:], ours.propagate = handlers, propagate
    ours.setLevel(level)
    logging.disable(disabled)
