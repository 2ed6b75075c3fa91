# SPDX-License-Identifier: GPL-3.0-or-later
"""The films that are among the user's own in Kodi's library."""
