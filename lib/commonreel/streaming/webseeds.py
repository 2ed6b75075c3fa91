# SPDX-License-Identifier: GPL-3.0-or-later
"""Web seeds (BEP 19): who has which file of a torrent, how fast, and who is to be left alone."""

from __future__ import annotations

import logging
from typing import Iterable, Mapping

from ..net.ranged import Failure
from ..works import metainfo
from ..works.metainfo import Metainfo, TorrentFile

FIRST_WAIT = 0.5  # seconds; doubles with every failure in a row
LONGEST_WAIT = 30.0

log = logging.getLogger(__name__)


class Copy:
    """A file of the torrent as one server has it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.gone = False  # given up
        self.not_before = 0.0  # monotonic seconds
        self._failures = 0  # in a row

    def gave(self) -> None:
        self._failures = 0

    def failed(self, failure: Failure, now: float) -> None:
        self._failures += 1
        if failure.tries and self._failures >= failure.tries:
            self.gone = True
        wait = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(self._failures, 16)))
        self.not_before = now + max(wait, failure.wait)


class Seed:
    """One web seed of a torrent: by its BEP 19 address, or by addresses of single files."""

    def __init__(self, name: str, meta: Metainfo, files: Mapping[int, str] | None = None) -> None:
        """`name`: the BEP 19 address; with `files`, by index, it has these alone, at these addresses."""
        self.name = name
        self.given = 0  # bytes
        self.rate = 0.0  # bytes a second of one connection; 0 where unknown
        self.active = 0  # requests under way
        self.banned = False
        self._meta = meta
        self._files = files
        self._copies: dict[int, Copy] = {}

    def copy(self, file: TorrentFile) -> Copy | None:
        """Its copy of a file, if it may have one."""
        if file.index not in self._copies:
            if self._files is None:
                self._copies[file.index] = Copy(metainfo.web_address(self.name, self._meta, file))
            elif file.index in self._files:
                self._copies[file.index] = Copy(self._files[file.index])
        return self._copies.get(file.index)

    def offers(self, file: TorrentFile) -> Copy | None:
        """Its copy of a file, if that is not given up."""
        copy = None if self.banned else self.copy(file)
        return copy if copy and not copy.gone else None

    @property
    def proven(self) -> bool:
        return self.given > 0

    def gave(self, file: TorrentFile, count: int, seconds: float) -> None:
        self.given += count
        rate = count / max(seconds, 1e-6)
        self.rate = (self.rate + rate) / 2 if self.rate else rate
        copy = self.copy(file)
        if copy:
            copy.gave()

    def lags(self, count: int, seconds: float) -> None:
        """It has given no more than `count` bytes of something in that time."""
        seen = max(1.0, count / max(seconds, 1e-6))
        self.rate = min(self.rate, seen) if self.rate else seen

    def ban(self, why: str) -> None:
        log.warning("web seed %s is not asked any more: %s", self.name.split("?")[0], why)
        self.banned = True


def choose(seeds: Iterable[Seed], file: TorrentFile, count: int, now: float) -> Seed | None:
    """The seed that is likely to give `count` bytes of the file first; None if none may be asked now.

    One that has not been asked yet is taken for as good as the best.
    """
    usable = []
    for seed in seeds:
        copy = seed.offers(file)
        if copy and copy.not_before <= now:
            usable.append(seed)
    best = max((seed.rate for seed in usable), default=0.0) or 1.0
    return min(usable, key=lambda seed: (seed.active + 1) * count / (seed.rate or best), default=None)
