# SPDX-License-Identifier: GPL-3.0-or-later
"""Supplies the Kodi library add-ons that the add-on under test imports.

Kodi fetches script.module.* from its own repository, which a test cannot count on. The folder addons/
beside this file holds stand-ins written here with the same public API and no more lenient than the real
ones; script.module.requests is put together from the requests of this Python.
"""

from __future__ import annotations

import importlib.util
import shutil
from pathlib import Path

STAND_INS = Path(__file__).parent / "addons"
REQUESTS_PACKAGES = ("requests", "urllib3", "idna", "certifi", "charset_normalizer")

REQUESTS_ADDON = """<?xml version="1.0" encoding="UTF-8"?>
<addon id="script.module.requests" name="requests (stand-in)" version="2.31.0" provider-name="Common Reel">
    <requires><import addon="xbmc.python" version="3.0.0"/></requires>
    <extension point="xbmc.python.module" library="lib"/>
    <extension point="xbmc.addon.metadata">
        <summary lang="en_GB">Stand-in for tests</summary>
        <description lang="en_GB">Stand-in for tests</description>
        <platform>all</platform>
    </extension>
</addon>
"""


def _requests(target):
    (target / "lib").mkdir(parents=True)
    (target / "addon.xml").write_text(REQUESTS_ADDON, encoding="utf-8")
    for name in REQUESTS_PACKAGES:
        folder = importlib.util.find_spec(name).submodule_search_locations[0]
        # Compiled parts are for this Python, not for Kodi's; all of these work without.
        leave = shutil.ignore_patterns("__pycache__", "*.so")
        shutil.copytree(folder, target / "lib" / name, ignore=leave)


def supply(addon_ids, addons):
    """Put each library add-on of addon_ids into the folder addons; return the ids put there."""
    done = []
    for addon_id in addon_ids:
        target = addons / addon_id
        if addon_id.startswith("xbmc.") or target.exists():
            continue
        if addon_id == "script.module.requests":
            _requests(target)
        else:
            shutil.copytree(STAND_INS / addon_id, target, ignore=shutil.ignore_patterns("__pycache__"))
        done.append(addon_id)
    return done
