# SPDX-License-Identifier: GPL-3.0-or-later
from xbmc import *  # noqa: F403
