# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said on the screen: the texts by their ids, and what is put together of them."""
