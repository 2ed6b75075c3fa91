# SPDX-License-Identifier: GPL-3.0-or-later
"""A build of a catalogue from other viewers: the torrent that its timestamp names."""

from __future__ import annotations

import time
from typing import Callable, Sequence

from ..proxy.media import read_at
from ..works import metainfo
from ..works.errors import CommonReelError, FetchFailed, TooLarge
from ..works.metainfo import Metainfo
from ..works.protocols import Engine, Stream, Torrent

MAGNET_SECONDS = 60.0
SILENT_SECONDS = 60.0  # without a byte
WHOLE_SECONDS = 600.0  # for a file
TURN_SECONDS = 1.0


class Snapshot:
    """A works.protocols.Transport. What the torrent says is believed no more than what a host says."""

    def __init__(
        self,
        engine: Callable[[], Engine],
        info_hash: str,
        trackers: Sequence[str],
        local: bool,
        peers: tuple[tuple[str, int], ...] = (),
    ) -> None:
        """`engine`: called when there is something to fetch. `local`: whether its sources may be on this
        machine or network. `peers`: addresses of some who may have it."""
        self.name = "torrent " + info_hash
        self._engine = engine
        self._info_hash = info_hash
        self._trackers = tuple(trackers)
        self._local = local
        self._peers = peers
        self._torrent = b""
        self._meta: Metainfo | None = None

    def get(self, path: str, limit: int) -> bytes:
        try:
            return self._get(path, limit)
        except FetchFailed:
            raise
        except CommonReelError as error:
            raise FetchFailed("%s: %s" % (self.name, error)) from error

    def _get(self, path: str, limit: int) -> bytes:
        found = [file for file in self._files().files if file.path == path]
        if not found:
            raise FetchFailed("no %s in %s" % (path, self.name), 404)
        if found[0].length > limit:
            raise TooLarge("%s: over %d bytes" % (path, limit))
        torrent = Torrent(
            self._torrent, found[0].index, trackers=self._trackers, peers=self._peers, local=self._local
        )
        stream = self._engine().open(torrent)
        try:
            return _whole(stream)
        finally:
            stream.close()

    def _files(self) -> Metainfo:
        if not self._meta:
            self._torrent = self._engine().magnet(
                self._info_hash, self._trackers, MAGNET_SECONDS, self._local, self._peers
            )
            self._meta = metainfo.parse(self._torrent)
        return self._meta


def _whole(stream: Stream) -> bytes:
    reader = stream.reader()
    try:
        body, began = bytearray(), time.monotonic()
        heard = began
        while len(body) < stream.length:
            span = reader.span(len(body), stream.length - len(body), TURN_SECONDS)
            if span:
                more = read_at(span.fd, span.position, span.length)
                if not more:
                    raise FetchFailed("%s is shorter on the disk than it was" % stream.name)
                body += more
                heard = time.monotonic()
            if time.monotonic() > min(heard + SILENT_SECONDS, began + WHOLE_SECONDS):
                raise FetchFailed("nothing came of %s" % stream.name)
        return bytes(body)
    finally:
        reader.close()
