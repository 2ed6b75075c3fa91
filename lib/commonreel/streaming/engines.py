# SPDX-License-Identifier: GPL-3.0-or-later
"""Which engine this device can have."""

from __future__ import annotations

import logging
from typing import Union

from ..works.errors import NoEngine
from .cache import Cache
from .options import EngineOptions
from .session import LibtorrentEngine
from .webengine import WebEngine

AnyEngine = Union[LibtorrentEngine, WebEngine]

log = logging.getLogger(__name__)


def best(cache: Cache, options: EngineOptions) -> AnyEngine:
    """libtorrent's; where that cannot be had, the one that fetches from web servers only."""
    try:
        return LibtorrentEngine(cache, options)
    except NoEngine as lack:
        log.warning("films come from web servers only, not from other viewers: %s", lack)
        return WebEngine(cache, options, lack)
