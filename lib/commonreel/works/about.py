# SPDX-License-Identifier: GPL-3.0-or-later
"""What a catalogue says of itself: its catalog.json, signed like its works."""

from __future__ import annotations

from dataclasses import dataclass

from . import folder, pointer
from .errors import RecordInvalid
from .fields import Fields
from .pointer import Pointer
from .strict_json import strict_json


@dataclass(frozen=True)
class About:
    """Who answers for a catalogue, and where it lies. Fields that are not named here are left alone."""

    build: int = 0  # which one it is: 1, 2, …; 0 before there was any
    at: str = ""  # when it was made, ISO 8601
    works: int = 0
    name: str = ""  # what its curator calls it
    contact: str = ""  # whom to write to about a work
    legal: str = ""  # address of a notice
    mirrors: tuple[str, ...] = ()  # where else it lies: addresses ending in '/'
    trackers: tuple[str, ...] = ()  # of the torrent of each build
    publishers: tuple[str, ...] = ()  # whose works it carries under their own keys
    dht: str = ""  # magnet link of the key under which the DHT tells of its newest build

    @property
    def year(self) -> int:
        """In which it was made; 0 where it does not say."""
        return int(self.at[:4]) if self.at[:4].isascii() and self.at[:4].isdigit() else 0


def parse(content: bytes, local: bool = False) -> About:
    """`local`: it lies on the user's own network, where its mirrors may be too. Raises RecordInvalid."""
    try:
        said = strict_json(content)
    except ValueError as error:
        raise RecordInvalid("%s: %s" % (folder.ABOUT, error)) from error
    fields = Fields(said, "", True)
    return About(
        fields.number("build", 0, 1 << 31),
        fields.text("at", 40),
        fields.number("works", 0, 1 << 31),
        fields.text("name", 300),
        fields.text("contact", 300),
        fields.address("legal"),
        tuple(
            place
            for place in fields.addresses("mirrors", 20)
            if place.endswith("/") and (local or place.startswith("https:"))
        ),
        fields.addresses("trackers", 20, tracker=True),
        fields.all_matching("publishers", folder.PUBLISHER, 32, 20),
        _pointer(fields.child("dht")).link if fields.has("dht") else "",
    )


def _pointer(fields: Fields) -> Pointer:
    return Pointer(
        fields.matching("key", pointer.KEY, 64, required=True), fields.matching("salt", pointer.SALT, 128)
    )
