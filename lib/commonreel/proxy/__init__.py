# SPDX-License-Identifier: GPL-3.0-or-later
"""The local HTTP server between the service, the plugin and Kodi's player."""
