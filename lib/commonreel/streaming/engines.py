# SPDX-License-Identifier: GPL-3.0-or-later
"""Which engine this device can have."""

from __future__ import annotations

import logging
from typing import Union

from ..works.errors import NoEngine, WebChosen
from .cache import Cache
from .options import EngineOptions
from .session import LibtorrentEngine
from .webengine import WebEngine

AnyEngine = Union[LibtorrentEngine, WebEngine]

log = logging.getLogger(__name__)


def best(cache: Cache, options: EngineOptions) -> AnyEngine:
    """libtorrent's; the one that fetches from web servers only where that cannot be had, or is not wanted."""
    if options.web_only:
        log.info("films come from web servers only, as the viewer wants it")
        return WebEngine(cache, options, WebChosen("other viewers are not to be asked"))
    try:
        return LibtorrentEngine(cache, options)
    except NoEngine as lack:
        log.warning("films come from web servers only, not from other viewers: %s", lack)
        return WebEngine(cache, options, lack)
