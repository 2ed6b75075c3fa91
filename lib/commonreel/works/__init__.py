# SPDX-License-Identifier: GPL-3.0-or-later
"""What works, licences, rights and torrents are. Pure: no I/O, no clock, no globals."""
