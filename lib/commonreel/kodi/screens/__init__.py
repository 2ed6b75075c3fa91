# SPDX-License-Identifier: GPL-3.0-or-later
"""Each screen that an address leads to, and each question that is asked there."""
