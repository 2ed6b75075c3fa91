# SPDX-License-Identifier: GPL-3.0-or-later
"""What Kodi calls and shows. The only package that knows Kodi; it meets it in api.py alone."""
