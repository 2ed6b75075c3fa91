# SPDX-License-Identifier: GPL-3.0-or-later
"""For the stories: a real Kodi in a network where others are as they are in the world."""

from __future__ import annotations

import functools

import pytest

from lab import pictures, zips
from lab.commonreel import ADDON_ID
from lab.kodi_lab import KodiLab
from lab.open_network import DEVICE, open_network


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Keep a picture of the screen and Kodi's log of a story that failed."""
    report = yield
    if report.failed:
        pictures.of_failure(item.funcargs.get("kodi"), item.name)
    return report


@pytest.fixture(scope="session")
def addon_zip():
    return zips.build()


@pytest.fixture
def dht():
    """In a network of its own, in which all that the test starts is."""
    with open_network() as dht:
        yield dht


@pytest.fixture
def kodi(dht, addon_zip):
    """Kodi with the add-on, on the DEVICE of that network."""
    with KodiLab(addon_settings={ADDON_ID: {"interface": DEVICE}}) as kodi:
        kodi.install_zip(addon_zip)
        kodi.wait_service(ADDON_ID)
        yield kodi
        assert not kodi.tracebacks()
    assert kodi.quit_seconds is not None, "Kodi had to be killed"
    assert kodi.processes_left == []


@pytest.fixture
def picture(request):
    """Saves what is on the screen as build/e2e/<story>-<what>.png, to be looked at, and returns the path."""
    return functools.partial(pictures.save, story=request.node.name)
