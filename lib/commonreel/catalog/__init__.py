# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy of the catalogue on this device."""
