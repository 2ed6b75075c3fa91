# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether what the record says is on the web is there yet: nobody can watch a film before that."""

from __future__ import annotations

from typing import Iterator

from ...works import metainfo
from ...works.errors import FetchFailed, TorrentInvalid
from ...works.metainfo import Metainfo
from ...works.work import Encoding
from .web import Web


def missing(torrent: Metainfo, encoding: Encoding, web: Web) -> Iterator[str]:
    """What is not there, or is something else; in English, for a person to look at before the next build."""
    if encoding.torrent:
        try:
            found = metainfo.parse(web.get(encoding.torrent, metainfo.MAX_BYTES))
            if found.info_hash != torrent.info_hash:
                yield "%s: another torrent" % encoding.torrent
        except (FetchFailed, TorrentInvalid) as error:
            yield "%s: %s" % (encoding.torrent, error.detail)
    for address in encoding.web:
        try:
            web.find(address)
        except FetchFailed as error:
            yield "%s: %s" % (address, error.detail)
