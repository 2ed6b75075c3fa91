# SPDX-License-Identifier: GPL-3.0-or-later
"""What a catalogue's keys vouch for: the client of its TUF repository.

The specification (https://theupdateframework.github.io/specification/) says what is checked; python-tuf
does it. It refuses what is not signed by enough of the right keys, what is older than what was there
(rollback), what has not been renewed in time (freeze), and files that do not belong together (mix and match).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Generic, Iterator, Sequence, TypeVar

from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.api.metadata import TargetFile
from tuf.ngclient import FetcherInterface, Updater

from ..works.errors import (
    CatalogueExpired,
    CatalogueRefused,
    CatalogueUnavailable,
    CommonReelError,
    FetchFailed,
)
from ..works.folder import ABOUT
from ..works.protocols import Transport
from .following import Followed

MAX_FILE = 32 << 20  # bytes, of one file of a catalogue
AnyTransport = TypeVar("AnyTransport", bound=Transport)
_FAILURES = (DownloadError, RepositoryError)


class Verified(Generic[AnyTransport]):
    """The files of a catalogue, by whichever transport has them as they were signed."""

    def __init__(self, followed: Followed, transports: Sequence[AnyTransport]) -> None:
        self._followed = followed
        self._hosts = list(transports)
        self._transports: list[Transport] = [*transports]
        self._metadata = followed.folder / "metadata"
        self._targets = followed.folder / "targets"
        self._client: _Client | None = None

    def refresh(self) -> AnyTransport:
        """Get to know the newest version; returns who had it. Raises CatalogueRefused, CatalogueUnavailable,
        and OSError where nothing can be written here.

        Whoever has nothing newer than what was here is as good as any other: who has the newest shows
        only by asking them all, and each of them can hold back for no longer than until it expires.
        """
        self._metadata.mkdir(parents=True, exist_ok=True)
        self._targets.mkdir(exist_ok=True)
        failures: list[CommonReelError] = []
        for transport in self._hosts:
            client = _Client(self._followed.root, self._metadata, self._targets, transport)
            try:
                client.refresh()
            except _FAILURES as error:
                failures.append(_ours(transport, error))
                continue
            self._client = client
            return transport
        raise _worst(failures)

    def timestamp(self) -> bytes:
        """The newest that was trusted; empty where there is none yet."""
        try:
            return (self._metadata / "timestamp.json").read_bytes()
        except OSError:
            return b""

    def torrent(self) -> str:
        """Info hash under which the newest version can be had too; '' where its timestamp names none."""
        held = self.timestamp()
        return str(json.loads(held)["signed"].get("torrent", "")) if held else ""

    def add(self, transport: Transport) -> None:
        """One more who is asked for files where the others do not have them."""
        self._transports.append(transport)

    def size(self, name: str) -> int | None:
        """In bytes, of that file; None where the catalogue has none."""
        target = self._target(name)
        return target.length if target else None

    def digest(self, name: str) -> str:
        """SHA-256 of that file. Raises CatalogueRefused, CatalogueUnavailable."""
        target = self._target(name)
        if target is None:
            raise CatalogueRefused("the catalogue has no %s" % name)
        return str(target.hashes.get("sha256", ""))

    def fetch(self, name: str) -> Path:
        """The file, verified, from an earlier fetch or from whoever has it. Raises
        CatalogueRefused, CatalogueUnavailable, OSError."""
        target = self._target(name)
        if target is None:
            raise CatalogueRefused("the catalogue has no %s" % name)
        if target.length > MAX_FILE:
            raise CatalogueRefused("%s: over %d bytes" % (name, MAX_FILE))
        client = self._trusted()
        held = client.find_cached_target(target)
        failures: list[CommonReelError] = []
        for transport in () if held else self._transports:
            client.come_by(transport)
            try:
                held = client.download_target(target)
                break
            except _FAILURES as error:
                failures.append(_ours(transport, error))
        if not held:
            raise _worst(failures)
        return Path(held)

    def clear(self) -> None:
        """Remove what fetch() has put on the disk, but for what is asked for each time."""
        for path in self._targets.iterdir():
            if path.name != ABOUT:
                path.unlink()

    def _target(self, name: str) -> TargetFile | None:
        try:
            return self._trusted().get_targetinfo(name)
        except _FAILURES as error:
            raise _ours(self._transports[0], error) from error

    def _trusted(self) -> _Client:
        if not self._client:
            raise ValueError("refresh() comes first")
        return self._client


class _Client(Updater):
    """python-tuf's, without symbolic links: FAT and Windows have none. The root is in root_history."""

    def __init__(self, root: bytes, metadata: Path, targets: Path, transport: Transport) -> None:
        self._way = _Way(transport)
        super().__init__(str(metadata), "metadata/", str(targets), "targets/", self._way, bootstrap=root)

    def come_by(self, transport: Transport) -> None:
        """Let the next files come that way."""
        self._way.transport = transport

    def _update_root_symlink(self) -> None:
        """Do nothing."""


class _Way(FetcherInterface):
    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def download_bytes(self, url: str, max_length: int) -> bytes:
        return self._get(url, max_length)

    def _fetch(self, url: str) -> Iterator[bytes]:
        return iter([self._get(url, MAX_FILE)])

    def _get(self, path: str, limit: int) -> bytes:
        try:
            return self.transport.get(path, limit)
        except FetchFailed as error:
            if error.status:
                raise DownloadHTTPError(str(error), error.status) from error
            raise DownloadError(str(error)) from error


def _ours(transport: Transport, error: Exception) -> CommonReelError:
    detail = "%s: %s" % (transport.name, error)
    if isinstance(error, ExpiredMetadataError):
        return CatalogueExpired(detail)
    return CatalogueUnavailable(detail) if isinstance(error, DownloadError) else CatalogueRefused(detail)


def _worst(failures: Sequence[CommonReelError]) -> CommonReelError:
    """Of what went wrong the thing to tell: that somebody lies counts more than that somebody is away."""
    refused = [error for error in failures if isinstance(error, CatalogueRefused)]
    return [*refused, *failures, CatalogueUnavailable("nobody to ask")][0]
