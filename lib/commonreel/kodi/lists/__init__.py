# SPDX-License-Identifier: GPL-3.0-or-later
"""What a list is made of, how Kodi is shown it, and how it is kept."""
