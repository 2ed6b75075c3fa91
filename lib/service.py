# SPDX-License-Identifier: GPL-3.0-or-later
"""Kodi starts this with itself, and ends it with itself."""

from commonreel.kodi.service import run

run()
