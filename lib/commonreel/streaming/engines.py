# SPDX-License-Identifier: GPL-3.0-or-later
"""Which engine this device can have."""

from __future__ import annotations

import logging
import threading
from typing import Iterable, Union

from ..works import metainfo
from ..works.errors import NoEngine, WebChosen, WebCopyChosen
from ..works.protocols import Torrent
from .cache import Cache
from .options import EngineOptions
from .session import CLOSING, LibtorrentEngine
from .webengine import WebEngine, allowed

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


def web_copy(cache: Cache, options: EngineOptions, beside: AnyEngine) -> WebEngine:
    """The one for web servers only, beside another on the same cache: for who does not want to wait for other
    viewers."""
    cache.players = (beside.playing,)
    found = WebEngine(cache, options, WebCopyChosen("the web copy was wanted"))
    cache.players = (beside.playing, found.playing)
    return found


def has_web_copy(torrent: Torrent, options: EngineOptions) -> bool:
    """Whether the film is said to be on the web, and may be fetched from there without libtorrent."""
    stated = torrent.web or torrent.web_seeds or metainfo.parse(torrent.metainfo).web_seeds
    return bool(stated) and allowed(options)


def close(engines: Iterable[AnyEngine], seconds: float = CLOSING) -> None:
    """All at once, in that time."""
    threads = [threading.Thread(target=engine.close, args=(seconds,), daemon=True) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
