# SPDX-License-Identifier: GPL-3.0-or-later
"""Store, engine, cache and proxy put together and run, without Kodi."""
