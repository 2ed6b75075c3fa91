# SPDX-License-Identifier: GPL-3.0-or-later
"""Common Reel: lawful films over BitTorrent. docs/architecture.md shows the layers."""

__version__ = "0.1.0"  # addon.xml's
