# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service is told: where its files are, and what its user has chosen."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from ..streaming.options import EngineOptions
from ..works.parental import EVERYTHING, Level

GIB = 1 << 30


@dataclass(frozen=True)
class Config:
    profile: Path  # the folder for everything kept between runs
    starter: Path | None  # the catalogue that comes with the add-on
    version: str  # the add-on's
    engine: bool = True  # False: another machine fetches the films, here is the catalogue alone
    country: str = ""  # of the viewer, ISO 3166-1 alpha-2; '' until confirmed
    level: Level = EVERYTHING  # the parental level: nothing above it is taken unasked
    main: Path | None = None  # the folder that names the add-on's own catalogue: see catalog.main
    local_folder: Path | None = None  # a catalogue folder of the user's own
    cache_limit: int = 10 * GIB  # bytes
    patron_limit: int = 0  # bytes of films in need that are kept for others, beside the cache; 0: none
    patron_rate: int = 0  # bytes a second that a patron gives while nobody watches; 0: no limit
    streaming: EngineOptions = field(default_factory=EngineOptions)

    @property
    def store(self) -> Path:
        return self.profile / "catalogue.db"

    @property
    def history(self) -> Path:
        return self.profile / "history.db"

    @property
    def patronage(self) -> Path:
        return self.profile / "patronage.db"

    @property
    def catalogues(self) -> Path:
        return self.profile / "catalogues"

    @property
    def cache(self) -> Path:
        return self.profile / "cache"
