# SPDX-License-Identifier: GPL-3.0-or-later
"""What a catalogue's keys vouch for: the client of its TUF repository.

The specification (https://theupdateframework.github.io/specification/) says what is checked; python-tuf
does it. It refuses what is not signed by enough of the right keys, what is older than what was there
(rollback), what has not been renewed in time (freeze), and files that do not belong together (mix and match).
"""

from __future__ import annotations

import io
import json
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import IO, Any, Callable, Generic, Iterator, Sequence, TypeVar

from tuf.api.exceptions import DownloadError, DownloadHTTPError, ExpiredMetadataError, RepositoryError
from tuf.api.metadata import TargetFile

from ..works.errors import (
    CatalogueExpired,
    CatalogueRefused,
    CatalogueUnavailable,
    CommonReelError,
    DhtOff,
    FetchFailed,
)
from ..works.folder import ABOUT
from ..works.protocols import Transport
from .following import Followed

# python-tuf brings a fetcher, which wants a newer urllib3 than Kodi has. Ours takes its place.
_unused: Any = ModuleType("tuf.ngclient.urllib3_fetcher")
_unused.Urllib3Fetcher = type("Urllib3Fetcher", (), {})
sys.modules.setdefault(_unused.__name__, _unused)
from tuf.ngclient import FetcherInterface, Updater  # noqa: E402

MAX_METADATA = 5 << 20  # bytes, whatever it says of its own length
MAX_FILE = 32 << 20  # bytes, of one file of a catalogue
_HASH = re.compile(r"[0-9a-f]{40}")
_FAILURES = (DownloadError, RepositoryError, DhtOff)
AnyTransport = TypeVar("AnyTransport", bound=Transport)
Answer = TypeVar("Answer")


class Verified(Generic[AnyTransport]):
    """The files of a catalogue, by whichever transport has them as they were signed."""

    def __init__(self, followed: Followed, transports: Sequence[AnyTransport]) -> None:
        self._followed = followed
        self._hosts = list(transports)
        self._transports: list[Transport] = [*transports]  # who served last comes first
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
            try:
                client = _Client(self._followed.root, self._metadata, self._targets, transport)
                client.refresh()
            except _FAILURES as error:
                failures.append(_ours(transport, error))
                continue
            self._client = client
            self._prefer(transport)
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
        named = str(json.loads(held)["signed"].get("torrent", "")) if held else ""
        return named if _HASH.fullmatch(named) else ""

    def add(self, transport: Transport) -> None:
        """One more who is asked for files where the others do not have them."""
        self._transports.append(transport)

    def size(self, name: str) -> int | None:
        """In bytes, of that file; None where the catalogue has none."""
        target = self._target(name)
        return target.length if target else None

    def digest(self, name: str) -> str:
        """SHA-256 of that file. Raises CatalogueRefused, CatalogueUnavailable."""
        return str(self._known(name).hashes.get("sha256", ""))

    def fetch(self, name: str) -> Path:
        """The file, verified, from an earlier fetch or from whoever has it. Raises CatalogueRefused,
        CatalogueUnavailable, OSError."""
        target, client = self._known(name), self._trusted()
        held = client.find_cached_target(target)
        return Path(held or self._by_any(lambda: client.download_target(target)))

    def clear(self) -> None:
        """Remove what fetch() has put on the disk, but for what is asked for each time."""
        for path in self._targets.iterdir():
            if path.name != ABOUT:
                path.unlink()

    def _known(self, name: str) -> TargetFile:
        target = self._target(name)
        if target is None:
            raise CatalogueRefused("the catalogue has no %s" % name)
        if target.length > MAX_FILE:
            raise CatalogueRefused("%s: over %d bytes" % (name, MAX_FILE))
        return target

    def _target(self, name: str) -> TargetFile | None:
        client = self._trusted()
        return self._by_any(lambda: client.get_targetinfo(name))

    def _by_any(self, ask: Callable[[], Answer]) -> Answer:
        """What comes of asking, by the first transport with which it goes well."""
        failures: list[CommonReelError] = []
        for transport in list(self._transports):
            self._trusted().come_by(transport)
            try:
                answer = ask()
            except _FAILURES as error:
                failures.append(_ours(transport, error))
                continue
            self._prefer(transport)
            return answer
        raise _worst(failures)

    def _prefer(self, transport: Transport) -> None:
        self._transports.sort(key=lambda each: each is not transport)

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
    """In memory: on Android there is no place for temporary files."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def download_bytes(self, url: str, max_length: int) -> bytes:
        return self._get(url, min(max_length, MAX_METADATA))

    @contextmanager
    def download_file(self, url: str, max_length: int) -> Iterator[IO[bytes]]:
        yield io.BytesIO(self._get(url, max_length))

    def _fetch(self, url: str) -> Iterator[bytes]:
        return iter([self._get(url, MAX_METADATA)])

    def _get(self, path: str, limit: int) -> bytes:
        try:
            return self.transport.get(path, limit)
        except FetchFailed as error:
            if error.status:
                raise DownloadHTTPError(str(error), error.status) from error
            raise DownloadError(str(error)) from error


def _ours(transport: Transport, error: Exception) -> CommonReelError:
    if isinstance(error, DhtOff):
        return error
    detail = "%s: %s" % (transport.name, error)
    if isinstance(error, ExpiredMetadataError):
        return CatalogueExpired(detail)
    return CatalogueUnavailable(detail) if isinstance(error, DownloadError) else CatalogueRefused(detail)


def _worst(failures: Sequence[CommonReelError]) -> CommonReelError:
    """Of what went wrong the thing to tell: that somebody lies counts more than that somebody is away."""
    refused = [error for error in failures if isinstance(error, CatalogueRefused)]
    return [*refused, *failures, CatalogueUnavailable("nobody to ask")][0]
