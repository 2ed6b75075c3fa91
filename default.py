# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi starts this for every screen, and for every film that is to be played."""

import sys
from pathlib import Path

LIB = str(Path(__file__).resolve().parent / "lib")
if LIB not in sys.path:
    sys.path.insert(0, LIB)

from commonreel.kodi.plugin import run  # noqa: E402

run(sys.argv)
