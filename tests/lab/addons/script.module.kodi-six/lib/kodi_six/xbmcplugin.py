# SPDX-License-Identifier: GPL-3.0-or-later
from xbmcplugin import *  # noqa: F403
