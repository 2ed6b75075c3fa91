# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi for every test here, and a catalogue of four films in its add-on's profile."""

from __future__ import annotations

import pytest

from commonreel.catalog.store import Store
from lab.few_works import WORKS
from lab.kodi_api import Kodi


@pytest.fixture
def kodi(monkeypatch, tmp_path):
    """Kodi, with the catalogue filled."""
    with Store(tmp_path / "catalogue.db", writable=True) as store:
        store.fill("starter", "1", WORKS)
    return Kodi(monkeypatch, tmp_path)


@pytest.fixture
def call(kodi):
    """Calls the plugin as Kodi does: call('/films/', '?page=2')."""
    from commonreel.kodi import plugin

    def call(path, query="", handle=7, resume="resume:false"):
        plugin.run(["plugin://plugin.video.commonreel" + path, str(handle), query, resume])
        return kodi

    return call
