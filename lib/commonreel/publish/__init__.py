# SPDX-License-Identifier: GPL-3.0-or-later
"""For makers and curators: making catalogues. Not in the add-on zip."""
