# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi starts this with itself, and ends it with itself."""

import sys
from pathlib import Path

VENDORED = str(Path(__file__).resolve().parent / "vendor" / "pure")  # packages that the zip brings
if VENDORED not in sys.path:
    sys.path.insert(0, VENDORED)

from commonreel.kodi.service import run  # noqa: E402

run()
