# SPDX-License-Identifier: GPL-3.0-or-later
"""One Kodi for the whole tour, for each size of the screen."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from lab import zips
from lab.commonreel import ADDON_ID, wait_listed
from lab.jsonrpc import KodiError
from lab.kodi_lab import KodiLab
from lab.showcase import BARE, Showcase
from lab.touring import Tour

SIZES = [(1280, 720), (1920, 1080)]


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(300))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """A picture of the screen where the tour did not go on."""
    report = yield
    if report.failed and "tour" in item.funcargs:
        with contextlib.suppress(KodiError):
            item.funcargs["tour"].look("FAILED-" + item.name, still=False)
    return report


@pytest.fixture(scope="session")
def addon_zip():
    return zips.build()


@pytest.fixture(scope="module", params=SIZES, ids=["720", "1080"])
def a_tour(request, addon_zip, tmp_path_factory):
    with Showcase(tmp_path_factory.mktemp("showcase")) as showcase:
        settings = {ADDON_ID: {"local_folder": "%s/" % showcase.folder}}
        with KodiLab(addon_settings=settings, size=request.param) as kodi:
            kodi.install_zip(addon_zip)
            kodi.wait_service(ADDON_ID)
            wait_listed(kodi, BARE)
            yield Tour(kodi, showcase)
            tracebacks = kodi.tracebacks()
    assert not tracebacks
    assert kodi.quit_seconds is not None, "Kodi had to be killed"


@pytest.fixture
def tour(a_tour, request):
    """Where each part of the tour begins: the add-on's first screen, but for the way there."""
    if "way_to_the_add_on" not in request.node.name:
        a_tour.home()
    return a_tour
