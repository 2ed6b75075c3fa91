# SPDX-License-Identifier: GPL-3.0-or-later
from xbmcdrm import *  # noqa: F403
