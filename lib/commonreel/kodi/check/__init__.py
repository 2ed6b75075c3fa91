# SPDX-License-Identifier: GPL-3.0-or-later
"""The self-check, and the report of it."""
