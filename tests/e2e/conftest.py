# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Kodi for each story, the zip under test, and films that a swarm on this machine seeds.

Where Kodi is not installed the tests are left out and say so; with CI set that is a failure
(.ci/summary.py).
"""

from __future__ import annotations

import contextlib
import functools
import shutil
from pathlib import Path

import pytest

from lab import pictures, zips
from lab.commonreel import ADDON_ID
from lab.kodi_lab import KodiLab
from lab.kodi_process import missing_tools
from lab.premiere import Premiere

TIMEOUT = 300  # seconds for a story

# Python runs this at its start, once for every interpreter of Kodi's.
HIDING = """
import sys
sys.path[:] = [path for path in sys.path if "dist-packages" not in path]
"""


def pytest_collection_modifyitems(items):
    missing = missing_tools()
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(TIMEOUT))
            if missing:
                item.add_marker(pytest.mark.skip(reason="not installed: " + ", ".join(missing)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Keep a picture of the screen and Kodi's log of a story that failed."""
    report = yield
    if report.failed:
        kodi = item.funcargs.get("kodi") or item.funcargs.get("bare_kodi")
        pictures.of_failure(kodi, item.name)
    return report


def pytest_terminal_summary(terminalreporter):
    """Why a story was told again."""
    for report in terminalreporter.stats.get("rerun", ()):
        terminalreporter.section(report.nodeid)
        terminalreporter.write_line(report.longreprtext)


@pytest.fixture(scope="session")
def addon_zip():
    return zips.build()


@pytest.fixture
def zip_with_catalogue(tmp_path):
    """Builds a zip that follows that curator's catalogue, at that address, by itself."""

    def build(curator, address):
        root = str(curator.out / "metadata" / "1.root.json")
        return zips.build("--output", str(tmp_path / "zip"), "--catalogue", address, "--root", root)

    return build


@pytest.fixture(scope="session")
def newer_zip(tmp_path_factory):
    """The same add-on under a higher version."""
    return zips.build("--output", str(tmp_path_factory.mktemp("newer")), "--version", "99.0.0")


@pytest.fixture(scope="session")
def platform_zip(tmp_path_factory):
    """The add-on with libtorrent in it, under a higher version."""
    folder = str(tmp_path_factory.mktemp("platform"))
    return zips.build("--output", folder, "--platform", "linux-x86_64", "--version", "99.0.0")


@pytest.fixture
def without_libtorrent(tmp_path):
    """The environment of a Kodi whose Python does not find the libtorrent that the system has."""
    (tmp_path / "hiding").mkdir()
    (tmp_path / "hiding" / "sitecustomize.py").write_text(HIDING, encoding="utf-8")
    return {"PYTHONPATH": str(tmp_path / "hiding")}


@pytest.fixture
def premiere(tmp_path):
    """Films in the local catalogue folder, seeded by peers on this machine."""
    with Premiere(tmp_path / "my films") as premiere:
        yield premiere


@pytest.fixture
def addon_settings(premiere):
    return {ADDON_ID: {"local_folder": "%s/" % premiere.folder}}


@pytest.fixture
def screen_size():
    return (1280, 720)


@pytest.fixture
def kodi_settings():
    """What Kodi's own settings are to be, otherwise than the lab has them."""
    return {}


@pytest.fixture
def kodi_env():
    """What Kodi's environment is to have besides."""
    return {}


@pytest.fixture
def story(addon_settings, kodi_settings, kodi_env, screen_size):
    """Runs a Kodi. Its end is part of every story: it quits by itself, and cleanly."""

    @contextlib.contextmanager
    def run(like=None):
        lab = KodiLab(
            addon_settings=addon_settings, settings=kodi_settings, env=kodi_env, size=screen_size, like=like
        )
        with lab as kodi:
            yield kodi
            tracebacks = kodi.tracebacks()
        assert not tracebacks
        assert kodi.quit_seconds is not None, "Kodi had to be killed"
        assert kodi.processes_left == []

    return run


@pytest.fixture
def bare_kodi(story):
    """Kodi without the add-on."""
    with story() as kodi:
        yield kodi


@pytest.fixture(scope="session")
def installed(addon_zip, tmp_path_factory):
    """The home of a Kodi in which the add-on was installed, and has not yet written anything."""
    home = tmp_path_factory.mktemp("installed")
    with KodiLab(home=home) as kodi:
        kodi.install_zip(addon_zip)
        kodi.wait_service(ADDON_ID)
    shutil.rmtree(kodi.userdata / "addon_data" / ADDON_ID)
    return home


@pytest.fixture
def kodi(story, installed):
    """Kodi with the add-on, its service ready."""
    with story(like=installed) as kodi:
        kodi.wait_service(ADDON_ID)
        yield kodi


@pytest.fixture
def picture(request):
    """Saves what is on the screen as build/e2e/<story>-<what>.png, to be looked at, and returns the path."""

    return functools.partial(pictures.save, story=request.node.name)
