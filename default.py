# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi starts this for every screen, and for every film that is to be played."""

import os
import sys

LIB = os.path.join(os.path.dirname(os.path.realpath(__file__)), "lib")
if LIB not in sys.path:
    sys.path.insert(0, LIB)

from commonreel.kodi.plugin import run  # noqa: E402

run(sys.argv)
