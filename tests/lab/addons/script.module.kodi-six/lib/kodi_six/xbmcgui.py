# SPDX-License-Identifier: GPL-3.0-or-later
from xbmcgui import *  # noqa: F403
