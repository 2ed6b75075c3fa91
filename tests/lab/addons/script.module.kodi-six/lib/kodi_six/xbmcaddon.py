# SPDX-License-Identifier: GPL-3.0-or-later
from xbmcaddon import *  # noqa: F403
