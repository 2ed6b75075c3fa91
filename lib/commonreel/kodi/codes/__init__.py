# SPDX-License-Identifier: GPL-3.0-or-later
"""Codes for a phone: giving to makers, and objecting."""
