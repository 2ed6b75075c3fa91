# SPDX-License-Identifier: GPL-3.0-or-later
"""The bytes of a film, in time."""
