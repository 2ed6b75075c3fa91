# SPDX-License-Identifier: GPL-3.0-or-later
"""The add-on and the command are of one version: an engine on another machine is compared by it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import commonreel

ROOT = Path(__file__).resolve().parents[2]


def test_the_package_has_the_version_of_the_add_on():
    assert commonreel.__version__ == ET.parse(ROOT / "addon.xml").getroot().get("version")
