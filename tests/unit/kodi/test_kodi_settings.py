# SPDX-License-Identifier: GPL-3.0-or-later
"""The settings that the code reads are the settings there are, of the same types."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from commonreel.kodi import settings
from lab.kodi_api import ROOT

TYPES = {"string": "str", "path": "str", "integer": "int", "boolean": "bool"}


def declared():
    root = ET.parse(ROOT / "resources" / "settings.xml").getroot()
    return {setting.get("id"): setting for setting in root.iter("setting")}


def test_every_setting_is_read_and_there():
    types = {name: TYPES[setting.get("type")] for name, setting in declared().items()}
    assert types == settings.Settings.__annotations__


def test_every_setting_has_a_label_a_help_a_level_and_a_default():
    for setting in declared().values():
        assert setting.get("label")
        assert setting.get("help")
        assert setting.find("level") is not None
        assert setting.find("default") is not None


def test_reading_and_answering(kodi):
    settings.set_country("FR")
    assert settings.read() == settings.Settings("FR", "", 10, True, 0)
