# SPDX-License-Identifier: GPL-3.0-or-later
"""A film, from the press of OK to what comes after it."""
