# SPDX-License-Identifier: GPL-3.0-or-later
"""The films that are kept on this device: the question whether they may go."""

from __future__ import annotations

from ...streaming.cache import Cache
from .. import dialogs, paths
from ..api import xbmcgui
from ..call import Call
from ..words.strings import GB, Text, text
from . import patron


def clear(_call: Call) -> None:
    """Ask, with what there is to gain; the service then does it within seconds. Raises OSError."""
    cache = Cache(paths.cache(), 0)
    cache.kept = patron.kept()
    kept = cache.size_kept()
    stays = " " + text(Text.CLEAR_KEPT, size="%.1f" % (kept / GB)) if kept else ""
    question = text(Text.CLEAR_QUESTION, size="%.1f" % ((cache.size() - kept) / GB))
    if xbmcgui.Dialog().yesno(dialogs.NAME, question + stays):
        cache.unwant()
        dialogs.notify(text(Text.CLEARING) + stays)
