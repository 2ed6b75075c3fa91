# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to the network."""
